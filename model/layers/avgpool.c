/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mean of each window; padding counts as zeros, so the divisor is always the window's area. */
#include "model/layers/window.h"
#include "model/layers/work.h"

#include <string.h>

typedef struct
{
  const RfLayer *layer;
  const float *in;
  float *out;
} Job;

static double
area_of (const RfWindowConfig *config)
{
  return (double) config->size[0] * config->size[1];
}

static void
forward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  const RfLayer *layer = job->layer;
  const RfWindowConfig *config = layer->config;
  double area = area_of (config);
  int width = layer->in.width;
  const float *x = job->in + first * layer->in.height * width;
  float *y = job->out + first * layer->out.height * layer->out.width;
  for (gsize plane = 0; plane < n; plane++, x += (gsize) layer->in.height * width)
    for (int row = 0; row < layer->out.height; row++)
      for (int column = 0; column < layer->out.width; column++)
        {
          RfPart window = rf_window_at (config, layer->in, row, column);
          double sum = 0;
          for (int i = window.top; i < window.bottom; i++)
            for (int j = window.left; j < window.right; j++)
              sum += x[(gsize) i * width + j];
          *y++ = (float) (sum / area);
        }
}

static void
backward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  const RfLayer *layer = job->layer;
  const RfWindowConfig *config = layer->config;
  double area = area_of (config);
  gsize in_size = (gsize) layer->in.height * layer->in.width;
  const float *dy = job->in + first * layer->out.height * layer->out.width;
  float *dx = job->out + first * in_size;
  memset (dx, 0, n * in_size * sizeof (float));
  for (gsize plane = 0; plane < n; plane++, dx += in_size)
    for (int row = 0; row < layer->out.height; row++)
      for (int column = 0; column < layer->out.width; column++)
        {
          RfPart window = rf_window_at (config, layer->in, row, column);
          float share = (float) (*dy++ / area);
          for (int i = window.top; i < window.bottom; i++)
            for (int j = window.left; j < window.right; j++)
              dx[(gsize) i * layer->in.width + j] += share;
        }
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Job job = { layer, x, y };
  rf_run_parts (pass->n * (gsize) layer->in.channels, (gsize) layer->in.height * layer->in.width,
                forward_planes, &job);
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  if (!dx)
    return;
  Job job = { layer, dy, dx };
  rf_run_parts (pass->n * (gsize) layer->in.channels, (gsize) layer->in.height * layer->in.width,
                backward_planes, &job);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  rf_window_pytorch (layer, "nn.AvgPool2d", out);
}

const RfLayerClass rf_avgpool_layer = {
  .spec = { .type = "avgpool",
            .title = N_ ("Average pooling"),
            .summary = N_ ("Replaces each window by its mean; padding counts as zeros"),
            .config_size = sizeof (RfWindowConfig),
            .options = rf_window_options,
            .complete = rf_window_complete },
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = -1,
  .shape = rf_window_shape,
  .forward = forward,
  .backward = backward,
  .reach = rf_window_reach,
  .describe = rf_window_describe,
  .pytorch = pytorch,
};
