/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradient of the weights after Winograd; see conv-winograd.h.
 *
 *   dU[point, o, c] = Σ over tiles of dM[point, tile, o] · V[point, tile, c]
 *
 * An item takes one part of the batch and a split of the output and of the input channels, for
 * which dU is small enough to stay in a second cache. It goes through its part in chunks of some
 * rows of tiles: transforms x and dy into V and dM [block][tile][point][lanes], and adds their
 * products to dU [point][pair of blocks of input channels][output channel][two vectors]. Splits
 * transform the same pixels again, which costs less than fetching dU from afar.
 *
 * Parts are added in their order, whatever thread summed them, and transformed back. */

#include "model/kernels/conv-winograd.h"

#include <string.h>

#include "model/base/pool.h"

#define SPLIT_CHANNELS     64
#define CHUNK_TILES        32
#define WANTED_ITEMS       16
#define PARTIAL_FLOATS_MAX (1 << 22)
#define RANGE_FLOATS       4096
#define MAX_LANES          16

typedef struct
{
  const RfConv *conv;
  const RfWinogradGradient *gradient;
  int n, parts;
  const float *x, *dy;
  float *partial, *d_weights;
} Job;

static int
lanes_of (const RfConv *conv)
{
  return conv->kernels->tile->lanes;
}

/* Floats of one point of dU, of all channels. */
static gsize
point_floats (const RfWinogradGradient *gradient, int lanes)
{
  return (gsize) (gradient->in_blocks * lanes) * (gsize) (gradient->out_blocks * lanes);
}

static gsize
part_floats (const RfWinogradGradient *gradient, int lanes)
{
  return RF_WINOGRAD_POINTS * point_floats (gradient, lanes);
}

/* Where the numbers of blocks of dU lie in a point: pairs of blocks of input channels, the last one
 * perhaps alone. */
static gsize
block_offset (const RfWinogradGradient *gradient, int lanes, int out_block, int in_block)
{
  int pair = in_block / 2, vectors = MIN (2, gradient->in_blocks - 2 * pair);

  return (gsize) (2 * pair * lanes) * (gsize) (gradient->out_blocks * lanes)
         + (gsize) (out_block * lanes * vectors * lanes + in_block % 2 * lanes);
}

/* Floats of V or dM of one split. */
static gsize
transformed_floats (const RfWinogradGradient *gradient, int lanes, int blocks, int splits)
{
  return (gsize) (RF_WINOGRAD_POINTS * rf_divide_up (blocks, splits))
         * (gsize) (gradient->chunk_rows * gradient->tiles.columns * lanes);
}

void
rf_winograd_plan_gradient (RfConv *conv)
{
  const RfConvShape *shape = &conv->shape;
  RfWinogradGradient *gradient = g_new0 (RfWinogradGradient, 1);
  RfWinogradTiles *tiles = &gradient->tiles;
  int lanes = lanes_of (conv), split_blocks = SPLIT_CHANNELS / lanes, rows, parts;
  gsize pixels;

  conv->data[RF_CONV_WEIGHTS] = gradient;
  *tiles = (RfWinogradTiles){
    .size = { shape->out_height, shape->out_width },
    .in_size = { shape->in_height, shape->in_width },
    .start = { -shape->padding[0], -shape->padding[1] },
    .rows = rf_divide_up (shape->out_height, RF_WINOGRAD_TILE),
    .columns = rf_divide_up (shape->out_width, RF_WINOGRAD_TILE),
  };
  gradient->in_blocks = rf_divide_up (shape->in_channels, lanes);
  gradient->out_blocks = rf_divide_up (shape->out_channels, lanes);
  /* Splits of the input channels are whole pairs of blocks. */
  gradient->in_splits = rf_divide_up (gradient->in_blocks, split_blocks);
  gradient->out_splits = rf_divide_up (gradient->out_blocks, split_blocks);

  rows = conv->capacity * tiles->rows;
  gradient->chunk_rows = MIN (rf_divide_up (CHUNK_TILES, tiles->columns), rows);
  parts = (int) CLAMP (PARTIAL_FLOATS_MAX / part_floats (gradient, lanes), 1, WANTED_ITEMS);
  parts = MIN (parts, rf_divide_up (WANTED_ITEMS, gradient->in_splits * gradient->out_splits));
  gradient->parts = MIN (parts, rf_divide_up (rows, gradient->chunk_rows));

  pixels = (gsize) (gradient->chunk_rows * RF_WINOGRAD_TILE)
           * (gsize) (tiles->columns * RF_WINOGRAD_TILE * lanes);
  pixels = MAX (pixels, rf_winograd_scratch (tiles, gradient->chunk_rows, lanes));
  rf_conv_need_scratch (
      conv, (gsize) gradient->parts * part_floats (gradient, lanes),
      transformed_floats (gradient, lanes, gradient->in_blocks + 1, gradient->in_splits)
          + transformed_floats (gradient, lanes, gradient->out_blocks, gradient->out_splits)
          + pixels);
}

