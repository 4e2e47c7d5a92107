/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch normalisation, per channel over samples, rows and columns (Ioffe and Szegedy, 2015):
 *
 *   x̂ = (x - μ) / √(σ² + eps),   y = γ x̂ + β
 *
 * Training takes μ and the biased σ² from the batch and moves the running statistics by `momentum`
 * towards μ and the unbiased variance, as PyTorch does. Evaluation, and a batch with one value per
 * channel (it has no variance), takes the running statistics and leaves them.
 *
 * With the batch's statistics, m values per channel:
 *   dγ = Σ dy x̂,  dβ = Σ dy,  dx = γ/√(σ² + eps) · (dy - dβ/m - x̂ dγ/m)
 * and with the running ones dx = γ/√(σ² + eps) · dy. A channel is a work item: it is read three
 * times while it is in the cache. */
#include "model/layers/batchnorm.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/layers/weight-options.h"
#include "model/layers/work.h"

#include <math.h>

typedef struct
{
  double eps, momentum;
  RfWeightOptions weights;
} Config;

typedef struct
{
  RfLayer parent;
  float *kept; /* 2 doubles per channel of the last forward pass; see statistics_of() */
} BatchNorm;

typedef struct
{
  double mean;
  double scale; /* 1 / √(σ² + eps) */
} Statistics;

enum
{
  WEIGHT,
  BIAS,
  RUNNING_MEAN,
  RUNNING_VAR,
};

static const RfOption options[] = {
  { .name = "eps",
    .kind = RF_OPTION_NUMBER,
    .flags = RF_OPTION_LOG | RF_OPTION_ABOVE,
    .offset = G_STRUCT_OFFSET (Config, eps),
    .fallback = 1e-5,
    .maximum = 1,
    .title = N_ ("Epsilon"),
    .summary = N_ ("Added to the variance, so that a channel without any is not divided by zero") },
  { .name = "momentum",
    .kind = RF_OPTION_NUMBER,
    .offset = G_STRUCT_OFFSET (Config, momentum),
    .fallback = 0.1,
    .maximum = 1,
    .title = N_ ("Momentum"),
    .summary = N_ ("How far each batch moves the running mean and variance that evaluation uses: "
                   "running ← (1 - momentum) · running + momentum · batch") },
  RF_WEIGHT_OPTIONS (Config),
  { NULL },
};

static void
declare (RfLayer *layer)
{
  gint64 dims[] = { layer->in.channels };
  rf_layer_declare (layer, "weight", RF_PARAM_WEIGHT, 1, 1, 1, dims);
  rf_layer_declare (layer, "bias", RF_PARAM_BIAS, 1, 1, 1, dims);
  rf_layer_declare (layer, "running_mean", RF_PARAM_BUFFER, 1, 1, 1, dims);
  rf_layer_declare (layer, "running_var", RF_PARAM_BUFFER, 1, 1, 1, dims);
}

static void
reset (RfLayer *layer)
{
  static const float first[] = { [WEIGHT] = 1, [BIAS] = 0, [RUNNING_MEAN] = 0, [RUNNING_VAR] = 1 };
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    for (int c = 0; c < layer->in.channels; c++)
      rf_layer_values (layer, i)[c] = first[i];
}

static void
plan (RfLayer *layer, RfPlan *plan)
{
  BatchNorm *self = (BatchNorm *) layer;
  rf_plan_keep (plan, layer->in.channels * sizeof (Statistics) / sizeof (float), &self->kept);
}

static Statistics *
statistics_of (RfLayer *layer)
{
  return (Statistics *) ((BatchNorm *) layer)->kept;
}

typedef struct
{
  RfLayer *layer;
  int n;
  gboolean of_batch;
  const float *x, *y, *dy;
  float *out;
} Job;

