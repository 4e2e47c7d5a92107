/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Weights and running statistics of a network at one step, as an immutable value, and the box in
 * which a trainer publishes them.
 *
 * The box holds the newest alone: whoever looks inside wants the present, not a history. Copies
 * whose last reader has let go come back to the box and are written again, so that publishing
 * allocates nothing as long as no more than three are in use. All functions may be called from any
 * thread; only one publishes. */

#include "model/net/net.h"

G_BEGIN_DECLS

typedef struct _RfWeights RfWeights;

RfWeights *rf_weights_ref (RfWeights *weights);
void rf_weights_unref (RfWeights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWeights, rf_weights_unref)

/* Steps done when they were copied. */
gint64 rf_weights_get_step (const RfWeights *weights);
/* Seconds that copying them took the publisher, who trains meanwhile no further. */
double rf_weights_get_seconds (const RfWeights *weights);
/* TRUE if @net has as many of both as the network they are from. */
gboolean rf_weights_fit (const RfWeights *weights, const RfNet *net);
/* Copies them into a planned network of the same structure. */
void rf_weights_copy_to (const RfWeights *weights, RfNet *net);

typedef struct _RfWeightsBox RfWeightsBox;

RfWeightsBox *rf_weights_box_new (void);
/* Weights that were taken stay valid. */
void rf_weights_box_free (RfWeightsBox *box);

/* Copies those of a planned network, which must not change meanwhile. FALSE, with nothing
 * published, if there is no memory for them. */
gboolean rf_weights_box_publish (RfWeightsBox *box, const RfNet *net, gint64 step);
/* The newest that nobody has taken, or NULL. */
RfWeights *rf_weights_box_take (RfWeightsBox *box);

G_END_DECLS
