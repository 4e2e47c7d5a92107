/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/attribution.h"

#include "model/base/random.h"
#include "model/features/way.h"

#include <math.h>
#include <string.h>

#define MOST 32 /* times as many points as the way had parts to begin with */

struct _RfAttribution
{
  RfWhyConfig config;
  RfShape shape;
  float *image, *batch; /* [RF_SPECIMEN_BATCH, …] */
  double *sum;   /* of gradients, or of falls: [channels, height, width] or [height, width] */
  double *count; /* of squares on a pixel */
  float *map;
  int height, width; /* of the map */
  int done, total;   /* samples or squares; of integrated gradients 1 at the end */
  gboolean begun;
  RfWay *way; /* of integrated gradients */
  double logit, baseline;
};

void
rf_why_config_init (RfWhyConfig *config, RfWhy method, int klass, RfSpecimen *specimen)
{
  *config = (RfWhyConfig){
    .method = method,
    .klass = klass,
    .samples = method == RF_WHY_INTEGRATED ? 64 : 32,
    .noise = 0.15,
    .tolerance = 0.01,
    .seed = 1,
    .side = 5,
    .stride = 2,
    .layer = (guint) MAX (rf_why_find_layer (specimen), 0),
  };
}

int
rf_why_find_layer (RfSpecimen *specimen)
{
  const GPtrArray *top = rf_specimen_get_top (specimen);
  for (guint i = top->len; i-- > 0;)
    {
      const RfLayer *layer = top->pdata[i];
      if (layer->out.height > 1 && layer->out.width > 1 && !layer->klass->flattens)
        return layer->index;
    }
  return -1;
}

static gsize
count_pixels (const RfAttribution *self)
{
  return (gsize) self->shape.height * (gsize) self->shape.width;
}

static int
count_squares (int size, int side, int stride)
{
  return size <= side ? 1 : (size - side + stride - 1) / stride + 1;
}

RfAttribution *
rf_attribution_new (const RfWhyConfig *config, RfShape shape, const float *image)
{
  g_return_val_if_fail (config && image && config->samples > 0 && config->side > 0, NULL);
  g_return_val_if_fail (config->stride > 0 && config->klass >= 0, NULL);
  RfAttribution *self = g_new0 (RfAttribution, 1);
  const gsize size = RF_SHAPE_COUNT (shape);
  self->config = *config;
  self->shape = shape;
  self->image = g_memdup2 (image, size * sizeof (float));
  self->batch = g_new (float, RF_SPECIMEN_BATCH *size);
  self->sum = g_new0 (double, size);
  self->count = g_new0 (double, count_pixels (self));
  self->height = shape.height;
  self->width = shape.width;
  self->map = g_new0 (float, count_pixels (self));
  self->total = config->method == RF_WHY_SMOOTH ? config->samples
                : config->method == RF_WHY_OCCLUSION
                    ? count_squares (shape.height, config->side, config->stride)
                          * count_squares (shape.width, config->side, config->stride)
                    : 1;
  if (config->method == RF_WHY_INTEGRATED)
    self->way = rf_way_new (config->samples, MOST * config->samples, config->tolerance);
  return self;
}

void
rf_attribution_free (RfAttribution *self)
{
  if (!self)
    return;
  g_free (self->image);
  g_free (self->batch);
  g_free (self->sum);
  g_free (self->count);
  g_free (self->map);
  rf_way_free (self->way);
  g_free (self);
}

/* ---- gradients ---- */

/* One-hot rows of the class, for a batch. */
static float *
make_wish (const RfAttribution *self, int n, int n_classes)
{
  float *wish = g_new0 (float, (gsize) n *(gsize) n_classes);
  for (int i = 0; i < n; i++)
    wish[i * n_classes + self->config.klass] = 1;
  return wish;
}

static int
count_classes (RfSpecimen *specimen)
{
  return (int) RF_SHAPE_COUNT (rf_specimen_get_net (specimen)->output);
}

/* The gradient of the class's logit for each picture of the batch. */
static const float *
pull_batch (RfAttribution *self, RfSpecimen *specimen, int n)
{
  g_autofree float *wish = make_wish (self, n, count_classes (specimen));
  rf_specimen_forward (specimen, self->batch, n);
  return rf_specimen_pull (specimen, n, NULL, wish);
}

static float
largest_over_channels (const RfAttribution *self, const float *gradient, gsize pixel)
{
  float largest = 0;
  for (int c = 0; c < self->shape.channels; c++)
    largest = fmaxf (largest, fabsf (gradient[(gsize) c * count_pixels (self) + pixel]));
  return largest;
}

