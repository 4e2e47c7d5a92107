/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The loops of a network, compiled once per instruction set; RF_PLAY_TABLE names their table.
 *
 * The number of points side by side is a constant in each copy of a loop, so that the sums stay in
 * registers. A layer of five or six units is one vector with AVX-512. */

#include "model/playground/kernels/output.h"
#include "model/playground/kernels/vectors.h"

extern const RfPlayKernels RF_PLAY_TABLE;

/* --- Activations ---------------------------------------------------------------------------- */

INLINE Vector
activate (int activation, Vector z)
{
  switch (activation)
    {
    case RF_PLAY_RELU:
      return choose (z < 0.0, broadcast (0), z);
    case RF_PLAY_TANH:
      return vector_tanh (z);
    case RF_PLAY_SIGMOID:
      return vector_sigmoid (z);
    default:
      return z;
    }
}

/* f'(z) by y = f(z). */
INLINE Vector
slope_at (int activation, Vector y)
{
  switch (activation)
    {
    case RF_PLAY_RELU:
      return choose (y <= 0.0, broadcast (0), broadcast (1));
    case RF_PLAY_TANH:
      return 1 - y * y;
    case RF_PLAY_SIGMOID:
      return y * (1 - y);
    default:
      return broadcast (1);
    }
}

/* y = f(y) over @n vectors. */
static void
activate_vectors (int activation, double *y, int n)
{
#define EACH(kind)                                                                                 \
  for (int i = 0; i < n; i++)                                                                      \
    store (y + i * LANES, activate (kind, load (y + i * LANES)));
  if (activation == RF_PLAY_TANH)
    EACH (RF_PLAY_TANH)
  else if (activation == RF_PLAY_SIGMOID)
    EACH (RF_PLAY_SIGMOID)
  else if (activation == RF_PLAY_RELU)
    EACH (RF_PLAY_RELU)
#undef EACH
}

/* A single unit fills one lane of each point's row: gathered, so that they share a vector. */
static void
activate_single (const RfPlayLayer *layer, int n)
{
  double packed[RF_PLAY_BLOCK] __attribute__ ((aligned (64))) = { 0 };
  for (int s = 0; s < n; s++)
    packed[s] = layer->out[s * layer->p_out];
  activate_vectors (layer->activation, packed, (n + LANES - 1) / LANES);
  for (int s = 0; s < n; s++)
    layer->out[s * layer->p_out] = packed[s];
}

static void
activate_layer (const RfPlayLayer *layer, int n)
{
  if (layer->n_out == 1)
    activate_single (layer, n);
  else if (layer->n_out + LANES > layer->p_out)
    activate_vectors (layer->activation, layer->out, n * layer->p_out / LANES);
  else
    for (int s = 0; s < n; s++)
      activate_vectors (layer->activation, layer->out + s * layer->p_out,
                        (layer->n_out + LANES - 1) / LANES);
}

static void
drop (const RfPlayLayer *layer, int n)
{
  for (int i = 0; i < n * layer->p_out; i += LANES)
    {
      const Vector mask = load (layer->mask + i), y = load (layer->out + i);
      store (layer->slope + i, mask * slope_at (layer->activation, y));
      store (layer->out + i, mask * y);
    }
}

/* --- Training ------------------------------------------------------------------------------- */

INLINE void
forward (const RfPlayLayer *layer, const double *in, int stride, const int n)
{
  const int p = layer->p_out;
  for (int c = 0; c < layer->n_out; c += LANES)
    {
      Vector z[RF_PLAY_BLOCK];
      const double *w = layer->w + c;
      const Vector bias = load (w + layer->n_in * p);
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        z[s] = bias;
      for (int j = 0; j < layer->n_in; j++, w += p)
        {
          const Vector row = load (w);
#pragma GCC unroll 8
          for (int s = 0; s < n; s++)
            z[s] += row * in[s * stride + j];
        }
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        store (layer->out + s * p + c, z[s]);
    }
}

INLINE void
add_gradients (const RfPlayLayer *layer, const double *in, int stride, const int n)
{
  const int p = layer->p_out;
  for (int c = 0; c < layer->n_out; c += LANES)
    {
      Vector delta[RF_PLAY_BLOCK];
      double *g = layer->g + c;
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        delta[s] = load (layer->delta + s * p + c);
      for (int j = 0; j < layer->n_in; j++, g += p)
        {
          Vector sum = load (g);
#pragma GCC unroll 8
          for (int s = 0; s < n; s++)
            sum += delta[s] * in[s * stride + j];
          store (g, sum);
        }
      Vector sum = load (g);
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        sum += delta[s];
      store (g, sum);
    }
}

