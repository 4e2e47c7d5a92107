/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a direct convolution: which correlations it is made of, and how each is cut into
 * items that fit the caches and are enough for many threads. A pure function of (shape, capacity,
 * path). */

#include "model/kernels/conv-direct.h"

#define DEPTH_BLOCK   512
#define MIN_ITEMS     16
#define MIN_BAND_ROWS 4
#define MIN_VECTORS   16

#define ROW_FLOATS_MAX (1 << 26)
#define WEIGHTS_MAX    (1 << 28)
#define PIXELS_MAX     (1 << 28)

/* Tables of offsets are of ints and must stay small next to what is computed: not so for the shapes
 * of a typing error, which are planned only to be refused for their memory. */
gboolean
rf_direct_applies (const RfConv *conv, RfConvPass pass)
{
  const RfConvShape *shape = &conv->shape;
  double rows = shape->stride[0] + (shape->kernel[0] - 1.0) * shape->dilation[0];
  double columns = MAX ((double) shape->out_width * shape->stride[1], shape->in_width)
                   + (shape->kernel[1] - 1.0) * shape->dilation[1];

  return conv->kernels->tile != NULL
         && rows * columns * MAX (conv->group_in, conv->group_out) <= ROW_FLOATS_MAX
         && (double) shape->out_channels * conv->depth <= WEIGHTS_MAX
         && MAX (conv->in_pixels, conv->out_pixels) <= PIXELS_MAX
         && (double) shape->stride[0] * shape->stride[1] <= RF_DIRECT_PHASES_MAX;
}

/* Input rows (@axis 0) or columns that @out output ones read, of each phase. */
static int
phase_length (const RfCorrelation *correlation, int axis, int out)
{
  int stride = correlation->stride[axis];
  int reach = MAX (correlation->taps[axis] - 1, 0) * correlation->dilation[axis];

  return rf_divide_up ((out - 1) * stride + reach + 1, stride);
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

          *offset++ = c * (int) rf_direct_channel_floats (correlation)
                      + phase * (int) rf_direct_phase_floats (correlation)
                      + row / stride[0] * correlation->phase_columns + column / stride[1];
        }
}

/* What follows from the number of rows in a band. */
static void
lay_out_band (RfCorrelation *correlation, int lanes)
{
  correlation->phase_rows = phase_length (correlation, 0, correlation->band_rows);
  correlation->runs_on = TRUE;
  correlation->band_vectors = rf_direct_count_vectors (correlation, lanes, correlation->band_rows);
  if (correlation->band_rows * rf_divide_up (correlation->out_size[1], lanes)
      <= correlation->band_vectors)
    {
      correlation->runs_on = FALSE;
      correlation->band_vectors
          = rf_direct_count_vectors (correlation, lanes, correlation->band_rows);
    }
}

/* Rows in a band and samples in an item, as would be best for this correlation alone. */
static void
cut_into_items (const RfConv *conv, RfCorrelation *correlation)
{
  const int *out_size = correlation->out_size;
  int wanted_bands = rf_divide_up (MIN_ITEMS, conv->capacity);
  gsize floats;

  correlation->depth = correlation->in_channels * correlation->taps[0] * correlation->taps[1];
  correlation->depth_blocks = CLAMP (correlation->depth / DEPTH_BLOCK, 1, correlation->in_channels);
  correlation->row_blocks = rf_divide_up (correlation->out_channels, conv->kernels->tile->max_rows);
  correlation->phase_columns = phase_length (correlation, 1, out_size[1]);

  correlation->band_rows = CLAMP (rf_divide_up (out_size[0], wanted_bands),
                                  MIN (MIN_BAND_ROWS, out_size[0]), out_size[0]);
  for (;;)
    {
      lay_out_band (correlation, conv->kernels->tile->lanes);
      floats = (gsize) correlation->in_channels * rf_direct_channel_floats (correlation);
      if (correlation->band_rows == 1 || floats <= RF_DIRECT_PADDED_FLOATS)
        break;
      correlation->band_rows = rf_divide_up (correlation->band_rows, 2);
    }

  correlation->samples = 1;
  if (correlation->band_rows == out_size[0])
    {
      int wanted = rf_divide_up (MIN_VECTORS, correlation->band_vectors);
      int most = (int) CLAMP (RF_DIRECT_PADDED_FLOATS / floats, 1, (gsize) conv->capacity);

      correlation->samples = MIN (MIN (wanted, most), MAX (conv->capacity / MIN_ITEMS, 1));
    }
}

