/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/sequence.h"

const float *
rf_sequence_forward (const GPtrArray *layers, const RfPass *pass, const float *x)
{
  for (guint i = 0; i < layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (layers, i);
      layer->x = x;
      if (layer->klass->forward && !layer->merged)
        layer->klass->forward (layer, pass, x, layer->y);
      else
        layer->y = (float *) x;
      x = layer->y;
    }
  return x;
}

gboolean
rf_layer_has_weights (const RfLayer *layer)
{
  if (layer->n_params)
    return TRUE;
  for (guint i = 0; i < RF_MAX_BRANCHES; i++)
    for (guint j = 0; layer->branches[i] && j < layer->branches[i]->len; j++)
      if (rf_layer_has_weights (g_ptr_array_index (layer->branches[i], j)))
        return TRUE;
  return FALSE;
}

const float *
rf_sequence_backward (const GPtrArray *layers, const RfPass *pass, const float *dy)
{
  for (guint i = layers->len; i-- > 0;)
    {
      RfLayer *layer = g_ptr_array_index (layers, i);
      if (!layer->klass->backward || layer->merged)
        continue;
      /* Nobody wants the gradient by its input, and it has nothing to learn: so have all before. */
      if (!layer->dx && !rf_layer_has_weights (layer))
        return NULL;
      layer->klass->backward (layer, pass, layer->x, layer->y, dy, layer->dx);
      dy = layer->dx;
      if (!dy)
        return NULL;
    }
  return dy;
}

void
rf_sequence_pytorch (const GPtrArray *layers, int depth, GString *out)
{
  g_string_append (out, "nn.Sequential(");
  for (guint i = 0; i < layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (layers, i);
      g_string_append_printf (out, "\n%*s", 4 * (depth + 1), "");
      layer->klass->pytorch (layer, out);
      g_string_append_c (out, ',');
    }
  if (layers->len)
    g_string_append_printf (out, "\n%*s", 4 * depth, "");
  g_string_append_c (out, ')');
}