INLINE void
backward (const RfPlayLayer *layer, const RfPlayLayer *below, const int n)
{
  for (int c = 0; c < layer->n_in; c += LANES)
    {
      Vector sums[RF_PLAY_BLOCK];
      const double *w = layer->w_by_unit + c;
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        sums[s] = broadcast (0);
      for (int i = 0; i < layer->n_out; i++, w += layer->p_in)
        {
          const Vector row = load (w);
#pragma GCC unroll 8
          for (int s = 0; s < n; s++)
            sums[s] += row * layer->delta[s * layer->p_out + i];
        }
#pragma GCC unroll 8
      for (int s = 0; s < n; s++)
        {
          const int place = s * below->p_out + c;
          const Vector slope = below->dropout > 0
                                   ? load (below->slope + place)
                                   : slope_at (below->activation, load (below->out + place));
          store (below->delta + place, sums[s] * slope);
        }
    }
}

INLINE void
accumulate_constant (RfPlayNet *net, const double *rows, const double *labels, const int n)
{
  const RfPlayLayer *last = &net->layers[net->n_layers - 1];
  for (int l = 0; l < net->n_layers; l++)
    {
      const RfPlayLayer *layer = &net->layers[l], *below = layer - 1;
      forward (layer, l ? below->out : rows, l ? below->p_out : RF_PLAY_ROW, n);
      activate_layer (layer, n);
      if (layer->dropout > 0)
        drop (layer, n);
    }
  for (int s = 0; s < n; s++)
    {
      double *out = last->out + s * last->p_out;
      if (net->shape.output == RF_PLAY_OUTPUT_SOFTMAX)
        softmax (out, last->n_out, 1);
      output_delta (&net->shape, out, labels[s], last->delta + s * last->p_out);
    }
  for (int l = net->n_layers - 1; l >= 0; l--)
    {
      const RfPlayLayer *layer = &net->layers[l], *below = layer - 1;
      add_gradients (layer, l ? below->out : rows, l ? below->p_out : RF_PLAY_ROW, n);
      if (l)
        backward (layer, below, n);
    }
}

static void
accumulate (RfPlayNet *net, const double *rows, const double *labels, int n)
{
  switch (n)
    {
#define COPY(count)                                                                                \
  case count:                                                                                      \
    accumulate_constant (net, rows, labels, count);                                                \
    break;
      COPY (1)
      COPY (2)
      COPY (3)
      COPY (4)
      COPY (5)
      COPY (6)
      COPY (7)
      COPY (8)
#undef COPY
    default:
      g_assert_not_reached ();
    }
}

/* --- Update --------------------------------------------------------------------------------- */

/* The step of an optimizer the original has not, with the sum of gradients @g. */
INLINE Vector
step_from (const int optimizer, Vector w, Vector g, double *m, double *v, const RfPlayStep *step)
{
  const double rate = step->rates.learning_rate;
  Vector average, square;
  g /= step->count;
  switch (optimizer)
    {
    case RF_PLAY_MOMENTUM:
      average = step->rates.momentum * load (m) + g;
      store (m, average);
      return w - rate * average;
    case RF_PLAY_RMSPROP:
      square = RF_PLAY_RMSPROP_ALPHA * load (v) + (1 - RF_PLAY_RMSPROP_ALPHA) * g * g;
      store (v, square);
      return w - rate * g / (square_root (square) + RF_PLAY_EPSILON);
    default: /* RF_PLAY_ADAM */
      average = RF_PLAY_ADAM_BETA1 * load (m) + (1 - RF_PLAY_ADAM_BETA1) * g;
      square = RF_PLAY_ADAM_BETA2 * load (v) + (1 - RF_PLAY_ADAM_BETA2) * g * g;
      store (m, average);
      store (v, square);
      return w
             - rate / step->correction1 * average
                   / (square_root (square) / step->correction2 + RF_PLAY_EPSILON);
    }
}

/* The original divides at different places for weights and biases. */
INLINE void
update_biases (RfPlayLayer *layer, const int optimizer, const RfPlayStep *step)
{
  const int first = layer->n_in * layer->p_out;
  for (int place = first; place < first + layer->n_out; place += LANES)
    {
      const Vector g = load (layer->g + place);
      Vector w = load (layer->w + place);
      if (optimizer == RF_PLAY_SGD)
        w -= step->rates.learning_rate * g / step->count;
      else
        w = step_from (optimizer, w, g, layer->m + place, layer->v + place, step);
      store (layer->g + place, broadcast (0));
      store (layer->w + place, w);
    }
}

