/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two branches over one input, added (He et al., 2016): y = layers(x) + shortcut(x); an empty
 * shortcut passes x on as it is. The network builds and plans the layers inside; dx is the body's
 * gradient plus the shortcut's, always in that order. Where the last layer of the body can add, the
 * sum is made there (net-fuse.c), for which the shortcut is computed first. */
#include "model/base/error.h"
#include "model/layers/sequence.h"
#include "model/layers/work.h"
#include <glib/gi18n-lib.h>

typedef struct
{
  GPtrArray *layers, *shortcut; /* of RfSpec * */
} Config;

enum
{
  BODY,
  SHORTCUT,
};

static const RfOption options[] = {
  { .name = "layers",
    .kind = RF_OPTION_LAYERS,
    .flags = RF_OPTION_REQUIRED,
    .offset = G_STRUCT_OFFSET (Config, layers),
    .title = N_ ("Layers"),
    .summary = N_ ("What the input goes through: output = layers(x) + shortcut(x)") },
  { .name = "shortcut",
    .kind = RF_OPTION_LAYERS,
    .offset = G_STRUCT_OFFSET (Config, shortcut),
    .title = N_ ("Shortcut"),
    .summary = N_ ("What the input goes through beside them; empty: it is added as it is") },
  { NULL },
};

static gboolean
branch_shape (const GPtrArray *specs, RfShape in, RfShape *out, GError **error)
{
  *out = in;
  for (guint i = 0; specs && i < specs->len; i++)
    {
      const RfSpec *spec = g_ptr_array_index (specs, i);
      const RfLayerClass *klass = (const RfLayerClass *) spec->klass;
      if (!klass->shape (spec->config, *out, out, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
shape (const void *data, RfShape in, RfShape *out, GError **error)
{
  const Config *config = data;
  RfShape other;
  if (!branch_shape (config->layers, in, out, error)
      || !branch_shape (config->shortcut, in, &other, error))
    return FALSE;
  if (out->channels == other.channels && out->height == other.height && out->width == other.width)
    return TRUE;
  g_autofree char *body_text = rf_shape_to_text (*out);
  g_autofree char *other_text = rf_shape_to_text (other);
  if (config->shortcut && config->shortcut->len)
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("its layers give %s, but its shortcut gives %s; both must agree to be added"),
                 body_text, other_text);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("its layers give %s, but its empty shortcut passes on the input's %s; put a "
                    "convolution into the shortcut that gives the same shape"),
                 body_text, other_text);
  return FALSE;
}

typedef struct
{
  const RfKernels *kernels;
  const float *a, *b;
  float *sum;
  gboolean rectify;
} Job;

static void
add_parts (void *data, gsize first, gsize n)
{
  const Job *job = data;
  float *sum = job->sum + first;
  job->kernels->add (job->a + first, job->b + first, sum, n);
  if (job->rectify)
    job->kernels->activation[RF_ACTIVATION_RELU](sum, sum, n, 0);
}

/* The layer of the body that adds the shortcut to its own output, or NULL. */
static RfLayer *
adder (const RfLayer *layer)
{
  const GPtrArray *body = layer->branches[BODY];
  for (guint i = 0; i < body->len; i++)
    if (((RfLayer *) g_ptr_array_index (body, i))->sum == layer)
      return g_ptr_array_index (body, i);
  return NULL;
}

static void
forward (RfLayer *layer, const RfPass *pass, const float *x, float *y)
{
  const float *shortcut = rf_sequence_forward (layer->branches[SHORTCUT], pass, x);
  RfLayer *last = adder (layer);
  if (last)
    last->addend = shortcut;
  const float *body = rf_sequence_forward (layer->branches[BODY], pass, x);
  if (last)
    return;
  Job job = { layer->kernels, body, shortcut, y, layer->rectifies };
  rf_run_parts (pass->n * RF_SHAPE_COUNT (layer->out), 1, add_parts, &job);
}

static void
backward (RfLayer *layer, const RfPass *pass, const float *x, const float *y, const float *dy,
          float *dx)
{
  /* Where the body's last layer adds, it masks dy as well, before the shortcut reads it. */
  if (layer->rectifies && !adder (layer))
    rf_layer_mask_gradient (layer, pass, y, dy);
  const float *body = rf_sequence_backward (layer->branches[BODY], pass, dy);
  const float *shortcut = rf_sequence_backward (layer->branches[SHORTCUT], pass, dy);
  if (!dx)
    return;
  Job job = { layer->kernels, body, shortcut, dx, FALSE };
  rf_run_parts (pass->n * RF_SHAPE_COUNT (layer->in), 1, add_parts, &job);
}

static char *
describe (const void *data)
{
  const Config *config = data;
  gint n = config->layers ? (gint) config->layers->len : 0;
  return g_strdup_printf (ngettext ("%d layer", "%d layers", n), n);
}

static void
pytorch (const RfLayer *layer, GString *out)
{
  /* Each residual around it indents by two: itself and its sequence. */
  int depth = 2 * (layer->depth + 1);
  g_string_append_printf (out, "Residual(\n%*s", 4 * depth, "");
  rf_sequence_pytorch (layer->branches[BODY], depth, out);
  g_string_append_printf (out, ",\n%*s", 4 * depth, "");
  rf_sequence_pytorch (layer->branches[SHORTCUT], depth, out);
  g_string_append_printf (out, ",\n%*s)", 4 * (depth - 1), "");
}

const RfLayerClass rf_residual_layer = {
  .spec = { .type = "residual",
            .title = N_ ("Residual block"),
            .summary = N_ ("Adds what its layers make of the input to the input itself: gradients "
                           "reach the first layers of deep networks"),
            .config_size = sizeof (Config),
            .options = options },
  .branches = { [BODY] = { "layers", "body", G_STRUCT_OFFSET (Config, layers) },
                [SHORTCUT] = { "shortcut", "shortcut", G_STRUCT_OFFSET (Config, shortcut) } },
  .fuses = RF_FUSES_RELU | RF_FUSES_IN_PLACE,
  .instance_size = sizeof (RfLayer),
  .weight_options = -1,
  .rate = -1,
  .shape = shape,
  .forward = forward,
  .backward = backward,
  .describe = describe,
  .pytorch = pytorch,
};