static void
step_saliency (RfAttribution *self, RfSpecimen *specimen)
{
  memcpy (self->batch, self->image, RF_SHAPE_COUNT (self->shape) * sizeof (float));
  const float *gradient = pull_batch (self, specimen, 1);
  for (gsize i = 0; i < count_pixels (self); i++)
    self->map[i] = largest_over_channels (self, gradient, i);
  self->done = 1;
}

static double
get_range (const RfAttribution *self)
{
  float low = self->image[0], high = low;
  for (gsize i = 0; i < RF_SHAPE_COUNT (self->shape); i++)
    {
      low = fminf (low, self->image[i]);
      high = fmaxf (high, self->image[i]);
    }
  return (double) high - low;
}

static void
step_smooth (RfAttribution *self, RfSpecimen *specimen)
{
  const gsize size = RF_SHAPE_COUNT (self->shape);
  const int n = MIN (self->total - self->done, RF_SPECIMEN_BATCH);
  const double deviation = self->config.noise * get_range (self);
  for (int i = 0; i < n; i++)
    {
      RfRandom random
          = rf_random (self->config.seed, RF_RANDOM_EXAMINE, (guint64) (self->done + i), 0);
      for (gsize j = 0; j < size; j++)
        self->batch[(gsize) i * size + j]
            = self->image[j] + (float) (deviation * rf_random_normal (&random));
    }
  const float *gradient = pull_batch (self, specimen, n);
  for (int i = 0; i < n; i++)
    for (gsize j = 0; j < count_pixels (self); j++)
      self->sum[j] += largest_over_channels (self, gradient + (gsize) i * size, j);
  self->done += n;
  for (gsize j = 0; j < count_pixels (self); j++)
    self->map[j] = (float) (self->sum[j] / self->done);
}

static double
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* Looks at points of the way from 0 to the picture; gradients are needed at all of them or none. */
static void
look_along (RfAttribution *self, RfSpecimen *specimen, const RfWayPoint *points, int n)
{
  const gsize size = RF_SHAPE_COUNT (self->shape);
  const int n_classes = count_classes (specimen);
  double values[RF_SPECIMEN_BATCH], slopes[RF_SPECIMEN_BATCH] = { 0 };
  for (int i = 0; i < n; i++)
    for (gsize j = 0; j < size; j++)
      self->batch[(gsize) i * size + j] = (float) points[i].share * self->image[j];
  const float *logits = rf_specimen_forward (specimen, self->batch, n);
  for (int i = 0; i < n; i++)
    values[i] = logits[i * n_classes + self->config.klass];
  if (points[0].weight != 0)
    {
      g_autofree float *wish = make_wish (self, n, n_classes);
      const float *gradient = rf_specimen_pull (specimen, n, NULL, wish);
      for (int i = 0; i < n; i++, gradient += size)
        {
          slopes[i] = dot (gradient, self->image, size);
          for (gsize j = 0; j < size; j++)
            self->sum[j] += points[i].weight * gradient[j];
        }
    }
  rf_way_take (self->way, n, points, values, slopes);
}

static void
step_integrated (RfAttribution *self, RfSpecimen *specimen)
{
  const gsize pixels = count_pixels (self);
  RfWayPoint points[RF_SPECIMEN_BATCH];
  const int n = rf_way_next (self->way, RF_SPECIMEN_BATCH, points);
  if (n > 0)
    look_along (self, specimen, points, n);
  else
    self->done = self->total;
  memset (self->map, 0, pixels * sizeof (float));
  for (gsize j = 0; j < RF_SHAPE_COUNT (self->shape); j++)
    self->map[j % pixels] += (float) (self->sum[j] * self->image[j]);
}

/* ---- maps ---- */

static void
step_grad_cam (RfAttribution *self, RfSpecimen *specimen)
{
  const RfLayer *layer = rf_specimen_get_net (specimen)->layers->pdata[self->config.layer];
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  g_autofree float *wish = make_wish (self, 1, count_classes (specimen));
  memcpy (self->batch, self->image, RF_SHAPE_COUNT (self->shape) * sizeof (float));
  rf_specimen_forward (specimen, self->batch, 1);
  const float *gradient = rf_specimen_pull_to (specimen, 1, layer, wish);
  g_autofree double *cam = g_new0 (double, area);
  for (int c = 0; c < layer->out.channels; c++)
    {
      double weight = 0;
      for (gsize i = 0; i < area; i++)
        weight += gradient[(gsize) c * area + i];
      for (gsize i = 0; i < area; i++)
        cam[i] += weight / (double) area * layer->y[(gsize) c * area + i];
    }
  g_free (self->map);
  self->height = layer->out.height;
  self->width = layer->out.width;
  self->map = g_new (float, area);
  for (gsize i = 0; i < area; i++)
    self->map[i] = (float) fmax (cam[i], 0);
  self->done = 1;
}

