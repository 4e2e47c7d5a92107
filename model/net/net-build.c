/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an experiment to layers with shapes and parameters. Nothing here takes memory that grows
 * with the numbers in the experiment: counts are in 64 bits and checked, so that an absurd network
 * is explained instead of tried. */
#include "model/net/net-private.h"

#include "model/base/error.h"
#include "model/base/memory.h"

#include <glib/gi18n-lib.h>

/* Values of one sample at one layer: 17 GB. More is a mistake, and counts stay far from 2⁶³. */
#define MAX_VALUES (G_GUINT64_CONSTANT (1) << 32)

/* Where a sequence of layers stands in the experiment and among the tensors. */
typedef struct
{
  const char *path; /* "network.layers" */
  const char *name; /* "" or "3.body." */
  int depth;
} Place;

static gboolean build_sequence (RfNet *net, const GPtrArray *specs, const Place *place,
                                RfShape *shape, gboolean *flat, GPtrArray *layers, GError **error);

/* "network.layers[8] (maxpool 2 after layer 7): its input is 1×1, smaller than the window". */
static void
prefix_error (GError **error, const RfLayer *layer, const Place *place, guint nth)
{
  g_autofree char *describe = layer->klass->describe (layer->config);
  g_autoptr (GString) what = g_string_new (layer->klass->spec.type);
  if (*describe)
    g_string_append_printf (what, " %s", describe);
  if (nth > 0)
    g_string_append_printf (what, _ (" after layer %u"), nth - 1);
  else if (place->depth > 0)
    g_string_append (what, _ (" at the start of its branch"));
  else
    g_string_append (what, _ (" on the input"));
  g_prefix_error (error, "%s (%s): ", layer->path, what->str);
}

/* Refuses outputs that no machine could hold, before anything multiplies their sizes. */
static gboolean
check_size (RfShape shape, GError **error)
{
  guint64 plane = (guint64) shape.height * shape.width;
  guint64 values = rf_multiply_saturating (plane, shape.channels);
  if (plane <= G_MAXINT && values <= MAX_VALUES)
    return TRUE;
  g_autofree char *bytes = rf_format_bytes (rf_multiply_saturating (values, sizeof (float)));
  g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
               _ ("its output would be %d×%d×%d: %s for each sample, which is too large"),
               shape.channels, shape.height, shape.width, bytes);
  return FALSE;
}

static gboolean
build_branches (RfNet *net, RfLayer *layer, gboolean *flat, GError **error)
{
  gboolean flat_in = *flat;
  for (guint i = 0; i < RF_MAX_BRANCHES; i++)
    {
      const RfBranch *branch = &layer->klass->branches[i];
      if (!branch->option)
        continue;
      g_autofree char *path = g_strdup_printf ("%s.%s", layer->path, branch->option);
      g_autofree char *name = g_strdup_printf ("%s.%s.", layer->name, branch->name);
      Place place = { path, name, layer->depth + 1 };
      RfShape shape = layer->in;
      gboolean branch_flat = flat_in;
      layer->branches[i] = g_ptr_array_new ();
      if (!build_sequence (net, G_STRUCT_MEMBER (GPtrArray *, layer->config, branch->offset),
                           &place, &shape, &branch_flat, layer->branches[i], error))
        return FALSE;
      /* The generated source gives the sum the shape of the first branch. */
      if (i == 0)
        *flat = branch_flat;
    }
  return TRUE;
}

