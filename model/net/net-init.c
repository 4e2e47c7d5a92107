/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First weights. Most are random; those of `cosine` are built.
 *
 * Unit 2i is the basis function i of the cosine transform (DCT-II) over channels, rows and columns,
 * unit 2i + 1 its negative, which a rectifier behind it would otherwise lose. The functions come in
 * the order of frequency c² + u² + v², all of length 1. Neighbouring pixels of pictures, and their
 * colours, are alike, and for such signals the transform is nearly the one that leaves no
 * correlation (Ahmed, Natarajan, Rao 1974): over red, green and blue its functions are brightness,
 * red against blue, and green against both. With a normalisation behind it the layer whitens, and
 * what follows learns in fewer steps; nothing of the data need be known for it, and the layer may
 * stay frozen. Units beyond twice the number of functions are as pytorch's. */
#include "model/net/net-private.h"

#include "model/base/random.h"

#include <math.h>
#include <string.h>

typedef struct
{
  int frequency[3]; /* over channels, rows, columns */
  gint64 square;    /* of its length */
} Wave;

/* He et al. (2015), Glorot and Bengio (2010), and what torch.nn's layers do of themselves, whose
 * kaiming_uniform_(a=√5) comes to the same ±1/√fan_in for weights as for biases. */
static void
set_random (const RfParam *param, gint init, RfRandom *random, float *values)
{
  gboolean weight = param->kind == RF_PARAM_WEIGHT;
  double fan_in = (double) MAX (param->fan_in, 1);
  double bound = 0, deviation = 0;
  if (init == RF_INIT_PYTORCH || (weight && init == RF_INIT_COSINE))
    bound = 1 / sqrt (fan_in);
  else if (init == RF_INIT_XAVIER && weight)
    bound = sqrt (6 / (fan_in + (double) param->fan_out));
  else if (init == RF_INIT_HE && weight)
    deviation = sqrt (2 / fan_in);
  for (gsize i = 0; i < param->count; i++)
    if (deviation > 0)
      values[i] = (float) deviation * rf_random_normal (random);
    else
      values[i] = bound > 0 ? rf_random_between (random, (float) -bound, (float) bound) : 0;
}

/* The weights of a unit as [channels, rows, columns]; rows and columns are 1 in a linear layer. */
static void
unit_size (const RfParam *param, int size[3])
{
  for (guint i = 0; i < 3; i++)
    size[i] = i + 1 < param->n_dims ? (int) param->dims[i + 1] : 1;
}

static int
compare_waves (const void *a, const void *b)
{
  const Wave *one = a, *other = b;
  int order = (one->square > other->square) - (one->square < other->square);
  for (int i = 0; i < 3 && order == 0; i++)
    order = one->frequency[i] - other->frequency[i];
  return order;
}

static gint64
square (gint64 x)
{
  return x * x;
}

/* All of them, in their order. */
static Wave *
make_waves (const int size[3])
{
  Wave *waves = g_new (Wave, (gsize) size[0] * (gsize) size[1] * (gsize) size[2]), *wave = waves;
  for (int c = 0; c < size[0]; c++)
    for (int u = 0; u < size[1]; u++)
      for (int v = 0; v < size[2]; v++)
        *wave++ = (Wave){ { c, u, v }, square (c) + square (u) + square (v) };
  qsort (waves, (gsize) (wave - waves), sizeof (Wave), compare_waves);
  return waves;
}

static double
cosine (int frequency, int at, int n)
{
  double length = sqrt ((frequency ? 2.0 : 1.0) / n);
  return length * cos (G_PI * (2 * at + 1) * frequency / (2.0 * n));
}

static void
set_wave (const Wave *wave, double sign, const int size[3], float *values)
{
  for (int c = 0; c < size[0]; c++)
    for (int y = 0; y < size[1]; y++)
      {
        double factor = sign * cosine (wave->frequency[0], c, size[0])
                        * cosine (wave->frequency[1], y, size[1]);
        for (int x = 0; x < size[2]; x++)
          *values++ = (float) (factor * cosine (wave->frequency[2], x, size[2]));
      }
}

/* Units of a convolution's groups count from 0 in each. */
static void
set_waves (const RfParam *param, float *values)
{
  int size[3];
  unit_size (param, size);
  gsize count = param->count / (gsize) param->dims[0];
  int groups = param->n_dims == 4 ? param->layer->in.channels / size[0] : 1;
  int units = (int) param->dims[0] / groups;
  g_autofree Wave *waves = make_waves (size);

  for (int i = 0; i < (int) param->dims[0]; i++, values += count)
    if ((gsize) (i % units / 2) < count)
      set_wave (&waves[i % units / 2], i % units % 2 ? -1 : 1, size, values);
}

static void
set_first (const RfParam *param, gint init, RfRandom *random, float *values)
{
  set_random (param, init, random, values);
  if (param->kind == RF_PARAM_WEIGHT && init == RF_INIT_COSINE)
    set_waves (param, values);
}

void
rf_net_reset (RfNet *net, guint64 seed)
{
  g_return_if_fail (net->weights != NULL);
  for (guint i = 0; i < net->n_params; i++)
    {
      RfParam *param = &net->params[i];
      RfRandom random = rf_random (seed, RF_RANDOM_WEIGHTS, i, 0);
      if (!param->layer->klass->reset)
        set_first (param, rf_layer_weight_options (param->layer)->init, &random,
                   rf_net_values (net, param));
    }
  for (guint i = 0; i < net->layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (net->layers, i);
      if (layer->klass->reset)
        layer->klass->reset (layer);
    }
}
