/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same network in plain loops, number after number, as the original computes: what the vectors
 * are tested against. */

#include "model/playground/kernels/output.h"

#include <string.h>

static double
activate (int activation, double z)
{
  switch (activation)
    {
    case RF_PLAY_RELU:
      return z < 0 ? 0 : z;
    case RF_PLAY_TANH:
      return rf_js_tanh (z);
    case RF_PLAY_SIGMOID:
      return 1 / (1 + rf_js_exp (-z));
    default:
      return z;
    }
}

/* f'(z) by y = f(z). NaN counts as positive for the ReLU, as z <= 0 is false for it. */
static double
slope_at (int activation, double y)
{
  switch (activation)
    {
    case RF_PLAY_RELU:
      return y <= 0 ? 0 : 1;
    case RF_PLAY_TANH:
      return 1 - y * y;
    case RF_PLAY_SIGMOID:
      return y * (1 - y);
    default:
      return 1;
    }
}

static void
forward (const RfPlayLayer *layer, const double *in, double *out)
{
  for (int i = 0; i < layer->n_out; i++)
    {
      double z = layer->w[layer->n_in * layer->p_out + i];
      for (int j = 0; j < layer->n_in; j++)
        z += layer->w[j * layer->p_out + i] * in[j];
      out[i] = activate (layer->activation, z);
    }
}

static void
forward_point (RfPlayNet *net, const double *row, int s)
{
  const double *in = row;
  for (int l = 0; l < net->n_layers; l++)
    {
      const RfPlayLayer *layer = &net->layers[l];
      double *out = layer->out + s * layer->p_out;
      forward (layer, in, out);
      for (int i = 0; layer->dropout > 0 && i < layer->n_out; i++)
        {
          const int place = s * layer->p_out + i;
          layer->slope[place] = layer->mask[place] * slope_at (layer->activation, out[i]);
          out[i] *= layer->mask[place];
        }
      in = out;
    }
}

static void
backward_layer (RfPlayNet *net, const double *row, int l, int s)
{
  const RfPlayLayer *layer = &net->layers[l], *below = l ? &net->layers[l - 1] : NULL;
  const double *delta = layer->delta + s * layer->p_out;
  const double *in = below ? below->out + s * below->p_out : row;

  for (int i = 0; i < layer->n_out; i++)
    {
      layer->g[layer->n_in * layer->p_out + i] += delta[i];
      for (int j = 0; j < layer->n_in; j++)
        layer->g[j * layer->p_out + i] += delta[i] * in[j];
    }
  for (int j = 0; below && j < layer->n_in; j++)
    {
      const int place = s * below->p_out + j;
      double sum = 0;
      for (int i = 0; i < layer->n_out; i++)
        sum += layer->w[j * layer->p_out + i] * delta[i];
      below->delta[place]
          = sum * (below->dropout > 0 ? below->slope[place] : slope_at (below->activation, in[j]));
    }
}

static void
accumulate (RfPlayNet *net, const double *rows, const double *labels, int n)
{
  const RfPlayLayer *last = &net->layers[net->n_layers - 1];
  for (int s = 0; s < n; s++)
    {
      const double *row = rows + s * RF_PLAY_ROW;
      double *out = last->out + s * last->p_out;
      forward_point (net, row, s);
      if (net->shape.output == RF_PLAY_OUTPUT_SOFTMAX)
        softmax (out, last->n_out, 1);
      output_delta (&net->shape, out, labels[s], last->delta + s * last->p_out);
      for (int l = net->n_layers - 1; l >= 0; l--)
        backward_layer (net, row, l, s);
    }
}

