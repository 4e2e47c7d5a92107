/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution without unfolding: register tiles (simd/tile.h) of output channels by pixels read
 * their pixels straight from a padded copy of the planes, through a table of the offsets of the
 * taps.
 *
 * An item is a band of output rows of one sample, or several small samples. It copies its planes
 * into the worker's scratch with their padding, then runs over blocks of the depth (whose weights,
 * packed once per call, stay in the second cache), over pairs of vectors of pixels, and over blocks
 * of output channels. Where output rows are a multiple of a vector, sums go straight to their
 * place, otherwise to scratch first. */

#include "model/kernels/conv-direct.h"

#include <string.h>

#include "model/base/pool.h"

#define DEPTH_BLOCK   512
#define MIN_ITEMS     16
#define MIN_BAND_ROWS 4
#define MIN_VECTORS   16

#define ROW_FLOATS_MAX (1 << 26)
#define WEIGHTS_MAX    (1 << 28)
#define PIXELS_MAX     (1 << 28)
#define PHASES_MAX     64

typedef struct
{
  const RfConv *conv;
  const RfCorrelation *correlation;
  int n, bands;
  const float *in, *weights, *bias;
  float *packed, *out;
} Job;

/* Tables of offsets are of ints and must stay small next to what is computed: not so for the shapes
 * of a typing error, which are planned only to be refused for their memory. */
static gboolean
applies (const RfConv *conv)
{
  const RfConvShape *shape = &conv->shape;
  double rows = shape->stride[0] + (shape->kernel[0] - 1.0) * shape->dilation[0];
  double columns = MAX ((double) shape->out_width * shape->stride[1], shape->in_width)
                   + (shape->kernel[1] - 1.0) * shape->dilation[1];

  return conv->kernels->tile != NULL
         && rows * columns * MAX (conv->group_in, conv->group_out) <= ROW_FLOATS_MAX
         && (double) shape->out_channels * conv->depth <= WEIGHTS_MAX
         && MAX (conv->in_pixels, conv->out_pixels) <= PIXELS_MAX
         && shape->stride[0] * shape->stride[1] <= PHASES_MAX;
}

static int
divide_up (int a, int b)
{
  return (a + b - 1) / b;
}

/* Input rows (@axis 0) or columns that @out output ones read, of each phase. */
static int
phase_length (const RfCorrelation *correlation, int axis, int out)
{
  int stride = correlation->stride[axis];
  int reach = MAX (correlation->taps[axis] - 1, 0) * correlation->dilation[axis];

  return divide_up ((out - 1) * stride + reach + 1, stride);
}

static gsize
phase_floats (const RfCorrelation *correlation)
{
  return (gsize) correlation->phase_rows * (gsize) correlation->phase_columns;
}

static gsize
channel_floats (const RfCorrelation *correlation)
{
  return phase_floats (correlation) * (gsize) (correlation->stride[0] * correlation->stride[1]);
}

/* Vectors that @rows output rows of one sample take. */
static int
count_vectors (const RfCorrelation *correlation, int lanes, int rows)
{
  int width = correlation->out_size[1];

  if (correlation->runs_on)
    return divide_up ((rows - 1) * correlation->phase_columns + width, lanes);
  return rows * divide_up (width, lanes);
}

static void
plan_offsets (RfCorrelation *correlation)
{
  const int *stride = correlation->stride, *dilation = correlation->dilation;
  int *offset = correlation->offsets = g_new (int, MAX (correlation->depth, 1));

  for (int c = 0; c < correlation->in_channels; c++)
    for (int u = 0; u < correlation->taps[0]; u++)
      for (int v = 0; v < correlation->taps[1]; v++)
        {
          int row = u * dilation[0], column = v * dilation[1];
          int phase = row % stride[0] * stride[1] + column % stride[1];

          *offset++ = c * (int) channel_floats (correlation)
                      + phase * (int) phase_floats (correlation)
                      + row / stride[0] * correlation->phase_columns + column / stride[1];
        }
}

/* Where sums begin in the worker's scratch: after the padded copies, beyond whose end vectors may
 * be loaded. */
static gsize
sums_offset (const RfCorrelation *correlation, int lanes)
{
  gsize copies
      = (gsize) (correlation->samples * correlation->in_channels) * channel_floats (correlation);

  return (copies / (gsize) lanes + 2) * (gsize) lanes;
}

