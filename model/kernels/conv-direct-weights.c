/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradient of the weights without unfolding, with the tiles of conv-direct.c:
 *
 *   dw[o, c, u, v] = Σ over samples and pixels p of dy[o, p] · x[c, input of p at (u, v)]
 *
 * The depth is pixels, the rows are output channels, and the vectors run over (v, c): the padded
 * copy of the input has its channels innermost, where the channels of neighbouring taps lie side by
 * side (with dilation, only those of one tap). Such a run of a row of taps is cut into units of one
 * vector; what the last one reads beyond is computed and thrown away.
 *
 * An item sums one part of the batch for one split of the output channels, chunk by chunk: a band
 * of rows or several small samples. Parts and splits depend on shape and capacity alone; parts are
 * added in their order. */

#include <string.h>

#include "model/base/pool.h"
#include "model/kernels/conv-direct.h"

/* Pixels between which the sums of a tile are put down, so that what they multiply stays in the
 * first cache. */
#define PIXEL_BLOCK        256
#define MIN_CHUNK_PIXELS   256
#define WANTED_ITEMS       16
#define PARTIAL_FLOATS_MAX (1 << 21)

typedef struct
{
  const RfConv *conv;
  const RfWeightGradient *gradient;
  int n, parts;
  const float *x, *dy;
  float *partial, *d_weights;
} Job;

static int
padded_rows (const RfConvShape *shape, int rows)
{
  return (rows - 1) * shape->stride[0] + (shape->kernel[0] - 1) * shape->dilation[0] + 1;
}

/* Runs of the kernel's taps whose channels lie side by side, and their length. */
static int
count_runs (const RfConvShape *shape)
{
  return shape->dilation[1] == 1 ? shape->kernel[0] : shape->kernel[0] * shape->kernel[1];
}

static int
run_length (const RfConv *conv)
{
  return conv->shape.dilation[1] == 1 ? conv->shape.kernel[1] * conv->group_in : conv->group_in;
}

static gsize
padded_floats (const RfConv *conv, const RfWeightGradient *gradient, int rows)
{
  return (gsize) padded_rows (&conv->shape, rows) * (gsize) gradient->padded_columns
         * (gsize) conv->group_in;
}

/* Floats of one output channel's sums, and of one part's. */
static gsize
channel_floats (const RfConv *conv, const RfWeightGradient *gradient)
{
  return (gsize) (gradient->n_units * conv->kernels->tile->lanes);
}

static gsize
part_floats (const RfConv *conv, const RfWeightGradient *gradient)
{
  return (gsize) conv->shape.out_channels * channel_floats (conv, gradient);
}

static void
plan_offsets (const RfConv *conv, RfWeightGradient *gradient)
{
  const RfConvShape *shape = &conv->shape;
  int row = gradient->padded_columns * conv->group_in;
  int sample = padded_rows (shape, gradient->band_rows) * row;
  int *offset;

  offset = gradient->pixel_offsets
      = g_new (int, gradient->samples * gradient->band_rows * shape->out_width);
  for (int s = 0; s < gradient->samples; s++)
    for (int i = 0; i < gradient->band_rows; i++)
      for (int j = 0; j < shape->out_width; j++)
        *offset++ = s * sample + i * shape->stride[0] * row + j * shape->stride[1] * conv->group_in;

  offset = gradient->unit_offsets = g_new (int, gradient->n_units);
  for (int run = 0; run < count_runs (shape); run++)
    {
      int u = shape->dilation[1] == 1 ? run : run / shape->kernel[1];
      int v = shape->dilation[1] == 1 ? 0 : run % shape->kernel[1];

      for (int unit = 0; unit < gradient->run_units; unit++)
        *offset++ = u * shape->dilation[0] * row + v * shape->dilation[1] * conv->group_in
                    + unit * conv->kernels->tile->lanes;
    }
}

