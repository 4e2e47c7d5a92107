/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Subspace iteration. The covariance is never made: it is applied to a few directions at a time,
 * points twice. The directions of a round are orthonormal; within what they span, those of most
 * variance are found exactly (Rayleigh and Ritz), which makes the first of them converge with the
 * ratio of their variance to that of the first left out. */

#include "model/features/pca.h"

#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/features/eigen.h"
#include "model/kernels/gemm.h"

#include <math.h>
#include <string.h>

#define MOST_ROUNDS 30
#define SPARE       8 /* more directions than are asked for make these converge sooner */
#define CLOSE       1e-5

struct _RfPca
{
  gsize n, d;
  int k, m;
  float *x;         /* [n, d], about the mean */
  float *basis;     /* [m, d] */
  float *scores;    /* [n, m] */
  float *scratch;   /* of products */
  double *squares;  /* [m, m]: scoresᵀ scores */
  double *rotation; /* [m, m]: each row one of its eigenvectors */
  double *variances, total;
  int rounds;
  gboolean done;
};

static void
center (RfPca *self, const float *points)
{
  self->x = g_memdup2 (points, self->n * self->d * sizeof (float));
  g_autofree double *mean = g_new0 (double, self->d);
  for (gsize i = 0; i < self->n; i++)
    for (gsize j = 0; j < self->d; j++)
      mean[j] += points[i * self->d + j];
  for (gsize i = 0; i < self->n; i++)
    for (gsize j = 0; j < self->d; j++)
      {
        float *x = &self->x[i * self->d + j];
        *x = (float) (*x - mean[j] / (double) self->n);
        self->total += (double) *x * *x;
      }
}

RfPca *
rf_pca_new (const float *points, gsize n, gsize d, int k)
{
  g_return_val_if_fail (points && n > 0 && k > 0 && (gsize) k <= d, NULL);
  g_return_val_if_fail (n <= G_MAXINT && d <= G_MAXINT - SPARE, NULL);
  RfPca *self = g_new0 (RfPca, 1);
  const gsize m = MIN ((gsize) (k + SPARE), d);
  RfRandom random = rf_random (1, RF_RANDOM_EXAMINE, 2, 0);
  self->n = n;
  self->d = d;
  self->k = k;
  self->m = (int) m;
  self->basis = g_new (float, m *d);
  self->scores = g_new0 (float, n *m);
  const gsize back = rf_gemm_scratch (rf_kernels_path (), (int) m, (int) d, (int) n);
  const gsize forth = rf_gemm_scratch (rf_kernels_path (), (int) n, (int) m, (int) d);
  self->scratch = rf_floats_new (MAX (MAX (back, forth), 1));
  self->squares = g_new0 (double, m *m);
  self->rotation = g_new0 (double, m *m);
  self->variances = g_new0 (double, m);
  for (gsize i = 0; i < m * d; i++)
    self->basis[i] = rf_random_normal (&random);
  center (self, points);
  return self;
}

void
rf_pca_free (RfPca *self)
{
  if (!self)
    return;
  g_free (self->x);
  g_free (self->basis);
  g_free (self->scores);
  rf_floats_free (self->scratch);
  g_free (self->squares);
  g_free (self->rotation);
  g_free (self->variances);
  g_free (self);
}

