/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small kernels, written so that the compiler makes vectors of them; compiled once per
 * instruction set, each time under another name of the table.
 *
 * Sums run in sixteen lanes of doubles, added up in a fixed order at the end: accurate, and the
 * same for every width of vector. */

#include <math.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "model/kernels/simd/elementary.h"
#include "model/kernels/simd/maximum.h"
#include "model/kernels/simd/philox.h"
#include "model/kernels/simd/tile.h"
#include "model/kernels/simd/update.h"
#include "model/kernels/simd/winograd.h"

extern const RfKernels RF_SIMD_TABLE;

#define LANES 16

static void
relu (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] < 0 ? 0 : x[i];
}

static void
relu_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float gradient = dy[i];

      dx[i] = x[i] <= 0 ? 0 : gradient;
    }
}

static void
leaky_relu (const float *x, float *y, gsize n, float slope)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : x[i] * slope;
}

static void
leaky_relu_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n,
                     float slope)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    dx[i] = x[i] > 0 ? dy[i] : dy[i] * slope;
}

static void
elu (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float negative = fast_expm1_negative (x[i] > 0 ? 0 : x[i]);

      y[i] = x[i] > 0 ? x[i] : negative;
    }
}

static void
elu_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float negative = dy[i] * (y[i] + 1);

      dx[i] = x[i] > 0 ? dy[i] : negative;
    }
}

static void
gelu (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float gaussian;

      y[i] = x[i] * fast_normal (x[i], &gaussian);
    }
}

static void
gelu_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n, float parameter)
{
  const float density = 0.398942280401432678f; /* 1 / √(2π) */

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float gaussian, normal = fast_normal (x[i], &gaussian);

      dx[i] = dy[i] * (normal + x[i] * density * gaussian);
    }
}

static void
silu (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] * fast_sigmoid (x[i]);
}

static void
silu_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float s = fast_sigmoid (x[i]);

      dx[i] = dy[i] * s * (1 + x[i] * (1 - s));
    }
}

static void
hyperbolic_tangent (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = fast_tanh (x[i]);
}

static void
hyperbolic_tangent_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n,
                             float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    dx[i] = dy[i] * (1 - y[i] * y[i]);
}

static void
sigmoid (const float *x, float *y, gsize n, float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = fast_sigmoid (x[i]);
}

static void
sigmoid_gradient (const float *x, const float *y, const float *dy, float *dx, gsize n,
                  float parameter)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    dx[i] = dy[i] * y[i] * (1 - y[i]);
}

static void
accumulate (const float *x, float *y, gsize n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] += x[i];
}

static void
add (const float *a, const float *b, float *y, gsize n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = a[i] + b[i];
}

static void
scale_shift (const float *x, float *y, gsize n, float scale, float shift)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] * scale + shift;
}

static void
scale_shift_add (const float *x, const float *addend, float *y, gsize n, float scale, float shift,
                 gboolean rectify)
{
  const float floor = rectify ? 0 : -INFINITY;

  if (addend)
#pragma omp simd
    for (gsize i = 0; i < n; i++)
      {
        float sum = x[i] * scale + shift;

        sum += addend[i];
        y[i] = sum < floor ? floor : sum;
      }
  else
#pragma omp simd
    for (gsize i = 0; i < n; i++)
      {
        float sum = x[i] * scale + shift;

        y[i] = sum < floor ? floor : sum;
      }
}

static void
mask_gradient (const float *x, float *dy, gsize n, float scale, float shift)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float gradient = dy[i], y = x[i] * scale + shift;

      dy[i] = y <= 0 ? 0 : gradient;
    }
}

static double
add_lanes (const double *lanes)
{
  double sums[LANES / 2];

  for (int i = 0; i < LANES / 2; i++)
    sums[i] = lanes[i] + lanes[i + LANES / 2];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

static double
sum (const float *x, gsize n)
{
  double lanes[LANES] = { 0 };
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
#pragma omp simd
    for (int lane = 0; lane < LANES; lane++)
      lanes[lane] += x[i + lane];
  for (int lane = 0; i < n; i++, lane++)
    lanes[lane] += x[i];
  return add_lanes (lanes);
}

static double
sum_squares_about (const float *x, gsize n, double centre)
{
  double lanes[LANES] = { 0 };
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
#pragma omp simd
    for (int lane = 0; lane < LANES; lane++)
      lanes[lane] += (x[i + lane] - centre) * (x[i + lane] - centre);
  for (int lane = 0; i < n; i++, lane++)
    lanes[lane] += (x[i] - centre) * (x[i] - centre);
  return add_lanes (lanes);
}

static void
sum_and_dot (const float *a, const float *b, gsize n, double sums[2])
{
  double sum_lanes[LANES] = { 0 }, dot_lanes[LANES] = { 0 };
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
#pragma omp simd
    for (int lane = 0; lane < LANES; lane++)
      {
        sum_lanes[lane] += a[i + lane];
        dot_lanes[lane] += (double) a[i + lane] * b[i + lane];
      }
  for (int lane = 0; i < n; i++, lane++)
    {
      sum_lanes[lane] += a[i];
      dot_lanes[lane] += (double) a[i] * b[i];
    }
  sums[0] = add_lanes (sum_lanes);
  sums[1] = add_lanes (dot_lanes);
}

static void
combine (const float *dy, const float *x, float *y, gsize n, float a, float b, float mean, float c)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    y[i] = a * dy[i] + (b * (x[i] - mean) + c);
}

static void
dropout (const float *x, float *y, gsize first, gsize n, float rate, const RfMaskKey *key)
{
  const guint32 threshold = rate < 1 ? (guint32) ceil ((double) rate * 0x1p32) : 0;
  const float scale = rate < 1 ? 1 / (1 - rate) : 0;

  if (!(rate < 1))
    {
      memset (y, 0, n * sizeof (float));
      return;
    }
  for (gsize i = 0; i < n; i += 4 * PHILOX_BLOCKS)
    {
      guint32 words[4 * PHILOX_BLOCKS];
      gsize count = MIN (n - i, 4 * PHILOX_BLOCKS);

      philox_blocks (key, (guint32) ((first + i) / 4), words);
#pragma omp simd
      for (gsize j = 0; j < count; j++)
        {
          float kept = x[i + j] * scale;

          y[i + j] = words[j] < threshold ? 0 : kept;
        }
    }
}

static void
bytes_to_floats (const guint8 *in, float *out, gsize n, float mean, float deviation)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    out[i] = ((float) in[i] / 255 - mean) / deviation;
}

const RfKernels RF_SIMD_TABLE = {
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
#ifdef TILE_LANES
  .tile = &tile,
  .winograd = &winograd,
#endif
};
