/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, 2015), for 3×3 kernels at stride 1.
 *
 * The output is cut into tiles of 4×4, each of which depends on 6×6 pixels of the input. A 3×3
 * correlation over a tile is a product of polynomials in rows and in columns; evaluated at six
 * points (0, ±3/4, ±3/2, ∞) it is a product number by number:
 *
 *   U[o, c] = G w[o, c] Gᵀ                    6×6 from 3×3
 *   V[t, c] = Bᵀ x[t, c] B                    6×6 from 6×6
 *   M[t, o] = Σ over c of U[o, c] ⊙ V[t, c]   36 matrix products of [tiles, in] by [in, out]
 *   y[t, o] = Aᵀ M[t, o] A                    4×4 from 6×6
 *
 * so that 36 multiplications take the place of 144. The gradient of the input is the same with the
 * kernels turned by 180° and in and out swapped. The gradient of the weights is the transpose of
 * all this:
 *
 *   dM[t, o] = A dy[t, o] Aᵀ,   dU[o, c] = Σ over t of dM[t, o] ⊙ V[t, c],   dw = Gᵀ dU G
 *
 * Errors are about 2e-6 of the largest output, 6e-6 for the gradient of the weights: four times
 * those of summing up. A NaN spreads over its tile.
 *
 * Transforms cost some 400 operations for 6×6 numbers and run on vectors of channels, into which
 * planes are turned on the way; so few channels are not worth it, and conv-winograd-table.c says
 * from where on they are. Channels are filled up with zeros to whole vectors, called blocks. */

#include "model/kernels/conv-private.h"

G_BEGIN_DECLS

#define RF_WINOGRAD_POINTS 36
#define RF_WINOGRAD_TILE   4 /* pixels of output along a side */

/* The tiles of a batch of planes: row by row of tiles, sample by sample. */
typedef struct
{
  int size[2];    /* of the plane that is cut into tiles */
  int in_size[2]; /* of the plane that tiles read, from (4 i + start[0], 4 j + start[1]) on */
  int start[2];
  int rows, columns; /* of tiles in a sample */
} RfWinogradTiles;

/* A correlation: forward or the gradient of the input. */
typedef struct
{
  RfWinogradTiles tiles;
  gboolean transposed; /* the gradient of the input */
  int in_channels, out_channels;
  int in_blocks, out_blocks;
  int item_rows; /* rows of tiles that an item takes */
} RfWinogradCorrelation;

/* The gradient of the weights. An item sums one part of the batch for a split of the output and of
 * the input channels. */
typedef struct
{
  RfWinogradTiles tiles;
  int in_blocks, out_blocks;
  int in_splits, out_splits, parts;
  int chunk_rows; /* rows of tiles that are transformed at a time */
} RfWinogradGradient;

/* Rows of tiles that follow each other in one sample. */
typedef struct
{
  int sample, row, rows;
} RfWinogradRun;

/* The run that begins at row of tiles @first of the batch and ends before @end. */
static inline RfWinogradRun
rf_winograd_run (const RfWinogradTiles *tiles, int first, int end)
{
  RfWinogradRun run = { first / tiles->rows, first % tiles->rows, end - first };

  run.rows = MIN (run.rows, tiles->rows - run.row);
  return run;
}

/* Scratch of the transforms of @rows rows of tiles: the pixels of one block of channels with what
 * lies around them, and of the columns of winograd->input. */
gsize rf_winograd_scratch (const RfWinogradTiles *tiles, int rows, int lanes);

/* V of the blocks @first_block … @end_block - 1 of @channels channels, for the tiles of rows @first
 * … @end - 1 of the batch: v [block][tile][point][lanes]. @scratch as above. */
void rf_winograd_transform_input (const RfKernels *kernels, const RfWinogradTiles *tiles,
                                  const float *x, int channels, int first_block, int end_block,
                                  int first, int end, float *v, float *scratch);

/* Copies a rectangle of @rows × @columns pixels from (row0, column0) of a plane of @size, zero
 * outside, and @channels channels, into [row][column][lanes], with zeros for the missing channels.
 */
void rf_winograd_gather (const RfTile *tile, const float *plane, const int size[2], int channels,
                         int row0, int column0, int rows, int columns, float *out);

void rf_winograd_plan_gradient (RfConv *conv);
void rf_winograd_backward_weights (const RfConv *conv, int n, const float *x, const float *dy,
                                   float *d_weights, float *shared);

/* Whether Winograd's algorithm is the fastest for @pass: conv-winograd-table.c. */
gboolean rf_winograd_pays (const RfConv *conv, RfConvPass pass);

G_END_DECLS
