/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Max pooling over windows of 2×2, by far the most usual: vectors of windows, whose four numbers
 * are compared in reading order without branches. */

#include "model/kernels/kernels.h"

/* Takes @x for the largest so far where it is larger or not a number. */
static inline void
take_larger (float x, gint32 place, float *largest, gint32 *largest_place)
{
  gboolean larger = (x > *largest) | (x != x);

  *largest = larger ? x : *largest;
  *largest_place = larger ? place : *largest_place;
}

static void
max_2x2 (const float *upper, const float *lower, int n, float *y, gint32 *places, gint32 corner,
         gint32 width)
{
  if (!places)
    {
#pragma omp simd
      for (int j = 0; j < n; j++)
        {
          float largest = upper[2 * j];
          gint32 place = 0;

          take_larger (upper[2 * j + 1], 0, &largest, &place);
          take_larger (lower[2 * j], 0, &largest, &place);
          take_larger (lower[2 * j + 1], 0, &largest, &place);
          y[j] = largest;
        }
      return;
    }
#pragma omp simd
  for (int j = 0; j < n; j++)
    {
      gint32 place = corner + 2 * j, below = place + width;
      float largest = upper[2 * j];

      take_larger (upper[2 * j + 1], place + 1, &largest, &place);
      take_larger (lower[2 * j], below, &largest, &place);
      take_larger (lower[2 * j + 1], below + 1, &largest, &place);
      y[j] = largest;
      places[j] = place;
    }
}

static void
max_2x2_gradient (const float *dy, const gint32 *places, int n, gint32 corner, gint32 width,
                  float *upper, float *lower)
{
#pragma omp simd
  for (int j = 0; j < n; j++)
    {
      gint32 place = places[j] - (corner + 2 * j);
      float gradient = dy[j];

      upper[2 * j] = place == 0 ? gradient : 0;
      upper[2 * j + 1] = place == 1 ? gradient : 0;
      lower[2 * j] = place == width ? gradient : 0;
      lower[2 * j + 1] = place == width + 1 ? gradient : 0;
    }
}
