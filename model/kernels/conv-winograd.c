/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlations after Winograd; see conv-winograd.h.
 *
 * The weights are transformed once per call into U [point][pair of blocks of output channels][input
 * channel][two vectors], which all items read. An item takes some rows of tiles, of one sample or
 * of several small ones: it transforms them, for all input channels, into V [block][tile][point]
 * [lanes], which stays in its second cache, and then makes the outputs pair by pair of blocks: 36
 * products into M [block][tile][point][lanes], small enough for the first caches, and the transform
 * back. U passes through once for each item, so the fewer tiles an item has the more of U it reads
 * for its work: V is given half of a second cache.
 *
 * For each 4×4 pixels and vector of channels the transforms take about 60 loads, 60 stores and 120
 * multiply-adds on the way in, somewhat less on the way out, beside 36 · in / 2 cycles of products
 * for each vector of outputs. */

#include "model/kernels/conv-winograd.h"

#include <string.h>

#include "model/base/pool.h"

#define V_FLOATS  (1 << 17)
#define MAX_TILES 16
#define MIN_ITEMS 16
#define MAX_LANES 16
/* So that numbers of floats of an item fit an int; larger shapes are typing errors. */
#define MAX_ROW   (1 << 20)
#define MAX_PAIRS (5 << 19)

typedef struct
{
  const RfConv *conv;
  const RfWinogradCorrelation *correlation;
  int n;
  const float *in, *weights, *bias;
  const RfConvFinish *finish;
  float *u, *out;
} Job;

static int
lanes_of (const RfConv *conv)
{
  return conv->kernels->tile->lanes;
}

void
rf_winograd_gather (const RfTile *tile, const float *plane, const int size[2], int channels,
                    int row0, int column0, int rows, int columns, float *out)
{
  int lanes = tile->lanes;
  int first = CLAMP (-column0, 0, columns), end = CLAMP (size[1] - column0, first, columns);
  gsize pitch = (gsize) size[0] * (gsize) size[1];

  for (int t = 0; t < rows; t++, out += columns * lanes)
    {
      int row = row0 + t;

      if (row < 0 || row >= size[0] || channels < lanes)
        memset (out, 0, (gsize) (columns * lanes) * sizeof (float));
      if (row < 0 || row >= size[0])
        continue;
      memset (out, 0, (gsize) (first * lanes) * sizeof (float));
      tile->transpose (MIN (channels, lanes), end - first,
                       plane + ((gssize) row * size[1] + column0 + first), pitch,
                       out + first * lanes, (gsize) lanes);
      memset (out + end * lanes, 0, (gsize) ((columns - end) * lanes) * sizeof (float));
    }
}

static int
padded_columns (const RfWinogradTiles *tiles)
{
  return tiles->columns * RF_WINOGRAD_TILE + 2;
}

static gsize
padded_floats (const RfWinogradTiles *tiles, int rows, int lanes)
{
  return (gsize) (rows * RF_WINOGRAD_TILE + 2) * (gsize) (padded_columns (tiles) * lanes);
}

gsize
rf_winograd_scratch (const RfWinogradTiles *tiles, int rows, int lanes)
{
  return padded_floats (tiles, MIN (rows, tiles->rows), lanes)
         + (gsize) (padded_columns (tiles) * 6 * lanes);
}

void
rf_winograd_transform_input (const RfKernels *kernels, const RfWinogradTiles *tiles, const float *x,
                             int channels, int first_block, int end_block, int first, int end,
                             float *v, float *scratch)
{
  int lanes = kernels->tile->lanes;
  gsize plane = (gsize) tiles->in_size[0] * (gsize) tiles->in_size[1];
  gsize row = (gsize) (padded_columns (tiles) * lanes);
  gsize row_floats = (gsize) (RF_WINOGRAD_POINTS * tiles->columns * lanes);
  gsize block_floats = row_floats * (gsize) (end - first);

  for (int i = first; i < end;)
    {
      RfWinogradRun run = rf_winograd_run (tiles, i, end);
      float *columns = scratch + padded_floats (tiles, run.rows, lanes);

      for (int block = first_block; block < end_block; block++)
        {
          const float *planes
              = x + ((gsize) run.sample * (gsize) channels + (gsize) (block * lanes)) * plane;

          rf_winograd_gather (kernels->tile, planes, tiles->in_size, channels - block * lanes,
                              run.row * RF_WINOGRAD_TILE + tiles->start[0], tiles->start[1],
                              run.rows * RF_WINOGRAD_TILE + 2, padded_columns (tiles), scratch);
          for (int r = 0; r < run.rows; r++)
            kernels->winograd->input (scratch + (gsize) (r * RF_WINOGRAD_TILE) * row, row,
                                      tiles->columns, columns,
                                      v + (gsize) (block - first_block) * block_floats
                                          + (gsize) (i - first + r) * row_floats);
        }
      i += run.rows;
    }
}