void
rf_direct_plan_gradient (RfConv *conv, RfWeightGradient *gradient)
{
  const RfConvShape *shape = &conv->shape;
  const RfTile *tile = conv->kernels->tile;
  int pixels;
  gsize floats;

  gradient->padded_columns
      = (shape->out_width - 1) * shape->stride[1] + (shape->kernel[1] - 1) * shape->dilation[1] + 1;
  gradient->run_units = rf_divide_up (run_length (conv), tile->lanes);
  gradient->n_units = gradient->run_units * count_runs (shape);

  gradient->parts
      = (int) CLAMP (PARTIAL_FLOATS_MAX / part_floats (conv, gradient), 1, WANTED_ITEMS);
  gradient->parts = MIN (gradient->parts, conv->capacity);
  gradient->splits = CLAMP (conv->group_out / (2 * tile->max_rows), 1,
                            rf_divide_up (WANTED_ITEMS, gradient->parts * shape->groups));

  gradient->band_rows = shape->out_height;
  gradient->samples = 1;
  while (gradient->band_rows > 1
         && padded_floats (conv, gradient, gradient->band_rows) > RF_DIRECT_PADDED_FLOATS)
    gradient->band_rows = rf_divide_up (gradient->band_rows, 2);
  floats = padded_floats (conv, gradient, gradient->band_rows);
  if (gradient->band_rows == shape->out_height)
    {
      int wanted = rf_divide_up (MIN_CHUNK_PIXELS, conv->out_pixels);
      int most = (int) CLAMP (RF_DIRECT_PADDED_FLOATS / floats, 1, (gsize) conv->capacity);

      gradient->samples = MIN (wanted, most);
    }
  plan_offsets (conv, gradient);

  /* Units may be loaded from beyond the end of the padded copy. */
  pixels = gradient->samples * gradient->band_rows * shape->out_width;
  floats = (gsize) gradient->samples * floats + (gsize) tile->lanes
           + (gsize) pixels * (gsize) rf_divide_up (conv->group_out, gradient->splits);
  rf_conv_need_scratch (conv, (gsize) gradient->parts * part_floats (conv, gradient), floats);
}

/* Whether some tap reads row @t of a padded copy: with large strides, not all are. */
static gboolean
is_row_read (const RfConvShape *shape, int t)
{
  for (int u = 0; u < shape->kernel[0]; u++)
    if ((t - u * shape->dilation[0]) % shape->stride[0] == 0)
      return TRUE;
  return FALSE;
}

/* The padded copy of a band of one sample, [row, column, channel]. Rows that nothing reads are left
 * as they are. */
static void
copy_padded (const RfConv *conv, const RfWeightGradient *gradient, const float *x, int i0,
             float *out)
{
  const RfConvShape *shape = &conv->shape;
  int columns = gradient->padded_columns, channels = conv->group_in;
  int first, end;

  rf_conv_valid_range (columns, shape->in_width, 1, shape->padding[1], 0, &first, &end);
  for (int t = 0; t < padded_rows (shape, gradient->band_rows); t++, out += columns * channels)
    {
      int row = i0 * shape->stride[0] - shape->padding[0] + t;

      if (!is_row_read (shape, t))
        continue;
      if (row < 0 || row >= shape->in_height)
        {
          memset (out, 0, (gsize) (columns * channels) * sizeof (float));
          continue;
        }
      memset (out, 0, (gsize) (first * channels) * sizeof (float));
      conv->kernels->tile->transpose (
          channels, end - first, x + ((gssize) row * shape->in_width + first - shape->padding[1]),
          (gsize) conv->in_pixels, out + first * channels, (gsize) channels);
      memset (out + end * channels, 0, (gsize) ((columns - end) * channels) * sizeof (float));
    }
}

/* A run of output channels and how it is cut into a tile's rows. */
typedef struct
{
  int first, count, blocks;
} Split;

static int
block_start (const Split *split, int block)
{
  return rf_conv_part (split->count, split->blocks, block);
}

/* Turns one sample's dy into [pixel, channel] for each block of channels, at pixel @at of the @ld
 * that a block has. */
static void
pack_gradient (const RfConv *conv, const Split *split, const float *dy, int pixels, int ld, int at,
               float *packed)
{
  for (int block = 0; block < split->blocks; block++)
    {
      int start = block_start (split, block), rows = block_start (split, block + 1) - start;

      conv->kernels->tile->transpose (
          rows, pixels, dy + (gsize) start * (gsize) conv->out_pixels, (gsize) conv->out_pixels,
          packed + (gsize) start * (gsize) ld + (gsize) (at * rows), (gsize) rows);
    }
}

/* Adds what pixels @p0 to @p1 of the chunk give (or sets it, if @fresh). */
static void
add_pixels (const Job *job, const Split *split, const float *padded, const float *packed, int ld,
            int p0, int p1, gboolean fresh, float *sums)
{
  const RfWeightGradient *gradient = job->gradient;
  const RfTile *tile = job->conv->kernels->tile;
  gsize ld_sums = channel_floats (job->conv, gradient);

  for (int unit = 0; unit < gradient->n_units; unit += 2)
    {
      /* An odd last unit is computed twice, side by side. */
      int second = MIN (unit + 1, gradient->n_units - 1);
      const float *b[2]
          = { padded + gradient->unit_offsets[unit], padded + gradient->unit_offsets[second] };

      for (int block = 0; block < split->blocks; block++)
        {
          int start = block_start (split, block), rows = block_start (split, block + 1) - start;
          float *out = sums + (gsize) start * ld_sums;
          float *c[2] = { out + unit * tile->lanes, out + second * tile->lanes };

          tile->multiply (rows, p1 - p0, packed + (gsize) start * (gsize) ld + (gsize) (p0 * rows),
                          b, gradient->pixel_offsets + p0, !fresh, NULL, c, ld_sums);
        }
    }
}