/* Fills in what follows from the mathematics; grows the worker's scratch. */
static void
plan_correlation (RfConv *conv, RfCorrelation *correlation)
{
  const RfTile *tile = conv->kernels->tile;
  const int *out_size = correlation->out_size;
  int wanted_bands = divide_up (MIN_ITEMS, conv->capacity);
  gsize floats;

  correlation->depth = correlation->in_channels * correlation->taps[0] * correlation->taps[1];
  correlation->depth_blocks = CLAMP (correlation->depth / DEPTH_BLOCK, 1, correlation->in_channels);
  correlation->row_blocks = divide_up (correlation->out_channels, tile->max_rows);
  correlation->phase_columns = phase_length (correlation, 1, out_size[1]);

  correlation->band_rows = CLAMP (divide_up (out_size[0], wanted_bands),
                                  MIN (MIN_BAND_ROWS, out_size[0]), out_size[0]);
  for (;;)
    {
      correlation->phase_rows = phase_length (correlation, 0, correlation->band_rows);
      floats = (gsize) correlation->in_channels * channel_floats (correlation);
      if (correlation->band_rows == 1 || floats <= RF_DIRECT_PADDED_FLOATS)
        break;
      correlation->band_rows = divide_up (correlation->band_rows, 2);
    }

  correlation->runs_on = TRUE;
  correlation->band_vectors = count_vectors (correlation, tile->lanes, correlation->band_rows);
  if (correlation->band_rows * divide_up (out_size[1], tile->lanes) <= correlation->band_vectors)
    {
      correlation->runs_on = FALSE;
      correlation->band_vectors = count_vectors (correlation, tile->lanes, correlation->band_rows);
    }

  correlation->samples = 1;
  if (correlation->band_rows == out_size[0])
    {
      int wanted = divide_up (MIN_VECTORS, correlation->band_vectors);
      int most = (int) CLAMP (RF_DIRECT_PADDED_FLOATS / floats, 1, (gsize) conv->capacity);

      correlation->samples = MIN (MIN (wanted, most), MAX (conv->capacity / MIN_ITEMS, 1));
    }
  plan_offsets (correlation);

  floats = sums_offset (correlation, tile->lanes)
           + (gsize) (correlation->samples * correlation->band_vectors * tile->lanes)
                 * (gsize) correlation->out_channels;
  conv->worker_scratch = MAX (conv->worker_scratch, floats);
}

static void
plan_forward (RfConv *conv, RfCorrelation *forward)
{
  const RfConvShape *shape = &conv->shape;

  *forward = (RfCorrelation){
    .in_channels = conv->group_in,
    .out_channels = conv->group_out,
    .in_size = { shape->in_height, shape->in_width },
    .out_size = { shape->out_height, shape->out_width },
    .dest_size = { shape->out_height, shape->out_width },
    .dest_stride = { 1, 1 },
    .tap_step = { 1, 1 },
  };
  for (int axis = 0; axis < 2; axis++)
    {
      forward->taps[axis] = shape->kernel[axis];
      forward->stride[axis] = shape->stride[axis];
      forward->dilation[axis] = shape->dilation[axis];
      forward->start[axis] = -shape->padding[axis];
    }
  plan_correlation (conv, forward);
}

/* One axis of the gradient at input rows phase + t · stride. Tap u of the kernel reached them from
 * output row t + (phase + padding - u · dilation) / stride, where that divides: every step-th tap,
 * from the last backwards, so that the output rows go up. */
static void
plan_backward_axis (const RfConvShape *shape, int axis, int in, int phase,
                    RfCorrelation *correlation)
{
  int stride = shape->stride[axis], dilation = shape->dilation[axis];
  int offset = phase + shape->padding[axis], count = 0, last = 0, step = 0;

  for (int u = 0; u < shape->kernel[axis]; u++)
    if ((offset - u * dilation) % stride == 0)
      {
        step = u - last;
        last = u;
        count++;
      }
  step = count > 1 ? step : 1;

  correlation->taps[axis] = count;
  correlation->tap_first[axis] = last;
  correlation->tap_step[axis] = -step;
  correlation->stride[axis] = 1;
  correlation->dilation[axis] = count > 1 ? step * dilation / stride : 1;
  correlation->start[axis] = count > 0 ? (offset - last * dilation) / stride : 0;
  correlation->out_size[axis] = divide_up (in - phase, stride);
  correlation->dest_size[axis] = in;
  correlation->dest_first[axis] = phase;
  correlation->dest_stride[axis] = stride;
}

