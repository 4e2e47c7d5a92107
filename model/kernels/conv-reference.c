/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution as the formula in conv.h says it, tap by tap, each number accumulated in double. An
 * item is one channel: of one sample of the output, of one sample of the input, or of the weights.
 */

#include <string.h>

#include "model/base/pool.h"
#include "model/kernels/conv-private.h"

typedef struct
{
  const RfConv *conv;
  int n;
  const float *x, *weights, *bias, *dy;
  float *y, *dx, *d_weights;
} Job;

static gboolean
applies (const RfConv *conv, RfConvPass pass)
{
  return TRUE;
}

/* Each worker sums one plane in double. */
static void
plan (RfConv *conv, RfConvPass pass)
{
  rf_conv_need_scratch (conv, 0,
                        (gsize) MAX (conv->in_pixels, conv->out_pixels)
                            * (sizeof (double) / sizeof (float)));
}

/* One tap of the kernel over a plane: output (i, j) reads input (i · stride + row_shift, j · stride
 * + column_shift), which is inside for the given ranges of i and j. */
typedef struct
{
  int row_shift, column_shift;
  int first_row, end_row, first_column, end_column;
} Tap;

static Tap
tap_at (const RfConvShape *shape, int u, int v)
{
  Tap tap = {
    .row_shift = u * shape->dilation[0] - shape->padding[0],
    .column_shift = v * shape->dilation[1] - shape->padding[1],
  };

  rf_conv_valid_range (shape->out_height, shape->in_height, shape->stride[0], shape->padding[0],
                       u * shape->dilation[0], &tap.first_row, &tap.end_row);
  rf_conv_valid_range (shape->out_width, shape->in_width, shape->stride[1], shape->padding[1],
                       v * shape->dilation[1], &tap.first_column, &tap.end_column);
  return tap;
}

/* sums += w · x of one input plane. */
static void
correlate (const RfConvShape *shape, const float *x, const float *kernel, double *sums)
{
  for (int u = 0; u < shape->kernel[0]; u++)
    for (int v = 0; v < shape->kernel[1]; v++)
      {
        Tap tap = tap_at (shape, u, v);
        double weight = kernel[u * shape->kernel[1] + v];

        for (int i = tap.first_row; i < tap.end_row; i++)
          {
            const float *in = x + (i * shape->stride[0] + tap.row_shift) * shape->in_width;
            double *out = sums + i * shape->out_width;

            for (int j = tap.first_column; j < tap.end_column; j++)
              out[j] += weight * in[j * shape->stride[1] + tap.column_shift];
          }
      }
}

/* sums += w · dy of one output plane, where dy came from. */
static void
correlate_back (const RfConvShape *shape, const float *dy, const float *kernel, double *sums)
{
  for (int u = 0; u < shape->kernel[0]; u++)
    for (int v = 0; v < shape->kernel[1]; v++)
      {
        Tap tap = tap_at (shape, u, v);
        double weight = kernel[u * shape->kernel[1] + v];

        for (int i = tap.first_row; i < tap.end_row; i++)
          {
            const float *in = dy + i * shape->out_width;
            double *out = sums + (i * shape->stride[0] + tap.row_shift) * shape->in_width;

            for (int j = tap.first_column; j < tap.end_column; j++)
              out[j * shape->stride[1] + tap.column_shift] += weight * in[j];
          }
      }
}

/* Σ dy · x over the outputs of one plane, at one tap. */
static double
correlate_tap (const RfConvShape *shape, const float *x, const float *dy, Tap tap)
{
  double sum = 0;

  for (int i = tap.first_row; i < tap.end_row; i++)
    {
      const float *in = x + (i * shape->stride[0] + tap.row_shift) * shape->in_width;
      const float *out = dy + i * shape->out_width;

      for (int j = tap.first_column; j < tap.end_column; j++)
        sum += (double) out[j] * in[j * shape->stride[1] + tap.column_shift];
    }
  return sum;
}

