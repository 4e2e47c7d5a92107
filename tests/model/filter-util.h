/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Random kernels and pictures for the tests of filtering. */

#include <math.h>

#include "model/base/random.h"
#include "model/filter/filter.h"

static inline RfRandom
stream (guint64 seed)
{
  return rf_random (seed, RF_RANDOM_BENCH, 0, 0);
}

static inline void
fill_kernel (RfKernel *kernel, int height, int width, RfKernelMode mode, RfRandom *random)
{
  rf_kernel_init (kernel, height, width);
  kernel->mode = mode;
  kernel->scale = rf_random_between (random, -1, 1);
  kernel->bias = rf_random_between (random, -1, 1);
  for (int plane = 0; plane < rf_kernel_n_planes (kernel); plane++)
    for (int i = 0; i < height * width; i++)
      kernel->weights[plane][i] = rf_random_between (random, -1, 1);
}

/* A column times a row. */
static inline void
make_separable (RfKernel *kernel, RfRandom *random)
{
  for (int plane = 0; plane < rf_kernel_n_planes (kernel); plane++)
    {
      double column[RF_KERNEL_MAX_SIDE], row[RF_KERNEL_MAX_SIDE];

      for (int i = 0; i < RF_KERNEL_MAX_SIDE; i++)
        {
          column[i] = rf_random_between (random, -1, 1);
          row[i] = rf_random_between (random, -1, 1);
        }
      for (int y = 0; y < kernel->height; y++)
        for (int x = 0; x < kernel->width; x++)
          rf_kernel_set (kernel, plane, y, x, column[y] * row[x]);
    }
}

static inline float *
random_picture (RfShape shape, RfRandom *random)
{
  float *values = g_new (float, RF_SHAPE_COUNT (shape));

  for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
    values[i] = rf_random_uniform (random);
  return values;
}

/* Σ|weight · scale|, at least 1: what an error is measured by. */
static inline double
gain_of (const RfKernel *kernel)
{
  double most = 0, all = 0;

  for (int plane = 0; plane < rf_kernel_n_planes (kernel); plane++)
    {
      double gain = 0;

      for (int i = 0; i < kernel->height * kernel->width; i++)
        gain += fabs (kernel->weights[plane][i] * kernel->scale);
      most = fmax (most, gain);
      all += gain;
    }
  return fmax (1, kernel->mode == RF_KERNEL_COMBINED ? all : most);
}
