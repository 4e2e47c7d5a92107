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
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  int inputs = (int) RF_SHAPE_COUNT (layer->in), units = layer->out.channels;
  const float *bias = layer->n_params > BIAS ? rf_layer_values (layer, BIAS) : NULL;
  rf_gemm (layer->path_of_kernels, FALSE, TRUE, pass->n, units, inputs, x, inputs,
           rf_layer_values (layer, WEIGHT), inputs, 0, y, units, bias);
}

typedef struct
{
  const float *dy;
  float *d_bias;
  int n, units;
} BiasJob;

static void
sum_bias (void *data, gsize first, gsize n_units)
{
  const BiasJob *job = data;
  for (gsize unit = first; unit < first + n_units; unit++)
    {
      double sum = 0;
      for (int i = 0; i < job->n; i++)
        sum += job->dy[(gsize) i * job->units + unit];
      job->d_bias[unit] = (float) sum;
    }
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  int inputs = (int) RF_SHAPE_COUNT (layer->in), units = layer->out.channels;
  rf_gemm (layer->path_of_kernels, TRUE, FALSE, units, inputs, pass->n, dy, units, x, inputs, 0,
           rf_layer_gradients (layer, WEIGHT), inputs, NULL);
  if (layer->n_params > BIAS)
    {
      BiasJob job = { dy, rf_layer_gradients (layer, BIAS), pass->n, units };
      rf_run_parts (units, pass->n, sum_bias, &job);
    }
  if (dx)
    rf_gemm (layer->path_of_kernels, FALSE, FALSE, pass->n, inputs, units, dy, units,
             rf_layer_values (layer, WEIGHT), inputs, 0, dx, inputs, NULL);
}

static guint64
cost (const RfLayer *layer)
{
  return layer->params[WEIGHT]->count;
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
  .instance_size = sizeof (RfLayer),
  .weight_options = G_STRUCT_OFFSET (Config, weights),
  .rate = -1,
  .shape = shape,
  .declare = declare,
  .forward = forward,
  .backward = backward,
  .cost = cost,
  .describe = describe,
  .pytorch = pytorch,
};