static Job
make_job (RfLayer *layer, const RfPass *pass)
{
  Job job = { .layer = layer, .n = pass->n };
  gsize values = pass->n * (gsize) layer->in.height * layer->in.width;
  job.of_batch = pass->training && values > 1;
  return job;
}

static gsize
plane_size (const Job *job)
{
  return (gsize) job->layer->in.height * job->layer->in.width;
}

/* Offset of channel @c of sample @i. */
static gsize
plane_offset (const Job *job, int i, gsize c)
{
  return ((gsize) i * job->layer->in.channels + c) * plane_size (job);
}

static Statistics
measure (const Job *job, gsize c)
{
  const RfLayer *layer = job->layer;
  const Config *config = layer->config;
  float *running_mean = rf_layer_values (layer, RUNNING_MEAN) + c;
  float *running_var = rf_layer_values (layer, RUNNING_VAR) + c;
  if (!job->of_batch)
    return (Statistics){ *running_mean, 1 / sqrt (*running_var + config->eps) };

  gsize size = plane_size (job);
  double count = (double) size * job->n, sum = 0, squares = 0;
  for (int i = 0; i < job->n; i++)
    sum += layer->kernels->sum (job->x + plane_offset (job, i, c), size);
  double mean = sum / count;
  for (int i = 0; i < job->n; i++)
    squares += layer->kernels->sum_squares_about (job->x + plane_offset (job, i, c), size, mean);
  double momentum = config->momentum;
  *running_mean = (float) ((1 - momentum) * *running_mean + momentum * mean);
  *running_var = (float) ((1 - momentum) * *running_var + momentum * squares / (count - 1));
  return (Statistics){ mean, 1 / sqrt (squares / count + config->eps) };
}

static void
forward_channels (void *data, gsize first, gsize n)
{
  const Job *job = data;
  RfLayer *layer = job->layer;
  gsize size = plane_size (job);
  for (gsize c = first; c < first + n; c++)
    {
      Statistics s = measure (job, c);
      statistics_of (layer)[c] = s;
      double scale = rf_layer_values (layer, WEIGHT)[c] * s.scale;
      double shift = rf_layer_values (layer, BIAS)[c] - s.mean * scale;
      for (int i = 0; i < job->n; i++)
        {
          gsize plane = plane_offset (job, i, c);
          if (layer->path_of_kernels != RF_KERNELS_REFERENCE)
            layer->kernels->scale_shift_add (
                job->x + plane, layer->sum ? layer->addend + plane : NULL, job->out + plane, size,
                (float) scale, (float) shift, layer->rectifies);
          else
            for (gsize j = plane; j < plane + size; j++)
              job->out[j] = (float) (job->x[j] * scale + shift);
        }
    }
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Job job = make_job (layer, pass);
  job.x = x;
  job.out = y;
  rf_run_parts (layer->in.channels, plane_size (&job) * pass->n, forward_channels, &job);
}

/* dx = a dy + b (x - mean) + c, over one plane. */
static void
combine_in_double (const float *dy, const float *x, float *dx, gsize n, double a, double b,
                   double mean, double c)
{
  for (gsize j = 0; j < n; j++)
    dx[j] = (float) (a * dy[j] + b * (x[j] - mean) + c);
}

/* Takes what a merged ReLU stopped out of one plane of dy. */
static void
mask_plane (const Job *job, gsize c, gsize plane)
{
  RfLayer *layer = job->layer;
  Statistics s = statistics_of (layer)[c];
  double scale = rf_layer_values (layer, WEIGHT)[c] * s.scale;
  double shift = rf_layer_values (layer, BIAS)[c] - s.mean * scale;
  float *dy = (float *) job->dy + plane; /* ours: RfLayer.rectifies */
  if (layer->sum)
    layer->kernels->activation_gradient[RF_ACTIVATION_RELU](job->y + plane, job->y + plane, dy, dy,
                                                            plane_size (job), 0);
  else
    layer->kernels->mask_gradient (job->x + plane, dy, plane_size (job), (float) scale,
                                   (float) shift);
}