INLINE void
update_weights (RfPlayLayer *layer, const int optimizer, const RfPlayStep *step)
{
  const RfPlayRates *rates = &step->rates;
  const double rate = rates->learning_rate / step->count;
  const double l1 = rates->learning_rate * rates->l1, l2 = rates->learning_rate * rates->l2;
  const Bits lethal = (Bits){ 0 } - (rates->l1 != 0), forever = (Bits){ 0 } - !rates->revive;
  const Vector zero = broadcast (0), one = broadcast (1);
  const int p = layer->p_out;

  for (int j = 0; j < layer->n_in; j++)
    for (int place = j * p; place < j * p + layer->n_out; place += LANES)
      {
        Bits *dead = (Bits *) (layer->dead + place);
        const Vector old = load (layer->w + place), g = load (layer->g + place);
        Vector w = old - rate * g;
        if (optimizer != RF_PLAY_SGD)
          w = step_from (optimizer, old, g, layer->m + place, layer->v + place, step);
        const Vector sign = choose (old > 0.0, one, choose (old < 0.0, -one, zero));
        const Vector penalised = (w - l1 * sign) - l2 * old;
        const Bits crossed = (w * penalised < 0.0) & lethal;
        store (layer->g + place, zero);
        store (layer->w + place, choose (*dead, old, choose (crossed, zero, penalised)));
        *dead |= crossed & forever;
      }
}

INLINE void
update_layer (RfPlayLayer *layer, const int optimizer, const RfPlayStep *step)
{
  update_weights (layer, optimizer, step);
  update_biases (layer, optimizer, step);
  for (int j = 0; j < layer->n_in; j++)
    for (int i = 0; i < layer->n_out; i++)
      layer->w_by_unit[i * layer->p_in + j] = layer->w[j * layer->p_out + i];
}

static void
update (RfPlayNet *net, const RfPlayStep *step)
{
  for (int l = 0; l < net->n_layers; l++)
    switch (step->rates.optimizer)
      {
      case RF_PLAY_MOMENTUM:
        update_layer (&net->layers[l], RF_PLAY_MOMENTUM, step);
        break;
      case RF_PLAY_RMSPROP:
        update_layer (&net->layers[l], RF_PLAY_RMSPROP, step);
        break;
      case RF_PLAY_ADAM:
        update_layer (&net->layers[l], RF_PLAY_ADAM, step);
        break;
      default:
        update_layer (&net->layers[l], RF_PLAY_SGD, step);
        break;
      }
}

/* --- Evaluation ----------------------------------------------------------------------------- */

/* Points of a stripe: as many as sums fit into the registers. Divides RF_PLAY_TABLE_STRIDE. */
#define STRIPE_VECTORS 8
#define STRIPE         (STRIPE_VECTORS * LANES)

static void
forward_stripe (const RfPlayLayer *layer, const double *in, gsize stride, double *out)
{
  for (int i = 0; i < layer->n_out; i++)
    {
      const double *w = layer->w + i;
      Vector z[STRIPE_VECTORS];
#pragma GCC unroll 8
      for (int v = 0; v < STRIPE_VECTORS; v++)
        z[v] = broadcast (w[layer->n_in * layer->p_out]);
      for (int j = 0; j < layer->n_in; j++, w += layer->p_out)
        {
          const Vector weight = broadcast (*w);
          const double *x = in + (gsize) j * stride;
#pragma GCC unroll 8
          for (int v = 0; v < STRIPE_VECTORS; v++)
            z[v] += weight * load (x + v * LANES);
        }
#pragma GCC unroll 8
      for (int v = 0; v < STRIPE_VECTORS; v++)
        store (out + i * STRIPE + v * LANES, z[v]);
    }
  activate_vectors (layer->activation, out, layer->n_out * STRIPE_VECTORS);
}

static void
write_map (const double *values, float *map, int n)
{
  for (int i = 0; map && i < n; i++)
    map[i] = (float) values[i];
}

static void
evaluate (const RfPlayNet *net, const RfPlayTable *table, float *const *maps, RfPlaySums *sums)
{
  double values[2][RF_PLAY_MAX_UNITS * STRIPE] __attribute__ ((aligned (64)));
  for (gsize first = 0; first < table->n; first += STRIPE)
    {
      const int n = (int) MIN (table->n - first, STRIPE);
      const double *in = table->columns + first;
      gsize stride = table->stride;
      int node = 0;
      for (int l = 0; l < net->n_layers; l++)
        {
          const RfPlayLayer *layer = &net->layers[l];
          double *out = values[l & 1];
          forward_stripe (layer, in, stride, out);
          if (l == net->n_layers - 1 && net->shape.output == RF_PLAY_OUTPUT_SOFTMAX)
            for (int s = 0; s < n; s++)
              softmax (out + s, layer->n_out, STRIPE);
          for (int i = 0; maps && i < layer->n_out; i++)
            write_map (out + i * STRIPE, maps[node + i] ? maps[node + i] + first : NULL, n);
          node += layer->n_out;
          in = out;
          stride = STRIPE;
        }
      for (int s = 0; sums && s < n; s++)
        add_loss (&net->shape, in + s, STRIPE, table->labels[first + (gsize) s], sums);
    }
}

const RfPlayKernels RF_PLAY_TABLE = {
  .accumulate = accumulate,
  .update = update,
  .evaluate = evaluate,
};
