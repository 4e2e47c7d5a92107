/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A product from the register tiles of convolution (simd/tile.h), for the shapes of linear layers:
 * a batch of rows, long sums, and a matrix of weights that is larger than any cache.
 *
 * A is packed once into blocks of a tile's rows, depth innermost but one, for all items. An item is
 * a few panels of C's columns, each two vectors wide: it packs DEPTH × panel of B at a time, which
 * stays in the first cache while all blocks of A, from the second, pass over it. So B, the large
 * one, is read once. At 128 rows packing B costs about a tenth of the arithmetic. */

#include "model/kernels/gemm-private.h"

#include <string.h>

#include "model/base/pool.h"

#define DEPTH        256
#define MAX_ROWS     14
#define MAX_PANEL    32
#define ROWS_OF_ITEM 640
#define WANTED_ITEMS 32
#define MIN_ROWS     24

typedef struct
{
  const RfProduct *product;
  const RfTile *tile;
  float *packed;
  int blocks;        /* of rows */
  int parts;         /* runs of blocks that an item takes */
  int panel;         /* columns: two vectors */
  int panels;        /* of an item */
  int column_groups; /* of panels */
} Job;

static int
part (int n, int parts, int i)
{
  return (int) ((gint64) n * i / parts);
}

static int
depth_at (const Job *job, int k0)
{
  return MIN (DEPTH, job->product->k - k0);
}

/* Where block of rows @i0 … lies for the depth from @k0 on: depth × rows. */
static float *
packed_block (const Job *job, int i0, int k0)
{
  return job->packed + (gsize) k0 * (gsize) job->product->m + (gsize) i0 * depth_at (job, k0);
}

static void
pack_block (void *data, int item, int worker)
{
  const Job *job = data;
  const RfProduct *product = job->product;
  int k0 = item / job->blocks * DEPTH, depth = depth_at (job, k0);
  int i0 = part (product->m, job->blocks, item % job->blocks);
  int rows = part (product->m, job->blocks, item % job->blocks + 1) - i0;
  const float *a = rf_product_element (product->a, product->lda, product->transpose_a, i0, k0);
  float *out = packed_block (job, i0, k0);

  if (!product->transpose_a)
    job->tile->transpose (rows, depth, a, (gsize) product->lda, out, (gsize) rows);
  else
    for (int p = 0; p < depth; p++, a += product->lda, out += rows)
      memcpy (out, a, (gsize) rows * sizeof (float));
}

/* Packs op(B) at rows k0 … and @columns columns from @j0 on; zeros beyond. */
static void
pack_panel (const Job *job, int k0, int j0, int columns, float *panel)
{
  const RfProduct *product = job->product;
  int depth = depth_at (job, k0), width = job->panel;
  const float *b = rf_product_element (product->b, product->ldb, product->transpose_b, k0, j0);

  if (columns < width)
    memset (panel, 0, (gsize) (depth * width) * sizeof (float));
  if (product->transpose_b)
    job->tile->transpose (columns, depth, b, (gsize) product->ldb, panel, (gsize) width);
  else
    for (int p = 0; p < depth; p++, b += product->ldb, panel += width)
      memcpy (panel, b, (gsize) columns * sizeof (float));
}

static void
copy_rows (const float *in, gsize ld_in, float *out, gsize ld_out, int rows, int columns)
{
  for (int r = 0; r < rows; r++)
    memcpy (out + (gsize) r * ld_out, in + (gsize) r * ld_in, (gsize) columns * sizeof (float));
}

/* One block of rows against one packed panel. A narrower last panel is computed beside C. */
static void
multiply_block (const Job *job, const float *a, const float *panel, const int *offsets, int rows,
                int depth, int columns, gboolean accumulate, float *c)
{
  const RfTile *tile = job->tile;
  gsize ldc = (gsize) job->product->ldc, width = (gsize) job->panel;
  const float *const b[2] = { panel, panel + tile->lanes };
  float beside[MAX_ROWS * MAX_PANEL];
  gboolean whole = columns == job->panel;
  float *first = whole ? c : beside;

  if (!whole && accumulate)
    {
      memset (beside, 0, sizeof beside);
      copy_rows (c, ldc, beside, width, rows, columns);
    }
  tile->multiply (rows, depth, a, b, offsets, accumulate, NULL,
                  (float *const[]){ first, first + tile->lanes }, whole ? ldc : width);
  if (!whole)
    copy_rows (beside, width, c, ldc, rows, columns);
}

static void
compute_panel (const Job *job, int first_block, int end_block, int j0)
{
  const RfProduct *product = job->product;
  int columns = MIN (job->panel, product->n - j0);
  int i_first = part (product->m, job->blocks, first_block);
  int i_end = part (product->m, job->blocks, end_block);
  float *c = product->c + (gsize) i_first * (gsize) product->ldc + j0;
  gboolean started = product->bias || product->beta != 0;
  _Alignas(64) float panel[DEPTH * MAX_PANEL];
  int offsets[DEPTH];

  for (int p = 0; p < DEPTH; p++)
    offsets[p] = p * job->panel;
  if (started)
    rf_product_start (product, c, product->bias ? product->bias + j0 : NULL, i_end - i_first,
                      columns);
  for (int k0 = 0; k0 < product->k; k0 += DEPTH)
    {
      pack_panel (job, k0, j0, columns, panel);
      for (int block = first_block; block < end_block; block++)
        {
          int i0 = part (product->m, job->blocks, block);
          int rows = part (product->m, job->blocks, block + 1) - i0;

          multiply_block (job, packed_block (job, i0, k0), panel, offsets, rows, depth_at (job, k0),
                          columns, started || k0 > 0,
                          c + (gsize) (i0 - i_first) * (gsize) product->ldc);
        }
    }
}

static void
compute_item (void *data, int item, int worker)
{
  const Job *job = data;
  int row_part = item / job->column_groups, group = item % job->column_groups;
  int first_block = part (job->blocks, job->parts, row_part);
  int end_block = part (job->blocks, job->parts, row_part + 1);
  int j0 = group * job->panels * job->panel;
  int end = MIN (j0 + job->panels * job->panel, job->product->n);

  for (; j0 < end; j0 += job->panel)
    compute_panel (job, first_block, end_block, j0);
}

gboolean
rf_gemm_tile_applies (RfKernelPath path, int m, int n, int k)
{
  const RfTile *tile = rf_kernels_get (path)->tile;

  return tile != NULL && m >= MIN_ROWS && n >= 2 * tile->lanes && k > 0;
}

void
rf_gemm_tile (const RfProduct *product, float *shared)
{
  const RfTile *tile = rf_kernels_get (product->path)->tile;
  Job job = { .product = product, .tile = tile, .packed = shared, .panel = 2 * tile->lanes };
  int n_panels = (product->n + job.panel - 1) / job.panel;

  g_assert (tile->max_rows <= MAX_ROWS && job.panel <= MAX_PANEL);
  job.blocks = (product->m + tile->max_rows - 1) / tile->max_rows;
  job.parts = (product->m + ROWS_OF_ITEM - 1) / ROWS_OF_ITEM;
  job.panels = MAX (1, n_panels / WANTED_ITEMS);
  job.column_groups = (n_panels + job.panels - 1) / job.panels;
  rf_pool_run ((product->k + DEPTH - 1) / DEPTH * job.blocks, pack_block, &job);
  rf_pool_run (job.parts * job.column_groups, compute_item, &job);
}