/* Cuts the correlations of a pass alike, as an item makes its part of all of them; grows the
 * worker's scratch. */
static void
plan_correlations (RfConv *conv, RfDirect *direct)
{
  int lanes = conv->kernels->tile->lanes;

  direct->bands = 1;
  direct->samples = conv->capacity;
  for (int i = 0; i < direct->n_correlations; i++)
    {
      RfCorrelation *correlation = &direct->correlations[i];

      cut_into_items (conv, correlation);
      direct->bands
          = MAX (direct->bands, rf_divide_up (correlation->out_size[0], correlation->band_rows));
      direct->samples = MIN (direct->samples, correlation->samples);
    }
  for (int i = 0; i < direct->n_correlations; i++)
    {
      RfCorrelation *correlation = &direct->correlations[i];

      correlation->band_rows = rf_divide_up (correlation->out_size[0], direct->bands);
      correlation->samples = direct->samples;
      lay_out_band (correlation, lanes);
      plan_offsets (correlation);
      rf_conv_need_scratch (conv, 0,
                            rf_direct_sums_offset (correlation, lanes)
                                + (gsize) (correlation->samples * correlation->band_vectors * lanes)
                                      * (gsize) correlation->out_channels);
    }
}

static void
plan_forward (RfConv *conv, RfDirect *direct)
{
  const RfConvShape *shape = &conv->shape;
  RfCorrelation *forward = direct->correlations = g_new0 (RfCorrelation, 1);

  direct->n_correlations = 1;
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
  correlation->out_size[axis] = rf_divide_up (in - phase, stride);
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

  direct->n_correlations = rows * columns;
  direct->correlations = g_new0 (RfCorrelation, direct->n_correlations);
  for (int i = 0; i < direct->n_correlations; i++)
    {
      RfCorrelation *backward = &direct->correlations[i];

      backward->in_channels = conv->group_out;
      backward->out_channels = conv->group_in;
      backward->transposed = TRUE;
      backward->in_size[0] = shape->out_height;
      backward->in_size[1] = shape->out_width;
      plan_backward_axis (shape, 0, shape->in_height, i / columns, backward);
      plan_backward_axis (shape, 1, shape->in_width, i % columns, backward);
    }
}

void
rf_direct_plan (RfConv *conv, RfConvPass pass)
{
  RfDirect *direct = g_new0 (RfDirect, 1);

  conv->data[pass] = direct;
  if (pass == RF_CONV_WEIGHTS)
    {
      rf_direct_plan_gradient (conv, &direct->gradient);
      return;
    }
  if (pass == RF_CONV_FORWARD)
    plan_forward (conv, direct);
  else
    plan_backward (conv, direct);
  plan_correlations (conv, direct);
  /* For the packed weights. */
  rf_conv_need_scratch (conv, (gsize) conv->shape.out_channels * (gsize) conv->depth, 0);
}

void
rf_direct_free_plan (RfConv *conv, RfConvPass pass)
{
  RfDirect *direct = conv->data[pass];

  for (int i = 0; i < direct->n_correlations; i++)
    g_free (direct->correlations[i].offsets);
  g_free (direct->correlations);
  g_free (direct->gradient.pixel_offsets);
  g_free (direct->gradient.unit_offsets);
  g_free (direct);
}