static double
dot (const float *a, const float *b, gsize n)
{
  double sums[4] = { 0 };
  gsize i = 0;
  for (; i + 4 <= n; i += 4)
    for (gsize lane = 0; lane < 4; lane++)
      sums[lane] += (double) a[i + lane] * b[i + lane];
  for (; i < n; i++)
    sums[0] += (double) a[i] * b[i];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

/* Gram and Schmidt, each twice for good measure. What is left of a direction that lies in those
 * before it is noise of rounding and becomes 0. */
static void
orthonormalize (RfPca *self)
{
  const gsize d = self->d;
  for (int a = 0; a < self->m; a++)
    {
      float *row = self->basis + (gsize) a * d;
      const double before = sqrt (dot (row, row, d));
      for (int b = 0; b < 2 * a; b++)
        {
          const float *other = self->basis + (gsize) (b % a) * d;
          const float along = (float) dot (row, other, d);
          for (gsize j = 0; j < d; j++)
            row[j] -= along * other[j];
        }
      const double length = sqrt (dot (row, row, d));
      const float scale = length > 1e-5 * before ? (float) (1 / length) : 0;
      for (gsize j = 0; j < d; j++)
        row[j] *= scale;
    }
}

/* basis = scoresᵀ x, whose rows point more to where the points vary than those before did. */
static void
combine (RfPca *self)
{
  rf_gemm (rf_kernels_path (), TRUE, FALSE, self->m, (int) self->d, (int) self->n, self->scores,
           self->m, self->x, (int) self->d, 0, self->basis, (int) self->d, NULL, self->scratch);
}

/* scores = x basisᵀ. */
static void
project (RfPca *self)
{
  rf_gemm (rf_kernels_path (), FALSE, TRUE, (int) self->n, self->m, (int) self->d, self->x,
           (int) self->d, self->basis, (int) self->d, 0, self->scores, self->m, NULL,
           self->scratch);
}

static void
fill_squares (RfPca *self)
{
  const gsize m = (gsize) self->m;
  memset (self->squares, 0, m * m * sizeof (double));
  for (gsize i = 0; i < self->n; i++)
    for (gsize a = 0; a < m; a++)
      for (gsize b = 0; b < m; b++)
        self->squares[a * m + b] += (double) self->scores[i * m + a] * self->scores[i * m + b];
}

/* Turns the scores, so that the first are those of the largest variance. */
static void
rotate (RfPca *self)
{
  const gsize m = (gsize) self->m;
  g_autofree double *row = g_new (double, m);
  for (gsize i = 0; i < self->n; i++)
    {
      float *scores = self->scores + i * m;
      for (gsize a = 0; a < m; a++)
        {
          row[a] = 0;
          for (gsize b = 0; b < m; b++)
            row[a] += self->rotation[a * m + b] * scores[b];
        }
      for (gsize a = 0; a < m; a++)
        scores[a] = (float) row[a];
    }
}

gboolean
rf_pca_step (RfPca *self)
{
  g_return_val_if_fail (self, TRUE);
  if (self->done)
    return TRUE;
  g_autofree double *before = g_memdup2 (self->variances, (gsize) self->m * sizeof (double));
  rf_pool_enter (RF_POOL_INSPECT);
  if (self->rounds > 0)
    combine (self);
  orthonormalize (self);
  project (self);
  rf_pool_leave ();
  fill_squares (self);
  rf_eigen (self->squares, self->m, self->variances, self->rotation);
  rotate (self);
  self->rounds++;
  self->done = self->rounds >= MOST_ROUNDS || !(self->total > 0);
  double change = 0;
  for (int a = 0; a < self->k; a++)
    change = fmax (change, fabs (self->variances[a] - before[a]));
  self->done |= self->rounds > 1 && change <= CLOSE * self->variances[0];
  return self->done;
}

double
rf_pca_get_progress (const RfPca *self)
{
  return self->done ? 1 : (double) self->rounds / MOST_ROUNDS;
}

void
rf_pca_get (const RfPca *self, float *out, double *shares)
{
  g_return_if_fail (self && out);
  const gsize m = (gsize) self->m;
  for (gsize a = 0; a < (gsize) self->k; a++)
    {
      float largest = 0;
      for (gsize i = 0; i < self->n; i++)
        if (fabsf (self->scores[i * m + a]) > fabsf (largest))
          largest = self->scores[i * m + a];
      for (gsize i = 0; i < self->n; i++)
        out[i * (gsize) self->k + a]
            = largest < 0 ? -self->scores[i * m + a] : self->scores[i * m + a];
      if (shares)
        shares[a] = self->total > 0 ? fmax (self->variances[a], 0) / self->total : 0;
    }
}

void
rf_pca (const float *points, gsize n, gsize d, int k, float *out, double *shares)
{
  g_autoptr (RfPca) pca = rf_pca_new (points, n, d, k);
  g_return_if_fail (pca);
  while (!rf_pca_step (pca))
    ;
  rf_pca_get (pca, out, shares);
}
