/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench: how fast the reference networks train and infer here, and what OpenBLAS could do at best.
 *
 * One batch of random data, no loading. A figure is that of the best of several windows of time, so
 * that what else the machine does in between counts little. GFLOP/s are nominal: two operations for
 * each multiply-add of the definition, and three times the forward pass for a training step,
 * whatever the algorithm really computes. */

#include "cli/bench.h"
#include "model/base/pool.h"
#include "model/kernels/blas.h"

#include <glib/gi18n-lib.h>

#define DEFAULT_BATCH 128
#define MAX_BATCH     65536

/* "  3.body.0  conv2d 16 filters 3×3 (direct)" */
static char *
layer_title (const RfLayer *layer)
{
  g_autofree char *describe
      = layer->klass->describe ? layer->klass->describe (layer->config) : g_strdup ("");
  g_autofree char *algorithm = layer->klass->algorithm
                                   ? g_strdup_printf (" (%s)", layer->klass->algorithm (layer))
                                   : g_strdup ("");
  return g_strdup_printf ("  %s  %s %s%s", layer->name, layer->klass->spec.type, describe,
                          algorithm);
}

/* "   4.147 ms forward     145.6 GFLOP/s  91 %": of the peak of sgemm. */
static void
append_pass (GString *text, const char *format, double seconds, double gflops, double peak)
{
  g_string_append_printf (text, format, 1000 * seconds);
  if (gflops > 0)
    g_string_append_printf (text, _ ("%7.1f GFLOP/s %3.0f %%"), gflops, 100 * gflops / peak);
  else
    g_string_append_printf (text, "%21s", "");
}

static void
append_layers_text (GString *text, const GArray *layers, double peak)
{
  double total = 0;
  int width = 0;
  for (guint i = 0; i < layers->len; i++)
    {
      const RfBenchLayer *figure = &g_array_index (layers, RfBenchLayer, i);
      g_autofree char *title = layer_title (figure->layer);
      width = MAX (width, rf_cli_text_width (title));
      total += figure->forward + figure->backward;
    }
  for (guint i = 0; i < layers->len; i++)
    {
      const RfBenchLayer *figure = &g_array_index (layers, RfBenchLayer, i);
      g_autofree char *title = layer_title (figure->layer);
      rf_cli_append_padded (text, title, width);
      if (figure->layer->merged)
        {
          g_string_append (text, _ ("  computed by the layer before\n"));
          continue;
        }
      g_string_append_printf (text, "%6.1f %%", 100 * (figure->forward + figure->backward) / total);
      append_pass (text, _ ("%9.3f ms forward"), figure->forward, figure->forward_gflops, peak);
      append_pass (text, _ ("%9.3f ms backward"), figure->backward, figure->backward_gflops, peak);
      g_string_append_c (text, '\n');
    }
}

static json_t *
layers_to_json (const GArray *layers)
{
  json_t *array = json_array ();
  double total = 0;
  for (guint i = 0; i < layers->len; i++)
    {
      const RfBenchLayer *figure = &g_array_index (layers, RfBenchLayer, i);
      total += figure->forward + figure->backward;
    }
  for (guint i = 0; i < layers->len; i++)
    {
      const RfBenchLayer *figure = &g_array_index (layers, RfBenchLayer, i);
      json_t *object = json_pack (
          "{s:s, s:s, s:f, s:f, s:f, s:f, s:f}", "name", figure->layer->name, "type",
          figure->layer->klass->spec.type, "forward", figure->forward, "backward", figure->backward,
          "forward_gflops", figure->forward_gflops, "backward_gflops", figure->backward_gflops,
          "share", (figure->forward + figure->backward) / total);
      if (figure->layer->merged)
        json_object_set_new (object, "merged", json_true ());
      if (figure->layer->klass->algorithm)
        json_object_set_new (object, "algorithm",
                             json_string (figure->layer->klass->algorithm (figure->layer)));
      json_array_append_new (array, object);
    }
  return array;
}

