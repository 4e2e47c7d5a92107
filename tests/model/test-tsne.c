/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours in the plane: perplexity, the gradient by finite differences, heaps that stay apart.
 */

#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/features/similarity.h"
#include "model/features/tsne.h"

#include <math.h>
#include <string.h>

/* Three heaps, point i in heap i mod 3. */
static float *
new_heaps (gsize n, gsize d, guint64 seed)
{
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  float *points = g_new (float, n *d);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      points[i * d + j] = (i % 3 == j ? 12 : 0) + rf_random_normal (&random);
  return points;
}

static RfTsne *
new_fitted (const float *points, gsize n, gsize d, double perplexity, guint64 seed)
{
  RfTsne *tsne = rf_tsne_new (points, n, d, perplexity, seed);
  while (!rf_tsne_get_similarities (tsne))
    rf_tsne_step (tsne);
  g_assert_cmpint (rf_tsne_get_steps (tsne), ==, 0);
  return tsne;
}

/* Each point has as many neighbours as were asked for, whatever the scale. */
static void
test_perplexity (void)
{
  enum
  {
    N = 90,
    D = 5
  };
  g_autofree float *points = new_heaps (N, D, 10);
  double distances[N];
  float row[N];
  for (int scale = -8; scale <= 8; scale += 4)
    {
      g_autofree float *scaled = g_memdup2 (points, N * D * sizeof (float));
      for (int i = 0; i < N * D; i++)
        scaled[i] *= powf (10, (float) scale);
      for (gsize i = 0; i < N; i += 7)
        {
          double entropy = 0, sum = 0;
          rf_similarity_fit (scaled, N, D, i, 12, distances, row);
          for (int j = 0; j < N; j++)
            {
              sum += row[j];
              entropy -= row[j] > 0 ? row[j] * log (row[j]) : 0;
            }
          g_assert_cmpfloat (row[i], ==, 0);
          g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
          g_assert_cmpfloat_with_epsilon (exp (entropy), 12, 0.01);
        }
    }
}

static void
test_similarities (void)
{
  enum
  {
    N = 90,
    D = 5
  };
  g_autofree float *points = new_heaps (N, D, 10);
  g_autoptr (RfTsne) tsne = new_fitted (points, N, D, 12, 1);
  const float *p = rf_tsne_get_similarities (tsne);
  double distances[N], sum = 0;
  float row[N], column[N];
  for (int i = 0; i < N * N; i++)
    sum += i / N == i % N ? 0 : p[i];
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  for (gsize i = 0; i < N; i++)
    for (gsize j = 0; j < N; j += 11)
      {
        g_assert_cmpfloat (p[i * N + j], ==, p[j * N + i]);
        if (i == j)
          continue;
        rf_similarity_fit (points, N, D, i, 12, distances, row);
        rf_similarity_fit (points, N, D, j, 12, distances, column);
        g_assert_cmpfloat_with_epsilon (p[i * N + j], (row[j] + column[i]) / (2 * N), 1e-8);
      }
}

static void
test_gradient (void)
{
  enum
  {
    N = 60,
    D = 5
  };
  g_autofree float *points = new_heaps (N, D, 10);
  g_autoptr (RfTsne) tsne = new_fitted (points, N, D, 10, 1);
  double gradient[2 * N], layout[2 * N];
  RfRandom random = rf_random (11, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < 2 * N; i++)
    layout[i] = 3 * rf_random_normal (&random);
  rf_tsne_divergence (tsne, layout, gradient);
  for (int i = 0; i < 2 * N; i++)
    {
      const double was = layout[i], step = 1e-5;
      layout[i] = was + step;
      const double more = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was - step;
      const double less = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was;
      g_assert_cmpfloat_with_epsilon (gradient[i], (more - less) / (2 * step),
                                      1e-5 * (1e-3 + fabs (gradient[i])));
    }
}

/* The share of points whose nearest in the plane is of the same heap. */
static double
measure_purity (const double *y, int n)
{
  int pure = 0;
  for (int i = 0; i < n; i++)
    {
      int nearest = -1;
      double least = INFINITY;
      for (int j = 0; j < n; j++)
        {
          const double distance = hypot (y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1]);
          if (j != i && distance < least)
            {
              least = distance;
              nearest = j;
            }
        }
      pure += nearest % 3 == i % 3;
    }
  return (double) pure / n;
}

static void
test_layout (void)
{
  enum
  {
    N = 150,
    D = 5
  };
  g_autofree float *points = new_heaps (N, D, 12);
  g_autoptr (RfTsne) tsne = new_fitted (points, N, D, 15, 1);
  const double before = rf_tsne_divergence (tsne, rf_tsne_get_layout (tsne), NULL);
  double progress = 0, mean[2] = { 0 };
  while (!rf_tsne_step (tsne))
    {
      g_assert_cmpfloat (rf_tsne_get_progress (tsne), >, progress);
      progress = rf_tsne_get_progress (tsne);
    }
  const double *y = rf_tsne_get_layout (tsne);
  g_assert_cmpint (rf_tsne_get_steps (tsne), ==, RF_TSNE_STEPS);
  g_assert_cmpfloat (rf_tsne_get_progress (tsne), ==, 1);
  g_assert_cmpfloat (rf_tsne_divergence (tsne, y, NULL), <, before / 2);
  g_assert_cmpfloat (measure_purity (y, N), ==, 1);
  for (int i = 0; i < 2 * N; i++)
    mean[i % 2] += y[i] / N;
  g_assert_cmpfloat_with_epsilon (mean[0], 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (mean[1], 0, 1e-9);
}

static RfTsne *
run_tsne (const float *points, gsize n, gsize d, guint64 seed, int threads)
{
  rf_pool_set_threads (threads);
  RfTsne *tsne = rf_tsne_new (points, n, d, 20, seed);
  while (rf_tsne_get_steps (tsne) < 60)
    rf_tsne_step (tsne);
  return tsne;
}

static void
test_tsne_threads (void)
{
  enum
  {
    N = 203,
    D = 7
  };
  g_autofree float *points = new_heaps (N, D, 13);
  g_autoptr (RfTsne) one = run_tsne (points, N, D, 1, 1);
  g_autoptr (RfTsne) three = run_tsne (points, N, D, 1, 3);
  g_autoptr (RfTsne) other = run_tsne (points, N, D, 2, 3);
  const gsize size = 2 * N * sizeof (double);
  g_assert_cmpmem (rf_tsne_get_layout (one), size, rf_tsne_get_layout (three), size);
  g_assert_true (memcmp (rf_tsne_get_layout (one), rf_tsne_get_layout (other), size) != 0);
}

/* Many times the same picture, and the fewest there may be. */
static void
test_alike (void)
{
  enum
  {
    N = 40,
    D = 3
  };
  float points[N * D];
  for (int i = 0; i < N * D; i++)
    points[i] = i < N * D / 2 ? 1 : 2;
  for (gsize n = 4; n <= N; n += 12)
    {
      g_autoptr (RfTsne) tsne = rf_tsne_new (points, n, D, 30, 1);
      while (!rf_tsne_step (tsne))
        ;
      for (gsize i = 0; i < 2 * n; i++)
        g_assert_true (isfinite (rf_tsne_get_layout (tsne)[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tsne/perplexity", test_perplexity);
  g_test_add_func ("/tsne/similarities", test_similarities);
  g_test_add_func ("/tsne/gradient", test_gradient);
  g_test_add_func ("/tsne/layout", test_layout);
  g_test_add_func ("/tsne/threads", test_tsne_threads);
  g_test_add_func ("/tsne/alike", test_alike);
  return g_test_run ();
}
