/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory and bookkeeping of a network; the arithmetic is in kernels/. */

#include "model/playground/network.h"

#include "model/base/random.h"
#include "model/playground/kernels.h"

#include <math.h>
#include <string.h>

/* --- Memory --------------------------------------------------------------------------------- */

/* Hands out the pieces of one block, each a multiple of 64 bytes; counts only, without a block. */
static double *
take (double *memory, gsize *used, gsize n)
{
  double *piece = memory ? memory + *used : NULL;
  *used += RF_PLAY_PADDED (n);
  return piece;
}

static gsize
lay_out (RfPlayNet *net, double *memory)
{
  gsize used = 0;
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      const gsize row = (gsize) layer->p_out, rows = (gsize) layer->n_in + 1;
      double **const parameters[] = { &layer->w, &layer->g, &layer->m, &layer->v };
      double **const points[] = { &layer->out, &layer->delta, &layer->mask, &layer->slope };
      for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
        *parameters[i] = take (memory, &used, rows * row);
      for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
        *points[i] = take (memory, &used, RF_PLAY_BLOCK * row);
      layer->dead = (gint64 *) take (memory, &used, rows * row);
      layer->w_by_unit = take (memory, &used, (gsize) layer->n_out * (gsize) layer->p_in);
    }
  return used;
}

static void
allocate (RfPlayNet *net)
{
  net->memory_size = lay_out (net, NULL);
  net->memory = g_aligned_alloc0 (MAX (net->memory_size, 1), sizeof (double), 64);
  lay_out (net, net->memory);
}

static void
transpose (RfPlayLayer *layer)
{
  for (int j = 0; j < layer->n_in; j++)
    for (int i = 0; i < layer->n_out; i++)
      layer->w_by_unit[i * layer->p_in + j] = layer->w[j * layer->p_out + i];
}

static void
draw_weights (RfPlayNet *net, RfSeedRandom *random, gboolean init_zero)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      for (int i = 0; i < layer->n_out; i++)
        {
          layer->w[layer->n_in * layer->p_out + i] = init_zero ? 0 : 0.1;
          for (int j = 0; j < layer->n_in; j++)
            {
              const double weight = rf_seed_random_next (random) - 0.5;
              layer->w[j * layer->p_out + i] = init_zero ? 0 : weight;
            }
        }
      transpose (layer);
    }
}

static int
output_activation (RfPlayOutput output)
{
  return output == RF_PLAY_OUTPUT_TANH ? RF_PLAY_TANH : RF_PLAY_LINEAR;
}

RfPlayNet *
rf_play_net_new (const RfPlayShape *shape, RfSeedRandom *random, gboolean init_zero,
                 guint64 dropout_seed)
{
  g_return_val_if_fail (shape->n_inputs >= 0 && shape->n_inputs <= RF_PLAY_ROW, NULL);
  g_return_val_if_fail (shape->n_layers >= 0 && shape->n_layers <= RF_PLAY_MAX_LAYERS, NULL);
  g_return_val_if_fail (shape->n_outputs >= 1 && shape->n_outputs <= RF_PLAY_MAX_CLASSES, NULL);

  RfPlayNet *net = g_new0 (RfPlayNet, 1);
  net->shape = *shape;
  net->n_layers = shape->n_layers + 1;
  net->dropout_seed = dropout_seed;
  for (int l = 0; l < net->n_layers; l++)
    {
      const gboolean hidden = l < shape->n_layers;
      RfPlayLayer *layer = &net->layers[l];
      layer->n_in = l ? net->layers[l - 1].n_out : shape->n_inputs;
      layer->n_out = hidden ? shape->units[l] : shape->n_outputs;
      layer->p_in = RF_PLAY_PADDED (layer->n_in);
      layer->p_out = RF_PLAY_PADDED (layer->n_out);
      layer->activation = hidden ? shape->activation[l] : output_activation (shape->output);
      layer->dropout = hidden ? shape->dropout[l] : 0;
    }
  allocate (net);
  draw_weights (net, random, init_zero);
  rf_play_net_set_kernels (net, rf_kernels_path ());
  return net;
}

RfPlayNet *
rf_play_net_copy (const RfPlayNet *net)
{
  RfPlayNet *copy = g_memdup2 (net, sizeof *net);
  allocate (copy);
  memcpy (copy->memory, net->memory, net->memory_size * sizeof (double));
  return copy;
}

void
rf_play_net_copy_into (const RfPlayNet *net, RfPlayNet *into)
{
  g_return_if_fail (memcmp (&net->shape, &into->shape, sizeof net->shape) == 0);

  into->n_accumulated = net->n_accumulated;
  into->last = net->last;
  into->n_updates = net->n_updates;
  into->n_points = net->n_points;
  into->dropout_seed = net->dropout_seed;
  memcpy (into->memory, net->memory, net->memory_size * sizeof (double));
}