/* dM of output blocks @first_block … @end_block - 1, for rows of tiles @first … @end - 1. */
static void
transform_gradient (const Job *job, int first_block, int end_block, int first, int end, float *dm,
                    float *pixels)
{
  const RfConv *conv = job->conv;
  const RfWinogradTiles *tiles = &job->gradient->tiles;
  int lanes = lanes_of (conv), channels = conv->shape.out_channels;
  int columns = tiles->columns * RF_WINOGRAD_TILE;
  gsize row_floats = (gsize) (RF_WINOGRAD_POINTS * tiles->columns * lanes);
  gsize block_floats = row_floats * (gsize) (end - first);

  for (int i = first; i < end;)
    {
      RfWinogradRun run = rf_winograd_run (tiles, i, end);

      for (int block = first_block; block < end_block; block++)
        {
          const float *dy = job->dy
                            + ((gsize) run.sample * (gsize) channels + (gsize) (block * lanes))
                                  * (gsize) conv->out_pixels;
          float *out = dm + (gsize) (block - first_block) * block_floats
                       + (gsize) (i - first) * row_floats;

          rf_winograd_gather (conv->kernels->tile, dy, tiles->size, channels - block * lanes,
                              run.row * RF_WINOGRAD_TILE, 0, run.rows * RF_WINOGRAD_TILE, columns,
                              pixels);
          for (int r = 0; r < run.rows; r++)
            conv->kernels->winograd->gradient (pixels + r * RF_WINOGRAD_TILE * columns * lanes,
                                               (gsize) (columns * lanes), tiles->columns,
                                               out + (gsize) r * row_floats);
        }
      i += run.rows;
    }
}

/* What an item sums. */
typedef struct
{
  int first_in, end_in, first_out, end_out; /* blocks */
  int first, end;                           /* rows of tiles */
} Share;

static void
add_chunk (const Job *job, const Share *share, int first, int end, float *sums, float *scratch)
{
  const RfWinogradGradient *gradient = job->gradient;
  const RfKernels *kernels = job->conv->kernels;
  int lanes = lanes_of (job->conv), tiles = (end - first) * gradient->tiles.columns;
  int in = share->end_in - share->first_in, out = share->end_out - share->first_out;
  gsize block = (gsize) (RF_WINOGRAD_POINTS * tiles * lanes);
  float *v = scratch;
  float *dm = v + (gsize) in * block;
  float *pixels = dm + (gsize) out * block;

  rf_winograd_transform_input (kernels, &gradient->tiles, job->x, job->conv->shape.in_channels,
                               share->first_in, share->end_in, first, end, v, pixels);
  transform_gradient (job, share->first_out, share->end_out, first, end, dm, pixels);
  for (int p = 0; p < RF_WINOGRAD_POINTS; p++)
    for (int c = 0; c < in; c += 2)
      for (int o = 0; o < out; o++)
        kernels->winograd->outer (
            MIN (2, in - c), tiles, dm + (gsize) o * block + p * lanes,
            v + (gsize) c * block + p * lanes, block, first > share->first,
            sums + (gsize) p * point_floats (gradient, lanes)
                + block_offset (gradient, lanes, share->first_out + o, share->first_in + c));
}

