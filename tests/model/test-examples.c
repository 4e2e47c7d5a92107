/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each example that is installed loads, makes a network of the size that it should have, and
 * survives being written back. The sizes are counted by hand from the layers' definitions. */

#include "model/net/net.h"

typedef struct
{
  const char *file;
  gsize n_parameters;
} Example;

static const Example examples[] = {
  { "cifar10-fast.json", 928 + 18560 + 36992 + 110976 + 332160 + 387520 + 452032 + 2250 },
  { "cifar10-notebook.json", 896 + 18496 + 524416 + 1290 },
  { "cifar10-resnet20.json", 464 + 14016 + 51648 + 205696 + 650 },
  { "cifar10-vgg.json", 1144512 + 1792 + 40970 },
  { "mnist-cnn.json", 320 + 18496 + 401536 + 1290 },
  { "mnist-mlp.json", 401920 + 131328 + 2570 },
  { "shapes-cnn.json", 896 + 18496 + 524416 + 1290 },
};

static RfExperiment *
load (const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("RECEPTIVE_EXAMPLES"), file, NULL);
  RfExperiment *experiment = rf_experiment_load (path, NULL, &error);
  g_assert_no_error (error);
  return experiment;
}

static void
test_network (gconstpointer data)
{
  const Example *example = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = load (example->file);

  g_autoptr (RfNet) net
      = rf_net_new (experiment, experiment->network.input, rf_kernels_path (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (RF_SHAPE_COUNT (net->output), ==, 10);
  g_assert_cmpuint (rf_net_count_parameters (net), ==, example->n_parameters);
}

static void
test_round_trip (gconstpointer data)
{
  const Example *example = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = load (example->file);
  g_autofree char *text = rf_experiment_to_text (experiment, FALSE);

  g_autoptr (RfExperiment) again = rf_experiment_parse (text, -1, example->file, ".", NULL, &error);
  g_assert_no_error (error);
  g_autofree char *text_again = rf_experiment_to_text (again, FALSE);
  g_assert_cmpstr (text, ==, text_again);
}

/* No file of the folder is left out of the table above. */
static void
test_complete (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (g_getenv ("RECEPTIVE_EXAMPLES"), 0, &error);
  g_assert_no_error (error);

  guint n_files = 0;
  for (const char *name; (name = g_dir_read_name (folder));)
    n_files += g_str_has_suffix (name, ".json");
  g_assert_cmpuint (n_files, ==, G_N_ELEMENTS (examples));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *network = g_strconcat ("/examples/network/", examples[i].file, NULL);
      g_autofree char *round_trip = g_strconcat ("/examples/round-trip/", examples[i].file, NULL);
      g_test_add_data_func (network, &examples[i], test_network);
      g_test_add_data_func (round_trip, &examples[i], test_round_trip);
    }
  g_test_add_func ("/examples/complete", test_complete);
  return g_test_run ();
}