static void
plan_backward (RfConv *conv, RfDirect *direct)
{
  const RfConvShape *shape = &conv->shape;
  int rows = MIN (shape->stride[0], shape->in_height);
  int columns = MIN (shape->stride[1], shape->in_width);

  direct->n_backward = rows * columns;
  direct->backward = g_new0 (RfCorrelation, direct->n_backward);
  for (int i = 0; i < direct->n_backward; i++)
    {
      RfCorrelation *backward = &direct->backward[i];

      backward->in_channels = conv->group_out;
      backward->out_channels = conv->group_in;
      backward->transposed = TRUE;
      backward->in_size[0] = shape->out_height;
      backward->in_size[1] = shape->out_width;
      plan_backward_axis (shape, 0, shape->in_height, i / columns, backward);
      plan_backward_axis (shape, 1, shape->in_width, i % columns, backward);
      plan_correlation (conv, backward);
    }
}

static void
plan (RfConv *conv)
{
  RfDirect *direct = g_new0 (RfDirect, 1);

  conv->data = direct;
  conv->shared_scratch = (gsize) conv->shape.out_channels * (gsize) conv->depth;
  plan_forward (conv, &direct->forward);
  if (conv->training)
    {
      plan_backward (conv, direct);
      rf_direct_plan_gradient (conv, &direct->gradient);
    }
}

static void
free_plan (RfConv *conv)
{
  RfDirect *direct = conv->data;

  g_free (direct->forward.offsets);
  for (int i = 0; i < direct->n_backward; i++)
    g_free (direct->backward[i].offsets);
  g_free (direct->backward);
  g_free (direct->gradient.pixel_offsets);
  g_free (direct->gradient.unit_offsets);
  g_free (direct);
}

/* Packs the weights of one block of output channels, for each block of the depth in the order in
 * which tiles read them: depth × rows. */
static void
pack_rows (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfCorrelation *correlation = job->correlation;
  const int *kernel = conv->shape.kernel;
  int group = item / correlation->row_blocks, block = item % correlation->row_blocks;
  int first = rf_conv_part (correlation->out_channels, correlation->row_blocks, block);
  int rows = rf_conv_part (correlation->out_channels, correlation->row_blocks, block + 1) - first;
  int taps = correlation->taps[0] * correlation->taps[1];
  int kernel_taps = kernel[0] * kernel[1];
  gsize o_step = (gsize) (correlation->transposed ? kernel_taps : conv->depth);
  gsize c_step = (gsize) (correlation->transposed ? conv->depth : kernel_taps);
  const float *weights = job->weights
                         + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth
                         + (gsize) first * o_step;
  float *packed = job->packed
                  + (gsize) group * (gsize) correlation->out_channels * (gsize) correlation->depth;

  for (int d = 0; d < correlation->depth_blocks; d++)
    {
      int c0 = rf_conv_part (correlation->in_channels, correlation->depth_blocks, d);
      int c1 = rf_conv_part (correlation->in_channels, correlation->depth_blocks, d + 1);
      float *out = packed + (gsize) (c0 * taps) * (gsize) correlation->out_channels
                   + (gsize) ((c1 - c0) * taps) * (gsize) first;

      for (int c = c0; c < c1; c++)
        for (int u = 0; u < correlation->taps[0]; u++)
          for (int v = 0; v < correlation->taps[1]; v++)
            {
              int row = correlation->tap_first[0] + u * correlation->tap_step[0];
              int column = correlation->tap_first[1] + v * correlation->tap_step[1];
              const float *tap = weights + (gsize) c * c_step + row * kernel[1] + column;

              for (int r = 0; r < rows; r++)
                *out++ = tap[(gsize) r * o_step];
            }
    }
}

/* One phase of a channel's padded copy: rows first_row + t · stride of the plane, t < phase_rows,
 * and likewise columns; zero outside. */
static void
copy_phase (const RfCorrelation *correlation, const RfTile *tile, const float *plane, int first_row,
            int first_column, float *out)
{
  int width = correlation->in_size[1], columns = correlation->phase_columns;
  int stride = correlation->stride[1], first, end;

  rf_conv_valid_range (columns, width, stride, -first_column, 0, &first, &end);
  for (int t = 0; t < correlation->phase_rows; t++, out += columns)
    {
      int row = first_row + t * correlation->stride[0];
      const float *in = plane + ((gssize) row * width + first_column);

      if (row < 0 || row >= correlation->in_size[0])
        {
          memset (out, 0, (gsize) columns * sizeof (float));
          continue;
        }
      for (int j = 0; j < first; j++)
        out[j] = 0;
      if (stride == 1)
        memcpy (out + first, in + first, (gsize) (end - first) * sizeof (float));
      else
        tile->take_every (in + first * stride, stride, end - first, out + first);
      for (int j = end; j < columns; j++)
        out[j] = 0;
    }
}

