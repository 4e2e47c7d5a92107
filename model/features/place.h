/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where a layer stands: layers are nested, and to come from one to the input or to the logits is to
 * walk through the sequences around it. */

#include "model/net/net.h"

G_BEGIN_DECLS

typedef struct
{
  const GPtrArray *layers; /* of RfLayer * */
  guint index;             /* of the layer that is meant, or that holds it */
} RfPlace;

/* From the network's own sequence to the one that @layer is in: RfPlace, layer->depth + 1 of them.
 * @layer is one of @net, or the result is empty. */
GArray *rf_place_find (const RfNet *net, const RfLayer *layer);

G_END_DECLS
