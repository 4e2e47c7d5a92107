/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many dimensions in the plane: what the methods promise of it. */

#include "model/base/random.h"
#include "model/features/pca.h"
#include "model/features/tsne.h"

#include <math.h>

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

static void
test_tsne (void)
{
  enum
  {
    N = 60,
    D = 5
  };
  float points[N * D];
  double gradient[2 * N], layout[2 * N];
  RfRandom random = rf_random (10, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < D; j++)
      points[i * D + j] = (float) (i % 3) * 6 * (j == i % 3) + rf_random_normal (&random);
  g_autoptr (RfTsne) tsne = rf_tsne_new (points, N, D, 10, 1);
  g_autoptr (RfTsne) other = rf_tsne_new (points, N, D, 10, 1);
  for (int i = 0; i < 2 * N; i++)
    layout[i] = rf_random_normal (&random);
  rf_tsne_divergence (tsne, layout, gradient);
  for (int i = 0; i < 2 * N; i++)
    {
      const double was = layout[i], step = 1e-5;
      layout[i] = was + step;
      const double more = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was - step;
      const double less = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was;
      g_assert_cmpfloat_with_epsilon (gradient[i], (more - less) / (2 * step), 1e-6);
    }
  const double before = rf_tsne_divergence (tsne, rf_tsne_get_layout (tsne), NULL);
  for (int i = 0; i < 300; i++)
    {
      rf_tsne_step (tsne);
      rf_tsne_step (other);
    }
  g_assert_cmpfloat (rf_tsne_divergence (tsne, rf_tsne_get_layout (tsne), NULL), <, before / 2);
  g_assert_cmpmem (rf_tsne_get_layout (tsne), sizeof layout, rf_tsne_get_layout (other),
                   sizeof layout);
  /* Neighbours in the plane are of the same of the three heaps. */
  const double *y = rf_tsne_get_layout (tsne);
  for (int i = 0; i < N; i++)
    {
      int nearest = -1;
      double least = INFINITY;
      for (int j = 0; j < N; j++)
        {
          const double d = hypot (y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1]);
          if (j != i && d < least)
            {
              least = d;
              nearest = j;
            }
        }
      g_assert_cmpint (nearest % 3, ==, i % 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feature-space/pca", test_pca);
  g_test_add_func ("/feature-space/tsne", test_tsne);
  return g_test_run ();
}
