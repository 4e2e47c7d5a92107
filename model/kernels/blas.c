/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small table of functions of OpenBLAS, and a product of our own where it is not installed. */

#include "model/kernels/blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "model/kernels/kernels.h"

/* CBLAS's numbers. */
enum
{
  ROW_MAJOR = 101,
  NO_TRANSPOSE = 111,
  TRANSPOSE = 112
};

static struct
{
  void (*sgemm) (int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
  char *(*get_config) (void);
  char *(*get_corename) (void);
  void (*set_num_threads) (int n);
  char name[80];
} blas;

static pthread_once_t loaded = PTHREAD_ONCE_INIT;

void
rf_blas_prepare (void)
{
  RfKernelPath path = rf_kernels_path ();

  g_setenv ("OPENBLAS_NUM_THREADS", "1", TRUE);
  /* On every AVX-512 processor measured these kernels are the fastest for small products; by itself
   * 0.3.21 falls back to Haswell's where it does not know the processor. */
  if (path == RF_KERNELS_AVX512)
    g_setenv ("OPENBLAS_CORETYPE", "SKYLAKEX", FALSE);
  else if (path == RF_KERNELS_AVX2)
    g_setenv ("OPENBLAS_CORETYPE", "HASWELL", FALSE);
}

static void *
open_library (void)
{
  static const char *const names[] = { "libopenblas.so.0", "libopenblas.so", "libopenblas.dylib" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      void *library = dlopen (names[i], RTLD_NOW | RTLD_LOCAL);

      if (library)
        return library;
    }
  return NULL;
}

static void
load (void)
{
  void *library = open_library ();
  char version[32] = "";

  if (library == NULL)
    return;
  *(void **) &blas.sgemm = dlsym (library, "cblas_sgemm");
  *(void **) &blas.get_config = dlsym (library, "openblas_get_config");
  *(void **) &blas.get_corename = dlsym (library, "openblas_get_corename");
  *(void **) &blas.set_num_threads = dlsym (library, "openblas_set_num_threads");
  if (!blas.sgemm || !blas.get_config || !blas.get_corename || !blas.set_num_threads)
    {
      blas.sgemm = NULL;
      dlclose (library);
      return;
    }

  blas.set_num_threads (1);
  /* "OpenBLAS 0.3.21 NO_AFFINITY …": the version is the second word. */
  sscanf (blas.get_config (), "%*s %31s", version);
  g_snprintf (blas.name, sizeof blas.name, "OpenBLAS %s %s", version, blas.get_corename ());
}

const char *
rf_blas_name (void)
{
  pthread_once (&loaded, load);
  return blas.sgemm ? blas.name : NULL;
}

/* Columns of C are taken in strips that stay in the first cache while k runs; the compiler makes
 * vectors of the innermost loop. A transposed B is turned strip by strip. */
#define STRIP 64
#define DEPTH 64

static void
multiply_strip (gboolean transpose_a, int m, int width, int depth, float alpha, const float *a,
                int lda, const float *b, float *c, int ldc)
{
  for (int i = 0; i < m; i++)
    {
      float *row = c + (gsize) i * (gsize) ldc;

      for (int p = 0; p < depth; p++)
        {
          float factor
              = alpha
                * (transpose_a ? a[(gsize) p * (gsize) lda + i] : a[(gsize) i * (gsize) lda + p]);
          const float *strip = b + p * STRIP;

          for (int j = 0; j < width; j++)
            row[j] += factor * strip[j];
        }
    }
}

static void
plain_sgemm (gboolean transpose_a, gboolean transpose_b, int m, int n, int k, float alpha,
             const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
  float strip[DEPTH * STRIP];

  for (int i = 0; i < m; i++)
    {
      float *row = c + (gsize) i * (gsize) ldc;

      if (beta == 0)
        memset (row, 0, (gsize) n * sizeof (float));
      else if (beta != 1)
        for (int j = 0; j < n; j++)
          row[j] *= beta;
    }
  for (int j0 = 0; j0 < n; j0 += STRIP)
    for (int p0 = 0; p0 < k; p0 += DEPTH)
      {
        int width = MIN (STRIP, n - j0), depth = MIN (DEPTH, k - p0);

        for (int p = 0; p < depth; p++)
          for (int j = 0; j < width; j++)
            strip[p * STRIP + j] = transpose_b ? b[(gsize) (j0 + j) * (gsize) ldb + p0 + p]
                                               : b[(gsize) (p0 + p) * (gsize) ldb + j0 + j];
        multiply_strip (transpose_a, m, width, depth, alpha,
                        transpose_a ? a + (gsize) p0 * (gsize) lda : a + p0, lda, strip, c + j0,
                        ldc);
      }
}

void
rf_blas_sgemm (gboolean transpose_a, gboolean transpose_b, int m, int n, int k, float alpha,
               const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
  pthread_once (&loaded, load);
  if (blas.sgemm)
    blas.sgemm (ROW_MAJOR, transpose_a ? TRANSPOSE : NO_TRANSPOSE,
                transpose_b ? TRANSPOSE : NO_TRANSPOSE, m, n, k, alpha, a, lda, b, ldb, beta, c,
                ldc);
  else
    plain_sgemm (transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
