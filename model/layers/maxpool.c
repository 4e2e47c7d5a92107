/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The largest value of each window. Of equal ones the first in reading order passes the gradient,
 * and NaN passes everything, as in PyTorch. The place of each maximum in its plane is kept for the
 * backward pass. */
#include "model/layers/window.h"
#include "model/layers/work.h"

#include <math.h>
#include <string.h>

typedef struct
{
  RfLayer parent;
  float
      *kept; /* of gint32: the place in its plane of each output's maximum; NULL if none is kept */
} MaxPool;

typedef struct
{
  const RfLayer *layer;
  const float *x;
  float *y;
  gint32 *places; /* [n, channels, out height, out width] or NULL */
} Job;

static void
plan (RfLayer *layer, RfPlan *plan)
{
  MaxPool *self = (MaxPool *) layer;
  G_STATIC_ASSERT (sizeof (gint32) == sizeof (float));
  self->kept = NULL;
  if (rf_plan_training (plan))
    rf_plan_keep (plan, rf_plan_capacity (plan) * RF_SHAPE_COUNT (layer->out), &self->kept);
}

static void
pool_plane (const RfLayer *layer, const float *x, float *y, gint32 *places)
{
  const RfWindowConfig *config = layer->config;
  for (int row = 0; row < layer->out.height; row++)
    for (int column = 0; column < layer->out.width; column++)
      {
        RfPart window = rf_window_at (config, layer->in, row, column);
        gint32 place = window.top * layer->in.width + window.left;
        float largest = -INFINITY;
        for (int i = window.top; i < window.bottom; i++)
          for (int j = window.left; j < window.right; j++)
            {
              gint32 here = i * layer->in.width + j;
              if (x[here] > largest || isnan (x[here]))
                {
                  largest = x[here];
                  place = here;
                }
            }
        *y++ = largest;
        if (places)
          *places++ = place;
      }
}

/* Windows of 2×2 side by side, by far the most usual. */
static void
pool_plane_2x2 (const RfLayer *layer, const float *x, float *y, gint32 *places)
{
  int width = layer->in.width, columns = layer->out.width;
  for (int row = 0; row < layer->out.height; row++)
    {
      const float *upper = x + 2 * row * width;
      layer->kernels->max_2x2 (upper, upper + width, columns, y + row * columns,
                               places ? places + row * columns : NULL, 2 * row * width, width);
    }
}

static gboolean
is_2x2 (const RfLayer *layer)
{
  const RfWindowConfig *config = layer->config;
  return config->size[0] == 2 && config->size[1] == 2 && config->stride[0] == 2
         && config->stride[1] == 2 && config->padding[0] == 0 && config->padding[1] == 0
         && layer->path_of_kernels != RF_KERNELS_REFERENCE;
}

static void
forward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data;
  const RfLayer *layer = job->layer;
  gsize in_size = (gsize) layer->in.height * layer->in.width;
  gsize out_size = (gsize) layer->out.height * layer->out.width;
  gboolean usual = is_2x2 (layer);
  for (gsize plane = first; plane < first + n; plane++)
    {
      gint32 *places = job->places ? job->places + plane * out_size : NULL;
      (usual ? pool_plane_2x2 : pool_plane) (layer, job->x + plane * in_size,
                                             job->y + plane * out_size, places);
    }
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Job job = { layer, x, y, (gint32 *) ((MaxPool *) layer)->kept };
  rf_run_parts (pass->n * (gsize) layer->in.channels, (gsize) layer->in.height * layer->in.width,
                forward_planes, &job);
}

static void
spread_plane (const RfLayer *layer, const float *dy, const gint32 *places, float *dx)
{
  memset (dx, 0, (gsize) layer->in.height * layer->in.width * sizeof (float));
  for (gsize i = 0; i < (gsize) layer->out.height * layer->out.width; i++)
    dx[places[i]] += dy[i];
}

static void
spread_plane_2x2 (const RfLayer *layer, const float *dy, const gint32 *places, float *dx)
{
  int width = layer->in.width, columns = layer->out.width;
  for (int row = 0; row < layer->out.height; row++, dy += columns, places += columns)
    {
      float *upper = dx + 2 * row * width, *lower = upper + width;
      layer->kernels->max_2x2_gradient (dy, places, columns, 2 * row * width, width, upper, lower);
      /* What no window covers. */
      if (width % 2)
        upper[width - 1] = lower[width - 1] = 0;
    }
  if (layer->in.height % 2)
    memset (dx + (layer->in.height - 1) * width, 0, width * sizeof (float));
}

static void
backward_planes (void *data, gsize first, gsize n)
{
  const Job *job = data; /* x is dy, y is dx */
  const RfLayer *layer = job->layer;
  gsize in_size = (gsize) layer->in.height * layer->in.width;
  gsize out_size = (gsize) layer->out.height * layer->out.width;
  gboolean usual = is_2x2 (layer);
  for (gsize plane = first; plane < first + n; plane++)
    (usual ? spread_plane_2x2 : spread_plane) (
        layer, job->x + plane * out_size, job->places + plane * out_size, job->y + plane * in_size);
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  if (!dx)
    return;
  Job job = { layer, dy, dx, (gint32 *) ((MaxPool *) layer)->kept };
  rf_run_parts (pass->n * (gsize) layer->in.channels, (gsize) layer->in.height * layer->in.width,
                backward_planes, &job);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  rf_window_pytorch (layer, "nn.MaxPool2d", out);
}

const RfLayerClass rf_maxpool_layer = {
  .spec = { .type = "maxpool",
            .title = N_ ("Max pooling"),
            .summary = N_ ("Keeps the largest value of each window: smaller maps, and small shifts "
                           "of the picture matter less"),
            .config_size = sizeof (RfWindowConfig),
            .options = rf_window_options,
            .complete = rf_window_complete },
  .instance_size = sizeof (MaxPool),
  .weight_options = -1,
  .rate = -1,
  .shape = rf_window_shape,
  .plan = plan,
  .forward = forward,
  .backward = backward,
  .reach = rf_window_reach,
  .describe = rf_window_describe,
  .pytorch = pytorch,
};
