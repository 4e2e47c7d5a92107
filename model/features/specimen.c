/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A backward pass may begin at any layer and end at any: it is that of a shorter sequence, whose
 * gradients have the places that were planned for the whole. */

#include "model/features/specimen.h"

#include "model/base/pool.h"
#include "model/layers/sequence.h"
#include "model/net/net-private.h"

struct _RfSpecimen
{
  RfNet *net;
};

RfSpecimen *
rf_specimen_new (RfExperiment *experiment, RfShape input, RfKernelPath path, GError **error)
{
  g_autoptr (RfNet) net = rf_net_new (experiment, input, path, error);
  if (!net)
    return NULL;
  net->keeps_outputs = net->wants_input_gradient = TRUE;
  if (!rf_net_plan (net, RF_SPECIMEN_BATCH, TRUE, error))
    return NULL;
  rf_net_reset (net, experiment->training.seed);
  RfSpecimen *self = g_new0 (RfSpecimen, 1);
  self->net = g_steal_pointer (&net);
  return self;
}

void
rf_specimen_free (RfSpecimen *self)
{
  if (!self)
    return;
  rf_net_free (self->net);
  g_free (self);
}

RfNet *
rf_specimen_get_net (RfSpecimen *self)
{
  return self->net;
}

const GPtrArray *
rf_specimen_get_top (RfSpecimen *self)
{
  return self->net->priv->top;
}

static RfPass
make_pass (const RfSpecimen *self, int n)
{
  return (RfPass){ n, FALSE, self->net->experiment->training.seed, 0 };
}

const float *
rf_specimen_forward (RfSpecimen *self, const float *images, int n)
{
  const RfPass pass = make_pass (self, n);
  rf_pool_enter (RF_POOL_INSPECT);
  const float *logits = rf_net_forward (self->net, &pass, images);
  rf_pool_leave ();
  return logits;
}

/* Through the layers @first … @end - 1. */
static const float *
pull_through (const GPtrArray *layers, guint first, guint end, const RfPass *pass, const float *dy)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  for (guint i = first; i < end; i++)
    g_ptr_array_add (some, layers->pdata[i]);
  return rf_sequence_backward (some, pass, dy);
}

static const float *
pull_from (const GPtrArray *layers, const RfPass *pass, const RfLayer *from, const float *dy)
{
  for (guint i = 0; i < layers->len; i++)
    {
      const RfLayer *layer = layers->pdata[i];
      if (layer == from)
        return pull_through (layers, 0, i + 1, pass, dy);
      for (int j = 0; j < RF_MAX_BRANCHES; j++)
        {
          const float *inside
              = layer->branches[j] ? pull_from (layer->branches[j], pass, from, dy) : NULL;
          if (inside)
            return pull_through (layers, 0, i, pass, inside);
        }
    }
  return NULL;
}

const float *
rf_specimen_pull (RfSpecimen *self, int n, const RfLayer *layer, const float *dy)
{
  const GPtrArray *top = self->net->priv->top;
  const RfPass pass = make_pass (self, n);
  rf_pool_enter (RF_POOL_INSPECT);
  const float *gradient
      = layer ? pull_from (top, &pass, layer, dy) : pull_through (top, 0, top->len, &pass, dy);
  rf_pool_leave ();
  return gradient;
}

const float *
rf_specimen_pull_to (RfSpecimen *self, int n, const RfLayer *top_layer, const float *d_logits)
{
  const GPtrArray *top = self->net->priv->top;
  const RfPass pass = make_pass (self, n);
  const float *gradient = NULL;
  guint index;
  g_return_val_if_fail (g_ptr_array_find ((GPtrArray *) top, top_layer, &index), NULL);
  rf_pool_enter (RF_POOL_INSPECT);
  gradient = pull_through (top, index + 1, top->len, &pass, d_logits);
  rf_pool_leave ();
  return gradient;
}