static void
backward_channels (void *data, gsize first, gsize n)
{
  const Job *job = data;
  RfLayer *layer = job->layer;
  gsize size = plane_size (job);
  double count = (double) size * job->n;
  for (gsize channel = first; channel < first + n; channel++)
    {
      Statistics s = statistics_of (layer)[channel];
      double sum = 0, dot = 0;
      for (int i = 0; i < job->n; i++)
        {
          gsize plane = plane_offset (job, i, channel);
          double sums[2];
          if (layer->rectifies)
            mask_plane (job, channel, plane);
          layer->kernels->sum_and_dot (job->dy + plane, job->x + plane, size, sums);
          sum += sums[0];
          dot += sums[1];
        }
      double d_gamma = (dot - s.mean * sum) * s.scale;
      rf_layer_gradients (layer, WEIGHT)[channel] = (float) d_gamma;
      rf_layer_gradients (layer, BIAS)[channel] = (float) sum;
      if (!job->out)
        continue;

      double a = rf_layer_values (layer, WEIGHT)[channel] * s.scale, b = 0, c = 0;
      if (job->of_batch)
        {
          b = -a * s.scale * d_gamma / count;
          c = -a * sum / count;
        }
      for (int i = 0; i < job->n; i++)
        {
          gsize plane = plane_offset (job, i, channel);
          const float *dy = job->dy + plane, *x = job->x + plane;
          if (layer->path_of_kernels != RF_KERNELS_REFERENCE)
            layer->kernels->combine (dy, x, job->out + plane, size, (float) a, (float) b,
                                     (float) s.mean, (float) c);
          else
            combine_in_double (dy, x, job->out + plane, size, a, b, s.mean, c);
        }
    }
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  Job job = make_job (layer, pass);
  job.x = x;
  job.y = y;
  job.dy = dy;
  job.out = dx;
  rf_run_parts (layer->in.channels, plane_size (&job) * pass->n, backward_channels, &job);
}

void
rf_batchnorm_fold (RfLayer *layer, float *scale, float *shift)
{
  const Config *config = layer->config;
  for (int c = 0; c < layer->in.channels; c++)
    {
      double factor = rf_layer_values (layer, WEIGHT)[c]
                      / sqrt (rf_layer_values (layer, RUNNING_VAR)[c] + config->eps);
      scale[c] = (float) factor;
      shift[c] = (float) (rf_layer_values (layer, BIAS)[c]
                          - rf_layer_values (layer, RUNNING_MEAN)[c] * factor);
    }
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  const Config *config = layer->config;
  g_string_append_printf (out, "nn.BatchNorm%s(%d", layer->flat ? "1d" : "2d", layer->in.channels);
  if (config->eps != 1e-5)
    {
      g_string_append (out, ", eps=");
      rf_append_number (out, config->eps);
    }
  if (config->momentum != 0.1)
    {
      g_string_append (out, ", momentum=");
      rf_append_number (out, config->momentum);
    }
  g_string_append_c (out, ')');
}

const RfLayerClass rf_batchnorm_layer = {
  .spec = { .type = "batchnorm",
            .title = N_ ("Batch normalisation"),
            .summary = N_ ("Gives each channel mean β and deviation γ, both learned, over the "
                           "batch: deeper networks learn faster"),
            .config_size = sizeof (Config),
            .options = options },
  .fuses = RF_FUSES_RELU | RF_FUSES_SUM | RF_FUSES_IN_PLACE,
  .instance_size = sizeof (BatchNorm),
  .weight_options = G_STRUCT_OFFSET (Config, weights),
  .rate = -1,
  .shape = rf_shape_unchanged,
  .declare = declare,
  .plan = plan,
  .reset = reset,
  .forward = forward,
  .backward = backward,
  .describe = rf_describe_nothing,
  .pytorch = pytorch,
};
