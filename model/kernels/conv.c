/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver: takes for each pass the first algorithm of a table that fits, and sums the gradient
 * of the bias, which is the same for all. */

#include "model/kernels/conv.h"

#include <string.h>

#include "model/base/pool.h"
#include "model/kernels/conv-private.h"

/* The best first. The choice is a pure function of (shape, capacity, path), never of a timing. */
static const RfConvAlgorithm *const algorithms[] = {
  &rf_conv_winograd,
  &rf_conv_direct,
  &rf_conv_im2col,
  &rf_conv_reference,
};

static gint64
out_length (gint64 in, gint64 kernel, gint64 stride, gint64 padding, gint64 dilation)
{
  return (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
}

/* Of absurd shapes, whose needs of memory are asked for and then refused. */
static int
multiply_clamped (gint64 a, gint64 b)
{
  return (int) MIN (a * b, G_MAXINT);
}

static gboolean
shape_is_sound (const RfConvShape *shape)
{
  return shape->groups > 0 && shape->in_channels % shape->groups == 0
         && shape->out_channels % shape->groups == 0
         && shape->out_height
                == out_length (shape->in_height, shape->kernel[0], shape->stride[0],
                               shape->padding[0], shape->dilation[0])
         && shape->out_width
                == out_length (shape->in_width, shape->kernel[1], shape->stride[1],
                               shape->padding[1], shape->dilation[1]);
}

/* "direct", or all three where they are not the same: "direct, winograd, winograd". */
static void
name_algorithms (RfConv *conv)
{
  const RfConvAlgorithm *const *use = conv->algorithms;

  if (!conv->training || (use[RF_CONV_INPUT] == use[0] && use[RF_CONV_WEIGHTS] == use[0]))
    g_strlcpy (conv->name, use[0]->name, sizeof conv->name);
  else
    g_snprintf (conv->name, sizeof conv->name, "%s, %s, %s", use[0]->name, use[RF_CONV_INPUT]->name,
                use[RF_CONV_WEIGHTS]->name);
}

static const RfConvAlgorithm *
choose (const RfConv *conv, RfConvPass pass, const RfConvAlgorithm *wanted)
{
  gsize i = 0;

  if (wanted && wanted->applies (conv, pass))
    return wanted;
  while (!algorithms[i]->applies (conv, pass)
         || (algorithms[i]->pays && !algorithms[i]->pays (conv, pass)))
    i++;
  return algorithms[i];
}

RfConv *
rf_conv_new (const RfConvShape *shape, int capacity, gboolean training, RfKernelPath path)
{
  return rf_conv_new_using (shape, capacity, training, path, NULL);
}

RfConv *
rf_conv_new_using (const RfConvShape *shape, int capacity, gboolean training, RfKernelPath path,
                   const RfConvAlgorithm *wanted)
{
  RfConv *conv;

  g_return_val_if_fail (shape_is_sound (shape) && capacity > 0, NULL);

  conv = g_new0 (RfConv, 1);
  conv->shape = *shape;
  conv->capacity = capacity;
  conv->training = training;
  conv->path = path;
  conv->kernels = rf_kernels_get (path);
  conv->group_in = shape->in_channels / shape->groups;
  conv->group_out = shape->out_channels / shape->groups;
  conv->depth
      = multiply_clamped (multiply_clamped (conv->group_in, shape->kernel[0]), shape->kernel[1]);
  conv->in_pixels = multiply_clamped (shape->in_height, shape->in_width);
  conv->out_pixels = multiply_clamped (shape->out_height, shape->out_width);

  for (RfConvPass pass = 0; pass < (training ? RF_CONV_N_PASSES : RF_CONV_INPUT); pass++)
    {
      conv->algorithms[pass] = choose (conv, pass, wanted);
      conv->algorithms[pass]->plan (conv, pass);
    }
  name_algorithms (conv);
  return conv;
}

void
rf_conv_free (RfConv *conv)
{
  for (RfConvPass pass = 0; conv && pass < RF_CONV_N_PASSES; pass++)
    if (conv->algorithms[pass] && conv->algorithms[pass]->free_plan)
      conv->algorithms[pass]->free_plan (conv, pass);
  g_free (conv);
}

const char *
rf_conv_algorithm (const RfConv *conv)
{
  return conv->name;
}

gsize
rf_conv_shared_scratch (const RfConv *conv)
{
  return conv->shared_scratch;
}

gsize
rf_conv_worker_scratch (const RfConv *conv)
{
  return conv->worker_scratch;
}

void
rf_conv_forward (RfConv *conv, int n, const float *x, const float *weights, const float *bias,
                 const RfConvFinish *finish, float *y, float *shared)
{
  g_return_if_fail (n <= conv->capacity);

  conv->algorithms[RF_CONV_FORWARD]->forward (conv, n, x, weights, bias, finish, y, shared);
}

void
rf_conv_backward_input (RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                        float *shared)
{
  g_return_if_fail (n <= conv->capacity && conv->training);

  conv->algorithms[RF_CONV_INPUT]->backward_input (conv, n, dy, weights, dx, shared);
}

typedef struct
{
  const RfConv *conv;
  const float *partial;
  int parts;
  float *d_weights;
} PartsJob;

#define PARTS_RANGE 4096

static void
add_parts_of_range (void *data, int item, int worker)
{
  const PartsJob *job = data;
  gsize n = (gsize) job->conv->shape.out_channels * (gsize) job->conv->depth;
  gsize first = (gsize) item * PARTS_RANGE, count = MIN (PARTS_RANGE, n - first);

  memcpy (job->d_weights + first, job->partial + first, count * sizeof (float));
  for (int part = 1; part < job->parts; part++)
    job->conv->kernels->accumulate (job->partial + (gsize) part * n + first, job->d_weights + first,
                                    count);
}

void
rf_conv_add_parts (const RfConv *conv, const float *partial, int parts, float *d_weights)
{
  PartsJob job = { conv, partial, parts, d_weights };
  gsize n = (gsize) conv->shape.out_channels * (gsize) conv->depth;

  rf_pool_run ((int) ((n + PARTS_RANGE - 1) / PARTS_RANGE), add_parts_of_range, &job);
}

typedef struct
{
  const RfConv *conv;
  const RfConvFinish *finish;
  float *y;
} FinishJob;

static void
finish_sample (void *data, int sample, int worker)
{
  const FinishJob *job = data;
  gsize n = (gsize) job->conv->shape.out_channels * (gsize) job->conv->out_pixels;

  rf_conv_finish (job->conv, job->finish, job->y, job->y + (gsize) sample * n, n);
}

void
rf_conv_finish_all (const RfConv *conv, const RfConvFinish *finish, int n, float *y)
{
  FinishJob job = { conv, finish, y };

  if (finish)
    rf_pool_run (n, finish_sample, &job);
}

typedef struct
{
  const RfConv *conv;
  int n;
  const float *dy;
  float *d_bias;
} BiasJob;

static void
sum_channel (void *data, int channel, int worker)
{
  const BiasJob *job = data;
  const RfConv *conv = job->conv;
  gsize plane = (gsize) conv->out_pixels;
  double sum = 0;

  for (int i = 0; i < job->n; i++)
    sum += conv->kernels->sum (
        job->dy + ((gsize) i * (gsize) conv->shape.out_channels + (gsize) channel) * plane, plane);
  job->d_bias[channel] = (float) sum;
}

void
rf_conv_backward_weights (RfConv *conv, int n, const float *x, const float *dy, float *d_weights,
                          float *d_bias, float *shared)
{
  g_return_if_fail (n <= conv->capacity && conv->training);

  conv->algorithms[RF_CONV_WEIGHTS]->backward_weights (conv, n, x, dy, d_weights, shared);
  if (d_bias)
    {
      BiasJob job = { conv, n, dy, d_bias };

      rf_pool_run (conv->shape.out_channels, sum_channel, &job);
    }
}
