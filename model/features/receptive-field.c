/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backward through the layers, from the one that is asked about to the first; inside a residual
 * first to its input, then on from there. */

#include "model/features/receptive-field.h"

#include "model/net/net-private.h"

static RfPart go_back (const GPtrArray *layers, guint n, RfPart part);

static RfPart
enclose (RfPart a, RfPart b)
{
  return (RfPart){ MIN (a.top, b.top), MAX (a.bottom, b.bottom), MIN (a.left, b.left),
                   MAX (a.right, b.right) };
}

static RfPart
go_back_one (const RfLayer *layer, RfPart part)
{
  if (layer->klass->flattens)
    return (RfPart){ 0, layer->in.height, 0, layer->in.width };
  if (layer->klass->reach)
    layer->klass->reach (layer, &part);
  RfPart all = part;
  for (int i = 0; i < RF_MAX_BRANCHES; i++)
    if (layer->branches[i])
      {
        const RfPart branch = go_back (layer->branches[i], layer->branches[i]->len, part);
        all = i == 0 ? branch : enclose (all, branch);
      }
  return all;
}

/* From the output of layer @n - 1 to the input of the sequence. */
static RfPart
go_back (const GPtrArray *layers, guint n, RfPart part)
{
  while (n-- > 0)
    part = go_back_one (g_ptr_array_index (layers, n), part);
  return part;
}

static gboolean
find (const GPtrArray *layers, const RfLayer *wanted, RfPart *part)
{
  for (guint i = 0; i < layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (layers, i);
      if (layer == wanted)
        {
          *part = go_back (layers, i + 1, *part);
          return TRUE;
        }
      for (int j = 0; j < RF_MAX_BRANCHES; j++)
        if (layer->branches[j] && find (layer->branches[j], wanted, part))
          {
            *part = go_back (layers, i, *part);
            return TRUE;
          }
    }
  return FALSE;
}

void
rf_receptive_field (const RfNet *net, const RfLayer *layer, RfPart *part)
{
  g_return_if_fail (net && layer && part);
  find (net->priv->top, layer, part);
}
