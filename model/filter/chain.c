/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains as values, their shapes, and those that are ready to use. */
#include "model/filter/chain.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"

const RfStageInfo rf_stage_infos[RF_N_STAGE_KINDS] = {
  [RF_STAGE_KERNEL] = { "kernel", N_ ("Kernel"), N_ ("Σ weight · value under the window") },
  [RF_STAGE_BIAS] = { "bias", N_ ("Bias"), N_ ("Adds a number to every value") },
  [RF_STAGE_RELU] = { "relu", N_ ("ReLU"), N_ ("max (x, 0): cuts off what is negative") },
  [RF_STAGE_TANH] = { "tanh", N_ ("Tanh"), N_ ("tanh x: bends everything between -1 and 1") },
  [RF_STAGE_ABS] = { "abs", N_ ("Absolute"), N_ ("|x|: edges of either direction alike") },
  [RF_STAGE_MAXPOOL] = { "maxpool", N_ ("Max pool"), N_ ("The largest value of each window") },
  [RF_STAGE_AVGPOOL] = { "avgpool", N_ ("Average pool"), N_ ("The mean of each window") },
  [RF_STAGE_THRESHOLD]
  = { "threshold", N_ ("Threshold"), N_ ("1 from a value upwards, 0 below it") },
  [RF_STAGE_ADD] = { "add", N_ ("Add"), N_ ("Adds the result of an earlier stage") },
  [RF_STAGE_MAGNITUDE] = { "magnitude", N_ ("Magnitude"),
                           N_ ("√(x² + y²) with the result of an earlier stage: the length of a "
                               "slope from its two components") },
};

const RfReadyChain rf_ready_chains[] = {
  { "sobel-magnitude", N_ ("Sobel magnitude"),
    N_ ("Slopes from left to right and from top to bottom, and how steep they are together."),
    "{\"name\": \"Sobel magnitude\", \"stages\": ["
    "{\"type\": \"kernel\", \"kernel\": \"sobel-x\", \"border\": \"edge\"},"
    "{\"type\": \"kernel\", \"kernel\": \"sobel-y\", \"border\": \"edge\", \"input\": \"picture\"},"
    "{\"type\": \"magnitude\", \"with\": 0}]}" },
  { "canny-like", N_ ("Edges as Canny's"),
    N_ ("Grey, blurred against noise, the length of the slope, and a threshold: the first half of "
        "Canny's detector of edges."),
    "{\"name\": \"Edges as Canny's\", \"stages\": ["
    "{\"type\": \"kernel\", \"kernel\": [[[0.299]], [[0.587]], [[0.114]]], "
    "\"channels\": \"combined\"},"
    "{\"type\": \"kernel\", \"kernel\": \"gaussian:sigma=1.4,size=9\", \"border\": \"edge\"},"
    "{\"type\": \"kernel\", \"kernel\": \"sobel-x\", \"border\": \"edge\"},"
    "{\"type\": \"kernel\", \"kernel\": \"sobel-y\", \"border\": \"edge\", \"input\": 1},"
    "{\"type\": \"magnitude\", \"with\": 2},"
    "{\"type\": \"threshold\", \"value\": 0.4}]}" },
  { "difference-of-gaussians", N_ ("Difference of Gaussians"),
    N_ ("A narrow blur less a wide one keeps details of one size, as cells of the retina do."),
    "{\"name\": \"Difference of Gaussians\", \"stages\": ["
    "{\"type\": \"kernel\", \"kernel\": \"gaussian:sigma=1,size=7\", \"border\": \"edge\"},"
    "{\"type\": \"kernel\", \"kernel\": \"gaussian:sigma=2,size=11\", \"border\": \"edge\", "
    "\"input\": \"picture\", \"scale\": -1},"
    "{\"type\": \"add\", \"with\": 0}]}" },
  { "first-layer", N_ ("Like a first layer"),
    N_ ("One map of a network's first layer: a filter over all three channels, ReLU, max pool."),
    "{\"name\": \"Like a first layer\", \"stages\": ["
    "{\"type\": \"kernel\", \"kernel\": \"gabor:wavelength=4,size=5\", \"channels\": \"combined\", "
    "\"scale\": 0.3333333333333333},"
    "{\"type\": \"relu\"},"
    "{\"type\": \"maxpool\", \"size\": 2}]}" },
  { NULL },
};

RfChain *
rf_chain_new_ready (const char *name)
{
  for (const RfReadyChain *ready = rf_ready_chains; ready->name; ready++)
    if (g_str_equal (ready->name, name))
      return rf_chain_parse (ready->text, -1, ready->name, NULL);
  return NULL;
}

void
rf_stage_init (RfStage *stage, RfStageKind kind)
{
  *stage = (RfStage){ .kind = kind,
                      .input = RF_STAGE_PREVIOUS,
                      .with = RF_STAGE_PICTURE,
                      .options = RF_FILTER_OPTIONS_INIT,
                      .value = kind == RF_STAGE_THRESHOLD ? .5 : 0,
                      .size = { 2, 2 },
                      .stride = { 2, 2 } };
  rf_kernel_init (&stage->kernel, 3, 3);
  rf_kernel_set (&stage->kernel, 0, 1, 1, 1);
}

