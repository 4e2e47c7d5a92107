/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The covariance is never made: it is applied to a few directions at a time, points twice. */

#include "model/features/pca.h"

#include "model/base/random.h"

#include <math.h>
#include <string.h>

#define ROUNDS 12
#define SPARE  6 /* more directions than are asked for make these converge sooner */

static float *
center (const float *points, gsize n, gsize d)
{
  float *centered = g_memdup2 (points, n * d * sizeof (float));
  for (gsize j = 0; j < d; j++)
    {
      double mean = 0;
      for (gsize i = 0; i < n; i++)
        mean += points[i * d + j];
      mean /= (double) MAX (n, 1);
      for (gsize i = 0; i < n; i++)
        centered[i * d + j] -= (float) mean;
    }
  return centered;
}

/* Gram and Schmidt, twice for good measure; @basis [m][d]. */
static void
orthonormalize (double *basis, int m, gsize d)
{
  for (int a = 0; a < 2 * m; a++)
    {
      double *row = basis + (gsize) (a % m) * d, length = 0;
      for (int b = 0; b < a % m; b++)
        {
          const double *other = basis + (gsize) b * d;
          double dot = 0;
          for (gsize j = 0; j < d; j++)
            dot += row[j] * other[j];
          for (gsize j = 0; j < d; j++)
            row[j] -= dot * other[j];
        }
      for (gsize j = 0; j < d; j++)
        length += row[j] * row[j];
      length = sqrt (length);
      for (gsize j = 0; j < d; j++)
        row[j] = length > 1e-30 ? row[j] / length : 0;
    }
}

static void
project (const float *x, gsize n, gsize d, const double *basis, int m, double *scores)
{
  for (gsize i = 0; i < n; i++)
    for (int a = 0; a < m; a++)
      {
        double dot = 0;
        for (gsize j = 0; j < d; j++)
          dot += x[i * d + j] * basis[(gsize) a * d + j];
        scores[i * (gsize) m + (gsize) a] = dot;
      }
}

static void
apply_covariance (const float *x, gsize n, gsize d, double *basis, int m, double *scores)
{
  project (x, n, d, basis, m, scores);
  memset (basis, 0, (gsize) m * d * sizeof (double));
  for (gsize i = 0; i < n; i++)
    for (int a = 0; a < m; a++)
      {
        const double score = scores[i * (gsize) m + (gsize) a];
        double *row = basis + (gsize) a * d;
        for (gsize j = 0; j < d; j++)
          row[j] += score * x[i * d + j];
      }
}

static double
variance (const double *scores, gsize n, int m, int a)
{
  double squares = 0;
  for (gsize i = 0; i < n; i++)
    squares += scores[i * (gsize) m + (gsize) a] * scores[i * (gsize) m + (gsize) a];
  return squares;
}

void
rf_pca (const float *points, gsize n, gsize d, int k, float *out, double *shares)
{
  g_return_if_fail (points && out && k > 0 && (gsize) k <= d);
  const int m = (int) MIN ((gsize) (k + SPARE), d);
  g_autofree float *x = center (points, n, d);
  g_autofree double *basis = g_new (double, (gsize) m *d);
  g_autofree double *scores = g_new (double, MAX (n, 1) * (gsize) m);
  RfRandom random = rf_random (1, RF_RANDOM_EXAMINE, 2, 0);
  double total = 0;
  for (gsize i = 0; i < (gsize) m * d; i++)
    basis[i] = rf_random_normal (&random);
  orthonormalize (basis, m, d);
  for (int round = 0; round < ROUNDS; round++)
    {
      apply_covariance (x, n, d, basis, m, scores);
      orthonormalize (basis, m, d);
    }
  project (x, n, d, basis, m, scores);
  for (gsize i = 0; i < n * d; i++)
    total += (double) x[i] * x[i];
  for (int a = 0; a < k; a++)
    {
      double largest = 0;
      for (gsize i = 0; i < n; i++)
        if (fabs (scores[i * (gsize) m + (gsize) a]) > fabs (largest))
          largest = scores[i * (gsize) m + (gsize) a];
      for (gsize i = 0; i < n; i++)
        out[i * (gsize) k + (gsize) a]
            = (float) (scores[i * (gsize) m + (gsize) a] * (largest < 0 ? -1 : 1));
      if (shares)
        shares[a] = total > 0 ? variance (scores, n, m, a) / total : 0;
    }
}