/* ---- occlusion ---- */

/* The last square of a row or column ends at the edge. */
static RfPart
get_square (const RfAttribution *self, int index)
{
  const int side = self->config.side, stride = self->config.stride;
  const int across = count_squares (self->shape.width, side, stride);
  const int top = MIN (index / across * stride, MAX (self->shape.height - side, 0));
  const int left = MIN (index % across * stride, MAX (self->shape.width - side, 0));
  return (RfPart){ top, MIN (top + side, self->shape.height), left,
                   MIN (left + side, self->shape.width) };
}

static void
cover (const RfAttribution *self, float *image, RfPart square)
{
  for (int c = 0; c < self->shape.channels; c++)
    for (int y = square.top; y < square.bottom; y++)
      for (int x = square.left; x < square.right; x++)
        image[((gsize) c * (gsize) self->shape.height + (gsize) y) * (gsize) self->shape.width
              + (gsize) x]
            = 0;
}

static void
step_occlusion (RfAttribution *self, RfSpecimen *specimen)
{
  const gsize size = RF_SHAPE_COUNT (self->shape);
  const int n = MIN (self->total - self->done, RF_SPECIMEN_BATCH);
  const int n_classes = count_classes (specimen);
  for (int i = 0; i < n; i++)
    {
      memcpy (self->batch + (gsize) i * size, self->image, size * sizeof (float));
      cover (self, self->batch + (gsize) i * size, get_square (self, self->done + i));
    }
  const float *logits = rf_specimen_forward (specimen, self->batch, n);
  for (int i = 0; i < n; i++)
    {
      const RfPart square = get_square (self, self->done + i);
      const double fall = self->logit - logits[i * n_classes + self->config.klass];
      for (int y = square.top; y < square.bottom; y++)
        for (int x = square.left; x < square.right; x++)
          {
            const gsize pixel = (gsize) y * (gsize) self->shape.width + (gsize) x;
            self->sum[pixel] += fall;
            self->count[pixel]++;
          }
    }
  self->done += n;
  for (gsize i = 0; i < count_pixels (self); i++)
    self->map[i] = (float) (self->count[i] > 0 ? self->sum[i] / self->count[i] : 0);
}

/* ---- all ---- */

/* The logit of the picture, and of the baseline. */
static void
begin (RfAttribution *self, RfSpecimen *specimen)
{
  const gsize size = RF_SHAPE_COUNT (self->shape);
  memcpy (self->batch, self->image, size * sizeof (float));
  memset (self->batch + size, 0, size * sizeof (float));
  const float *logits = rf_specimen_forward (specimen, self->batch, 2);
  self->logit = logits[self->config.klass];
  self->baseline = logits[count_classes (specimen) + self->config.klass];
  self->begun = TRUE;
}

gboolean
rf_attribution_step (RfAttribution *self, RfSpecimen *specimen)
{
  g_return_val_if_fail (self && specimen, TRUE);
  g_return_val_if_fail (self->config.klass < count_classes (specimen), TRUE);
  g_return_val_if_fail (self->config.layer < rf_specimen_get_net (specimen)->layers->len, TRUE);
  static void (*const steps[RF_N_WHYS]) (RfAttribution *, RfSpecimen *) = {
    [RF_WHY_SALIENCY] = step_saliency,     [RF_WHY_SMOOTH] = step_smooth,
    [RF_WHY_INTEGRATED] = step_integrated, [RF_WHY_GRAD_CAM] = step_grad_cam,
    [RF_WHY_OCCLUSION] = step_occlusion,
  };
  if (self->done >= self->total)
    return TRUE;
  if (!self->begun)
    begin (self, specimen);
  steps[self->config.method](self, specimen);
  return self->done >= self->total;
}

double
rf_attribution_get_progress (const RfAttribution *self)
{
  return self->way && self->done == 0 ? rf_way_get_progress (self->way)
                                      : (double) self->done / self->total;
}

const float *
rf_attribution_get_map (const RfAttribution *self, int *height, int *width)
{
  *height = self->height;
  *width = self->width;
  return self->map;
}

double
rf_attribution_get_logit (const RfAttribution *self)
{
  return self->logit;
}

double
rf_attribution_get_expected (const RfAttribution *self)
{
  return self->logit - self->baseline;
}

double
rf_attribution_get_sum (const RfAttribution *self)
{
  double sum = 0;
  for (gsize i = 0; i < (gsize) self->height * (gsize) self->width; i++)
    sum += self->map[i];
  return sum;
}