/* The step of an optimizer the original has not, with the sum of gradients @g. */
static double
step_from (double w, double g, double *m, double *v, const RfPlayStep *step)
{
  const RfPlayRates *rates = &step->rates;
  g /= step->count;
  switch (rates->optimizer)
    {
    case RF_PLAY_MOMENTUM:
      *m = rates->momentum * *m + g;
      return w - rates->learning_rate * *m;
    case RF_PLAY_RMSPROP:
      *v = RF_PLAY_RMSPROP_ALPHA * *v + (1 - RF_PLAY_RMSPROP_ALPHA) * g * g;
      return w - rates->learning_rate * g / (sqrt (*v) + RF_PLAY_EPSILON);
    case RF_PLAY_ADAM:
      *m = RF_PLAY_ADAM_BETA1 * *m + (1 - RF_PLAY_ADAM_BETA1) * g;
      *v = RF_PLAY_ADAM_BETA2 * *v + (1 - RF_PLAY_ADAM_BETA2) * g * g;
      return w
             - rates->learning_rate / step->correction1 * *m
                   / (sqrt (*v) / step->correction2 + RF_PLAY_EPSILON);
    default:
      g_assert_not_reached ();
    }
}

/* The original divides at different places for weights and biases. */
static void
update_bias (RfPlayLayer *layer, int place, const RfPlayStep *step)
{
  const RfPlayRates *rates = &step->rates;
  double *w = &layer->w[place];
  if (rates->optimizer == RF_PLAY_SGD)
    *w -= rates->learning_rate * layer->g[place] / step->count;
  else
    *w = step_from (*w, layer->g[place], &layer->m[place], &layer->v[place], step);
}

static void
update_weight (RfPlayLayer *layer, int place, const RfPlayStep *step)
{
  const RfPlayRates *rates = &step->rates;
  const double old = layer->w[place], sign = (old > 0) - (old < 0), g = layer->g[place];
  const double stepped = rates->optimizer == RF_PLAY_SGD
                             ? old - (rates->learning_rate / step->count) * g
                             : step_from (old, g, &layer->m[place], &layer->v[place], step);
  const double penalised = (stepped - (rates->learning_rate * rates->l1) * sign)
                           - (rates->learning_rate * rates->l2) * old;
  if (layer->dead[place])
    return;
  if (rates->l1 != 0 && stepped * penalised < 0)
    {
      layer->w[place] = 0;
      layer->dead[place] = rates->revive ? 0 : -1;
    }
  else
    layer->w[place] = penalised;
}

static void
update (RfPlayNet *net, const RfPlayStep *step)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      for (int i = 0; i < layer->n_out; i++)
        {
          update_bias (layer, layer->n_in * layer->p_out + i, step);
          for (int j = 0; j < layer->n_in; j++)
            {
              update_weight (layer, j * layer->p_out + i, step);
              layer->w_by_unit[i * layer->p_in + j] = layer->w[j * layer->p_out + i];
            }
        }
      memset (layer->g, 0, ((gsize) layer->n_in + 1) * (gsize) layer->p_out * sizeof (double));
    }
}

static void
evaluate (const RfPlayNet *net, const RfPlayTable *table, float *const *maps, RfPlaySums *sums)
{
  double values[2][RF_PLAY_MAX_UNITS];
  for (gsize p = 0; p < table->n; p++)
    {
      const double *in = table->rows + p * RF_PLAY_ROW;
      int node = 0;
      for (int l = 0; l < net->n_layers; l++)
        {
          const RfPlayLayer *layer = &net->layers[l];
          double *out = values[l & 1];
          forward (layer, in, out);
          if (l == net->n_layers - 1 && net->shape.output == RF_PLAY_OUTPUT_SOFTMAX)
            softmax (out, layer->n_out, 1);
          for (int i = 0; maps && i < layer->n_out; i++)
            if (maps[node + i])
              maps[node + i][p] = (float) out[i];
          node += layer->n_out;
          in = out;
        }
      if (sums)
        add_loss (&net->shape, in, 1, table->labels[p], sums);
    }
}

const RfPlayKernels rf_play_kernels_reference = {
  .accumulate = accumulate,
  .update = update,
  .evaluate = evaluate,
};
