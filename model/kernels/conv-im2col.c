/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution as a matrix product (Chellapilla et al., 2006): the input is unfolded into a matrix
 * with a row for each tap of the kernel and a column for each output pixel,
 *
 *   Y [out, pixels] = W [out, depth] · U [depth, pixels]         depth = in · kernel height · width
 *   dU = Wᵀ dY, folded back into dX;    dW = Σ over samples dY Uᵀ
 *
 * each group by itself. An item is a tile: rows of one sample's output, so that U stays in the
 * second cache, or several samples where planes are small, so that products stay large; then
 * products are made side by side in scratch and copied. The gradient of the weights is summed apart
 * over parts of the batch, whose number depends on shape and batch alone, and then added up in
 * their order. */

#include <string.h>

#include "model/base/pool.h"
#include "model/kernels/blas.h"
#include "model/kernels/conv-private.h"

#define UNFOLDED_FLOATS     (1 << 17) /* of a tile of rows: fits a second cache */
#define UNFOLDED_FLOATS_MAX (1 << 20) /* of several samples, where one is narrower than … */
#define NARROW_PIXELS       256
#define MIN_ITEMS           16
#define MAX_PARTS           16
#define PARTIAL_FLOATS_MAX  (1 << 23)

typedef struct
{
  int tile_rows;    /* rows of an output plane in a tile, if it is a part of one sample */
  int tile_samples; /* samples in a tile, if it is whole samples */
  int parts;        /* of the gradient of the weights */
} Tiling;

typedef struct
{
  const RfConv *conv;
  const Tiling *tiling;
  int n, parts, row_tiles;
  const float *x, *weights, *bias, *dy;
  float *y, *dx, *d_weights;
} Job;

static gboolean
applies (const RfConv *conv, RfConvPass pass)
{
  return conv->path != RF_KERNELS_REFERENCE;
}

/* A 1×1 kernel at stride 1: the input is its own unfolding. */
static gboolean
is_pointwise (const RfConvShape *shape)
{
  return shape->kernel[0] == 1 && shape->kernel[1] == 1 && shape->stride[0] == 1
         && shape->stride[1] == 1 && shape->padding[0] == 0 && shape->padding[1] == 0;
}

static gsize
weight_floats (const RfConv *conv)
{
  return (gsize) conv->shape.out_channels * (gsize) conv->depth;
}

static void
plan (RfConv *conv, RfConvPass pass)
{
  Tiling *tiling = g_new0 (Tiling, 1);
  gsize sample = (gsize) conv->depth * (gsize) conv->out_pixels;
  gsize row = (gsize) conv->depth * (gsize) conv->shape.out_width;
  gsize columns;

  conv->data[pass] = tiling;
  tiling->tile_rows = conv->shape.out_height;
  tiling->tile_samples = 1;
  if (conv->out_pixels < NARROW_PIXELS)
    {
      int wanted = rf_divide_up (NARROW_PIXELS, conv->out_pixels);
      int most = (int) MAX (UNFOLDED_FLOATS_MAX / sample, 1);

      tiling->tile_samples = MIN (MIN (wanted, most), MAX (conv->capacity / MIN_ITEMS, 1));
    }
  else
    {
      int most = (int) CLAMP (UNFOLDED_FLOATS / row, 1, (gsize) conv->shape.out_height);
      int tiles = rf_divide_up (conv->shape.out_height, most);

      tiling->tile_rows = rf_divide_up (conv->shape.out_height, tiles);
    }

  columns
      = (gsize) tiling->tile_samples * (gsize) tiling->tile_rows * (gsize) conv->shape.out_width;
  rf_conv_need_scratch (conv, 0, columns * (gsize) conv->depth + columns * (gsize) conv->group_out);
  if (pass == RF_CONV_WEIGHTS)
    {
      tiling->parts = (int) CLAMP (PARTIAL_FLOATS_MAX / weight_floats (conv), 2, MAX_PARTS);
      tiling->parts = MIN (tiling->parts, conv->capacity);
      rf_conv_need_scratch (conv, (gsize) tiling->parts * weight_floats (conv), 0);
    }
}

static void
free_plan (RfConv *conv, RfConvPass pass)
{
  g_free (conv->data[pass]);
}

/* The first number of group @group of sample @sample. */
static gsize
in_offset (const RfConv *conv, int sample, int group)
{
  return ((gsize) sample * (gsize) conv->shape.in_channels + (gsize) (group * conv->group_in))
         * (gsize) conv->in_pixels;
}

