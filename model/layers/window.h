/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What max and average pooling have in common: the options of a window that moves over each channel
 * by itself, its shape rule, and the geometry of a plane. */

#include "model/layers/layer.h"
#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

typedef struct
{
  gint size[2], stride[2], padding[2]; /* height, width */
} RfWindowConfig;

extern const RfOption rf_window_options[];
/* The stride, if not given, is the size. */
void rf_window_complete (void *config);
gboolean rf_window_shape (const void *config, RfShape in, RfShape *out, GError **error);
char *rf_window_describe (const void *config);
/* "NAME(2, stride=1)". */
void rf_window_pytorch (const RfLayer *layer, const char *name, GString *out);

/* RfLayerClass.reach of both. */
void rf_window_reach (const RfLayer *layer, RfReach *reach);

/* What the window at @row, @column of the output sees of the input; never empty, because padding is
 * at most half of the size. */
RfPart rf_window_at (const RfWindowConfig *config, RfShape in, int row, int column);

G_END_DECLS
