/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain truth: the formulas as a book has them, in double precision, one element after another.
 * What must be the same bits on every path (masks, bytes to floats) is computed in floats here too.
 */

#include "model/kernels/reference.h"

#include <math.h>

#include "model/base/random.h"

/* Φ(x), the normal distribution function. */
static double
normal (double x)
{
  return 0.5 * erfc (-x * G_SQRT2 / 2);
}

static double
logistic (double x)
{
  return 1 / (1 + exp (-x));
}

/* Defines NAME and NAME_gradient from f(x) and f'(x), expressions in x (and y = f(x)). */
#define ACTIVATION(NAME, VALUE, DERIVATIVE)                                                        \
  static void NAME (const float *in, float *out, gsize n, float parameter)                         \
  {                                                                                                \
    for (gsize i = 0; i < n; i++)                                                                  \
      {                                                                                            \
        double x = in[i];                                                                          \
                                                                                                   \
        out[i] = (float) (VALUE);                                                                  \
      }                                                                                            \
  }                                                                                                \
                                                                                                   \
  static void NAME##_gradient (const float *in, const float *out, const float *dy, float *dx,      \
                               gsize n, float parameter)                                           \
  {                                                                                                \
    for (gsize i = 0; i < n; i++)                                                                  \
      {                                                                                            \
        double x = in[i], gradient = dy[i];                                                        \
                                                                                                   \
        dx[i] = (float) (DERIVATIVE);                                                              \
      }                                                                                            \
  }

/* Where x is not a number the first test fails, so that it is passed on. */
ACTIVATION (relu, x < 0 ? 0 : x, x <= 0 ? 0 : gradient)
ACTIVATION (leaky_relu, x > 0 ? x : x * parameter, x > 0 ? gradient : gradient * parameter)
ACTIVATION (elu, x > 0 ? x : expm1 (x), x > 0 ? gradient : gradient * exp (x))
ACTIVATION (gelu, x *normal (x), gradient *(normal (x) + x * exp (-x * x / 2) / sqrt (2 * G_PI)))
ACTIVATION (silu, x *logistic (x), gradient *logistic (x) * (1 + x * (1 - logistic (x))))
ACTIVATION (hyperbolic_tangent, tanh (x), gradient *(1 - tanh (x) * tanh (x)))
ACTIVATION (sigmoid, logistic (x), gradient *logistic (x) * (1 - logistic (x)))

static void
accumulate (const float *x, float *y, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] += x[i];
}

static void
add (const float *a, const float *b, float *y, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] = a[i] + b[i];
}

static void
scale_shift_add (const float *x, const float *addend, float *y, gsize n, float scale, float shift,
                 gboolean rectify)
{
  for (gsize i = 0; i < n; i++)
    {
      double sum = (double) x[i] * scale + shift + (addend ? addend[i] : 0);

      y[i] = (float) (rectify && sum < 0 ? 0 : sum);
    }
}

static void
mask_gradient (const float *x, float *dy, gsize n, float scale, float shift)
{
  for (gsize i = 0; i < n; i++)
    if ((double) x[i] * scale + shift <= 0)
      dy[i] = 0;
}

static void
scale_shift (const float *x, float *y, gsize n, float scale, float shift)
{
  for (gsize i = 0; i < n; i++)
    y[i] = (float) ((double) x[i] * scale + shift);
}

static double
sum (const float *x, gsize n)
{
  double total = 0;

  for (gsize i = 0; i < n; i++)
    total += x[i];
  return total;
}

static double
sum_squares_about (const float *x, gsize n, double centre)
{
  double total = 0;

  for (gsize i = 0; i < n; i++)
    total += (x[i] - centre) * (x[i] - centre);
  return total;
}

static void
sum_and_dot (const float *a, const float *b, gsize n, double sums[2])
{
  sums[0] = sum (a, n);
  sums[1] = 0;
  for (gsize i = 0; i < n; i++)
    sums[1] += (double) a[i] * b[i];
}

static void
combine (const float *dy, const float *x, float *y, gsize n, float a, float b, float mean, float c)
{
  for (gsize i = 0; i < n; i++)
    y[i] = (float) ((double) a * dy[i] + (double) b * ((double) x[i] - mean) + c);
}

