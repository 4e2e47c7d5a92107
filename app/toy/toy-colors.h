/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The colours of the playground: outputs from −1 to 1 on the diverging palette; with more than two
 * classes one hue for each, the whiter the less sure the network is. */

#include "model/playground/state.h"

G_BEGIN_DECLS

/* 0xrrggbb of the label of a point. */
guint32 rf_toy_label_color (const RfPlayState *state, double label);

/* @n pixels, as Cairo has them, of one unit's outputs; with @discretize only their sign. */
void rf_toy_paint_outputs (const float *outputs, gsize n, gboolean discretize, guint32 *pixels);
/* The same of the probabilities of several classes: @outputs[class][n]. */
void rf_toy_paint_classes (const float *outputs, int n_classes, gsize n, gboolean discretize,
                           guint32 *pixels);

G_END_DECLS
