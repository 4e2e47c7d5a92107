/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directions in which points vary most, against all directions of the covariance. */

#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/features/eigen.h"
#include "model/features/pca.h"

#include <math.h>
#include <string.h>

static void
test_pca (void)
{
  enum
  {
    N = 200,
    D = 9
  };
  float points[N * D], out[N * 2];
  double shares[2];
  RfRandom random = rf_random (9, RF_RANDOM_BENCH, 0, 0);
  /* Long in one direction, less so in another. */
  for (int i = 0; i < N; i++)
    {
      const float a = 5 * rf_random_normal (&random), b = 2 * rf_random_normal (&random);
      for (int j = 0; j < D; j++)
        points[i * D + j] = 7
                            + a
                                  * (j == 2   ? 0.6f
                                     : j == 5 ? 0.8f
                                              : 0)
                            + b * (j == 1) + 0.01f * rf_random_normal (&random);
    }
  rf_pca (points, N, D, 2, out, shares);
  g_assert_cmpfloat (shares[0], >, 0.8);
  g_assert_cmpfloat (shares[0] + shares[1], >, 0.999);
  double mean = 0;
  for (int i = 0; i < N; i++)
    mean += out[2 * i] / N;
  g_assert_cmpfloat_with_epsilon (mean, 0, 1e-3);
  for (int i = 1; i < N; i++)
    {
      /* Nearly: by chance both directions are a little correlated in the sample. */
      const double along
          = 0.6 * (points[i * D + 2] - points[2]) + 0.8 * (points[i * D + 5] - points[5]);
      g_assert_cmpfloat_with_epsilon (fabs (out[2 * i] - out[0]), fabs (along), 1);
    }
}

/* ---- eigenvectors ---- */

static void
test_eigen (void)
{
  enum
  {
    N = 17
  };
  double matrix[N * N], copy[N * N], values[N], vectors[N * N];
  RfRandom random = rf_random (3, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= i; j++)
      matrix[i * N + j] = matrix[j * N + i] = i < 12 ? rf_random_normal (&random) : 0;
  memcpy (copy, matrix, sizeof copy);
  rf_eigen (copy, N, values, vectors);
  for (int a = 0; a < N; a++)
    {
      g_assert_true (a == 0 || values[a] <= values[a - 1]);
      for (int i = 0; i < N; i++)
        {
          double sum = 0, dot = 0;
          for (int j = 0; j < N; j++)
            {
              sum += matrix[i * N + j] * vectors[a * N + j];
              dot += vectors[i * N + j] * vectors[a * N + j];
            }
          g_assert_cmpfloat_with_epsilon (sum, values[a] * vectors[a * N + i], 1e-12);
          g_assert_cmpfloat_with_epsilon (dot, a == i ? 1 : 0, 1e-12);
        }
    }
}

/* ---- PCA against the covariance ---- */

/* A cloud that is longer in some directions than in others, none of them an axis. */
static float *
new_cloud (gsize n, gsize d, guint64 seed)
{
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  float *points = g_new (float, n *d);
  g_autofree float *directions = g_new (float, d *d);
  for (gsize i = 0; i < d * d; i++)
    directions[i] = rf_random_normal (&random);
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < d; j++)
        points[i * d + j] = (float) j;
      for (gsize a = 0; a < d; a++)
        {
          const float along = rf_random_normal (&random) / (float) (1 + a);
          for (gsize j = 0; j < d; j++)
            points[i * d + j] += along * directions[a * d + j];
        }
    }
  return points;
}

/* Variances and directions, all of them. */
static void
solve (const float *points, gsize n, gsize d, double *variances, double *directions)
{
  g_autofree double *mean = g_new0 (double, d);
  g_autofree double *covariance = g_new0 (double, d *d);
  for (gsize i = 0; i < n * d; i++)
    mean[i % d] += points[i] / (double) n;
  for (gsize i = 0; i < n; i++)
    for (gsize a = 0; a < d; a++)
      for (gsize b = 0; b < d; b++)
        covariance[a * d + b]
            += (points[i * d + a] - mean[a]) * (points[i * d + b] - mean[b]) / (double) n;
  rf_eigen (covariance, (int) d, variances, directions);
}