/* Plane @channel of sample @sample of an input or output. */
static const float *
plane_of (const float *tensor, int channels, int pixels, int sample, int channel)
{
  return tensor + ((gsize) sample * (gsize) channels + (gsize) channel) * (gsize) pixels;
}

static void
forward_channel (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfConvShape *shape = &conv->shape;
  int sample = item / shape->out_channels, o = item % shape->out_channels;
  int first = o / conv->group_out * conv->group_in;
  int taps = shape->kernel[0] * shape->kernel[1];
  const float *weights = job->weights + (gsize) o * (gsize) conv->depth;
  float *y = job->y + (gsize) item * (gsize) conv->out_pixels;
  double *sums = (double *) (void *) rf_pool_scratch (worker);

  for (int p = 0; p < conv->out_pixels; p++)
    sums[p] = job->bias ? job->bias[o] : 0;
  for (int c = 0; c < conv->group_in; c++)
    correlate (shape, plane_of (job->x, shape->in_channels, conv->in_pixels, sample, first + c),
               weights + c * taps, sums);
  for (int p = 0; p < conv->out_pixels; p++)
    y[p] = (float) sums[p];
}

static void
forward (const RfConv *conv, int n, const float *x, const float *weights, const float *bias,
         const RfConvFinish *finish, float *y, float *shared)
{
  Job job = { .conv = conv, .n = n, .x = x, .weights = weights, .bias = bias, .y = y };

  rf_pool_run (n * conv->shape.out_channels, forward_channel, &job);
  rf_conv_finish_all (conv, finish, n, y);
}

static void
backward_channel (void *data, int item, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfConvShape *shape = &conv->shape;
  int sample = item / shape->in_channels, channel = item % shape->in_channels;
  int first = channel / conv->group_in * conv->group_out;
  int taps = shape->kernel[0] * shape->kernel[1];
  float *dx = job->dx + (gsize) item * (gsize) conv->in_pixels;
  double *sums = (double *) (void *) rf_pool_scratch (worker);

  memset (sums, 0, (gsize) conv->in_pixels * sizeof (double));
  for (int o = first; o < first + conv->group_out; o++)
    correlate_back (
        shape, plane_of (job->dy, shape->out_channels, conv->out_pixels, sample, o),
        job->weights + (gsize) o * (gsize) conv->depth + channel % conv->group_in * taps, sums);
  for (int p = 0; p < conv->in_pixels; p++)
    dx[p] = (float) sums[p];
}

static void
backward_input (const RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                float *shared)
{
  Job job = { .conv = conv, .n = n, .dy = dy, .weights = weights, .dx = dx };

  rf_pool_run (n * conv->shape.in_channels, backward_channel, &job);
}

static void
backward_filter (void *data, int o, int worker)
{
  const Job *job = data;
  const RfConv *conv = job->conv;
  const RfConvShape *shape = &conv->shape;
  int first = o / conv->group_out * conv->group_in;
  float *d_weights = job->d_weights + (gsize) o * (gsize) conv->depth;

  for (int c = first; c < first + conv->group_in; c++)
    for (int u = 0; u < shape->kernel[0]; u++)
      for (int v = 0; v < shape->kernel[1]; v++)
        {
          Tap tap = tap_at (shape, u, v);
          double sum = 0;

          for (int sample = 0; sample < job->n; sample++)
            sum += correlate_tap (
                shape, plane_of (job->x, shape->in_channels, conv->in_pixels, sample, c),
                plane_of (job->dy, shape->out_channels, conv->out_pixels, sample, o), tap);
          *d_weights++ = (float) sum;
        }
}

static void
backward_weights (const RfConv *conv, int n, const float *x, const float *dy, float *d_weights,
                  float *shared)
{
  Job job = { .conv = conv, .n = n, .x = x, .dy = dy, .d_weights = d_weights };

  rf_pool_run (conv->shape.out_channels, backward_filter, &job);
}

const RfConvAlgorithm rf_conv_reference = {
  .name = "reference",
  .applies = applies,
  .plan = plan,
  .forward = forward,
  .backward_input = backward_input,
  .backward_weights = backward_weights,
};
