/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution, as the field calls it (cross-correlation), over height and width:
 *
 *   y[n,o,i,j] = b[o] + Σ_{c,u,v} w[o,c,u,v] · x[n, c, i·stride - padding + u·dilation, …]
 *
 * w [filters, channels/groups, kernel height, kernel width]. The arithmetic is kernels/conv.h. */
#include "model/base/error.h"
#include "model/kernels/conv.h"
#include "model/layers/batchnorm.h"
#include "model/layers/weight-options.h"

typedef struct
{
  gint filters;
  gint kernel[2], stride[2], padding[2], dilation[2];
  gint groups;
  gboolean bias;
  RfWeightOptions weights;
} Config;

typedef struct
{
  RfLayer parent;
  RfConv *conv;
  float *scratch; /* shared by all workers during a call */
  float *folded;  /* weights, bias and factors with a batchnorm merged into them */
} Conv2d;

enum
{
  WEIGHT,
  BIAS,
};

static const RfOption options[] = {
  { .name = "filters",
    .kind = RF_OPTION_INT,
    .flags = RF_OPTION_REQUIRED,
    .offset = G_STRUCT_OFFSET (Config, filters),
    .minimum = 1,
    .maximum = 65536,
    .title = N_ ("Filters"),
    .summary = N_ ("How many patterns the layer looks for; each makes one feature map") },
  { .name = "kernel",
    .kind = RF_OPTION_PAIR,
    .flags = RF_OPTION_REQUIRED,
    .offset = G_STRUCT_OFFSET (Config, kernel),
    .minimum = 1,
    .maximum = 1024,
    .title = N_ ("Kernel"),
    .summary = N_ ("Height and width of the patch of the input that a filter sees at a time") },
  { .name = "stride",
    .kind = RF_OPTION_PAIR,
    .offset = G_STRUCT_OFFSET (Config, stride),
    .fallback = 1,
    .minimum = 1,
    .maximum = 1024,
    .title = N_ ("Stride"),
    .summary = N_ ("Steps from one place of the kernel to the next: the output has size "
                   "⌊(input + 2 · padding - dilation · (kernel - 1) - 1) / stride⌋ + 1") },
  { .name = "padding",
    .kind = RF_OPTION_PAIR,
    .offset = G_STRUCT_OFFSET (Config, padding),
    .maximum = 1024,
    .title = N_ ("Padding"),
    .summary = N_ ("Zeros around the input on each side; half of the kernel keeps the size") },
  { .name = "dilation",
    .kind = RF_OPTION_PAIR,
    .offset = G_STRUCT_OFFSET (Config, dilation),
    .fallback = 1,
    .minimum = 1,
    .maximum = 1024,
    .title = N_ ("Dilation"),
    .summary = N_ ("Distance between the inputs of neighbouring weights: sees a larger patch with "
                   "as many weights") },
  { .name = "groups",
    .kind = RF_OPTION_INT,
    .offset = G_STRUCT_OFFSET (Config, groups),
    .fallback = 1,
    .minimum = 1,
    .maximum = 65536,
    .title = N_ ("Groups"),
    .summary = N_ ("Cuts channels and filters into as many groups that do not see each other; as "
                   "many as channels is a depthwise convolution") },
  { .name = "bias",
    .kind = RF_OPTION_BOOL,
    .offset = G_STRUCT_OFFSET (Config, bias),
    .fallback = 1,
    .maximum = 1,
    .title = N_ ("Bias"),
    .summary = N_ ("Adds a learned number to each feature map; needless before a batchnorm") },
  RF_WEIGHT_OPTIONS (Config),
  { NULL },
};

/* One dimension's output size; 0 if the kernel does not fit. */
static gint64
output_size (const Config *config, gint64 in, int axis)
{
  gint64 span = (gint64) config->dilation[axis] * (config->kernel[axis] - 1) + 1;
  gint64 room = in + 2 * (gint64) config->padding[axis] - span;
  return room < 0 ? 0 : room / config->stride[axis] + 1;
}

static void
explain_too_small (const Config *config, RfShape in, GError **error)
{
  g_autofree char *kernel = rf_pair_to_text (config->kernel);
  g_autofree char *padding = rf_pair_to_text (config->padding);
  g_autofree char *dilation = rf_pair_to_text (config->dilation);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, _ ("its input is %d×%d"), in.height, in.width);
  if (config->padding[0] || config->padding[1])
    g_string_append_printf (text, _ (" with a padding of %s"), padding);
  g_string_append_printf (text, _ (", smaller than the kernel of %s"), kernel);
  if (config->dilation[0] > 1 || config->dilation[1] > 1)
    g_string_append_printf (text, _ (" spread by a dilation of %s"), dilation);
  g_set_error_literal (error, RF_ERROR, RF_ERROR_SHAPE, text->str);
}

