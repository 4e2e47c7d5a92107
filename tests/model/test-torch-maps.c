/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every layer of the trained networks makes of a picture, against what PyTorch made of it
 * (recorded by record-maps.py). */

#include "model/features/specimen.h"
#include "model/spec/json.h"

#include <math.h>

#define TOLERANCE 1e-4 /* of the value, or of 1 where that is more */

static char *
get_path (const char *first, ...)
{
  const char *source = g_getenv ("RECEPTIVE_SOURCE");
  va_list rest;
  va_start (rest, first);
  g_autofree char *path = g_build_filename_valist (first, &rest);
  va_end (rest);
  return g_build_filename (source, path, NULL);
}

static RfSpecimen *
load (const char *name, RfKernelPath kernels)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *recipe = get_path ("data", "pretrained", name, "experiment.json", NULL);
  g_autofree char *weights = get_path ("data", "pretrained", name, "weights.safetensors", NULL);
  g_autoptr (RfExperiment) experiment = rf_experiment_load (recipe, NULL, &error);
  g_assert_no_error (error);
  RfSpecimen *specimen = rf_specimen_new (experiment, experiment->network.input, kernels, &error);
  g_assert_no_error (error);
  rf_net_load_file (rf_specimen_get_net (specimen), weights, &error);
  g_assert_no_error (error);
  return specimen;
}

static const RfLayer *
find_layer (const RfNet *net, const char *name)
{
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      if (g_str_equal (layer->name, name))
        return layer;
    }
  g_error ("there is no layer %s", name);
}

static double
compare (const RfLayer *layer, json_t *truth)
{
  const gsize step = (gsize) json_integer_value (json_object_get (truth, "step"));
  json_t *values = json_object_get (truth, "values");
  double worst = 0;
  g_assert_cmpuint (json_array_size (values), >=, 10);
  for (gsize i = 0; i < json_array_size (values); i++)
    {
      g_assert_cmpuint (i * step, <, RF_SHAPE_COUNT (layer->out));
      const double expected = json_number_value (json_array_get (values, i));
      const double found = (double) layer->y[i * step];
      g_assert_true (isfinite (expected) && isfinite (found));
      worst = MAX (worst, fabs (found - expected) / MAX (1, fabs (expected)));
    }
  return worst;
}

static void
compare_network (json_t *truth, RfKernelPath kernels)
{
  const char *name = json_string_value (json_object_get (truth, "network"));
  g_autoptr (RfSpecimen) specimen = load (name, kernels);
  const RfNet *net = rf_specimen_get_net (specimen);
  const gsize n = RF_SHAPE_COUNT (net->input);
  g_autofree float *image = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    image[i] = (float) sin (0.37 * (double) i);
  rf_specimen_forward (specimen, image, 1);

  json_t *layers = json_object_get (truth, "layers");
  const char *layer;
  json_t *values;
  double worst = 0;
  g_assert_cmpuint (json_object_size (layers), >, 10);
  json_object_foreach (layers, layer, values)
  {
    const double difference = compare (find_layer (net, layer), values);
    if (difference > TOLERANCE)
      g_error ("%s, layer %s: off by %g", name, layer, difference);
    worst = MAX (worst, difference);
  }
  g_test_message ("%s: %zu layers within %.1e", name, json_object_size (layers), worst);
}

static void
compare_all (gconstpointer kernels)
{
  g_autoptr (GError) error = NULL;
  if (!g_getenv ("RECEPTIVE_SOURCE"))
    {
      g_test_skip ("RECEPTIVE_SOURCE does not say where the sources are");
      return;
    }
  g_autofree char *path = get_path ("tests", "model", "data", "torch-maps.json", NULL);
  g_autofree char *text = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  json_t *truth = rf_json_parse (text, strlen (text), 16, &error);
  g_assert_no_error (error);
  json_t *networks = json_object_get (truth, "networks");
  g_assert_cmpuint (json_array_size (networks), ==, 3);
  for (gsize i = 0; i < json_array_size (networks); i++)
    compare_network (json_array_get (networks, i), (RfKernelPath) GPOINTER_TO_INT (kernels));
  json_decref (truth);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/torch-maps/fast", GINT_TO_POINTER (rf_kernels_path ()), compare_all);
  g_test_add_data_func ("/torch-maps/reference", GINT_TO_POINTER (RF_KERNELS_REFERENCE),
                        compare_all);
  return g_test_run ();
}
