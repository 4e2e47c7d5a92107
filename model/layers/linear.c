/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every input connected to every unit: y = x Wᵀ + b, with x [n, inputs], W [units, inputs]. An
 * input with height and width is read as the vector it is in memory. */
#include "model/base/error.h"
#include "model/kernels/gemm.h"
#include "model/layers/weight-options.h"
#include "model/layers/work.h"

typedef struct
{
  gint units;
  gboolean bias;
  RfWeightOptions weights;
} Config;

typedef struct
{
  RfLayer parent;
  float *scratch;
  const char *algorithm; /* of full batches, forward */
} Linear;

enum
{
  WEIGHT,
  BIAS,
};

static const RfOption options[] = {
  { .name = "units",
    .kind = RF_OPTION_INT,
    .flags = RF_OPTION_REQUIRED,
    .offset = G_STRUCT_OFFSET (Config, units),
    .minimum = 1,
    .maximum = 1 << 20,
    .title = N_ ("Units"),
    .summary = N_ ("How many values the layer makes, each from all inputs: y = W x + b") },
  { .name = "bias",
    .kind = RF_OPTION_BOOL,
    .offset = G_STRUCT_OFFSET (Config, bias),
    .fallback = 1,
    .maximum = 1,
    .title = N_ ("Bias"),
    .summary = N_ ("Adds a learned number to each unit") },
  RF_WEIGHT_OPTIONS (Config),
  { NULL },
};

static gboolean
shape (const void *data, RfShape in, RfShape *out, GError **error)
{
  const Config *config = data;
  gsize inputs = RF_SHAPE_COUNT (in);
  if (inputs > G_MAXINT)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("its input has %zu values; at most %d can be connected"), inputs, G_MAXINT);
      return FALSE;
    }
  *out = (RfShape){ config->units, 1, 1 };
  return TRUE;
}

static void
declare (RfLayer *layer)
{
  const Config *config = layer->config;
  gsize inputs = RF_SHAPE_COUNT (layer->in);
  rf_layer_declare (layer, "weight", RF_PARAM_WEIGHT, inputs, config->units, 2,
                    (gint64[]){ config->units, (gint64) inputs });
  if (config->bias)
    rf_layer_declare (layer, "bias", RF_PARAM_BIAS, inputs, config->units, 1,
                      (gint64[]){ config->units });
}

static void
plan (RfLayer *layer, RfPlan *plan)
{
  Linear *self = (Linear *) layer;
  RfKernelPath path = layer->path_of_kernels;
  int capacity = rf_plan_capacity (plan);
  int inputs = (int) RF_SHAPE_COUNT (layer->in), units = layer->out.channels;
  gsize n_floats = rf_gemm_scratch (path, capacity, units, inputs);
  self->algorithm = rf_gemm_algorithm (path, capacity, units, inputs);
  if (rf_plan_training (plan))
    {
      n_floats = MAX (n_floats, rf_gemm_scratch (path, units, inputs, capacity));
      n_floats = MAX (n_floats, rf_gemm_scratch (path, capacity, inputs, units));
    }
  rf_plan_scratch (plan, n_floats, &self->scratch);
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  int inputs = (int) RF_SHAPE_COUNT (layer->in), units = layer->out.channels;
  const float *bias = layer->n_params > BIAS ? rf_layer_values (layer, BIAS) : NULL;
  rf_gemm (layer->path_of_kernels, FALSE, TRUE, pass->n, units, inputs, x, inputs,
           rf_layer_values (layer, WEIGHT), inputs, 0, y, units, bias, ((Linear *) layer)->scratch);
}

typedef struct
{
  const float *dy;
  float *d_bias;
  int n, units;
} BiasJob;

/* Units whose numbers lie on one line of the cache. */
#define UNITS_AT_ONCE 16

static void
sum_bias (void *data, gsize first, gsize n_units)
{
  const BiasJob *job = data;
  for (gsize unit = first; unit < first + n_units; unit += UNITS_AT_ONCE)
    {
      gsize width = MIN (UNITS_AT_ONCE, first + n_units - unit);
      double sums[UNITS_AT_ONCE] = { 0 };
      for (int i = 0; i < job->n; i++)
        for (gsize j = 0; j < width; j++)
          sums[j] += job->dy[(gsize) i * job->units + unit + j];
      for (gsize j = 0; j < width; j++)
        job->d_bias[unit + j] = (float) sums[j];
    }
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  int inputs = (int) RF_SHAPE_COUNT (layer->in), units = layer->out.channels;
  float *scratch = ((Linear *) layer)->scratch;
  rf_gemm (layer->path_of_kernels, TRUE, FALSE, units, inputs, pass->n, dy, units, x, inputs, 0,
           rf_layer_gradients (layer, WEIGHT), inputs, NULL, scratch);
  if (layer->n_params > BIAS)
    {
      BiasJob job = { dy, rf_layer_gradients (layer, BIAS), pass->n, units };
      rf_run_parts (units, pass->n, sum_bias, &job);
    }
  if (dx)
    rf_gemm (layer->path_of_kernels, FALSE, FALSE, pass->n, inputs, units, dy, units,
             rf_layer_values (layer, WEIGHT), inputs, 0, dx, inputs, NULL, scratch);
}

static guint64
cost (const RfLayer *layer)
{
  return layer->params[WEIGHT]->count;
}

static const char *
algorithm (const RfLayer *layer)
{
  return ((const Linear *) layer)->algorithm;
}

static char *
describe (const void *data)
{
  const Config *config = data;
  return g_strdup_printf (ngettext ("%d unit", "%d units", config->units), config->units);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  const Config *config = layer->config;
  g_string_append_printf (out, "%s(%zu, %d%s)", layer->flat ? "nn.Linear" : "FlattenLinear",
                          RF_SHAPE_COUNT (layer->in), config->units,
                          config->bias ? "" : ", bias=False");
}

const RfLayerClass rf_linear_layer = {
  .spec = { .type = "linear",
            .title = N_ ("Linear"),
            .summary = N_ ("Connects every input to every unit; the last one gives one value per "
                           "class"),
            .config_size = sizeof (Config),
            .options = options },
  .flattens = TRUE,
  .instance_size = sizeof (Linear),
  .weight_options = G_STRUCT_OFFSET (Config, weights),
  .rate = -1,
  .shape = shape,
  .declare = declare,
  .plan = plan,
  .forward = forward,
  .backward = backward,
  .cost = cost,
  .algorithm = algorithm,
  .describe = describe,
  .pytorch = pytorch,
};