/* Whether some tap reads the rows or columns that leave this remainder. */
static gboolean
reads_phase (const RfCorrelation *correlation, int axis, int remainder)
{
  for (int tap = 0; tap < correlation->taps[axis]; tap++)
    if (tap * correlation->dilation[axis] % correlation->stride[axis] == remainder)
      return TRUE;
  return FALSE;
}

static void
copy_padded (const RfCorrelation *correlation, const RfTile *tile, const float *in, int first_row,
             float *out)
{
  gsize plane = (gsize) correlation->in_size[0] * (gsize) correlation->in_size[1];

  for (int a = 0; a < correlation->stride[0]; a++)
    for (int b = 0; b < correlation->stride[1]; b++, out += phase_floats (correlation))
      if (reads_phase (correlation, 0, a) && reads_phase (correlation, 1, b))
        for (int c = 0; c < correlation->in_channels; c++)
          copy_phase (correlation, tile, in + (gsize) c * plane, first_row + a,
                      correlation->start[1] + b, out + (gsize) c * channel_floats (correlation));
}

/* Where vector @index of a band begins in the padded copy: row by row, or running on. */
static gsize
vector_source (const RfCorrelation *correlation, int lanes, int index)
{
  int in_row = divide_up (correlation->out_size[1], lanes);

  if (correlation->runs_on)
    return (gsize) (index * lanes);
  return (gsize) (index / in_row * correlation->phase_columns + index % in_row * lanes);
}

/* One group of one item: what its tiles read and write. */
typedef struct
{
  const float *padded, *packed, *bias;
  gsize padded_sample;  /* from sample to sample */
  int vectors, samples; /* vectors of each sample */
  float *out;
  gsize out_sample, ld_out; /* from sample to sample, from channel to channel */
} Band;

static void
multiply_vectors (const Job *job, const Band *band, int depth_block, int pair)
{
  const RfCorrelation *correlation = job->correlation;
  const RfTile *tile = job->conv->kernels->tile;
  int taps = correlation->taps[0] * correlation->taps[1];
  int k0 = rf_conv_part (correlation->in_channels, correlation->depth_blocks, depth_block) * taps;
  int k1
      = rf_conv_part (correlation->in_channels, correlation->depth_blocks, depth_block + 1) * taps;
  const float *packed = band->packed + (gsize) k0 * (gsize) correlation->out_channels;
  const float *b[2];
  float *out[2];

  for (int half = 0; half < 2; half++)
    {
      /* An odd last vector is computed twice, side by side. */
      int index = MIN (2 * pair + half, band->samples * band->vectors - 1);
      int sample = index / band->vectors, vector = index % band->vectors;

      b[half] = band->padded + (gsize) sample * band->padded_sample
                + vector_source (correlation, tile->lanes, vector);
      out[half] = band->out + (gsize) sample * band->out_sample + vector * tile->lanes;
    }
  for (int block = 0; block < correlation->row_blocks; block++)
    {
      int first = rf_conv_part (correlation->out_channels, correlation->row_blocks, block);
      int end = rf_conv_part (correlation->out_channels, correlation->row_blocks, block + 1);
      float *c[2]
          = { out[0] + (gsize) first * band->ld_out, out[1] + (gsize) first * band->ld_out };

      tile->multiply (end - first, k1 - k0, packed + (gsize) first * (gsize) (k1 - k0), b,
                      correlation->offsets + k0, depth_block > 0,
                      band->bias ? band->bias + first : NULL, c, band->ld_out);
    }
}

/* Copies the valid pixels of one sample's band from scratch to where they belong. */
static void
place_pixels (const RfCorrelation *correlation, int lanes, const float *sums, gsize ld_sums, int i0,
              int rows, float *out)
{
  const int *dest_size = correlation->dest_size, *dest_stride = correlation->dest_stride;
  int width = correlation->out_size[1];
  int pitch = correlation->runs_on ? correlation->phase_columns : divide_up (width, lanes) * lanes;

  out += correlation->dest_first[0] * dest_size[1] + correlation->dest_first[1];
  for (int o = 0; o < correlation->out_channels; o++, sums += ld_sums)
    for (int i = 0; i < rows; i++)
      {
        const float *from = sums + i * pitch;
        float *to = out
                    + ((gsize) o * (gsize) dest_size[0] + (gsize) ((i0 + i) * dest_stride[0]))
                          * (gsize) dest_size[1];

        if (dest_stride[1] == 1)
          memcpy (to, from, (gsize) width * sizeof (float));
        else
          for (int j = 0; j < width; j++)
            to[j * dest_stride[1]] = from[j];
      }
}