/* Adds what was measured to @nets or, where that is NULL, prints it, beside sgemm's @peak. */
static gboolean
bench_net (const RfBenchNet *net, int batch, gboolean explain, double peak, json_t *nets,
           GError **error)
{
  g_autoptr (RfBench) bench = rf_bench_new (net, batch, error);
  RfBenchFigures figures;
  if (!bench || !rf_bench_measure (bench, &figures, error))
    return FALSE;
  g_autoptr (GArray) layers = explain ? rf_bench_measure_layers (bench, error) : NULL;
  if (explain && !layers)
    return FALSE;

  if (nets)
    {
      json_t *object = json_pack ("{s:f, s:f, s:f}", "train", figures.train, "infer", figures.infer,
                                  "gflops", figures.gflops);
      if (layers)
        json_object_set_new (object, "layers", layers_to_json (layers));
      json_object_set_new (nets, net->name, object);
      return TRUE;
    }
  g_autoptr (GString) text = g_string_new (NULL);
  rf_cli_append_padded (text, net->name, 10);
  g_string_append_printf (text, _ ("%9.0f images/s training %9.0f inferring %8.1f GFLOP/s\n"),
                          figures.train, figures.infer, figures.gflops);
  if (layers)
    append_layers_text (text, layers, peak);
  rf_cli_print (text->str);
  return TRUE;
}

static const RfBenchNet *
find_net (const char *name)
{
  for (const RfBenchNet *net = rf_bench_nets; net->name; net++)
    if (g_str_equal (net->name, name))
      return net;
  return NULL;
}

static int
bench (int argc, char **argv)
{
  g_autofree char *name = NULL;
  gboolean as_json = FALSE, explain = FALSE;
  gint batch = -1; /* as the reference networks have it */
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    { "net", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("Only this: notebook, vgg, resnet20 or mlp"),
      "NAME" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &batch, N_ ("Images in a batch; 128 unless given"), "N" },
    { "explain", 0, 0, G_OPTION_ARG_NONE, &explain, N_ ("Time each layer as well"), NULL },
    RF_CLI_THREADS_OPTION,
    { NULL },
  };
  if (!rf_cli_parse (entries, NULL,
                     _ ("Measure the reference networks in images per second, on random data in "
                        "batches, and the peak of OpenBLAS's products."),
                     NULL, &argc, &argv))
    return RF_EXIT_USAGE;
  if (argc > 1)
    return rf_cli_misuse (argv[0], _ ("\"%s\" is one argument too many"), argv[1]);
  const gboolean given = batch != -1;
  if (!given)
    batch = DEFAULT_BATCH;
  if (batch < 1 || batch > MAX_BATCH)
    return rf_cli_misuse (argv[0], _ ("--batch is 1 to %d, not %d"), MAX_BATCH, batch);
  const RfBenchNet *only = name ? find_net (name) : NULL;
  if (name && !only)
    return rf_cli_misuse (argv[0], _ ("--net is notebook, vgg, resnet20 or mlp, not \"%s\""), name);

  g_autoptr (GError) error = NULL;
  const double peak = rf_bench_sgemm ();
  json_t *nets = as_json ? json_object () : NULL;
  for (const RfBenchNet *net = rf_bench_nets; net->name && !error; net++)
    if (!only || net == only)
      bench_net (net, batch, explain, peak, nets, &error);
  if (error)
    {
      json_decref (nets);
      return rf_cli_fail (error);
    }

  const int n_threads = rf_pool_get_threads ();
  if (as_json)
    {
      json_t *object
          = json_pack ("{s:o, s:f, s:i}", "nets", nets, "sgemm_gflops", peak, "threads", n_threads);
      if (given)
        json_object_set_new (object, "batch", json_integer (batch));
      const int status = rf_cli_print_json (object);
      json_decref (object);
      return status;
    }
  const char *blas = rf_blas_name ();
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "sgemm     %9.1f GFLOP/s on %d thread (%s)\n",
                   "sgemm     %9.1f GFLOP/s on %d threads (%s)\n", n_threads),
      peak, n_threads, blas ? blas : _ ("without OpenBLAS"));
  return rf_cli_print (text);
}

const RfVerb rf_bench_verb = {
  .name = "bench",
  .summary = N_ ("speed of the reference networks on this machine"),
  .run = bench,
};
