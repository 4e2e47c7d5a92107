/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Layers one after the other: a whole network, or a branch of a residual. @layers: of RfLayer *. */

#include "model/layers/layer.h"

G_BEGIN_DECLS

/* Runs them on @x; returns the last one's output, or @x if there are none. */
const float *rf_sequence_forward (const GPtrArray *layers, const RfPass *pass, const float *x);
/* Fills the gradients of their parameters; returns the gradient by the first one's input, or NULL
 * where the plan says that nobody wants it. */
const float *rf_sequence_backward (const GPtrArray *layers, const RfPass *pass, const float *dy);
/* TRUE if the layer, or one inside of it, has weights. */
gboolean rf_layer_has_weights (const RfLayer *layer);
/* The sequence as "nn.Sequential(…)", its lines indented for a nesting of @depth. */
void rf_sequence_pytorch (const GPtrArray *layers, int depth, GString *out);

G_END_DECLS