static gsize
out_offset (const RfConv *conv, int sample, int group)
{
  return ((gsize) sample * (gsize) conv->shape.out_channels + (gsize) (group * conv->group_out))
         * (gsize) conv->out_pixels;
}

/* One tap over rows @i0 … @i0 + @rows - 1 of the output: out[i, j] = x[input of (i, j) at the tap].
 */
static void
unfold_tap (const RfConvShape *shape, const float *plane, int i0, int rows, int u, int v,
            float *out)
{
  int width = shape->out_width, stride = shape->stride[1];
  int shift = v * shape->dilation[1] - shape->padding[1];
  int first, end;

  rf_conv_valid_range (width, shape->in_width, stride, shape->padding[1], v * shape->dilation[1],
                       &first, &end);
  for (int i = i0; i < i0 + rows; i++, out += width)
    {
      int row = i * shape->stride[0] - shape->padding[0] + u * shape->dilation[0];
      const float *in = plane + (gssize) row * shape->in_width;

      if (row < 0 || row >= shape->in_height)
        {
          memset (out, 0, (gsize) width * sizeof (float));
          continue;
        }
      for (int j = 0; j < first; j++)
        out[j] = 0;
      if (stride == 1)
        memcpy (out + first, in + first + shift, (gsize) (end - first) * sizeof (float));
      else
        for (int j = first; j < end; j++)
          out[j] = in[j * stride + shift];
      for (int j = end; j < width; j++)
        out[j] = 0;
    }
}

/* The transpose of unfold_tap(): adds to the plane. */
static void
fold_tap (const RfConvShape *shape, const float *in, int i0, int rows, int u, int v, float *plane)
{
  int width = shape->out_width, stride = shape->stride[1];
  int shift = v * shape->dilation[1] - shape->padding[1];
  int first, end;

  rf_conv_valid_range (width, shape->in_width, stride, shape->padding[1], v * shape->dilation[1],
                       &first, &end);
  for (int i = i0; i < i0 + rows; i++, in += width)
    {
      int row = i * shape->stride[0] - shape->padding[0] + u * shape->dilation[0];
      float *out = plane + (gssize) row * shape->in_width;

      if (row < 0 || row >= shape->in_height)
        continue;
      if (stride == 1)
        for (int j = first; j < end; j++)
          out[j + shift] += in[j];
      else
        for (int j = first; j < end; j++)
          out[j * stride + shift] += in[j];
    }
}

static void
unfold (const RfConv *conv, const float *x, int i0, int rows, float *columns, gsize ld)
{
  const RfConvShape *shape = &conv->shape;

  for (int c = 0; c < conv->group_in; c++, x += conv->in_pixels)
    for (int u = 0; u < shape->kernel[0]; u++)
      for (int v = 0; v < shape->kernel[1]; v++, columns += ld)
        unfold_tap (shape, x, i0, rows, u, v, columns);
}

static void
fold (const RfConv *conv, const float *columns, gsize ld, int i0, int rows, float *dx)
{
  const RfConvShape *shape = &conv->shape;

  for (int c = 0; c < conv->group_in; c++, dx += conv->in_pixels)
    for (int u = 0; u < shape->kernel[0]; u++)
      for (int v = 0; v < shape->kernel[1]; v++, columns += ld)
        fold_tap (shape, columns, i0, rows, u, v, dx);
}

/* Sets whole rows of @y to the bias of their channel. */
static void
fill_with_bias (const float *bias, int channels, int pixels, float *y, gsize ld)
{
  for (int o = 0; o < channels; o++, y += ld)
    for (int p = 0; p < pixels; p++)
      y[p] = bias[o];
}

/* Rows of one sample's output, written where they belong. */
static void
forward_rows (const Job *job, int sample, int group, int i0, float *columns)
{
  const RfConv *conv = job->conv;
  int rows = MIN (job->tiling->tile_rows, conv->shape.out_height - i0);
  int pixels = rows * conv->shape.out_width;
  const float *x = job->x + in_offset (conv, sample, group);
  const float *weights
      = job->weights + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth;
  float *y = job->y + out_offset (conv, sample, group) + i0 * conv->shape.out_width;
  gboolean pointwise = is_pointwise (&conv->shape);

  if (!pointwise)
    unfold (conv, x, i0, rows, columns, (gsize) pixels);
  if (job->bias)
    fill_with_bias (job->bias + group * conv->group_out, conv->group_out, pixels, y,
                    (gsize) conv->out_pixels);
  rf_blas_sgemm (FALSE, FALSE, conv->group_out, pixels, conv->depth, 1, weights, conv->depth,
                 pointwise ? x + i0 * conv->shape.out_width : columns,
                 pointwise ? conv->in_pixels : pixels, job->bias ? 1 : 0, y, conv->out_pixels);
}

