/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The layers of a network that are worth looking at, and how they hang together. */

#include "model/net/net.h"

G_BEGIN_DECLS

/* Indices (guint) of the layers that change numbers: not dropout, which does nothing when nothing
 * is trained, nor flatten. Without @details only those at the end of something: activations, pools,
 * residuals, linear layers, and convolutions that no normalisation or activation follows. */
GArray *rf_feature_layers_list (const RfNet *net, gboolean details);
/* Position in such a list of the one to begin with: the activation after the first convolution. */
guint rf_feature_layers_find_first (const RfNet *net, const GArray *layers);

/* The convolution or linear layer whose sum a value of @layer is, or is made of in the same place;
 * NULL: none, as for pools and residuals. */
const RfLayer *rf_feature_layers_find_sum (const RfNet *net, const RfLayer *layer);
/* "1 · ReLU · 16×32×32", to be freed. */
char *rf_feature_layers_name (const RfLayer *layer);
gboolean rf_feature_layers_has_maps (const RfLayer *layer);

G_END_DECLS
