/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The product on every path this processor has, against its definition. */

#include <math.h>
#include <string.h>

#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/kernels/blas.h"
#include "model/kernels/gemm.h"

typedef struct
{
  int m, n, k;
} Size;

static const Size sizes[] = {
  { 1, 1, 1 },     { 3, 5, 7 },      { 17, 33, 65 },    { 128, 10, 130 },
  { 10, 300, 1 },  { 128, 512, 96 }, { 200, 190, 300 }, { 5, 4, 0 },
  { 61, 70, 520 }, { 24, 33, 257 },  { 661, 47, 9 },
};

/* Leading dimensions are larger than need be by this. */
#define SLACK 3

static float *
random_matrix (RfRandom *random, int rows, int columns)
{
  float *matrix = rf_floats_new ((gsize) (rows * (columns + SLACK) + 1));

  for (int i = 0; i < rows * (columns + SLACK); i++)
    matrix[i] = rf_random_normal (random);
  return matrix;
}

static void
check_product (RfKernelPath path, const Size *size, gboolean transpose_a, gboolean transpose_b,
               float beta, gboolean with_bias)
{
  RfRandom random = rf_random (13, RF_RANDOM_BENCH, 0, 0);
  int rows_a = transpose_a ? size->k : size->m, lda = (transpose_a ? size->m : size->k) + SLACK;
  int rows_b = transpose_b ? size->n : size->k, ldb = (transpose_b ? size->k : size->n) + SLACK;
  int ldc = size->n + SLACK;
  float *a = random_matrix (&random, rows_a, lda - SLACK);
  float *b = random_matrix (&random, rows_b, ldb - SLACK);
  float *bias = random_matrix (&random, 1, size->n);
  float *before = random_matrix (&random, size->m, size->n);
  float *shared = rf_floats_new (rf_gemm_scratch (path, size->m, size->n, size->k));
  float *first = NULL;
  gsize n_bytes = (gsize) (size->m * ldc) * sizeof (float);

  /* beta 0 means that what was there does not count, whatever it was. */
  if (beta == 0)
    for (int i = 0; i < size->m * ldc; i++)
      before[i] = i % ldc < size->n ? NAN : 5;

  for (int threads = 1; threads <= 3; threads++)
    {
      float *c = rf_floats_new ((gsize) (size->m * ldc));

      memcpy (c, before, n_bytes);
      rf_pool_set_threads (threads);
      rf_pool_enter (RF_POOL_TRAIN);
      rf_gemm (path, transpose_a, transpose_b, size->m, size->n, size->k, a, lda, b, ldb, beta, c,
               ldc, with_bias ? bias : NULL, shared);
      rf_pool_leave ();
      if (first)
        {
          g_assert_cmpmem (c, n_bytes, first, n_bytes);
          rf_floats_free (c);
        }
      else
        first = c;
    }

  for (int i = 0; i < size->m; i++)
    {
      for (int j = 0; j < size->n; j++)
        {
          double want = beta == 0 ? 0 : (double) beta * before[i * ldc + j];

          want += with_bias ? bias[j] : 0;
          for (int p = 0; p < size->k; p++)
            want += (double) a[transpose_a ? p * lda + i : i * lda + p]
                    * b[transpose_b ? j * ldb + p : p * ldb + j];
          g_assert_true (fabs (first[i * ldc + j] - want) <= 6e-6 * sqrt (size->k + 1));
        }
      for (int j = size->n; j < ldc; j++)
        g_assert_true (first[i * ldc + j] == before[i * ldc + j]);
    }

  rf_floats_free (a);
  rf_floats_free (b);
  rf_floats_free (bias);
  rf_floats_free (shared);
  rf_floats_free (before);
  rf_floats_free (first);
}

static void
test_gemm (gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int transposes = 0; transposes < 4; transposes++)
      {
        gboolean transpose_a = transposes & 1, transpose_b = transposes >> 1;

        check_product (GPOINTER_TO_UINT (data), &sizes[i], transpose_a, transpose_b, 0, FALSE);
        check_product (GPOINTER_TO_UINT (data), &sizes[i], transpose_a, transpose_b, 0, TRUE);
        check_product (GPOINTER_TO_UINT (data), &sizes[i], transpose_a, transpose_b, 1, FALSE);
        check_product (GPOINTER_TO_UINT (data), &sizes[i], transpose_a, transpose_b, 0.5f, TRUE);
      }
}

/* What is not a number spoils its row and its column, and nothing else. */
static void
test_not_a_number (gconstpointer data)
{
  enum
  {
    M = 40,
    N = 70,
    K = 300
  };
  RfKernelPath path = GPOINTER_TO_UINT (data);
  RfRandom random = rf_random (19, RF_RANDOM_BENCH, 0, 0);
  float *a = random_matrix (&random, M, K), *b = random_matrix (&random, K, N);
  float *c = rf_floats_new (M * N), *shared = rf_floats_new (rf_gemm_scratch (path, M, N, K));

  a[7 * K + 270] = NAN;
  b[5 * N + 66] = NAN;
  rf_pool_enter (RF_POOL_TRAIN);
  rf_gemm (path, FALSE, FALSE, M, N, K, a, K, b, N, 0, c, N, NULL, shared);
  rf_pool_leave ();
  for (int i = 0; i < M; i++)
    for (int j = 0; j < N; j++)
      g_assert_true (isnan (c[i * N + j]) == (i == 7 || j == 66));

  rf_floats_free (a);
  rf_floats_free (b);
  rf_floats_free (c);
  rf_floats_free (shared);
}

static void
add_test (const char *name, RfKernelPath path, GTestDataFunc func)
{
  g_autofree char *full = g_strdup_printf ("/gemm/%s/%s", rf_kernels_path_name (path), name);

  g_test_add_data_func (full, GUINT_TO_POINTER (path), func);
}

int
main (int argc, char **argv)
{
  rf_blas_prepare ();
  g_test_init (&argc, &argv, NULL);
  for (RfKernelPath path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    if (rf_kernels_path_available (path))
      {
        add_test ("shapes", path, test_gemm);
        add_test ("not-a-number", path, test_not_a_number);
      }
  return g_test_run ();
}
