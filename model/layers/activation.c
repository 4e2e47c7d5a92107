/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"
#include "model/base/files.h"
#include "model/layers/work.h"

typedef struct
{
  const RfLayer *layer;
  const float *x, *y, *dy;
  float *out;
  float parameter;
} Job;

static float
parameter_of (const RfLayer *layer)
{
  const RfActivationConfig *config = layer->config;
  return (float) config->slope;
}

static void
forward_parts (void *data, gsize first, gsize n)
{
  const Job *job = data;
  const RfLayer *layer = job->layer;
  layer->kernels->activation[layer->klass->variant](job->x + first, job->out + first, n,
                                                    job->parameter);
}

void
rf_activation_forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Job job = { .layer = layer, .x = x, .out = y, .parameter = parameter_of (layer) };
  rf_run_parts (pass->n * RF_SHAPE_COUNT (layer->in), 1, forward_parts, &job);
}

static void
backward_parts (void *data, gsize first, gsize n)
{
  const Job *job = data;
  const RfLayer *layer = job->layer;
  layer->kernels->activation_gradient[layer->klass->variant](
      job->x + first, job->y + first, job->dy + first, job->out + first, n, job->parameter);
}

void
rf_activation_backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y,
                        const float *dy, float *dx)
{
  if (!dx)
    return;
  Job job = { layer, x, y, dy, dx, parameter_of (layer) };
  rf_run_parts (pass->n * RF_SHAPE_COUNT (layer->in), 1, backward_parts, &job);
}

void
rf_activation_pytorch (const RfLayer *layer, GString *out)
{
  static const char *const modules[RF_N_ACTIVATIONS] = {
    [RF_ACTIVATION_RELU] = "nn.ReLU",       [RF_ACTIVATION_LEAKY_RELU] = "nn.LeakyReLU",
    [RF_ACTIVATION_ELU] = "nn.ELU",         [RF_ACTIVATION_GELU] = "nn.GELU",
    [RF_ACTIVATION_SILU] = "nn.SiLU",       [RF_ACTIVATION_TANH] = "nn.Tanh",
    [RF_ACTIVATION_SIGMOID] = "nn.Sigmoid",
  };
  const RfActivationConfig *config = layer->config;
  g_string_append_printf (out, "%s(", modules[layer->klass->variant]);
  if (layer->klass->variant == RF_ACTIVATION_LEAKY_RELU)
    rf_append_number (out, config->slope);
  g_string_append_c (out, ')');
}
