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

typedef struct
{
  const RfConv *conv;
  const RfCorrelation *correlation;
  int n;
  const float *in, *weights, *bias;
  const RfConvFinish *finish;
  float *packed, *out;
} Job;

/* All correlations of a pass, which an item makes its band of one after another. */
typedef struct
{
  Job jobs[RF_DIRECT_PHASES_MAX];
  int n_jobs, bands, samples;
} Pass;

/* Packs the weights of one block of output channels, for each block of the depth in the order in
 * which tiles read them: depth × rows. */
static void
pack_rows (const Job *job, int item)
{
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

static void
pack_item (void *data, int item, int worker)
{
  const Pass *pass = data;

  for (int i = 0; i < pass->n_jobs; i++)
    pack_rows (&pass->jobs[i], item);
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
    for (int b = 0; b < correlation->stride[1]; b++, out += rf_direct_phase_floats (correlation))
      if (reads_phase (correlation, 0, a) && reads_phase (correlation, 1, b))
        for (int c = 0; c < correlation->in_channels; c++)
          copy_phase (correlation, tile, in + (gsize) c * plane, first_row + a,
                      correlation->start[1] + b,
                      out + (gsize) c * rf_direct_channel_floats (correlation));
}

/* Where vector @index of a band begins in the padded copy: row by row, or running on. */
static gsize
vector_source (const RfCorrelation *correlation, int lanes, int index)
{
  int in_row = rf_divide_up (correlation->out_size[1], lanes);

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

/* Copies the valid pixels of one sample's band from scratch to where they belong; those that no tap
 * reached are zero. */
static void
place_pixels (const RfCorrelation *correlation, int lanes, const float *sums, gsize ld_sums, int i0,
              int rows, float *out)
{
  const int *dest_size = correlation->dest_size, *dest_stride = correlation->dest_stride;
  int width = correlation->out_size[1];
  int pitch
      = correlation->runs_on ? correlation->phase_columns : rf_divide_up (width, lanes) * lanes;

  out += correlation->dest_first[0] * dest_size[1] + correlation->dest_first[1];
  for (int o = 0; o < correlation->out_channels; o++, sums += ld_sums)
    for (int i = 0; i < rows; i++)
      {
        const float *from = sums + i * pitch;
        float *to = out
                    + ((gsize) o * (gsize) dest_size[0] + (gsize) ((i0 + i) * dest_stride[0]))
                          * (gsize) dest_size[1];

        if (correlation->depth == 0)
          for (int j = 0; j < width; j++)
            to[j * dest_stride[1]] = 0;
        else if (dest_stride[1] == 1)
          memcpy (to, from, (gsize) width * sizeof (float));
        else
          for (int j = 0; j < width; j++)
            to[j * dest_stride[1]] = from[j];
      }
}

/* Finishes what compute_band() wrote of one group: whole rows of the output. */
static void
finish_band (const Job *job, int samples, int groups, int i0, int rows, float *out)
{
  const RfCorrelation *correlation = job->correlation;
  gsize width = (gsize) correlation->dest_size[1];
  gsize plane = (gsize) correlation->dest_size[0] * width;

  for (int s = 0; s < samples; s++)
    for (int o = 0; o < correlation->out_channels; o++)
      rf_conv_finish (job->conv, job->finish, job->out,
                      out + (gsize) (s * groups * correlation->out_channels + o) * plane
                          + (gsize) i0 * width,
                      (gsize) rows * width);
}

static gboolean
writes_in_place (const RfCorrelation *correlation, int lanes)
{
  return !correlation->runs_on && correlation->out_size[1] % lanes == 0
         && correlation->dest_stride[0] == 1 && correlation->dest_stride[1] == 1;
}

/* Band @index of one correlation, of the samples from @first on. */
static void
compute_band (const Job *job, int first, int index, float *scratch)
{
  const RfConv *conv = job->conv;
  const RfCorrelation *correlation = job->correlation;
  int lanes = conv->kernels->tile->lanes;
  int i0 = index * correlation->band_rows;
  int rows = MIN (correlation->band_rows, correlation->out_size[0] - i0);
  int groups = conv->shape.groups;
  gsize in_group = (gsize) correlation->in_channels
                   * (gsize) (correlation->in_size[0] * correlation->in_size[1]);
  gsize out_plane = (gsize) (correlation->dest_size[0] * correlation->dest_size[1]);
  gsize out_group = (gsize) correlation->out_channels * out_plane;
  gboolean in_place = writes_in_place (correlation, lanes) && correlation->depth > 0;
  Band band = {
    .padded = scratch,
    .padded_sample = (gsize) correlation->in_channels * rf_direct_channel_floats (correlation),
    .vectors = rf_direct_count_vectors (correlation, lanes, rows),
    .samples = MIN (correlation->samples, job->n - first),
  };
  float *sums = scratch + rf_direct_sums_offset (correlation, lanes);
  gsize ld_sums = (gsize) (band.samples * band.vectors * lanes);

  if (rows <= 0)
    return;
  for (int group = 0; group < groups; group++)
    {
      const float *in = job->in + ((gsize) first * (gsize) groups + (gsize) group) * in_group;
      float *out = job->out + ((gsize) first * (gsize) groups + (gsize) group) * out_group;

      for (int s = 0; s < band.samples && correlation->depth > 0; s++)
        copy_padded (correlation, conv->kernels->tile, in + (gsize) (s * groups) * in_group,
                     i0 * correlation->stride[0] + correlation->start[0],
                     scratch + (gsize) s * band.padded_sample);
      band.packed
          = job->packed + (gsize) (group * correlation->out_channels) * (gsize) correlation->depth;
      band.bias = job->bias ? job->bias + group * correlation->out_channels : NULL;
      band.out = in_place ? out + i0 * correlation->out_size[1] : sums;
      band.out_sample = in_place ? (gsize) groups * out_group : (gsize) (band.vectors * lanes);
      band.ld_out = in_place ? out_plane : ld_sums;

      for (int block = 0; block < correlation->depth_blocks && correlation->depth > 0; block++)
        for (int pair = 0; pair < rf_divide_up (band.samples * band.vectors, 2); pair++)
          multiply_vectors (job, &band, block, pair);
      for (int s = 0; s < band.samples && !in_place; s++)
        place_pixels (correlation, lanes, sums + (gsize) s * band.out_sample, ld_sums, i0, rows,
                      out + (gsize) (s * groups) * out_group);
      if (job->finish)
        finish_band (job, band.samples, groups, i0, rows, out);
    }
}

static void
compute_item (void *data, int item, int worker)
{
  const Pass *pass = data;

  for (int i = 0; i < pass->n_jobs; i++)
    compute_band (&pass->jobs[i], item / pass->bands * pass->samples, item % pass->bands,
                  rf_pool_scratch (worker));
}

static void
correlate (const RfConv *conv, const RfDirect *direct, int n, const float *in, const float *weights,
           const float *bias, const RfConvFinish *finish, float *out, float *packed)
{
  Pass pass
      = { .n_jobs = direct->n_correlations, .bands = direct->bands, .samples = direct->samples };

  for (int i = 0; i < pass.n_jobs; i++)
    {
      const RfCorrelation *correlation = &direct->correlations[i];

      pass.jobs[i] = (Job){ conv, correlation, n, in, weights, bias, finish, packed, out };
      packed
          += (gsize) (conv->shape.groups * correlation->out_channels) * (gsize) correlation->depth;
    }
  /* As many blocks of rows in each. */
  rf_pool_run (conv->shape.groups * direct->correlations->row_blocks, pack_item, &pass);
  rf_pool_run (rf_divide_up (n, pass.samples) * pass.bands, compute_item, &pass);
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

const RfConvAlgorithm rf_conv_direct = {
  .name = "direct",
  .applies = rf_direct_applies,
  .plan = rf_direct_plan,
  .free_plan = rf_direct_free_plan,
  .forward = forward,
  .backward_input = backward_input,
  .backward_weights = rf_direct_backward_weights,
};