static void
max_2x2 (const float *upper, const float *lower, int n, float *y, gint32 *places, gint32 corner,
         gint32 width)
{
  for (int j = 0; j < n; j++)
    {
      const float window[] = { upper[2 * j], upper[2 * j + 1], lower[2 * j], lower[2 * j + 1] };
      int largest = 0;

      for (int i = 1; i < 4; i++)
        if (window[i] > window[largest] || isnan (window[i]))
          largest = i;
      y[j] = window[largest];
      if (places)
        places[j] = corner + 2 * j + largest / 2 * width + largest % 2;
    }
}

static void
max_2x2_gradient (const float *dy, const gint32 *places, int n, gint32 corner, gint32 width,
                  float *upper, float *lower)
{
  for (int j = 0; j < 2 * n; j++)
    {
      upper[j] = places[j / 2] == corner + j ? dy[j / 2] : 0;
      lower[j] = places[j / 2] == corner + width + j ? dy[j / 2] : 0;
    }
}

static void
penalise (const float *w, float *g, gsize n, float l1, float l2)
{
  for (gsize i = 0; i < n; i++)
    g[i] = (float) (g[i] + (double) l1 * ((w[i] > 0) - (w[i] < 0)) + (double) l2 * w[i]);
}

static void
sgd (float *w, const float *g, float *buffer, gsize n, float rate, float decay, float momentum,
     gboolean nesterov)
{
  for (gsize i = 0; i < n; i++)
    {
      double d = g[i] + (double) decay * w[i], step = d;

      if (momentum != 0)
        {
          double b = (double) momentum * buffer[i] + d;

          buffer[i] = (float) b;
          step = nesterov ? d + momentum * b : b;
        }
      w[i] = (float) (w[i] - rate * step);
    }
}

static void
adam (float *w, const float *g, float *m, float *v, gsize n, const RfAdamFactors *f)
{
  for (gsize i = 0; i < n; i++)
    {
      double d = g[i] + (double) f->decay * w[i];
      double average = (double) f->beta1 * m[i] + f->rest1 * d;
      double square = (double) f->beta2 * v[i] + f->rest2 * d * d;

      m[i] = (float) average;
      v[i] = (float) square;
      w[i] = (float) ((double) f->shrink * w[i]
                      - f->rate * average / (sqrt (square) / f->root + f->eps));
    }
}

static void
dropout (const float *x, float *y, gsize first, gsize n, float rate, const RfMaskKey *key)
{
  double threshold = (double) rate * 0x1p32;
  float scale = 1 / (1 - rate);

  for (gsize i = 0; i < n; i++)
    {
      guint32 block = (guint32) ((first + i) / 4);
      guint32 counter[4] = { block, key->counter[0], key->counter[1], key->counter[2] };
      guint32 words[4];

      rf_random_block (key->key, counter, words);
      y[i] = words[(first + i) % 4] < threshold ? 0 : x[i] * scale;
    }
}

static void
bytes_to_floats (const guint8 *in, float *out, gsize n, float mean, float deviation)
{
  for (gsize i = 0; i < n; i++)
    out[i] = ((float) in[i] / 255 - mean) / deviation;
}

const RfKernels rf_kernels_reference = {
  .activation = {
    [RF_ACTIVATION_RELU] = relu,
    [RF_ACTIVATION_LEAKY_RELU] = leaky_relu,
    [RF_ACTIVATION_ELU] = elu,
    [RF_ACTIVATION_GELU] = gelu,
    [RF_ACTIVATION_SILU] = silu,
    [RF_ACTIVATION_TANH] = hyperbolic_tangent,
    [RF_ACTIVATION_SIGMOID] = sigmoid,
  },
  .activation_gradient = {
    [RF_ACTIVATION_RELU] = relu_gradient,
    [RF_ACTIVATION_LEAKY_RELU] = leaky_relu_gradient,
    [RF_ACTIVATION_ELU] = elu_gradient,
    [RF_ACTIVATION_GELU] = gelu_gradient,
    [RF_ACTIVATION_SILU] = silu_gradient,
    [RF_ACTIVATION_TANH] = hyperbolic_tangent_gradient,
    [RF_ACTIVATION_SIGMOID] = sigmoid_gradient,
  },
  .accumulate = accumulate,
  .add = add,
  .scale_shift = scale_shift,
  .scale_shift_add = scale_shift_add,
  .mask_gradient = mask_gradient,
  .sum = sum,
  .sum_squares_about = sum_squares_about,
  .sum_and_dot = sum_and_dot,
  .combine = combine,
  .max_2x2 = max_2x2,
  .max_2x2_gradient = max_2x2_gradient,
  .penalise = penalise,
  .sgd = sgd,
  .adam = adam,
  .dropout = dropout,
  .bytes_to_floats = bytes_to_floats,
};
