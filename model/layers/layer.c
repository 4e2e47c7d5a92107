/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all layers share: access to their parameters, and how shapes and pairs are written. */
#include "model/layers/layer.h"
#include "model/layers/work.h"
#include "model/layers/weight-options.h"
#include "model/net/net.h"

const char *const rf_init_names[] = { "pytorch", "he", "xavier", "zero", "cosine", NULL };

typedef struct
{
  const RfKernels *kernels;
  const float *y;
  float *dy;
} MaskJob;

static void
mask_parts (void *data, gsize first, gsize n)
{
  const MaskJob *job = data;
  job->kernels->activation_gradient[RF_ACTIVATION_RELU](job->y + first, job->y + first,
                                                        job->dy + first, job->dy + first, n, 0);
}

void
rf_layer_mask_gradient (const RfLayer *layer, const RfPass *pass, const float *y, const float *dy)
{
  MaskJob job = { layer->kernels, y, (float *) dy };
  rf_run_parts (pass->n * RF_SHAPE_COUNT (layer->out), 1, mask_parts, &job);
}

float *
rf_layer_values (const RfLayer *layer, guint i)
{
  g_assert (i < layer->n_params);
  const RfParam *param = layer->params[i];
  return (param->kind == RF_PARAM_BUFFER ? layer->net->buffers : layer->net->weights)
         + param->offset;
}

float *
rf_layer_gradients (const RfLayer *layer, guint i)
{
  g_assert (i < layer->n_params && layer->params[i]->kind != RF_PARAM_BUFFER);
  return layer->net->gradients + layer->params[i]->offset;
}

const RfWeightOptions *
rf_layer_weight_options (const RfLayer *layer)
{
  if (layer->klass->weight_options < 0)
    return NULL;
  return G_STRUCT_MEMBER_P (layer->config, layer->klass->weight_options);
}

const RfOption rf_no_options[] = { { NULL } };

gboolean
rf_shape_unchanged (const void *config, RfShape in, RfShape *out, GError **error)
{
  *out = in;
  return TRUE;
}

char *
rf_describe_nothing (const void *config)
{
  return g_strdup ("");
}

char *
rf_shape_to_text (RfShape shape)
{
  if (shape.height == 1 && shape.width == 1)
    return g_strdup_printf (ngettext ("%d value", "%d values", shape.channels), shape.channels);
  return g_strdup_printf ("%d×%d×%d", shape.channels, shape.height, shape.width);
}

char *
rf_pair_to_text (const gint pair[2])
{
  if (pair[0] == pair[1])
    return g_strdup_printf ("%d", pair[0]);
  return g_strdup_printf ("%d×%d", pair[0], pair[1]);
}

void
rf_pair_to_python (const gint pair[2], GString *out)
{
  if (pair[0] == pair[1])
    g_string_append_printf (out, "%d", pair[0]);
  else
    g_string_append_printf (out, "(%d, %d)", pair[0], pair[1]);
}
