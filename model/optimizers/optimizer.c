/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver of the update rules: one pass over all trained parameters, in chunks of fixed size on
 * the pool, each read and written once.
 *
 * A chunk adds the derivatives of the penalties to its gradients (l1 · sign (w) + 2 · l2 · w over
 * weights, not biases), has the class update it, and under the proximal rule draws the weights
 * towards zero by rate · l1. Nothing is summed over weights, so that the chunks' order does not
 * matter. */

#include "model/optimizers/optimizer.h"
#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define CHUNK 16384

typedef struct
{
  guint param;    /* index into the network's */
  gsize start, n; /* in floats of the network's weights */
} Chunk;

struct _RfOptimizer
{
  RfNet *net;
  const RfOptimizerClass *klass;
  int n_states;
  float *states;      /* [n_states][net->n_weights] */
  gint64 *n_updates;  /* of each parameter */
  RfUpdate *updates;  /* of each parameter in this step; step 0: leave it alone */
  char **state_names; /* [n_states][n_params], then the names of n_updates */
  Chunk *chunks;
  guint n_chunks;
  const void *config; /* in this step */
};

static gboolean
is_trained (const RfParam *param)
{
  return param->kind != RF_PARAM_BUFFER;
}

static void
cut_into_chunks (RfOptimizer *self)
{
  GArray *chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  for (guint p = 0; p < self->net->n_params; p++)
    {
      const RfParam *param = &self->net->params[p];
      for (gsize i = 0; is_trained (param) && i < param->count; i += CHUNK)
        {
          Chunk chunk = { p, param->offset + i, MIN (CHUNK, param->count - i) };
          g_array_append_val (chunks, chunk);
        }
    }
  self->n_chunks = chunks->len;
  self->chunks = (Chunk *) g_array_free (chunks, FALSE);
}

RfOptimizer *
rf_optimizer_new (RfNet *net, const RfSpec *spec, GError **error)
{
  g_return_val_if_fail (net && spec, NULL);

  g_autoptr (RfOptimizer) self = g_new0 (RfOptimizer, 1);
  self->net = net;
  self->klass = (const RfOptimizerClass *) spec->klass;
  self->n_states = self->klass->n_states (spec->config);
  g_assert (self->n_states <= RF_OPTIMIZER_MAX_STATES);
  self->states = rf_floats_try_new (self->n_states * net->n_weights, error);
  if (!self->states)
    {
      g_prefix_error (error, _ ("The state of the optimizer %s: "), spec->klass->type);
      return NULL;
    }

  self->n_updates = g_new0 (gint64, net->n_params);
  self->updates = g_new0 (RfUpdate, net->n_params);
  self->state_names = g_new0 (char *, (self->n_states + 1) * net->n_params + 1);
  char **name = self->state_names;
  for (int s = 0; s <= self->n_states; s++)
    for (guint p = 0; p < net->n_params; p++)
      *name++ = g_strconcat (s < self->n_states ? self->klass->state_names[s] : "step", "/",
                             net->params[p].name, NULL);
  cut_into_chunks (self);
  return g_steal_pointer (&self);
}

void
rf_optimizer_free (RfOptimizer *self)
{
  if (!self)
    return;
  rf_floats_free (self->states);
  g_free (self->n_updates);
  g_free (self->updates);
  g_strfreev (self->state_names);
  g_free (self->chunks);
  g_free (self);
}

static void
soft_threshold (float threshold, float *w, gsize n)
{
  for (gsize i = 0; i < n; i++)
    w[i] = fabsf (w[i]) <= threshold ? 0 : w[i] - copysignf (threshold, w[i]);
}

static void
update_chunk (void *data, int item, int worker)
{
  RfOptimizer *self = data;
  const Chunk *chunk = &self->chunks[item];
  const RfUpdate *update = &self->updates[chunk->param];
  if (update->step == 0)
    return;

  float *w = self->net->weights + chunk->start, *g = self->net->gradients + chunk->start;
  float *states[RF_OPTIMIZER_MAX_STATES] = { NULL };
  for (int s = 0; s < self->n_states; s++)
    states[s] = self->states + s * self->net->n_weights + chunk->start;

  if (update->l1 != 0 || update->l2 != 0)
    update->kernels->penalise (w, g, chunk->n, (float) update->l1, (float) (2 * update->l2));
  self->klass->update (self->config, update, w, g, states, chunk->n);
  if (update->threshold > 0)
    soft_threshold ((float) update->threshold, w, chunk->n);
}

