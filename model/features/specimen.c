/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A backward pass may begin at any layer and end at any: it is that of a shorter sequence, whose
 * gradients have the places that were planned for the whole. */

#include "model/features/specimen.h"

#include "model/base/pool.h"
#include "model/features/place.h"
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

const float *
rf_specimen_pull (RfSpecimen *self, int n, const RfLayer *layer, const float *dy)
{
  const RfPass pass = make_pass (self, n);
  const GPtrArray *top = self->net->priv->top;
  const RfPlace last = { top, top->len - 1 };
  g_autoptr (GArray) places = layer ? rf_place_find (self->net, layer) : NULL;
  const guint n_places = layer ? places->len : 1;
  g_return_val_if_fail (n_places > 0, NULL);
  rf_pool_enter (RF_POOL_INSPECT);
  /* Through the layer itself, and from the residuals around it on from their inputs. */
  for (guint i = n_places; i-- > 0;)
    {
      const RfPlace place = layer ? g_array_index (places, RfPlace, i) : last;
      dy = pull_through (place.layers, 0, place.index + (i + 1 == n_places ? 1 : 0), &pass, dy);
    }
  rf_pool_leave ();
  return dy;
}

const float *
rf_specimen_pull_to (RfSpecimen *self, int n, const RfLayer *layer, const float *d_logits)
{
  const RfPass pass = make_pass (self, n);
  const float *gradient = d_logits;
  g_autoptr (GArray) places = rf_place_find (self->net, layer);
  g_return_val_if_fail (places->len > 0, NULL);
  rf_pool_enter (RF_POOL_INSPECT);
  /* What comes to a residual's output comes to the outputs of both its branches. */
  for (guint i = 0; i < places->len; i++)
    {
      const RfPlace place = g_array_index (places, RfPlace, i);
      gradient = pull_through (place.layers, place.index + 1, place.layers->len, &pass, gradient);
    }
  rf_pool_leave ();
  return gradient;
}