void
rf_play_net_free (RfPlayNet *net)
{
  if (!net)
    return;
  g_aligned_free (net->memory);
  g_free (net);
}

const RfPlayShape *
rf_play_net_get_shape (const RfPlayNet *net)
{
  return &net->shape;
}

void
rf_play_net_set_kernels (RfPlayNet *net, RfKernelPath path)
{
  net->kernels = rf_play_kernels_get (path);
}

/* --- Looking and editing -------------------------------------------------------------------- */

int
rf_play_net_count_layers (const RfPlayNet *net)
{
  return net->n_layers;
}

int
rf_play_net_count_units (const RfPlayNet *net, int layer)
{
  g_return_val_if_fail (layer >= 0 && layer < net->n_layers, 0);
  return net->layers[layer].n_out;
}

int
rf_play_net_count_inputs (const RfPlayNet *net, int layer)
{
  g_return_val_if_fail (layer >= 0 && layer < net->n_layers, 0);
  return net->layers[layer].n_in;
}

int
rf_play_net_count_nodes (const RfPlayNet *net)
{
  int n = 0;
  for (int l = 0; l < net->n_layers; l++)
    n += net->layers[l].n_out;
  return n;
}

/* The place of a weight, or with input == n_in of a bias, in its layer's arrays; -1 is a mistake.
 */
static int
find_place (const RfPlayNet *net, int layer, int unit, int input)
{
  if (layer < 0 || layer >= net->n_layers)
    return -1;
  const RfPlayLayer *l = &net->layers[layer];
  if (unit < 0 || unit >= l->n_out || input < 0 || input > l->n_in)
    return -1;
  return input * l->p_out + unit;
}

static int
find_weight (const RfPlayNet *net, int layer, int unit, int input)
{
  const int place = find_place (net, layer, unit, input);
  return place >= 0 && input < net->layers[layer].n_in ? place : -1;
}

static int
find_bias (const RfPlayNet *net, int layer, int unit)
{
  const gboolean known = layer >= 0 && layer < net->n_layers;
  return find_place (net, layer, unit, known ? net->layers[layer].n_in : 0);
}

double
rf_play_net_get_weight (const RfPlayNet *net, int layer, int unit, int input)
{
  const int place = find_weight (net, layer, unit, input);
  g_return_val_if_fail (place >= 0, NAN);
  return net->layers[layer].w[place];
}

double
rf_play_net_get_bias (const RfPlayNet *net, int layer, int unit)
{
  const int place = find_bias (net, layer, unit);
  g_return_val_if_fail (place >= 0, NAN);
  return net->layers[layer].w[place];
}

void
rf_play_net_set_weight (RfPlayNet *net, int layer, int unit, int input, double weight)
{
  const int place = find_weight (net, layer, unit, input);
  g_return_if_fail (place >= 0);
  RfPlayLayer *l = &net->layers[layer];
  l->w[place] = weight;
  l->w_by_unit[unit * l->p_in + input] = weight;
}

void
rf_play_net_set_bias (RfPlayNet *net, int layer, int unit, double bias)
{
  const int place = find_bias (net, layer, unit);
  g_return_if_fail (place >= 0);
  net->layers[layer].w[place] = bias;
}

gboolean
rf_play_net_is_dead (const RfPlayNet *net, int layer, int unit, int input)
{
  const int place = find_weight (net, layer, unit, input);
  g_return_val_if_fail (place >= 0, FALSE);
  return net->layers[layer].dead[place] != 0;
}

void
rf_play_net_revive (RfPlayNet *net)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      memset (layer->dead, 0, (gsize) layer->n_in * (gsize) layer->p_out * sizeof (gint64));
    }
}

void
rf_play_net_set_dropout (RfPlayNet *net, int layer, double rate)
{
  g_return_if_fail (layer >= 0 && layer < net->shape.n_layers && rate >= 0 && rate < 1);
  net->shape.dropout[layer] = rate;
  net->layers[layer].dropout = rate;
}

void
rf_play_net_sum_weights (const RfPlayNet *net, RfPlayWeights *sums)
{
  *sums = (RfPlayWeights){ 0 };
  for (int l = 0; l < net->n_layers; l++)
    {
      const RfPlayLayer *layer = &net->layers[l];
      for (int j = 0; j < layer->n_in; j++)
        for (int i = 0; i < layer->n_out; i++)
          {
            const double w = layer->w[j * layer->p_out + i];
            sums->weights++;
            sums->dead += layer->dead[j * layer->p_out + i] != 0;
            sums->zero += w == 0;
            sums->sum_abs += fabs (w);
            sums->sum_squares += w * w;
          }
    }
}

int
rf_play_net_count_parameters (const RfPlayNet *net)
{
  int n = 0;
  for (int l = 0; l < net->n_layers; l++)
    n += (net->layers[l].n_in + 1) * net->layers[l].n_out;
  return n;
}

