/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network's life and its passes. How it is built from an experiment is in net-build.c, memory in
 * net-plan.c, weights in and out in net-weights.c, PyTorch source in net-export.c. */
#include "model/net/net-private.h"

#include "model/base/memory.h"
#include "model/layers/sequence.h"

#include <math.h>

RfNet *
rf_net_new (RfExperiment *experiment, RfShape input, RfKernelPath path, GError **error)
{
  g_return_val_if_fail (experiment != NULL, NULL);
  g_autoptr (RfNet) net = g_new0 (RfNet, 1);
  net->experiment = rf_experiment_ref (experiment);
  net->layers = g_ptr_array_new ();
  net->priv = g_new0 (struct _RfNetPrivate, 1);
  net->priv->dataset_input = input;
  net->priv->path = path;
  net->priv->top = g_ptr_array_new ();
  net->priv->declared = g_array_new (FALSE, TRUE, sizeof (RfParam));
  return rf_net_build (net, error) ? g_steal_pointer (&net) : NULL;
}

static void
free_layer (RfLayer *layer)
{
  if (layer->klass->finalize)
    layer->klass->finalize (layer);
  for (guint i = 0; i < RF_MAX_BRANCHES; i++)
    g_clear_pointer (&layer->branches[i], g_ptr_array_unref);
  g_free (layer->path);
  g_free (layer->name);
  g_free (layer);
}

void
rf_net_free (RfNet *net)
{
  if (!net)
    return;
  for (guint i = 0; i < net->layers->len; i++)
    free_layer (g_ptr_array_index (net->layers, i));
  for (guint i = 0; i < net->n_params; i++)
    g_free (net->params[i].name);
  g_free (net->params);
  g_ptr_array_unref (net->layers);
  g_ptr_array_unref (net->priv->top);
  rf_floats_free (net->weights);
  rf_floats_free (net->gradients);
  rf_floats_free (net->buffers);
  g_strfreev (net->classes);
  rf_floats_free (net->priv->arena);
  g_free (net->priv);
  rf_experiment_unref (net->experiment);
  g_free (net);
}

/* Walks the layers and the specs they were made from side by side. */
static void
set_configs (GPtrArray *layers, const GPtrArray *specs)
{
  g_assert (layers->len == (specs ? specs->len : 0));
  for (guint i = 0; i < layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (layers, i);
      const RfSpec *spec = g_ptr_array_index (specs, i);
      g_assert (spec->klass == &layer->klass->spec);
      layer->config = spec->config;
      for (guint j = 0; j < RF_MAX_BRANCHES; j++)
        if (layer->branches[j])
          set_configs (layer->branches[j], G_STRUCT_MEMBER (GPtrArray *, spec->config,
                                                            layer->klass->branches[j].offset));
    }
}

void
rf_net_set_experiment (RfNet *net, RfExperiment *experiment)
{
  g_return_if_fail (net != NULL && experiment != NULL);
  rf_experiment_ref (experiment);
  set_configs (net->priv->top, experiment->network.layers);
  rf_experiment_unref (net->experiment);
  net->experiment = experiment;
}

const float *
rf_net_forward (RfNet *net, const RfPass *pass, const float *images)
{
  g_return_val_if_fail (pass->n >= 1 && pass->n <= net->priv->capacity, NULL);
  return rf_sequence_forward (net->priv->top, pass, images);
}

void
rf_net_backward (RfNet *net, const RfPass *pass, const float *d_logits)
{
  g_return_if_fail (pass->n >= 1 && pass->n <= net->priv->capacity && net->priv->training);
  net->input_gradient = rf_sequence_backward (net->priv->top, pass, d_logits);
}

static gboolean
all_finite (const float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

const RfLayer *
rf_net_find_not_finite (RfNet *net, int n)
{
  g_return_val_if_fail (n >= 0 && n <= net->priv->capacity && net->priv->training, NULL);
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (net->layers, i);
      if (layer->y && !all_finite (layer->y, n * RF_SHAPE_COUNT (layer->out)))
        return layer;
    }
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      const float *block = param->kind == RF_PARAM_BUFFER ? net->buffers : net->weights;
      if (!all_finite (block + param->offset, param->count))
        return param->layer;
    }
  return NULL;
}

gboolean
rf_net_weights_finite (const RfNet *net)
{
  g_return_val_if_fail (net->priv->capacity > 0, FALSE);
  return all_finite (net->weights, net->n_weights) && all_finite (net->buffers, net->n_buffers);
}

double
rf_net_penalty (const RfNet *net)
{
  double penalty = 0;
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      const RfWeightOptions *options = rf_layer_weight_options (param->layer);
      if (param->kind != RF_PARAM_WEIGHT || (options->l1 == 0 && options->l2 == 0))
        continue;
      const float *w = net->weights + param->offset;
      double absolute = 0, squared = 0;
      for (gsize j = 0; j < param->count; j++)
        {
          absolute += fabs ((double) w[j]);
          squared += (double) w[j] * w[j];
        }
      penalty += options->l1 * absolute + options->l2 * squared;
    }
  return penalty;
}

guint64
rf_net_cost (const RfNet *net)
{
  guint64 cost = 0;
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (net->layers, i);
      if (layer->klass->cost)
        cost = rf_add_saturating (cost, layer->klass->cost (layer));
    }
  return cost;
}

gsize
rf_net_count_parameters (const RfNet *net)
{
  guint64 count = 0;
  for (guint i = 0; i < net->n_params; i++)
    if (net->params[i].kind != RF_PARAM_BUFFER)
      count = rf_add_saturating (count, net->params[i].count);
  return count;
}