/* Several samples side by side. */
static void
forward_samples (const Job *job, int first, int count, int group, float *columns)
{
  const RfConv *conv = job->conv;
  int pixels = count * conv->out_pixels;
  const float *weights
      = job->weights + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth;
  float *product = columns + (gsize) pixels * (gsize) conv->depth;

  for (int s = 0; s < count; s++)
    unfold (conv, job->x + in_offset (conv, first + s, group), 0, conv->shape.out_height,
            columns + s * conv->out_pixels, (gsize) pixels);
  if (job->bias)
    fill_with_bias (job->bias + group * conv->group_out, conv->group_out, pixels, product,
                    (gsize) pixels);
  rf_blas_sgemm (FALSE, FALSE, conv->group_out, pixels, conv->depth, 1, weights, conv->depth,
                 columns, pixels, job->bias ? 1 : 0, product, pixels);
  for (int s = 0; s < count; s++)
    for (int o = 0; o < conv->group_out; o++)
      memcpy (job->y + out_offset (conv, first + s, group) + (gsize) o * (gsize) conv->out_pixels,
              product + (gsize) o * (gsize) pixels + s * conv->out_pixels,
              (gsize) conv->out_pixels * sizeof (float));
}

static void
forward_tile (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  int first = item / job->row_tiles * job->tiling->tile_samples;
  int count = MIN (job->tiling->tile_samples, job->n - first);
  int i0 = item % job->row_tiles * job->tiling->tile_rows;

  for (int group = 0; group < conv->shape.groups; group++)
    if (job->tiling->tile_samples == 1)
      forward_rows (job, first, group, i0, rf_pool_scratch (worker));
    else
      forward_samples (job, first, count, group, rf_pool_scratch (worker));
}

static void
forward (const RfConv *conv, int n, const float *x, const float *weights, const float *bias,
         const RfConvFinish *finish, float *y, float *shared)
{
  Job job = { .conv = conv,
              .tiling = conv->data[RF_CONV_FORWARD],
              .n = n,
              .x = x,
              .weights = weights,
              .bias = bias,
              .y = y };

  job.row_tiles = rf_divide_up (conv->shape.out_height, job.tiling->tile_rows);
  rf_pool_run (rf_divide_up (n, job.tiling->tile_samples) * job.row_tiles, forward_tile, &job);
  rf_conv_finish_all (conv, finish, n, y);
}

/* Copies @count samples of dy side by side: [group_out, count · pixels]. */
static void
gather_samples (const RfConv *conv, const float *dy, int first, int count, int group, float *out)
{
  for (int o = 0; o < conv->group_out; o++)
    for (int s = 0; s < count; s++, out += conv->out_pixels)
      memcpy (out, dy + out_offset (conv, first + s, group) + (gsize) o * (gsize) conv->out_pixels,
              (gsize) conv->out_pixels * sizeof (float));
}

static void
backward_rows (const Job *job, int sample, int group, int i0, float *columns)
{
  const RfConv *conv = job->conv;
  int rows = MIN (job->tiling->tile_rows, conv->shape.out_height - i0);
  int pixels = rows * conv->shape.out_width;
  const float *weights
      = job->weights + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth;
  const float *dy = job->dy + out_offset (conv, sample, group) + i0 * conv->shape.out_width;
  float *dx = job->dx + in_offset (conv, sample, group);
  gboolean pointwise = is_pointwise (&conv->shape);

  rf_blas_sgemm (TRUE, FALSE, conv->depth, pixels, conv->group_out, 1, weights, conv->depth, dy,
                 conv->out_pixels, 0, pointwise ? dx + i0 * conv->shape.out_width : columns,
                 pointwise ? conv->in_pixels : pixels);
  if (!pointwise)
    fold (conv, columns, (gsize) pixels, i0, rows, dx);
}

static void
backward_samples (const Job *job, int first, int count, int group, float *columns)
{
  const RfConv *conv = job->conv;
  int pixels = count * conv->out_pixels;
  const float *weights
      = job->weights + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth;
  float *dy = columns + (gsize) pixels * (gsize) conv->depth;

  gather_samples (conv, job->dy, first, count, group, dy);
  rf_blas_sgemm (TRUE, FALSE, conv->depth, pixels, conv->group_out, 1, weights, conv->depth, dy,
                 pixels, 0, columns, pixels);
  for (int s = 0; s < count; s++)
    fold (conv, columns + s * conv->out_pixels, (gsize) pixels, 0, conv->shape.out_height,
          job->dx + in_offset (conv, first + s, group));
}