static void
test_pca_exact (void)
{
  enum
  {
    N = 150,
    D = 24,
    K = 4
  };
  g_autofree float *points = new_cloud (N, D, 5);
  double variances[D], directions[D * D], shares[K], total = 0;
  float out[N * K];
  solve (points, N, D, variances, directions);
  for (int a = 0; a < D; a++)
    total += variances[a];
  rf_pca (points, N, D, K, out, shares);
  for (int a = 0; a < K; a++)
    {
      double along = 0, largest = 0;
      g_assert_cmpfloat_with_epsilon (shares[a], variances[a] / total, 1e-5);
      /* Differences, so that the mean is gone; the sign is free but the same for all. */
      for (int j = 0; j < D; j++)
        along += directions[a * D + j] * (points[D + j] - points[j]);
      const double sign = along * (out[K + a] - out[a]) < 0 ? -1 : 1;
      for (int i = 1; i < N; i++)
        {
          double expected = 0;
          for (int j = 0; j < D; j++)
            expected += directions[a * D + j] * (points[i * D + j] - points[j]);
          g_assert_cmpfloat_with_epsilon (sign * expected, out[i * K + a] - out[a],
                                          2e-3 * sqrt (variances[0]));
        }
      for (int i = 0; i < N; i++)
        if (fabs (out[i * K + a]) > fabs (largest))
          largest = out[i * K + a];
      g_assert_cmpfloat (largest, >, 0);
    }
}

/* Fewer directions than are asked for, none at all, and a single point. */
static void
test_pca_flat (void)
{
  enum
  {
    N = 30,
    D = 12,
    K = 5
  };
  float points[N * D], out[N * K];
  double shares[K];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < D; j++)
      points[i * D + j] = (float) (i * (j + 1)) + (float) (i % 3) * (j == 4 ? 10 : 0);
  rf_pca (points, N, D, K, out, shares);
  g_assert_cmpfloat_with_epsilon (shares[0] + shares[1], 1, 1e-5);
  for (int i = 0; i < N; i++)
    for (int a = 2; a < K; a++)
      g_assert_cmpfloat_with_epsilon (out[i * K + a], 0, 1e-2);
  for (int i = 0; i < N * D; i++)
    points[i] = 3;
  rf_pca (points, N, D, K, out, shares);
  for (int i = 0; i < N * K; i++)
    g_assert_cmpfloat (out[i], ==, 0);
  g_assert_cmpfloat (shares[0], ==, 0);
  rf_pca (points, 1, D, K, out, shares);
  g_assert_cmpfloat (out[0], ==, 0);
}

static void
test_pca_threads (void)
{
  enum
  {
    N = 301,
    D = 130,
    K = 20
  };
  g_autofree float *points = new_cloud (N, D, 6);
  float one[N * K], three[N * K];
  rf_pool_set_threads (1);
  rf_pca (points, N, D, K, one, NULL);
  rf_pool_set_threads (3);
  g_autoptr (RfPca) pca = rf_pca_new (points, N, D, K);
  double progress = 0;
  while (!rf_pca_step (pca))
    {
      g_assert_cmpfloat (rf_pca_get_progress (pca), >, progress);
      progress = rf_pca_get_progress (pca);
    }
  g_assert_cmpfloat (rf_pca_get_progress (pca), ==, 1);
  rf_pca_get (pca, three, NULL);
  g_assert_cmpmem (one, sizeof one, three, sizeof three);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pca/eigen", test_eigen);
  g_test_add_func ("/pca/long", test_pca);
  g_test_add_func ("/pca/exact", test_pca_exact);
  g_test_add_func ("/pca/flat", test_pca_flat);
  g_test_add_func ("/pca/threads", test_pca_threads);
  return g_test_run ();
}
