/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/features/place.h"

#include "model/net/net-private.h"

static gboolean
find (const GPtrArray *layers, const RfLayer *wanted, GArray *places)
{
  for (guint i = 0; i < layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (layers, i);
      const RfPlace place = { layers, i };
      g_array_append_val (places, place);
      if (layer == wanted)
        return TRUE;
      for (int j = 0; j < RF_MAX_BRANCHES; j++)
        if (layer->branches[j] && find (layer->branches[j], wanted, places))
          return TRUE;
      g_array_set_size (places, places->len - 1);
    }
  return FALSE;
}

GArray *
rf_place_find (const RfNet *net, const RfLayer *layer)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (RfPlace));
  g_return_val_if_fail (net && layer, places);
  find (net->priv->top, layer, places);
  return places;
}
