/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What dropout and spatial dropout have in common: a rate, and the key of a layer's random mask,
 * which is a function of (seed, step, layer). No mask is stored: the backward pass draws it again.
 */

#include "model/layers/layer.h"
#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

typedef struct
{
  double rate;
} RfRateConfig;

extern const RfOption rf_rate_options[];
char *rf_rate_describe (const void *config);
/* "NAME(0.25)". */
void rf_rate_pytorch (const RfLayer *layer, const char *name, GString *out);

/* The rate in force: that of the newest experiment in training, 0 in evaluation. */
float rf_rate_of (const RfLayer *layer, const RfPass *pass);
RfMaskKey rf_rate_mask_key (const RfLayer *layer, const RfPass *pass);

G_END_DECLS