/* Transforms the weights from one block of input channels to one of output channels. */
static void
transform_weights (void *data, int item, int worker)
{
  const Job *job = data;
  const RfWinogradCorrelation *correlation = job->correlation;
  const RfKernels *kernels = job->conv->kernels;
  int lanes = lanes_of (job->conv), depth = job->conv->depth;
  int out_block = item % correlation->out_blocks, in_block = item / correlation->out_blocks;
  int out = out_block * lanes, in = in_block * lanes;
  int n_out = MIN (lanes, correlation->out_channels - out);
  int padded_in = correlation->in_blocks * lanes;
  int vectors = MIN (2, correlation->out_blocks - out_block / 2 * 2);
  gsize point = (gsize) padded_in * (gsize) (correlation->out_blocks * lanes);
  _Alignas(64) float taps[9 * MAX_LANES];

  memset (taps, 0, sizeof taps);
  for (int c = in; c < in + lanes; c++)
    {
      float *u = job->u + (gsize) padded_in * (gsize) (out_block / 2 * 2 * lanes)
                 + (gsize) ((c * vectors + out_block % 2) * lanes);

      if (c >= correlation->in_channels)
        for (int p = 0; p < RF_WINOGRAD_POINTS; p++)
          memset (u + (gsize) p * point, 0, (gsize) lanes * sizeof (float));
      else
        {
          if (correlation->transposed)
            kernels->tile->transpose (n_out, 9, job->weights + (gsize) c * (gsize) depth + out * 9,
                                      9, taps, (gsize) lanes);
          else
            kernels->tile->transpose (n_out, 9, job->weights + (gsize) out * (gsize) depth + c * 9,
                                      (gsize) depth, taps, (gsize) lanes);
          kernels->winograd->weights (taps, correlation->transposed, u, point);
        }
    }
}

/* Where the parts of an item's scratch begin. */
typedef struct
{
  float *v, *m, *pixels;
} Scratch;

static gsize
v_floats (const RfWinogradCorrelation *correlation, int lanes, int rows)
{
  return (gsize) (RF_WINOGRAD_POINTS * rows * correlation->tiles.columns)
         * (gsize) (correlation->in_blocks * lanes);
}

static gsize
m_floats (const RfWinogradCorrelation *correlation, int lanes, int rows)
{
  return (gsize) (RF_WINOGRAD_POINTS * rows * correlation->tiles.columns * 2 * lanes);
}

/* M of a pair of blocks: 36 products. */
static void
multiply (const Job *job, int pair, int vectors, int tiles, const Scratch *scratch)
{
  const RfWinogradCorrelation *correlation = job->correlation;
  const RfKernels *kernels = job->conv->kernels;
  int lanes = lanes_of (job->conv);
  int padded_in = correlation->in_blocks * lanes;
  int parts = rf_divide_up (tiles, kernels->tile->max_rows);
  gsize block_floats = (gsize) (RF_WINOGRAD_POINTS * tiles * lanes);
  const float *u = job->u + (gsize) padded_in * (gsize) (pair * 2 * lanes);

  for (int p = 0; p < RF_WINOGRAD_POINTS; p++)
    {
      for (int part = 0; part < parts; part++)
        {
          int first = rf_conv_part (tiles, parts, part);
          int rows = rf_conv_part (tiles, parts, part + 1) - first;
          int start = (first * RF_WINOGRAD_POINTS + p) * lanes;

          kernels->winograd->multiply (rows, vectors, correlation->in_blocks, scratch->v + start,
                                       block_floats, u, scratch->m + start, block_floats);
        }
      u += (gsize) padded_in * (gsize) (correlation->out_blocks * lanes);
    }
}