/* One chunk: @count samples from @first on, or a band of one of them from row @i0 on. */
static void
add_chunk (const Job *job, const Split *split, int group, int first, int count, int i0,
           gboolean fresh, float *sums, float *scratch)
{
  const RfConv *conv = job->conv;
  const RfWeightGradient *gradient = job->gradient;
  const RfConvShape *shape = &conv->shape;
  int rows = MIN (gradient->band_rows, shape->out_height - i0);
  int sample_pixels = rows * shape->out_width, pixels = count * sample_pixels;
  gsize sample_floats = padded_floats (conv, gradient, gradient->band_rows);
  float *packed
      = scratch + (gsize) gradient->samples * sample_floats + (gsize) conv->kernels->tile->lanes;

  for (int s = 0; s < count; s++)
    {
      gsize sample = (gsize) (first + s);
      const float *x = job->x
                       + (sample * (gsize) shape->in_channels + (gsize) (group * conv->group_in))
                             * (gsize) conv->in_pixels;
      const float *dy = job->dy
                        + (sample * (gsize) shape->out_channels
                           + (gsize) (group * conv->group_out + split->first))
                              * (gsize) conv->out_pixels
                        + i0 * shape->out_width;

      copy_padded (conv, gradient, x, i0, scratch + (gsize) s * sample_floats);
      pack_gradient (conv, split, dy, sample_pixels, pixels, s * sample_pixels, packed);
    }
  for (int p0 = 0; p0 < pixels; p0 += PIXEL_BLOCK)
    add_pixels (job, split, scratch, packed, pixels, p0, MIN (p0 + PIXEL_BLOCK, pixels),
                fresh && p0 == 0, sums);
}

static void
sum_part (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfWeightGradient *gradient = job->gradient;
  int part = item % job->parts;
  int split_index = item / job->parts % gradient->splits;
  int group = item / job->parts / gradient->splits;
  int first = rf_conv_part (job->n, job->parts, part);
  int end = rf_conv_part (job->n, job->parts, part + 1);
  Split split = { .first = rf_conv_part (conv->group_out, gradient->splits, split_index) };
  float *sums;

  split.count = rf_conv_part (conv->group_out, gradient->splits, split_index + 1) - split.first;
  split.blocks = rf_divide_up (split.count, conv->kernels->tile->max_rows);
  sums = job->partial + (gsize) part * part_floats (conv, gradient)
         + (gsize) (group * conv->group_out + split.first) * channel_floats (conv, gradient);
  for (int sample = first; sample < end; sample += gradient->samples)
    for (int i0 = 0; i0 < conv->shape.out_height; i0 += gradient->band_rows)
      add_chunk (job, &split, group, sample, MIN (gradient->samples, end - sample), i0,
                 sample == first && i0 == 0, sums, rf_pool_scratch (worker));
}

/* Adds the parts of one output channel and puts its weights in their order. */
static void
finish_channel (void *data, int o, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfWeightGradient *gradient = job->gradient;
  const int *kernel = conv->shape.kernel;
  gsize n = channel_floats (conv, gradient),
        run = (gsize) (gradient->run_units * conv->kernels->tile->lanes);
  float *sums = job->partial + (gsize) o * n;
  float *d_weights = job->d_weights + (gsize) o * (gsize) conv->depth;

  for (int part = 1; part < job->parts; part++)
    conv->kernels->accumulate (sums + (gsize) part * part_floats (conv, gradient), sums, n);
  for (int c = 0; c < conv->group_in; c++)
    for (int u = 0; u < kernel[0]; u++)
      for (int v = 0; v < kernel[1]; v++)
        *d_weights++ = conv->shape.dilation[1] == 1
                           ? sums[(gsize) u * run + (gsize) (v * conv->group_in + c)]
                           : sums[(gsize) (u * kernel[1] + v) * run + (gsize) c];
}

void
rf_direct_backward_weights (const RfConv *conv, int n, const float *x, const float *dy,
                            float *d_weights, float *shared)
{
  const RfDirect *direct = conv->data[RF_CONV_WEIGHTS];
  const RfWeightGradient *gradient = &direct->gradient;
  Job job = {
    .conv = conv,
    .gradient = gradient,
    .n = n,
    .parts = MIN (gradient->parts, n),
    .x = x,
    .dy = dy,
    .partial = shared,
    .d_weights = d_weights,
  };

  rf_pool_run (job.parts * gradient->splits * conv->shape.groups, sum_part, &job);
  rf_pool_run (conv->shape.out_channels, finish_channel, &job);
}