/* Tiles of rows overlap in dx, so that an item is whole samples. */
static void
backward_tile (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  int first = item * job->tiling->tile_samples;
  int count = MIN (job->tiling->tile_samples, job->n - first);

  memset (job->dx + in_offset (conv, first, 0), 0,
          (gsize) count * (gsize) conv->shape.in_channels * (gsize) conv->in_pixels
              * sizeof (float));
  for (int group = 0; group < conv->shape.groups; group++)
    if (job->tiling->tile_samples == 1)
      for (int i0 = 0; i0 < conv->shape.out_height; i0 += job->tiling->tile_rows)
        backward_rows (job, first, group, i0, rf_pool_scratch (worker));
    else
      backward_samples (job, first, count, group, rf_pool_scratch (worker));
}

static void
backward_input (const RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                float *shared)
{
  Job job = { .conv = conv,
              .tiling = conv->data[RF_CONV_INPUT],
              .n = n,
              .dy = dy,
              .weights = weights,
              .dx = dx };

  rf_pool_run (rf_divide_up (n, job.tiling->tile_samples), backward_tile, &job);
}

/* d_weights += dY Uᵀ of the tile (or =, if @fresh). */
static void
add_weight_gradient (const Job *job, int first, int count, int group, int i0, gboolean fresh,
                     float *d_weights, float *columns)
{
  const RfConv *conv = job->conv;
  int rows = MIN (job->tiling->tile_rows, conv->shape.out_height - i0);
  int pixels = count * rows * conv->shape.out_width;
  const float *dy = job->dy + out_offset (conv, first, group) + i0 * conv->shape.out_width;
  const float *unfolded = columns;
  int ld_dy = conv->out_pixels, ld_unfolded = pixels;

  if (count > 1)
    {
      float *gathered = columns + (gsize) pixels * (gsize) conv->depth;

      gather_samples (conv, job->dy, first, count, group, gathered);
      dy = gathered;
      ld_dy = pixels;
    }
  if (count == 1 && is_pointwise (&conv->shape))
    {
      unfolded = job->x + in_offset (conv, first, group) + i0 * conv->shape.out_width;
      ld_unfolded = conv->in_pixels;
    }
  else
    for (int s = 0; s < count; s++)
      unfold (conv, job->x + in_offset (conv, first + s, group), i0, rows,
              columns + s * conv->out_pixels, (gsize) pixels);
  rf_blas_sgemm (FALSE, TRUE, conv->group_out, conv->depth, pixels, 1, dy, ld_dy, unfolded,
                 ld_unfolded, fresh ? 0 : 1, d_weights, conv->depth);
}

static void
sum_part (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  int part = item / conv->shape.groups, group = item % conv->shape.groups;
  int first = rf_conv_part (job->n, job->parts, part);
  int end = rf_conv_part (job->n, job->parts, part + 1);
  float *d_weights = job->d_weights + (gsize) part * weight_floats (conv)
                     + (gsize) group * (gsize) conv->group_out * (gsize) conv->depth;

  for (int sample = first; sample < end; sample += job->tiling->tile_samples)
    for (int i0 = 0; i0 < conv->shape.out_height; i0 += job->tiling->tile_rows)
      add_weight_gradient (job, sample, MIN (job->tiling->tile_samples, end - sample), group, i0,
                           sample == first && i0 == 0, d_weights, rf_pool_scratch (worker));
}

static void
backward_weights (const RfConv *conv, int n, const float *x, const float *dy, float *d_weights,
                  float *shared)
{
  Job job = { .conv = conv, .tiling = conv->data[RF_CONV_WEIGHTS], .n = n, .x = x, .dy = dy };

  job.parts = MIN (job.tiling->parts, n);
  job.d_weights = job.parts == 1 ? d_weights : shared;
  rf_pool_run (job.parts * conv->shape.groups, sum_part, &job);
  if (job.parts > 1)
    rf_conv_add_parts (conv, shared, job.parts, d_weights);
}

const RfConvAlgorithm rf_conv_im2col = {
  .name = "im2col",
  .applies = applies,
  .plan = plan,
  .free_plan = free_plan,
  .forward = forward,
  .backward_input = backward_input,
  .backward_weights = backward_weights,
};
