/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The activations: y = f(x) element by element, the same code for all of them. Each is a file of
 * its own with its names; what it computes is a row of the kernel table. */

#include "model/layers/layer.h"
#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

typedef struct
{
  double slope; /* of leaky_relu; the others ignore it */
} RfActivationConfig;

void rf_activation_forward (RfLayer *layer, const RfPass *pass, const float *x, float *y);
void rf_activation_backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y,
                             const float *dy, float *dx);
void rf_activation_pytorch (const RfLayer *layer, GString *out);

/* The members of a class that all activations have in common. */
#define RF_ACTIVATION_MEMBERS(kind)                                                                \
  .fuses = RF_FUSES_IN_PLACE, .variant = (kind), .instance_size = sizeof (RfLayer),                \
  .weight_options = -1, .rate = -1, .shape = rf_shape_unchanged, .forward = rf_activation_forward, \
  .backward = rf_activation_backward, .describe = rf_describe_nothing,                             \
  .pytorch = rf_activation_pytorch

G_END_DECLS