/* Transforms back what M has of one block and one run of rows, and puts it where it belongs. */
static void
write_block (const Job *job, int block, int tiles, RfWinogradRun run, int at,
             const Scratch *scratch)
{
  const RfWinogradCorrelation *correlation = job->correlation;
  const RfWinogradTiles *grid = &correlation->tiles;
  const RfKernels *kernels = job->conv->kernels;
  int lanes = lanes_of (job->conv), channel = block * lanes;
  int channels = MIN (lanes, correlation->out_channels - channel);
  int first_row = run.row * RF_WINOGRAD_TILE, pitch = grid->columns * RF_WINOGRAD_TILE;
  int rows = MIN (run.rows * RF_WINOGRAD_TILE, grid->size[0] - first_row);
  gsize plane = (gsize) grid->size[0] * (gsize) grid->size[1];
  float *out = job->out
               + ((gsize) run.sample * (gsize) correlation->out_channels + (gsize) channel) * plane
               + first_row * grid->size[1];
  float bias[MAX_LANES] = { 0 };

  if (job->bias)
    memcpy (bias, job->bias + channel, (gsize) channels * sizeof (float));
  for (int r = 0; r < run.rows; r++)
    kernels->winograd->output (
        scratch->m + (block % 2 * tiles + (at + r) * grid->columns) * RF_WINOGRAD_POINTS * lanes,
        grid->columns, bias, scratch->pixels + r * RF_WINOGRAD_TILE * pitch * lanes,
        (gsize) (pitch * lanes));
  if (pitch == grid->size[1])
    kernels->tile->transpose (rows * pitch, channels, scratch->pixels, (gsize) lanes, out, plane);
  else
    for (int i = 0; i < rows; i++)
      kernels->tile->transpose (grid->size[1], channels, scratch->pixels + i * pitch * lanes,
                                (gsize) lanes, out + i * grid->size[1], plane);
  for (int c = 0; job->finish && c < channels; c++)
    rf_conv_finish (job->conv, job->finish, job->out, out + (gsize) c * plane,
                    (gsize) (rows * grid->size[1]));
}

static void
compute_rows (void *data, int item, int worker)
{
  const Job *job = data;
  const RfWinogradCorrelation *correlation = job->correlation;
  const RfWinogradTiles *grid = &correlation->tiles;
  int lanes = lanes_of (job->conv);
  int first = item * correlation->item_rows;
  int end = MIN (first + correlation->item_rows, job->n * grid->rows);
  int tiles = (end - first) * grid->columns;
  Scratch scratch = { .v = rf_pool_scratch (worker) };

  scratch.m = scratch.v + v_floats (correlation, lanes, correlation->item_rows);
  scratch.pixels = scratch.m + m_floats (correlation, lanes, correlation->item_rows);
  rf_winograd_transform_input (job->conv->kernels, grid, job->in, correlation->in_channels, 0,
                               correlation->in_blocks, first, end, scratch.v, scratch.pixels);
  for (int pair = 0; pair < rf_divide_up (correlation->out_blocks, 2); pair++)
    {
      int vectors = MIN (2, correlation->out_blocks - 2 * pair);

      multiply (job, pair, vectors, tiles, &scratch);
      for (int i = first; i < end;)
        {
          RfWinogradRun run = rf_winograd_run (grid, i, end);

          for (int h = 0; h < vectors; h++)
            write_block (job, 2 * pair + h, tiles, run, i - first, &scratch);
          i += run.rows;
        }
    }
}

static void
correlate (const RfConv *conv, const RfWinogradCorrelation *correlation, int n, const float *in,
           const float *weights, const float *bias, const RfConvFinish *finish, float *out,
           float *u)
{
  Job job = {
    .conv = conv,
    .correlation = correlation,
    .n = n,
    .in = in,
    .weights = weights,
    .bias = bias,
    .finish = finish,
    .u = u,
    .out = out,
  };

  rf_pool_run (correlation->in_blocks * correlation->out_blocks, transform_weights, &job);
  rf_pool_run (rf_divide_up (n * correlation->tiles.rows, correlation->item_rows), compute_rows,
               &job);
}