static void
sum_part (void *data, int item, int worker)
{
  const Job *job = data;
  const RfWinogradGradient *gradient = job->gradient;
  int rows = job->n * gradient->tiles.rows;
  int part = item % job->parts, split = item / job->parts;
  int in_split = split % gradient->in_splits, out_split = split / gradient->in_splits;
  int pairs = rf_divide_up (gradient->in_blocks, 2);
  Share share = {
    .first_in = 2 * rf_conv_part (pairs, gradient->in_splits, in_split),
    .end_in
    = MIN (2 * rf_conv_part (pairs, gradient->in_splits, in_split + 1), gradient->in_blocks),
    .first_out = rf_conv_part (gradient->out_blocks, gradient->out_splits, out_split),
    .end_out = rf_conv_part (gradient->out_blocks, gradient->out_splits, out_split + 1),
    .first = rf_conv_part (rows, job->parts, part),
    .end = rf_conv_part (rows, job->parts, part + 1),
  };
  float *sums = job->partial + (gsize) part * part_floats (gradient, lanes_of (job->conv));

  for (int i = share.first; i < share.end; i += gradient->chunk_rows)
    add_chunk (job, &share, i, MIN (i + gradient->chunk_rows, share.end), sums,
               rf_pool_scratch (worker));
}

/* Adds the other parts to the first, range by range. */
static void
add_parts (void *data, int item, int worker)
{
  const Job *job = data;
  gsize n = part_floats (job->gradient, lanes_of (job->conv));
  gsize first = (gsize) item * RANGE_FLOATS, count = MIN (RANGE_FLOATS, n - first);

  for (int part = 1; part < job->parts; part++)
    job->conv->kernels->accumulate (job->partial + (gsize) part * n + first, job->partial + first,
                                    count);
}

/* Transforms the sums of one output channel back. */
static void
transform_channel (void *data, int o, int worker)
{
  const Job *job = data;
  const RfWinogradGradient *gradient = job->gradient;
  const RfKernels *kernels = job->conv->kernels;
  int lanes = lanes_of (job->conv);
  float *d_weights = job->d_weights + (gsize) o * (gsize) job->conv->depth;
  _Alignas(64) float taps[9 * MAX_LANES];

  for (int block = 0; block < gradient->in_blocks; block++)
    {
      int vectors = MIN (2, gradient->in_blocks - block / 2 * 2);
      int channels = MIN (lanes, job->conv->shape.in_channels - block * lanes);
      const float *sums = job->partial + block_offset (gradient, lanes, o / lanes, block)
                          + (gsize) (o % lanes * vectors * lanes);

      kernels->winograd->weights_gradient (sums, point_floats (gradient, lanes), taps);
      kernels->tile->transpose (9, channels, taps, (gsize) lanes, d_weights + block * lanes * 9, 9);
    }
}

void
rf_winograd_backward_weights (const RfConv *conv, int n, const float *x, const float *dy,
                              float *d_weights, float *shared)
{
  const RfWinogradGradient *gradient = conv->data[RF_CONV_WEIGHTS];
  Job job = {
    .conv = conv,
    .gradient = gradient,
    .n = n,
    .parts = MIN (gradient->parts, n * gradient->tiles.rows),
    .x = x,
    .dy = dy,
    .partial = shared,
    .d_weights = d_weights,
  };

  rf_pool_run (job.parts * gradient->in_splits * gradient->out_splits, sum_part, &job);
  if (job.parts > 1)
    rf_pool_run (
        (int) ((part_floats (gradient, lanes_of (conv)) + RANGE_FLOATS - 1) / RANGE_FLOATS),
        add_parts, &job);
  rf_pool_run (conv->shape.out_channels, transform_channel, &job);
}