void
rf_optimizer_step (RfOptimizer *self, const RfExperiment *experiment, double factor)
{
  const RfSpec *spec = experiment->training.optimizer;
  g_return_if_fail (spec->klass == &self->klass->spec);

  double rate = G_STRUCT_MEMBER (double, spec->config, self->klass->learning_rate) * factor;
  double weight_decay = G_STRUCT_MEMBER (double, spec->config, self->klass->weight_decay);
  gboolean proximal = experiment->training.l1_rule == RF_L1_PROXIMAL;

  self->config = spec->config;
  for (guint p = 0; p < self->net->n_params; p++)
    {
      const RfParam *param = &self->net->params[p];
      const RfWeightOptions *options = rf_layer_weight_options (param->layer);
      RfUpdate *update = &self->updates[p];

      *update = (RfUpdate){
        .rate = rate,
        .weight_decay = weight_decay,
        .kernels = param->layer->kernels,
      };
      if (!is_trained (param) || (options && options->frozen))
        continue;
      update->step = ++self->n_updates[p];
      if (!options)
        continue;
      update->rate *= options->lr_scale;
      if (param->kind != RF_PARAM_WEIGHT)
        continue;
      update->l2 = options->l2;
      if (proximal)
        update->threshold = update->rate * options->l1;
      else
        update->l1 = options->l1;
    }
  rf_pool_run ((int) self->n_chunks, update_chunk, self);
}

void
rf_optimizer_reset (RfOptimizer *self)
{
  g_return_if_fail (self);
  memset (self->states, 0, self->n_states * self->net->n_weights * sizeof (float));
  memset (self->n_updates, 0, self->net->n_params * sizeof (gint64));
}

GArray *
rf_optimizer_tensors (RfOptimizer *self)
{
  g_return_val_if_fail (self, NULL);

  GArray *tensors = g_array_new (FALSE, TRUE, sizeof (RfTensor));
  char **name = self->state_names;
  for (int s = 0; s <= self->n_states; s++)
    for (guint p = 0; p < self->net->n_params; p++, name++)
      {
        const RfParam *param = &self->net->params[p];
        RfTensor tensor = { .name = *name };
        if (!is_trained (param))
          continue;
        if (s < self->n_states)
          {
            tensor.dtype = RF_DTYPE_F32;
            tensor.n_dims = param->n_dims;
            memcpy (tensor.dims, param->dims, sizeof param->dims);
            tensor.count = param->count;
            tensor.data = self->states + s * self->net->n_weights + param->offset;
          }
        else
          {
            tensor.dtype = RF_DTYPE_I64;
            tensor.count = 1;
            tensor.data = &self->n_updates[p];
          }
        tensor.size = tensor.count * rf_dtype_size (tensor.dtype);
        g_array_append_val (tensors, tensor);
      }
  return tensors;
}

/* The tensor of the file that fits @own, or NULL. */
static const RfTensor *
find_fitting (const RfSafetensors *file, const RfTensor *own, GError **error)
{
  const RfTensor *found = rf_safetensors_find (file, own->name);
  if (!found)
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                 _ ("%s: tensor \"%s\" of the optimizer's state is missing"),
                 rf_safetensors_origin (file), own->name);
  else if (found->dtype != own->dtype || found->count != own->count)
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("%s: tensor \"%s\" should have %zu values of type %s, but has "
                    "%zu of type %s"),
                 rf_safetensors_origin (file), own->name, own->count, rf_dtype_name (own->dtype),
                 found->count, rf_dtype_name (found->dtype));
  else
    return found;
  return NULL;
}

gboolean
rf_optimizer_load (RfOptimizer *self, const RfSafetensors *file, GError **error)
{
  g_return_val_if_fail (self && file, FALSE);

  g_autoptr (GArray) tensors = rf_optimizer_tensors (self);
  for (guint i = 0; i < tensors->len; i++)
    if (!find_fitting (file, &g_array_index (tensors, RfTensor, i), error))
      return FALSE;
  for (guint i = 0; i < tensors->len; i++)
    {
      RfTensor *own = &g_array_index (tensors, RfTensor, i);
      memcpy ((void *) own->data, rf_safetensors_find (file, own->name)->data, own->size);
    }
  return TRUE;
}
