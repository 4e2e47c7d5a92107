/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Update rules of the optimizers and derivatives of the penalties: one pass, as fast as memory. */

#include <math.h>

#include "model/kernels/kernels.h"

static void
penalise (const float *w, float *g, gsize n, float l1, float l2)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    g[i] += l1 * (float) ((w[i] > 0) - (w[i] < 0)) + l2 * w[i];
}

static void
sgd (float *w, const float *g, float *buffer, gsize n, float rate, float decay, float momentum,
     gboolean nesterov)
{
  if (momentum == 0)
    {
#pragma omp simd
      for (gsize i = 0; i < n; i++)
        w[i] -= rate * (g[i] + decay * w[i]);
    }
  else if (nesterov)
    {
#pragma omp simd
      for (gsize i = 0; i < n; i++)
        {
          float d = g[i] + decay * w[i], b = momentum * buffer[i] + d;

          buffer[i] = b;
          w[i] -= rate * (d + momentum * b);
        }
    }
  else
    {
#pragma omp simd
      for (gsize i = 0; i < n; i++)
        {
          float b = momentum * buffer[i] + (g[i] + decay * w[i]);

          buffer[i] = b;
          w[i] -= rate * b;
        }
    }
}

static void
adam (float *w, const float *g, float *m, float *v, gsize n, const RfAdamFactors *factors)
{
  const RfAdamFactors f = *factors;

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float d = g[i] + f.decay * w[i];
      float average = f.beta1 * m[i] + f.rest1 * d;
      float square = f.beta2 * v[i] + f.rest2 * d * d;

      m[i] = average;
      v[i] = square;
      w[i] = f.shrink * w[i] - f.rate * (average / (sqrtf (square) / f.root + f.eps));
    }
}
