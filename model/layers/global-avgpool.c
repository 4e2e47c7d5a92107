/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mean of each channel, as a vector. */
#include "model/layers/layer.h"
#include "model/layers/work.h"
#include <glib/gi18n-lib.h>

typedef struct
{
  const RfLayer *layer;
  const float *in;
  float *out;
} Job;

static gsize
plane_size (const RfLayer *layer)
{
  return (gsize) layer->in.height * layer->in.width;
}

static gboolean
shape (const void *config, RfShape in, RfShape *out, GError **error)
{
  *out = (RfShape){ in.channels, 1, 1 };
  return TRUE;
}

static void
forward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  gsize size = plane_size (job->layer);
  for (gsize plane = first; plane < first + n; plane++)
    job->out[plane]
        = (float) (job->layer->kernels->sum (job->in + plane * size, size) / (double) size);
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Job job = { layer, x, y };
  rf_run_parts (pass->n * (gsize) layer->in.channels, plane_size (layer), forward_planes, &job);
}

static void
backward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  gsize size = plane_size (job->layer);
  for (gsize plane = first; plane < first + n; plane++)
    {
      float share = (float) (job->in[plane] / (double) size);
      for (gsize i = plane * size; i < (plane + 1) * size; i++)
        job->out[i] = share;
    }
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  if (!dx)
    return;
  Job job = { layer, dy, dx };
  rf_run_parts (pass->n * (gsize) layer->in.channels, plane_size (layer), backward_planes, &job);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  g_string_append (out, layer->flat ? "nn.Identity()"
                                    : "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())");
}

const RfLayerClass rf_global_avgpool_layer = {
  .spec = { .type = "global_avgpool",
            .title = N_ ("Global average pooling"),
            .summary = N_ ("The mean of each feature map: one value per channel, whatever the size "
                           "of the picture"),
            .options = rf_no_options },
  .flattens = TRUE,
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = -1,
  .shape = shape,
  .forward = forward,
  .backward = backward,
  .describe = rf_describe_nothing,
  .pytorch = pytorch,
};
