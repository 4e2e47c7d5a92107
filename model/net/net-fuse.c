/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which layers are computed in one pass over memory.
 *
 * Normalisation, activations and sums do little with each number, so that reading and writing it
 * takes most of their time, and small networks spend most of theirs there. Three kinds of layers
 * are merged into the layer before, in this order:
 *
 * - a batchnorm into a convolution, in a plan without training, where it is a factor and a shift
 *   for each channel and so belongs to the weights;
 * - a ReLU into a batchnorm, a convolution or a residual;
 * - the sum of a residual into the last layer of its body, if that is a batchnorm (or, without
 *   training, a convolution with one merged into it).
 *
 * A merged layer passes on the output of the layer before, and does nothing on the way back: that
 * layer takes what the ReLU stopped out of its dy. It overwrites dy, so there must be a later layer
 * in the same sequence whose dx it is; what comes from outside has other readers.
 *
 * Whoever looks at the outputs of all layers sets RfNet.keeps_outputs, and nothing is merged; nor
 * is it with the reference kernels, which are to be simple. */
#include "model/net/net-private.h"

extern const RfLayerClass rf_batchnorm_layer, rf_relu_layer, rf_residual_layer;

static RfLayer *
layer_at (const GPtrArray *layers, guint i)
{
  return i < layers->len ? g_ptr_array_index (layers, i) : NULL;
}

/* Whether the gradient that layer @i is given comes from a layer of the same sequence. */
static gboolean
owns_gradient (const GPtrArray *layers, guint i)
{
  for (i++; i < layers->len; i++)
    if (layer_at (layers, i)->klass->backward)
      return TRUE;
  return FALSE;
}

static void fuse_sequence (const GPtrArray *layers, gboolean training);

/* Has the last layer of the body make the sum of @residual, if it can. */
static void
fuse_sum (RfLayer *residual)
{
  const GPtrArray *body = residual->branches[0];
  RfLayer *last = NULL;

  for (guint i = 0; i < body->len; i++)
    if (!layer_at (body, i)->merged)
      last = layer_at (body, i);
  if (!last || last->rectifies)
    return;
  if ((last->klass->fuses & RF_FUSES_SUM) || last->norm)
    {
      last->sum = residual;
      last->rectifies = residual->rectifies;
    }
}

static void
fuse_sequence (const GPtrArray *layers, gboolean training)
{
  for (guint i = 0; i < layers->len; i++)
    {
      RfLayer *layer = layer_at (layers, i);
      guint follower = i + 1;
      RfLayer *next = layer_at (layers, follower);

      for (guint j = 0; j < RF_MAX_BRANCHES; j++)
        if (layer->branches[j])
          fuse_sequence (layer->branches[j], training);
      if (!training && (layer->klass->fuses & RF_FUSES_NORM) && next
          && next->klass == &rf_batchnorm_layer)
        {
          layer->norm = next;
          next->merged = TRUE;
          next = layer_at (layers, ++follower);
        }
      if (next && next->klass == &rf_relu_layer && (layer->klass->fuses & RF_FUSES_RELU)
          && (!training || owns_gradient (layers, follower)))
        layer->rectifies = next->merged = TRUE;
      if (layer->klass == &rf_residual_layer)
        fuse_sum (layer);
    }
}

void
rf_net_fuse (RfNet *net, gboolean training)
{
  for (guint i = 0; i < net->layers->len; i++)
    {
      RfLayer *layer = layer_at (net->layers, i);

      layer->merged = layer->rectifies = FALSE;
      layer->norm = layer->sum = NULL;
    }
  if (!net->keeps_outputs && net->priv->path != RF_KERNELS_REFERENCE)
    fuse_sequence (net->priv->top, training);
}