static gboolean
shape (const void *data, RfShape in, RfShape *out, GError **error)
{
  const Config *config = data;
  if (in.channels % config->groups || config->filters % config->groups)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("groups is %d, which must divide both its %d input channels and its %d "
                      "filters"),
                   config->groups, in.channels, config->filters);
      return FALSE;
    }
  gint64 height = output_size (config, in.height, 0);
  gint64 width = output_size (config, in.width, 1);
  if (height < 1 || width < 1)
    {
      explain_too_small (config, in, error);
      return FALSE;
    }
  gint64 patch = (gint64) in.channels / config->groups * config->kernel[0] * config->kernel[1];
  if (patch > G_MAXINT || height > G_MAXINT || width > G_MAXINT)
    {
      g_set_error (
          error, RF_ERROR, RF_ERROR_SHAPE,
          _ ("each of its filters would have %lld weights over %lld×%lld places, more than "
             "can be computed"),
          (long long) patch, (long long) height, (long long) width);
      return FALSE;
    }
  *out = (RfShape){ config->filters, (gint) height, (gint) width };
  return TRUE;
}

static void
declare (RfLayer *layer)
{
  const Config *config = layer->config;
  gint64 channels = layer->in.channels / config->groups;
  gint64 area = (gint64) config->kernel[0] * config->kernel[1];
  gsize fan_in = (gsize) (channels * area);
  /* As torch.nn.init counts it: dims[0] times the kernel's area, whatever the groups. */
  gsize fan_out = (gsize) (config->filters * area);
  rf_layer_declare (layer, "weight", RF_PARAM_WEIGHT, fan_in, fan_out, 4,
                    (gint64[]){ config->filters, channels, config->kernel[0], config->kernel[1] });
  if (config->bias)
    rf_layer_declare (layer, "bias", RF_PARAM_BIAS, fan_in, fan_out, 1,
                      (gint64[]){ config->filters });
}

static void
finalize (RfLayer *layer)
{
  Conv2d *self = (Conv2d *) layer;
  g_clear_pointer (&self->conv, rf_conv_free);
}

static void
plan (RfLayer *layer, RfPlan *plan)
{
  Conv2d *self = (Conv2d *) layer;
  const Config *config = layer->config;
  RfConvShape conv = {
    .in_channels = layer->in.channels,
    .in_height = layer->in.height,
    .in_width = layer->in.width,
    .out_channels = layer->out.channels,
    .out_height = layer->out.height,
    .out_width = layer->out.width,
    .kernel = { config->kernel[0], config->kernel[1] },
    .stride = { config->stride[0], config->stride[1] },
    .padding = { config->padding[0], config->padding[1] },
    .dilation = { config->dilation[0], config->dilation[1] },
    .groups = config->groups,
  };
  finalize (layer);
  self->conv = rf_conv_new (&conv, rf_plan_capacity (plan), rf_plan_training (plan),
                            layer->path_of_kernels);
  rf_plan_scratch (plan, rf_conv_shared_scratch (self->conv), &self->scratch);
  if (layer->norm)
    rf_plan_keep (plan, layer->params[WEIGHT]->count + 2 * (gsize) layer->out.channels,
                  &self->folded);
  rf_plan_worker_scratch (plan, rf_conv_worker_scratch (self->conv));
}

/* Weights · scale and bias · scale + shift, with the batchnorm's evaluation as scale and shift; the
 * weights first, then the biases. */