RfChain *
rf_chain_new (void)
{
  RfChain *chain = g_new0 (RfChain, 1);

  chain->stages = g_new0 (RfStage, RF_CHAIN_MAX_STAGES);
  return chain;
}

RfChain *
rf_chain_copy (const RfChain *chain)
{
  RfChain *copy = rf_chain_new ();

  copy->name = g_strdup (chain->name);
  copy->n_stages = chain->n_stages;
  memcpy (copy->stages, chain->stages, (gsize) chain->n_stages * sizeof (RfStage));
  return copy;
}

void
rf_chain_free (RfChain *chain)
{
  if (!chain)
    return;
  g_free (chain->name);
  g_free (chain->stages);
  g_free (chain);
}

int
rf_chain_input_of (const RfChain *chain, int i)
{
  const int input = chain->stages[i].input;

  return input == RF_STAGE_PREVIOUS ? i - 1 : input;
}

int
rf_chain_with_of (const RfChain *chain, int i)
{
  const int with = chain->stages[i].with;

  return with == RF_STAGE_PREVIOUS ? i - 1 : with;
}

/* --- Shapes --------------------------------------------------------------------------------- */

static gboolean
pool_shape (const RfStage *stage, RfShape input, RfShape *output, GError **error)
{
  for (int axis = 0; axis < 2; axis++)
    if (stage->size[axis] < 1 || stage->size[axis] > RF_CHAIN_MAX_POOL || stage->stride[axis] < 1
        || stage->stride[axis] > RF_CHAIN_MAX_POOL || stage->padding[axis] < 0
        || stage->padding[axis] > stage->size[axis] / 2)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("size and stride of a pool are from 1 to %d, its padding at most half its "
                        "size"),
                     RF_CHAIN_MAX_POOL);
        return FALSE;
      }
  output->channels = input.channels;
  output->height = rf_filter_output_side (input.height, stage->size[0], stage->stride[0], 1,
                                          stage->padding[0], stage->padding[0]);
  output->width = rf_filter_output_side (input.width, stage->size[1], stage->stride[1], 1,
                                         stage->padding[1], stage->padding[1]);
  if (output->height < 1 || output->width < 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("a %d×%d pool does not fit into a picture of %d×%d pixels"), stage->size[0],
                   stage->size[1], input.width, input.height);
      return FALSE;
    }
  return TRUE;
}

static gboolean
stage_shape (const RfChain *chain, int i, RfShape picture, const RfShape *shapes, RfShape *output,
             GError **error)
{
  const RfStage *stage = &chain->stages[i];
  const int input = rf_chain_input_of (chain, i), with = rf_chain_with_of (chain, i);
  const gboolean combines = stage->kind == RF_STAGE_ADD || stage->kind == RF_STAGE_MAGNITUDE;

  if (input < RF_STAGE_PICTURE || input >= i
      || (combines && (with < RF_STAGE_PICTURE || with >= i)))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("reads a stage that is not before it"));
      return FALSE;
    }
  const RfShape from = input < 0 ? picture : shapes[input];
  if (stage->kind == RF_STAGE_KERNEL)
    return rf_filter_output_shape (&stage->kernel, &stage->options, from, output, error);
  if (stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL)
    return pool_shape (stage, from, output, error);
  if (combines)
    {
      const RfShape other = with < 0 ? picture : shapes[with];
      if (from.channels != other.channels || from.height != other.height
          || from.width != other.width)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                       _ ("the two results are %d×%d×%d and %d×%d×%d; they must be of one shape"),
                       from.channels, from.height, from.width, other.channels, other.height,
                       other.width);
          return FALSE;
        }
    }
  *output = from;
  return TRUE;
}

gboolean
rf_chain_shapes (const RfChain *chain, RfShape picture, RfShape *shapes, GError **error)
{
  if (picture.channels < 1 || picture.channels > RF_FILTER_MAX_CHANNELS || picture.height < 1
      || picture.width < 1 || (gint64) picture.height * picture.width > RF_FILTER_MAX_PIXELS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("a picture to filter has 1 to %d channels and up to %d million pixels, not "
                      "%d×%d×%d"),
                   RF_FILTER_MAX_CHANNELS, RF_FILTER_MAX_PIXELS / 1000000, picture.channels,
                   picture.height, picture.width);
      return FALSE;
    }
  for (int i = 0; i < chain->n_stages; i++)
    {
      g_autoptr (GError) problem = NULL;
      if (!stage_shape (chain, i, picture, shapes, &shapes[i], &problem))
        {
          g_set_error (error, problem->domain, problem->code, "stages[%d]: %s", i,
                       problem->message);
          return FALSE;
        }
    }
  return TRUE;
}