static void
plan_correlation (RfConv *conv, gboolean transposed)
{
  const RfConvShape *shape = &conv->shape;
  RfWinogradCorrelation *correlation = g_new0 (RfWinogradCorrelation, 1);
  RfWinogradTiles *tiles = &correlation->tiles;
  int lanes = lanes_of (conv), in[2] = { shape->in_height, shape->in_width },
      out[2] = { shape->out_height, shape->out_width };
  int most;
  gsize floats;

  conv->data[transposed ? RF_CONV_INPUT : RF_CONV_FORWARD] = correlation;
  correlation->transposed = transposed;
  correlation->in_channels = transposed ? shape->out_channels : shape->in_channels;
  correlation->out_channels = transposed ? shape->in_channels : shape->out_channels;
  correlation->in_blocks = rf_divide_up (correlation->in_channels, lanes);
  correlation->out_blocks = rf_divide_up (correlation->out_channels, lanes);
  for (int axis = 0; axis < 2; axis++)
    {
      tiles->size[axis] = transposed ? in[axis] : out[axis];
      tiles->in_size[axis] = transposed ? out[axis] : in[axis];
      tiles->start[axis] = transposed ? shape->padding[axis] - 2 : -shape->padding[axis];
    }
  tiles->rows = rf_divide_up (tiles->size[0], RF_WINOGRAD_TILE);
  tiles->columns = rf_divide_up (tiles->size[1], RF_WINOGRAD_TILE);

  most = (int) CLAMP (V_FLOATS / v_floats (correlation, lanes, 1), 1,
                      (gsize) rf_divide_up (MAX_TILES, tiles->columns));
  correlation->item_rows = CLAMP (rf_divide_up (conv->capacity * tiles->rows, MIN_ITEMS), 1, most);

  floats = (gsize) (correlation->item_rows * RF_WINOGRAD_TILE * tiles->columns)
           * (gsize) (RF_WINOGRAD_TILE * lanes);
  floats = MAX (floats, rf_winograd_scratch (tiles, correlation->item_rows, lanes));
  rf_conv_need_scratch (conv,
                        (gsize) (RF_WINOGRAD_POINTS * correlation->in_blocks * lanes)
                            * (gsize) (correlation->out_blocks * lanes),
                        v_floats (correlation, lanes, correlation->item_rows)
                            + m_floats (correlation, lanes, correlation->item_rows) + floats);
}

static gboolean
applies (const RfConv *conv, RfConvPass pass)
{
  return conv->kernels->winograd != NULL && rf_conv_is_plain_3x3 (conv)
         && (double) (conv->shape.out_width + 8) * MAX (conv->group_in, conv->group_out) < MAX_ROW
         && (double) (conv->group_in + 32) * (conv->group_out + 32) < MAX_PAIRS;
}

static void
plan (RfConv *conv, RfConvPass pass)
{
  if (pass == RF_CONV_WEIGHTS)
    rf_winograd_plan_gradient (conv);
  else
    plan_correlation (conv, pass == RF_CONV_INPUT);
}

static void
free_plan (RfConv *conv, RfConvPass pass)
{
  g_free (conv->data[pass]);
}

static void
forward (const RfConv *conv, int n, const float *x, const float *weights, const float *bias,
         const RfConvFinish *finish, float *y, float *shared)
{
  correlate (conv, conv->data[RF_CONV_FORWARD], n, x, weights, bias, finish, y, shared);
}

static void
backward_input (const RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                float *shared)
{
  correlate (conv, conv->data[RF_CONV_INPUT], n, dy, weights, NULL, NULL, dx, shared);
}

const RfConvAlgorithm rf_conv_winograd = {
  .name = "winograd",
  .applies = applies,
  .pays = rf_winograd_pays,
  .plan = plan,
  .free_plan = free_plan,
  .forward = forward,
  .backward_input = backward_input,
  .backward_weights = rf_winograd_backward_weights,
};