static void
fold (const RfLayer *layer, const float *bias)
{
  const float *weights = rf_layer_values (layer, WEIGHT);
  gsize count = layer->params[WEIGHT]->count, channels = layer->out.channels;
  gsize depth = count / channels;
  float *folded = ((const Conv2d *) layer)->folded, *shift = folded + count;
  float *scale = shift + channels;
  rf_batchnorm_fold (layer->norm, scale, shift);
  for (gsize o = 0; o < channels; o++)
    {
      for (gsize i = o * depth; i < (o + 1) * depth; i++)
        folded[i] = weights[i] * scale[o];
      if (bias)
        shift[o] += bias[o] * scale[o];
    }
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  Conv2d *self = (Conv2d *) layer;
  const float *weights = rf_layer_values (layer, WEIGHT);
  const float *bias = layer->n_params > BIAS ? rf_layer_values (layer, BIAS) : NULL;
  RfConvFinish finish = { layer->sum ? layer->addend : NULL, layer->rectifies };
  if (layer->norm)
    {
      fold (layer, bias);
      weights = self->folded;
      bias = weights + layer->params[WEIGHT]->count;
    }
  rf_conv_forward (self->conv, pass->n, x, weights, bias,
                   finish.addend || finish.rectify ? &finish : NULL, y, self->scratch);
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  Conv2d *self = (Conv2d *) layer;
  float *d_bias = layer->n_params > BIAS ? rf_layer_gradients (layer, BIAS) : NULL;
  if (layer->rectifies)
    rf_layer_mask_gradient (layer, pass, y, dy);
  rf_conv_backward_weights (self->conv, pass->n, x, dy, rf_layer_gradients (layer, WEIGHT), d_bias,
                            self->scratch);
  if (dx)
    rf_conv_backward_input (self->conv, pass->n, dy, rf_layer_values (layer, WEIGHT), dx,
                            self->scratch);
}

static void
reach (const RfLayer *layer, RfReach *reach)
{
  const Config *config = layer->config;
  for (int axis = 0; axis < 2; axis++)
    {
      reach->size[axis] = config->kernel[axis];
      reach->stride[axis] = config->stride[axis];
      reach->padding[axis] = config->padding[axis];
      reach->dilation[axis] = config->dilation[axis];
    }
}

static guint64
cost (const RfLayer *layer)
{
  guint64 places = (guint64) layer->out.height * layer->out.width;
  return places * layer->params[WEIGHT]->count;
}

static const char *
algorithm (const RfLayer *layer)
{
  return rf_conv_algorithm (((const Conv2d *) layer)->conv);
}

static char *
describe (const void *data)
{
  const Config *config = data;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, ngettext ("%d filter", "%d filters", config->filters),
                          config->filters);
  g_string_append_printf (text, " %d×%d", config->kernel[0], config->kernel[1]);
  if (config->stride[0] != 1 || config->stride[1] != 1)
    {
      g_autofree char *stride = rf_pair_to_text (config->stride);
      g_string_append_printf (text, _ (", stride %s"), stride);
    }
  if (config->dilation[0] != 1 || config->dilation[1] != 1)
    {
      g_autofree char *dilation = rf_pair_to_text (config->dilation);
      g_string_append_printf (text, _ (", dilation %s"), dilation);
    }
  if (config->groups != 1)
    g_string_append_printf (text, _ (", %d groups"), config->groups);
  return g_string_free (text, FALSE);
}

static void
append_pair (GString *out, const char *name, const gint pair[2], gint fallback)
{
  if (pair[0] == fallback && pair[1] == fallback)
    return;
  g_string_append_printf (out, ", %s=", name);
  rf_pair_to_python (pair, out);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  const Config *config = layer->config;
  g_string_append_printf (out, "nn.Conv2d(%d, %d, ", layer->in.channels, config->filters);
  rf_pair_to_python (config->kernel, out);
  append_pair (out, "stride", config->stride, 1);
  append_pair (out, "padding", config->padding, 0);
  append_pair (out, "dilation", config->dilation, 1);
  if (config->groups != 1)
    g_string_append_printf (out, ", groups=%d", config->groups);
  if (!config->bias)
    g_string_append (out, ", bias=False");
  g_string_append_c (out, ')');
}

const RfLayerClass rf_conv2d_layer = {
  .spec
  = { .type = "conv2d",
      .title = N_ ("Convolution"),
      .summary = N_ ("Slides small learned filters over the input, each making a feature map"),
      .config_size = sizeof (Config),
      .options = options },
  .fuses = RF_FUSES_RELU | RF_FUSES_NORM,
  .instance_size = sizeof (Conv2d),
  .weight_options = G_STRUCT_OFFSET (Config, weights),
  .rate = -1,
  .shape = shape,
  .declare = declare,
  .plan = plan,
  .finalize = finalize,
  .forward = forward,
  .backward = backward,
  .cost = cost,
  .reach = reach,
  .algorithm = algorithm,
  .describe = describe,
  .pytorch = pytorch,
};
