/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-layers.h"

#include "model/features/arithmetic.h"
#include "model/features/place.h"
#include "model/layers/activation.h"

#include <glib/gi18n-lib.h>

static gboolean
changes_numbers (const RfLayerClass *klass)
{
  return klass->forward != NULL && klass->rate < 0;
}

static gboolean
is_activation (const RfLayer *layer)
{
  return layer->klass->forward == rf_activation_forward;
}

gboolean
rf_feature_layers_has_maps (const RfLayer *layer)
{
  return layer->out.height * layer->out.width > 1;
}

/* Turns each value into another in the same place. */
static gboolean
keeps_places (const RfLayer *layer)
{
  return !layer->klass->reach && !layer->klass->flattens && !layer->branches[0]
         && !rf_arithmetic_possible (layer)
         && RF_SHAPE_COUNT (layer->in) == RF_SHAPE_COUNT (layer->out);
}

/* The layer that follows in the same sequence, or NULL. */
static const RfLayer *
get_next (const RfNet *net, const RfLayer *layer)
{
  g_autoptr (GArray) places = rf_place_find (net, layer);
  const RfPlace *place = &g_array_index (places, RfPlace, places->len - 1);
  return place->index + 1 < place->layers->len ? place->layers->pdata[place->index + 1] : NULL;
}

static gboolean
is_an_end (const RfNet *net, const RfLayer *layer)
{
  if (is_activation (layer) || layer->branches[0])
    return TRUE;
  const RfLayer *next = get_next (net, layer);
  return !next || !keeps_places (next) || !changes_numbers (next->klass);
}

GArray *
rf_feature_layers_list (const RfNet *net, gboolean details)
{
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      if (changes_numbers (layer->klass) && (details || is_an_end (net, layer)))
        g_array_append_val (layers, i);
    }
  return layers;
}

guint
rf_feature_layers_find_first (const RfNet *net, const GArray *layers)
{
  for (int flat = 0; flat < 2; flat++)
    {
      gboolean learns = FALSE;
      for (guint i = 0; i < layers->len; i++)
        {
          const RfLayer *layer = net->layers->pdata[g_array_index (layers, guint, i)];
          if (!rf_feature_layers_has_maps (layer) && !flat)
            continue;
          learns = learns || layer->n_params > 0 || rf_feature_layers_find_sum (net, layer);
          if (learns && is_activation (layer))
            return i;
        }
    }
  return 0;
}

const RfLayer *
rf_feature_layers_find_sum (const RfNet *net, const RfLayer *layer)
{
  if (rf_arithmetic_possible (layer))
    return layer;
  g_autoptr (GArray) places = rf_place_find (net, layer);
  const RfPlace *place = &g_array_index (places, RfPlace, places->len - 1);
  for (guint i = place->index + 1; i > 0; i--)
    {
      const RfLayer *before = place->layers->pdata[i - 1];
      if (rf_arithmetic_possible (before))
        return before;
      if (!keeps_places (before))
        break;
    }
  return NULL;
}

char *
rf_feature_layers_name (const RfLayer *layer)
{
  g_autofree char *shape = rf_shape_to_text (layer->out);
  return g_strdup_printf ("%s · %s · %s", layer->name, _ (layer->klass->spec.title), shape);
}
