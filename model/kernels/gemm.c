/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A product over the pool. Where our own tiles (gemm-tile.c) are no faster, C is cut into a grid of
 * tiles, each of them one call of sgemm in one thread, large enough that packing A and B again for
 * each costs little. */

#include "model/kernels/gemm-private.h"

#include <string.h>

#include "model/base/pool.h"
#include "model/kernels/blas.h"

/* Multiplications that make a tile worth a hand-over, the most tiles, and what their sides are
 * multiples of, so that no tile but the last ends amid the kernels' registers. */
#define TILE_WORK (1 << 21)
#define MAX_TILES 64
#define TILE_STEP 16

typedef struct
{
  const RfProduct *product;
  int tile_m, tile_n; /* sides of a tile */
  int columns;        /* of the grid */
} Grid;

static void
reference_tile (const RfProduct *product, int i0, int j0, int rows, int columns)
{
  for (int i = i0; i < i0 + rows; i++)
    for (int j = j0; j < j0 + columns; j++)
      {
        float *out = product->c + (gsize) i * (gsize) product->ldc + j;
        double sum = product->beta == 0 ? 0 : (double) product->beta * *out;

        for (int p = 0; p < product->k; p++)
          sum += (double) *rf_product_element (product->a, product->lda, product->transpose_a, i, p)
                 * *rf_product_element (product->b, product->ldb, product->transpose_b, p, j);
        if (product->bias)
          sum += product->bias[j];
        *out = (float) sum;
      }
}

void
rf_product_start (const RfProduct *product, float *c, const float *bias, int rows, int columns)
{
  for (int i = 0; i < rows; i++)
    {
      float *row = c + (gsize) i * (gsize) product->ldc;

      if (product->beta == 0)
        memcpy (row, bias, (gsize) columns * sizeof (float));
      else
        for (int j = 0; j < columns; j++)
          row[j] = product->beta * row[j] + (bias ? bias[j] : 0);
    }
}

static void
compute_tile (void *data, int item, int worker)
{
  const Grid *grid = data;
  const RfProduct *product = grid->product;
  int i0 = item / grid->columns * grid->tile_m;
  int j0 = item % grid->columns * grid->tile_n;
  int rows = MIN (grid->tile_m, product->m - i0);
  int columns = MIN (grid->tile_n, product->n - j0);
  float *c = product->c + (gsize) i0 * (gsize) product->ldc + j0;

  if (product->path == RF_KERNELS_REFERENCE)
    {
      reference_tile (product, i0, j0, rows, columns);
      return;
    }
  if (product->bias)
    rf_product_start (product, c, product->bias + j0, rows, columns);
  rf_blas_sgemm (product->transpose_a, product->transpose_b, rows, columns, product->k, 1,
                 rf_product_element (product->a, product->lda, product->transpose_a, i0, 0),
                 product->lda,
                 rf_product_element (product->b, product->ldb, product->transpose_b, 0, j0),
                 product->ldb, product->bias ? 1 : product->beta, c, product->ldc);
}

static int
tile_side (int length, int pieces)
{
  int side = (length + pieces - 1) / pieces;

  return (side + TILE_STEP - 1) / TILE_STEP * TILE_STEP;
}

/* Halves the longer side until there are enough tiles. */
static void
cut (Grid *grid)
{
  const RfProduct *product = grid->product;
  gint64 work = (gint64) product->m * product->n * MAX (product->k, 1);
  gint64 wanted = CLAMP (work / TILE_WORK, 1, MAX_TILES);
  int rows = 1, columns = 1;

  while ((gint64) rows * columns * 2 <= wanted)
    {
      int height = product->m / rows, width = product->n / columns;

      if (MAX (height, width) < 2 * TILE_STEP)
        break;
      if (height >= width)
        rows *= 2;
      else
        columns *= 2;
    }
  grid->tile_m = tile_side (product->m, rows);
  grid->tile_n = tile_side (product->n, columns);
}

gsize
rf_gemm_scratch (RfKernelPath path, int m, int n, int k)
{
  return rf_gemm_tile_applies (path, m, n, k) ? (gsize) m * (gsize) k : 0;
}

const char *
rf_gemm_algorithm (RfKernelPath path, int m, int n, int k)
{
  if (path == RF_KERNELS_REFERENCE)
    return "reference";
  return rf_gemm_tile_applies (path, m, n, k) ? "tiles" : "blas";
}

void
rf_gemm (RfKernelPath path, gboolean transpose_a, gboolean transpose_b, int m, int n, int k,
         const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc,
         const float *bias, float *shared)
{
  RfProduct product = {
    .path = path,
    .transpose_a = transpose_a,
    .transpose_b = transpose_b,
    .m = m,
    .n = n,
    .k = k,
    .a = a,
    .b = b,
    .bias = bias,
    .lda = lda,
    .ldb = ldb,
    .ldc = ldc,
    .beta = beta,
    .c = c,
  };
  Grid grid = { .product = &product };

  if (m == 0 || n == 0)
    return;
  if (rf_gemm_tile_applies (path, m, n, k))
    {
      rf_gemm_tile (&product, shared);
      return;
    }
  cut (&grid);
  grid.columns = (n + grid.tile_n - 1) / grid.tile_n;
  rf_pool_run ((m + grid.tile_m - 1) / grid.tile_m * grid.columns, compute_tile, &grid);
}