void
rf_play_net_get_parameters (const RfPlayNet *net, double *parameters)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      const RfPlayLayer *layer = &net->layers[l];
      for (int i = 0; i < layer->n_out; i++)
        {
          *parameters++ = layer->w[layer->n_in * layer->p_out + i];
          for (int j = 0; j < layer->n_in; j++)
            *parameters++ = layer->w[j * layer->p_out + i];
        }
    }
}

void
rf_play_net_set_parameters (RfPlayNet *net, const double *parameters)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      for (int i = 0; i < layer->n_out; i++)
        {
          layer->w[layer->n_in * layer->p_out + i] = *parameters++;
          for (int j = 0; j < layer->n_in; j++)
            layer->w[j * layer->p_out + i] = *parameters++;
        }
      transpose (layer);
    }
}

gboolean
rf_play_net_find_not_finite (const RfPlayNet *net, int *layer, int *unit)
{
  for (int l = 0; l < net->n_layers; l++)
    for (int i = 0; i < net->layers[l].n_out; i++)
      for (int j = 0; j <= net->layers[l].n_in; j++)
        if (!isfinite (net->layers[l].w[j * net->layers[l].p_out + i]))
          {
            *layer = l;
            *unit = i;
            return TRUE;
          }
  return FALSE;
}

/* --- Training ------------------------------------------------------------------------------- */

/* What a point drops is a function of its number and the layer. */
static void
draw_masks (RfPlayNet *net, int n)
{
  for (int l = 0; l < net->n_layers; l++)
    {
      RfPlayLayer *layer = &net->layers[l];
      for (int s = 0; layer->dropout > 0 && s < n; s++)
        {
          RfRandom random = rf_random (net->dropout_seed, RF_RANDOM_DROPOUT,
                                       net->n_points + (guint64) s, (guint64) l);
          for (int i = 0; i < layer->n_out; i++)
            layer->mask[s * layer->p_out + i]
                = (double) rf_random_uniform (&random) < layer->dropout ? 0
                                                                        : 1 / (1 - layer->dropout);
        }
    }
}

void
rf_play_net_accumulate (RfPlayNet *net, const RfPlayTable *table, gsize first, gsize n)
{
  g_return_if_fail (table->n_features == net->shape.n_inputs && first + n <= table->n);

  while (n > 0)
    {
      const int block = (int) MIN (n, RF_PLAY_BLOCK);
      draw_masks (net, block);
      net->kernels->accumulate (net, table->rows + first * RF_PLAY_ROW, table->labels + first,
                                block);
      net->n_accumulated += block;
      net->n_points += (guint64) block;
      net->last = block - 1;
      first += (gsize) block;
      n -= (gsize) block;
    }
}

void
rf_play_net_update (RfPlayNet *net, const RfPlayRates *rates)
{
  if (net->n_accumulated == 0)
    return;
  const double t = (double) ++net->n_updates;
  const gboolean adam = rates->optimizer == RF_PLAY_ADAM;
  const RfPlayStep step = {
    .rates = *rates,
    .count = net->n_accumulated,
    .correction1 = adam ? 1 - pow (RF_PLAY_ADAM_BETA1, t) : 1,
    .correction2 = adam ? sqrt (1 - pow (RF_PLAY_ADAM_BETA2, t)) : 1,
  };
  net->kernels->update (net, &step);
  net->n_accumulated = 0;
}

int
rf_play_net_count_accumulated (const RfPlayNet *net)
{
  return net->n_accumulated;
}

static double
get_last (const RfPlayNet *net, const double *block, int layer, int unit)
{
  return block[net->last * net->layers[layer].p_out + unit];
}

double
rf_play_net_get_last_output (const RfPlayNet *net, int layer, int unit)
{
  g_return_val_if_fail (find_bias (net, layer, unit) >= 0, NAN);
  return get_last (net, net->layers[layer].out, layer, unit);
}

double
rf_play_net_get_last_delta (const RfPlayNet *net, int layer, int unit)
{
  g_return_val_if_fail (find_bias (net, layer, unit) >= 0, NAN);
  return get_last (net, net->layers[layer].delta, layer, unit);
}

/* --- Evaluation ----------------------------------------------------------------------------- */

double
rf_play_net_measure (const RfPlayNet *net, const RfPlayTable *table, double *accuracy)
{
  g_return_val_if_fail (table->n_features == net->shape.n_inputs, NAN);

  RfPlaySums sums = { 0 };
  net->kernels->evaluate (net, table, NULL, &sums);
  if (accuracy)
    *accuracy = net->shape.output == RF_PLAY_OUTPUT_LINEAR
                    ? NAN
                    : (double) sums.correct / (double) table->n;
  return sums.loss / (double) table->n;
}

void
rf_play_net_draw_maps (const RfPlayNet *net, const RfPlayTable *table, float *const *maps)
{
  g_return_if_fail (table->n_features == net->shape.n_inputs);

  net->kernels->evaluate (net, table, maps, NULL);
}