static gboolean
build_layer (RfNet *net, const RfSpec *spec, const Place *place, guint nth, RfShape *shape,
             gboolean *flat, GPtrArray *layers, GError **error)
{
  const RfLayerClass *klass = (const RfLayerClass *) spec->klass;
  g_autofree char *path = g_strdup_printf ("%s[%u]", place->path, nth);
  RfLayer *layer = g_malloc0 (klass->instance_size);
  *layer = (RfLayer){
    .klass = klass,
    .config = spec->config,
    .net = net,
    .path = g_steal_pointer (&path),
    .name = g_strdup_printf ("%s%u", place->name, nth),
    .depth = place->depth,
    .in = *shape,
    .flat = *flat,
    .path_of_kernels = net->priv->path,
    .kernels = rf_kernels_get (net->priv->path),
  };
  g_ptr_array_add (layers, layer);
  gboolean built = build_branches (net, layer, flat, error);
  /* After the layers inside of it, whether it worked or not: the network owns what is listed. */
  layer->index = (int) net->layers->len;
  g_ptr_array_add (net->layers, layer);
  if (!built)
    return FALSE;
  if (!klass->shape (layer->config, layer->in, &layer->out, error)
      || !check_size (layer->out, error))
    {
      prefix_error (error, layer, place, nth);
      return FALSE;
    }
  *flat = *flat || klass->flattens;
  *shape = layer->out;
  if (klass->declare)
    klass->declare (layer);
  return TRUE;
}

static gboolean
build_sequence (RfNet *net, const GPtrArray *specs, const Place *place, RfShape *shape,
                gboolean *flat, GPtrArray *layers, GError **error)
{
  for (guint i = 0; specs && i < specs->len; i++)
    if (!build_layer (net, g_ptr_array_index (specs, i), place, i, shape, flat, layers, error))
      return FALSE;
  return TRUE;
}

void
rf_layer_declare (RfLayer *layer, const char *name, RfParamKind kind, gsize fan_in, gsize fan_out,
                  guint n_dims, const gint64 *dims)
{
  RfNet *net = layer->net;
  gsize *used = kind == RF_PARAM_BUFFER ? &net->n_buffers : &net->n_weights;
  g_assert (n_dims <= G_N_ELEMENTS (net->params->dims));
  g_assert (layer->n_params < G_N_ELEMENTS (layer->params));
  RfParam param = {
    .name = g_strdup_printf ("%s.%s", layer->name, name),
    .kind = kind,
    .n_dims = n_dims,
    .count = 1,
    .offset = *used,
    .fan_in = fan_in,
    .fan_out = fan_out,
    .layer = layer,
  };
  for (guint i = 0; i < n_dims; i++)
    {
      param.dims[i] = dims[i];
      param.count = rf_multiply_saturating (param.count, (guint64) dims[i]);
    }
  *used = rf_add_saturating (*used, rf_round_floats (param.count));
  g_array_append_val (net->priv->declared, param);
  layer->n_params++;
}

static gboolean
choose_input (RfNet *net, GError **error)
{
  RfShape wish = net->experiment->network.input, given = net->priv->dataset_input;
  if (wish.channels == 0 && given.channels == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("network.input is missing and there is no data set to take it from; give it "
                      "as [channels, height, width]"));
      return FALSE;
    }
  net->input = wish.channels ? wish : given;
  if (wish.channels && given.channels
      && (wish.channels != given.channels || wish.height != given.height
          || wish.width != given.width))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("network.input is %d×%d×%d, but the data set has %d×%d×%d"), wish.channels,
                   wish.height, wish.width, given.channels, given.height, given.width);
      return FALSE;
    }
  if (check_size (net->input, error))
    return TRUE;
  g_prefix_error (error, "network.input: ");
  return FALSE;
}

/* The list of parameters is whole: gives it to the network and each layer its part. */
static void
take_declared (RfNet *net)
{
  net->n_params = net->priv->declared->len;
  net->params = (RfParam *) (void *) g_array_free (g_steal_pointer (&net->priv->declared), FALSE);
  for (guint i = 0; i < net->layers->len; i++)
    ((RfLayer *) g_ptr_array_index (net->layers, i))->n_params = 0;
  for (guint i = 0; i < net->n_params; i++)
    {
      RfLayer *layer = net->params[i].layer;
      layer->params[layer->n_params++] = &net->params[i];
    }
}

gboolean
rf_net_build (RfNet *net, GError **error)
{
  Place place = { "network.layers", "", 0 };
  gboolean flat = FALSE;
  gboolean built = choose_input (net, error);
  net->output = net->input;
  built = built
          && build_sequence (net, net->experiment->network.layers, &place, &net->output, &flat,
                             net->priv->top, error);
  take_declared (net);
  return built;
}