static gboolean
writes_in_place (const RfCorrelation *correlation, int lanes)
{
  return !correlation->runs_on && correlation->out_size[1] % lanes == 0
         && correlation->dest_stride[0] == 1 && correlation->dest_stride[1] == 1;
}

static void
compute_band (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfCorrelation *correlation = job->correlation;
  int lanes = conv->kernels->tile->lanes;
  int first = item / job->bands * correlation->samples;
  int i0 = item % job->bands * correlation->band_rows;
  int rows = MIN (correlation->band_rows, correlation->out_size[0] - i0);
  int groups = conv->shape.groups;
  gsize in_group = (gsize) correlation->in_channels
                   * (gsize) (correlation->in_size[0] * correlation->in_size[1]);
  gsize out_plane = (gsize) (correlation->dest_size[0] * correlation->dest_size[1]);
  gsize out_group = (gsize) correlation->out_channels * out_plane;
  float *scratch = rf_pool_scratch (worker);
  gboolean in_place = writes_in_place (correlation, lanes);
  Band band = {
    .padded = scratch,
    .padded_sample = (gsize) correlation->in_channels * channel_floats (correlation),
    .vectors = count_vectors (correlation, lanes, rows),
    .samples = MIN (correlation->samples, job->n - first),
  };
  float *sums = scratch + sums_offset (correlation, lanes);
  gsize ld_sums = (gsize) (band.samples * band.vectors * lanes);

  for (int group = 0; group < groups; group++)
    {
      const float *in = job->in + ((gsize) first * (gsize) groups + (gsize) group) * in_group;
      float *out = job->out + ((gsize) first * (gsize) groups + (gsize) group) * out_group;

      for (int s = 0; s < band.samples; s++)
        copy_padded (correlation, conv->kernels->tile, in + (gsize) (s * groups) * in_group,
                     i0 * correlation->stride[0] + correlation->start[0],
                     scratch + (gsize) s * band.padded_sample);
      band.packed
          = job->packed + (gsize) (group * correlation->out_channels) * (gsize) correlation->depth;
      band.bias = job->bias ? job->bias + group * correlation->out_channels : NULL;
      band.out = in_place ? out + i0 * correlation->out_size[1] : sums;
      band.out_sample = in_place ? (gsize) groups * out_group : (gsize) (band.vectors * lanes);
      band.ld_out = in_place ? out_plane : ld_sums;

      for (int block = 0; block < correlation->depth_blocks; block++)
        for (int pair = 0; pair < divide_up (band.samples * band.vectors, 2); pair++)
          multiply_vectors (job, &band, block, pair);
      for (int s = 0; s < band.samples && !in_place; s++)
        place_pixels (correlation, lanes, sums + (gsize) s * band.out_sample, ld_sums, i0, rows,
                      out + (gsize) (s * groups) * out_group);
    }
}

static void
correlate (const RfConv *conv, const RfCorrelation *correlation, int n, const float *in,
           const float *weights, const float *bias, float *out, float *packed)
{
  Job job = {
    .conv = conv,
    .correlation = correlation,
    .n = n,
    .bands = divide_up (correlation->out_size[0], correlation->band_rows),
    .in = in,
    .weights = weights,
    .bias = bias,
    .packed = packed,
    .out = out,
  };

  rf_pool_run (conv->shape.groups * correlation->row_blocks, pack_rows, &job);
  rf_pool_run (divide_up (n, correlation->samples) * job.bands, compute_band, &job);
}

static void
forward (const RfConv *conv, int n, const float *x, const float *weights, const float *bias,
         float *y, float *shared)
{
  const RfDirect *direct = conv->data;

  correlate (conv, &direct->forward, n, x, weights, bias, y, shared);
}

static void
backward_input (const RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                float *shared)
{
  const RfDirect *direct = conv->data;

  for (int i = 0; i < direct->n_backward; i++)
    correlate (conv, &direct->backward[i], n, dy, weights, NULL, dx, shared);
}

const RfConvAlgorithm rf_conv_direct = {
  .name = "direct",
  .applies = applies,
  .plan = plan,
  .free_plan = free_plan,
  .forward = forward,
  .backward_input = backward_input,
  .backward_weights = rf_direct_backward_weights,
};
