/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/dream.h"

#include "model/base/random.h"

#include <math.h>
#include <string.h>

struct _RfDream
{
  RfDreamConfig config;
  RfShape shape;
  float *low, *high; /* or NULL */
  float *image, *shifted;
  RfRandom random;
  int done;
  double value;
};

void
rf_dream_config_init (RfDreamConfig *config, guint layer, int unit)
{
  *config = (RfDreamConfig){ .layer = layer,
                             .unit = unit,
                             .y = -1,
                             .x = -1,
                             .steps = 200,
                             .rate = 0.12,
                             .decay = 0.01,
                             .jitter = 2,
                             .blur = 6,
                             .seed = 1 };
}

RfDream *
rf_dream_new (const RfDreamConfig *config, RfShape shape, const float *low, const float *high)
{
  g_return_val_if_fail (config && config->steps > 0, NULL);
  const gsize size = RF_SHAPE_COUNT (shape), channels = (gsize) shape.channels;
  RfDream *self = g_new0 (RfDream, 1);
  self->config = *config;
  self->shape = shape;
  self->low = low ? g_memdup2 (low, channels * sizeof (float)) : NULL;
  self->high = high ? g_memdup2 (high, channels * sizeof (float)) : NULL;
  self->image = g_new (float, size);
  self->shifted = g_new (float, size);
  self->random = rf_random (config->seed, RF_RANDOM_EXAMINE, 1, 0);
  for (gsize i = 0; i < size; i++)
    self->image[i] = 0.2f * rf_random_normal (&self->random);
  return self;
}

void
rf_dream_free (RfDream *self)
{
  if (!self)
    return;
  g_free (self->low);
  g_free (self->high);
  g_free (self->image);
  g_free (self->shifted);
  g_free (self);
}

/* Rolls @from by (@dy, @dx), around the edges. */
static void
roll (RfShape shape, const float *from, float *to, int dy, int dx)
{
  for (int c = 0; c < shape.channels; c++)
    for (int y = 0; y < shape.height; y++)
      for (int x = 0; x < shape.width; x++)
        {
          const int row = (y + dy + shape.height) % shape.height;
          const int column = (x + dx + shape.width) % shape.width;
          to[(c * shape.height + row) * shape.width + column]
              = from[(c * shape.height + y) * shape.width + x];
        }
}

/* 1 2 1 in both directions, with the edges repeated. */
static void
blur (RfShape shape, float *image, float *scratch)
{
  const int height = shape.height, width = shape.width;
  for (int c = 0; c < shape.channels; c++)
    {
      float *plane = image + c * height * width;
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          scratch[y * width + x] = (plane[y * width + MAX (x - 1, 0)] + 2 * plane[y * width + x]
                                    + plane[y * width + MIN (x + 1, width - 1)])
                                   / 4;
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          plane[y * width + x] = (scratch[MAX (y - 1, 0) * width + x] + 2 * scratch[y * width + x]
                                  + scratch[MIN (y + 1, height - 1) * width + x])
                                 / 4;
    }
}

/* What is to grow, and its gradient by the shifted picture. */
static const float *
pull (RfDream *self, RfSpecimen *specimen)
{
  const RfNet *net = rf_specimen_get_net (specimen);
  const RfLayer *layer = net->layers->pdata[self->config.layer];
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  g_autofree float *wish = g_new0 (float, RF_SHAPE_COUNT (layer->out));
  const gsize first = (gsize) self->config.unit * area;
  const gsize place = (gsize) (self->config.y * layer->out.width + self->config.x);
  rf_specimen_forward (specimen, self->shifted, 1);
  self->value = 0;
  for (gsize i = 0; i < area; i++)
    {
      wish[first + i] = self->config.y < 0 ? 1.f / (float) area : i == place ? 1 : 0;
      self->value += (double) wish[first + i] * layer->y[first + i];
    }
  return rf_specimen_pull (specimen, 1, layer, wish);
}

/* Uphill by a step of the same size whatever the gradient's. */
static void
climb (RfDream *self, const float *gradient)
{
  const gsize size = RF_SHAPE_COUNT (self->shape);
  double squares = 0;
  for (gsize i = 0; i < size; i++)
    squares += (double) gradient[i] * gradient[i];
  const double scale = self->config.rate / (sqrt (squares / (double) size) + 1e-12);
  const gsize area = size / (gsize) self->shape.channels;
  for (gsize i = 0; i < size; i++)
    {
      float value = (float) ((self->shifted[i] + scale * gradient[i]) * (1 - self->config.decay));
      if (self->low)
        value = fmaxf (value, self->low[i / area]);
      if (self->high)
        value = fminf (value, self->high[i / area]);
      self->shifted[i] = value;
    }
}

gboolean
rf_dream_step (RfDream *self, RfSpecimen *specimen)
{
  g_return_val_if_fail (self && specimen, TRUE);
  const RfNet *net = rf_specimen_get_net (specimen);
  g_return_val_if_fail (self->config.layer < net->layers->len, TRUE);
  const RfLayer *layer = net->layers->pdata[self->config.layer];
  g_return_val_if_fail (self->config.unit >= 0 && self->config.unit < layer->out.channels, TRUE);
  g_return_val_if_fail ((self->config.y < 0) == (self->config.x < 0), TRUE);
  g_return_val_if_fail (self->config.y < layer->out.height, TRUE);
  g_return_val_if_fail (self->config.x < layer->out.width, TRUE);
  if (self->done >= self->config.steps)
    return TRUE;
  const guint32 span = (guint32) (2 * self->config.jitter + 1);
  const int dy = (int) rf_random_below (&self->random, span) - self->config.jitter;
  const int dx = (int) rf_random_below (&self->random, span) - self->config.jitter;
  roll (self->shape, self->image, self->shifted, dy % self->shape.height, dx % self->shape.width);
  const float *gradient = pull (self, specimen);
  if (gradient)
    climb (self, gradient);
  roll (self->shape, self->shifted, self->image, -dy % self->shape.height, -dx % self->shape.width);
  self->done++;
  /* Not the last ones, which would only lose what they are about. */
  if (self->config.blur > 0 && self->done % self->config.blur == 0
      && self->done + self->config.blur < self->config.steps)
    blur (self->shape, self->image, self->shifted);
  return self->done >= self->config.steps;
}

double
rf_dream_get_progress (const RfDream *self)
{
  return (double) self->done / self->config.steps;
}

const float *
rf_dream_get_image (const RfDream *self)
{
  return self->image;
}

double
rf_dream_get_value (const RfDream *self)
{
  return self->value;
}
