/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The experiment format: what is read, what is refused and in which words, what is written back. */
#include "model/base/error.h"
#include "tests/model/experiment-util.h"
#include "tests/test-util.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

/* --- Reading and writing --------------------------------------------------------------------- */

static void
test_full (void)
{
  g_autoptr (RfExperiment) experiment = parse_sound (full_experiment, NULL);
  g_autoptr (RfExperiment) copy = NULL;
  g_autofree char *text = rf_experiment_to_text (experiment, FALSE);
  g_autofree char *copied = NULL;

  g_assert_cmpstr (text, ==, full_experiment);
  g_assert_cmpstr (experiment->name, ==, "small CNN, \"größer\"");
  g_assert_cmpint (experiment->dataset.kind, ==, RF_DATASET_SAFETENSORS);
  g_assert_cmpstr (experiment->dataset.source, ==, "/base/data/x.safetensors");
  g_assert_cmpstr (experiment->dataset.written, ==, "data/x.safetensors");
  g_assert_cmpuint (experiment->dataset.seed, ==, 3);
  g_assert_cmpuint (experiment->dataset.limit, ==, 1000);
  g_assert_cmpfloat (experiment->dataset.validation_fraction, ==, 0.1);
  g_assert_cmpfloat (experiment->dataset.test_fraction, ==, 0.2);
  g_assert_cmpint (experiment->dataset.normalize, ==, RF_NORMALIZE_GIVEN);
  g_assert_cmpint (experiment->dataset.n_channels, ==, 3);
  g_assert_cmpfloat (experiment->dataset.mean[1], ==, -1);
  g_assert_cmpfloat (experiment->dataset.deviation[2], ==, 333.333333);
  g_assert_cmpstr (experiment->dataset.fingerprint, ==, "sha256:0123");
  g_assert_cmpint (experiment->network.input.channels, ==, 3);
  g_assert_cmpint (experiment->network.input.height, ==, 32);
  g_assert_cmpint (experiment->network.input.width, ==, 32);
  g_assert_cmpstr (experiment->network.initial_weights, ==, "/base/init.safetensors");
  g_assert_cmpuint (experiment->network.layers->len, ==, 4);
  g_assert_cmpint (experiment->training.batch_size, ==, 64);
  g_assert_cmpint (experiment->training.epochs, ==, 3);
  g_assert_cmpuint (experiment->training.seed, ==, G_GUINT64_CONSTANT (9007199254740991));
  g_assert_false (experiment->training.shuffle);
  g_assert_cmpfloat (experiment->training.label_smoothing, ==, 0.1);
  g_assert_cmpint (experiment->training.l1_rule, ==, RF_L1_PROXIMAL);
  g_assert_cmpuint (experiment->training.augment->len, ==, 2);
  g_assert_cmpstr (experiment->parent_run, ==, "../other run");
  g_assert_cmpint (experiment->parent_step, ==, 1203);

  copy = rf_experiment_copy (experiment);
  g_clear_pointer (&experiment, rf_experiment_unref); /* the copy shares nothing */
  copied = rf_experiment_to_text (copy, FALSE);
  g_assert_cmpstr (copied, ==, full_experiment);
}

static void
test_minimal (void)
{
  g_autoptr (RfExperiment) experiment = parse_sound (MINIMAL, NULL);
  g_autoptr (RfExperiment) again = NULL;
  g_autofree char *text = rf_experiment_to_text (experiment, FALSE);
  g_autofree char *reread = NULL;

  g_assert_cmpstr (
      text, ==,
      "{\n"
      "  \"receptive\": 1,\n"
      "  \"dataset\": {\"id\": \"shapes\", \"seed\": 0, \"validation_fraction\": 0, "
      "\"test_fraction\": 0},\n"
      "  \"network\": {\n"
      "    \"layers\": [\n"
      "      {\"type\": \"flatten\"}\n"
      "    ]\n"
      "  },\n"
      "  \"training\": {\n"
      "    \"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.1, \"momentum\": 0, "
      "\"nesterov\": false, \"weight_decay\": 0},\n"
      "    \"batch_size\": 128,\n"
      "    \"epochs\": 10,\n"
      "    \"seed\": 1,\n"
      "    \"shuffle\": true,\n"
      "    \"label_smoothing\": 0,\n"
      "    \"l1_rule\": \"gradient\",\n"
      "    \"schedule\": {\"type\": \"constant\", \"warmup_steps\": 0},\n"
      "    \"augment\": []\n"
      "  }\n"
      "}\n");
  g_assert_cmpstr (experiment->name, ==, "");
  g_assert_cmpstr (experiment->dataset.source, ==, "shapes");
  g_assert_cmpuint (experiment->dataset.limit, ==, 0);
  g_assert_cmpint (experiment->dataset.normalize, ==, RF_NORMALIZE_DEFAULT);
  g_assert_cmpint (experiment->network.input.channels, ==, 0);
  again = parse_sound (text, NULL);
  reread = rf_experiment_to_text (again, FALSE);
  g_assert_cmpstr (text, ==, reread);
}

/* Each type of layer, optimizer and schedule: its text read again gives the same text. */
static void
test_all_types (void)
{
  static const char *const layers[] = {
    "{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3}",
    "{\"type\": \"linear\", \"units\": 10}",
    "{\"type\": \"batchnorm\"}",
    "{\"type\": \"relu\"}",
    "{\"type\": \"leaky_relu\"}",
    "{\"type\": \"elu\"}",
    "{\"type\": \"gelu\"}",
    "{\"type\": \"silu\"}",
    "{\"type\": \"tanh\"}",
    "{\"type\": \"sigmoid\"}",
    "{\"type\": \"maxpool\", \"size\": [2, 3]}",
    "{\"type\": \"avgpool\", \"size\": 3, \"stride\": 2, \"padding\": 1}",
    "{\"type\": \"global_avgpool\"}",
    "{\"type\": \"dropout\", \"rate\": 0.5}",
    "{\"type\": \"spatial_dropout\", \"rate\": 0.5}",
    "{\"type\": \"flatten\"}",
    "{\"type\": \"residual\", \"layers\": []}",
  };
  static const char *const optimizers[] = { "sgd", "rmsprop", "adam", "adamw", "adagrad" };
  static const char *const schedules[] = {
    "{\"type\": \"constant\"}",
    "{\"type\": \"step\", \"every\": 5, \"factor\": 0.1}",
    "{\"type\": \"cosine\", \"warmup_steps\": 100}",
    "{\"type\": \"one_cycle\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      g_autofree char *layer = g_strconcat ("network.layers[0]=", layers[i], NULL);
      g_autofree char *optimizer
          = g_strconcat ("training.optimizer={\"learning_rate\": 0.125, \"type\": \"",
                         optimizers[i % G_N_ELEMENTS (optimizers)], "\"}", NULL);
      g_autofree char *schedule
          = g_strconcat ("training.schedule=", schedules[i % G_N_ELEMENTS (schedules)], NULL);
      const char *overrides[] = { layer, optimizer, schedule, NULL };
      g_autoptr (RfExperiment) experiment = parse_sound (MINIMAL, overrides);
      g_autofree char *text = rf_experiment_to_text (experiment, FALSE);
      g_autoptr (RfExperiment) again = parse_sound (text, NULL);
      g_autofree char *reread = rf_experiment_to_text (again, FALSE);

      g_assert_cmpstr (text, ==, reread);
    }
}

static void
test_paths (void)
{
  static const struct
  {
    const char *key, *written, *absolute;
  } cases[] = {
    { "folder", "pets", "/base/pets" },
    { "folder", "../a folder/ü", "/base/../a folder/ü" },
    { "folder", "~/pets", "/base/~/pets" },
    { "safetensors", "/abs/x.safetensors", "/abs/x.safetensors" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = g_strdup_printf (EXPERIMENT ("\"dataset\": {\"%s\": \"%s\"}", NETWORK, TRAINING),
                             cases[i].key, cases[i].written);
      g_autoptr (RfExperiment) experiment = parse_sound (text, NULL);
      g_autofree char *absolute = rf_experiment_to_text (experiment, TRUE);
      g_autoptr (RfExperiment) moved
          = rf_experiment_parse (absolute, -1, "e.json", "/elsewhere", NULL, NULL);

      g_assert_cmpstr (experiment->dataset.written, ==, cases[i].written);
      g_assert_cmpstr (experiment->dataset.source, ==, cases[i].absolute);
      g_assert_nonnull (strstr (absolute, cases[i].absolute));
      g_assert_cmpstr (moved->dataset.source, ==, cases[i].absolute);
    }
}

static void
test_files (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *file = g_build_filename (folder, "e.json", NULL);
  g_autofree char *missing = g_build_filename (folder, "no.json", NULL);
  g_autofree char *data = g_build_filename (folder, "pets", NULL);
  g_autoptr (RfExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
      file, EXPERIMENT ("\"dataset\": {\"folder\": \"pets\"}", NETWORK, TRAINING), -1, NULL));
  experiment = rf_experiment_load (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (experiment->dataset.source, ==, data);

  g_assert_null (rf_experiment_load (missing, NULL, &error));
  g_assert_true (g_str_has_prefix (error->message, missing));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (file, "{\"name\": 1}", -1, NULL));
  g_assert_null (rf_experiment_load (file, NULL, &error));
  g_assert_true (g_str_has_prefix (error->message, file));
  g_clear_error (&error);

  g_assert_cmpint (truncate (file, RF_EXPERIMENT_MAX_BYTES + 1), ==, 0);
  g_assert_null (rf_experiment_load (file, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  rf_test_remove_folder (folder);
}

static void
test_locale (void)
{
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale de_DE.UTF-8");
      return;
    }
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  {
    g_autoptr (RfExperiment) experiment = parse_sound (full_experiment, NULL);
    g_autofree char *text = rf_experiment_to_text (experiment, FALSE);
    g_assert_cmpstr (text, ==, full_experiment);
  }
  setlocale (LC_ALL, "C");
}

/* --- What is refused ------------------------------------------------------------------------- */

static const struct
{
  const char *text, *message;
} bad_experiments[] = {
  { "{}", "e.json: dataset: missing" },
  { "{" DATASET "}", "e.json: network: missing" },
  { "{" DATASET ", " NETWORK "}", "e.json: training: missing" },
  { "[]", "e.json: line 1, column 1: must be an object, in braces" },
  { "{\"receptive\": 2, \"laboratory\": {}}",
    "e.json: receptive: the file is of format 2 and was written by a newer version; this one reads "
    "format 1" },
  { "{\"receptive\": 0}", "e.json: receptive: must be 1, the format's number" },
  { "{\"receptive\": \"1\"}", "e.json: receptive: must be 1, the format's number" },
  { "{\"datasett\": {}}", "e.json: datasett: unknown key, did you mean \"dataset\"?" },
  { "{\"name\": 1, " DATASET ", " NETWORK ", " TRAINING "}",
    "e.json: name: must be a text, not a number" },
  { "{" DATASET ", " DATASET "}",
    "e.json: line 1, column 39: the key \"dataset\" stands twice in the same object" },

  { EXPERIMENT ("\"dataset\": \"shapes\"", NETWORK, TRAINING),
    "e.json: dataset: must be an object, not a text" },
  { EXPERIMENT ("\"dataset\": {}", NETWORK, TRAINING),
    "e.json: dataset: must say where the data are: \"id\", \"folder\" or \"safetensors\"" },
  { WITH_DATASET ("\"folder\": \"x\""),
    "e.json: dataset: only one of \"id\", \"folder\" and \"safetensors\" can be" },
  { WITH_DATASET ("\"sed\": 1"), "e.json: dataset.sed: unknown key, did you mean \"seed\"?" },
  { WITH_DATASET ("\"limit\": 0"),
    "e.json: dataset.limit: 0 is out of range, it must be from 1 to 9007199254740991" },
  { WITH_DATASET ("\"limit\": 0.5"), "e.json: dataset.limit: 0.5 is not a whole number" },
  { WITH_DATASET ("\"validation_fraction\": 1"),
    "e.json: dataset.validation_fraction: 1 is out of range, it must be at least 0 and below 1" },
  { WITH_DATASET ("\"validation_fraction\": 0.5, \"test_fraction\": 0.5"),
    "e.json: dataset: validation_fraction and test_fraction must be below 1 together, to leave "
    "samples to train with" },
  { WITH_DATASET ("\"fingerprint\": 1"),
    "e.json: dataset.fingerprint: must be a text, not a number" },
  { WITH_DATASET ("\"normalize\": 1"),
    "e.json: dataset.normalize: must be true, false or {\"mean\": […], \"deviation\": […]}, not a "
    "number" },
  { WITH_DATASET ("\"normalize\": {\"mean\": [1]}"),
    "e.json: dataset.normalize.deviation: missing" },
  { WITH_DATASET ("\"normalize\": {\"mean\": [1], \"std\": [1]}"),
    "e.json: dataset.normalize.std: unknown key, known are: mean, deviation" },
  { WITH_DATASET ("\"normalize\": {\"mean\": [1, 2], \"deviation\": [1]}"),
    "e.json: dataset.normalize.deviation: has 1 numbers, one per channel makes 2" },
  { WITH_DATASET ("\"normalize\": {\"mean\": [], \"deviation\": []}"),
    "e.json: dataset.normalize.mean: has 0 numbers, one per channel makes from 1 to 64" },
  { WITH_DATASET ("\"normalize\": {\"mean\": 1, \"deviation\": 1}"),
    "e.json: dataset.normalize.mean: must be a list with a number per channel, not a number" },
  { WITH_DATASET ("\"normalize\": {\"mean\": [1], \"deviation\": [0]}"),
    "e.json: dataset.normalize.deviation[0]: 0 is out of range, it must be from 1e-38 to 1e+39" },
  { EXPERIMENT ("\"dataset\": {\"id\": \"\"}", NETWORK, TRAINING),
    "e.json: dataset.id: must not be empty" },
  { EXPERIMENT ("\"dataset\": {\"folder\": null}", NETWORK, TRAINING),
    "e.json: dataset.folder: must be a text, not null" },
  { EXPERIMENT ("\"dataset\": {\"id\": \"x\", \"normalize\": {\"mean\": [1], \"deviation\": [1]}}",
                "\"network\": {\"input\": [3, 8, 8], \"layers\": [{\"type\": \"relu\"}]}",
                TRAINING),
    "e.json: dataset.normalize.mean: has 1 numbers, one per channel makes 3" },

  { WITH_NETWORK (""), "e.json: network.layers: missing" },
  { WITH_NETWORK ("\"layers\": []"), "e.json: network.layers: must not be empty" },
  { WITH_NETWORK ("\"layers\": {}"), "e.json: network.layers: must be a list, not an object" },
  { WITH_NETWORK ("\"layrs\": []"),
    "e.json: network.layrs: unknown key, did you mean \"layers\"?" },
  { WITH_INPUT ("[3, 32]"),
    "e.json: network.input: must be three numbers [channels, height, width]" },
  { WITH_INPUT ("784"), "e.json: network.input: must be three numbers [channels, height, width]" },
  { WITH_INPUT ("[0, 32, 32]"),
    "e.json: network.input[0]: 0 is out of range, it must be from 1 to 16777216" },
  { WITH_INPUT ("[3, 32, 1e8]"),
    "e.json: network.input[2]: 100000000 is out of range, it must be from 1 to 16777216" },
  { WITH_INPUT ("[3, 32.5, 32]"), "e.json: network.input[1]: 32.5 is not a whole number" },
  { WITH_INPUT ("[16777216, 16777216, 16777216]"),
    "e.json: network.input: 16777216×16777216×16777216 are more than "
    "the 1073741824 values that an input can "
    "have" },
  { WITH_NETWORK ("\"initial_weights\": \"\", \"layers\": [{\"type\": \"relu\"}]"),
    "e.json: network.initial_weights: must not be empty" },
  { WITH_LAYER ("\"type\": \"conv2d\", \"filters\": 8, \"kernal\": 3"),
    "e.json: network.layers[1].kernal: unknown key, did you mean \"kernel\"?" },
  { WITH_LAYER ("\"type\": \"dropout\", \"rate\": 1.5"), "e.json: network.layers[1].rate: 1.5 is "
                                                         "out of range, it must be" },
  { WITH_LAYER ("\"type\": \"maxpol\", \"size\": 2"),
    "e.json: network.layers[1].type: unknown type \"maxpol\", did you mean \"maxpool\"?" },
  { WITH_LAYER ("\"type\": \"residual\", \"layers\": [{\"type\": \"linear\"}]"),
    "e.json: network.layers[1].layers[0].units: missing, it has no default" },

  { EXPERIMENT (DATASET, NETWORK, "\"training\": []"),
    "e.json: training: must be an object, not a list" },
  { EXPERIMENT (DATASET, NETWORK, "\"training\": {}"),
    "e.json: training.optimizer: missing, such as {\"type\": \"sgd\", \"learning_rate\": 0.05}" },
  { EXPERIMENT (DATASET, NETWORK, "\"training\": {\"optimizer\": \"sgd\"}"),
    "e.json: training.optimizer: must be an object, not a text" },
  { EXPERIMENT (DATASET, NETWORK, "\"training\": {\"optimizer\": {\"type\": \"adm\"}}"),
    "e.json: training.optimizer.type: unknown type \"adm\", did you mean \"adam\"?" },
  { WITH_TRAINING ("\"batchsize\": 1"),
    "e.json: training.batchsize: unknown key, did you mean \"batch_size\"?" },
  { WITH_TRAINING ("\"batch_size\": 0"),
    "e.json: training.batch_size: 0 is out of range, it must be from 1 to 1000000" },
  { WITH_TRAINING ("\"epochs\": 0"),
    "e.json: training.epochs: 0 is out of range, it must be from 1 to 1000000" },
  { WITH_TRAINING ("\"seed\": -1"),
    "e.json: training.seed: -1 is out of range, it must be from 0 to 9007199254740991" },
  { WITH_TRAINING ("\"shuffle\": \"no\""),
    "e.json: training.shuffle: must be true or false, not a text" },
  { WITH_TRAINING ("\"label_smoothing\": 1"),
    "e.json: training.label_smoothing: 1 is out of range, it must be at least 0 and below 1" },
  { WITH_TRAINING ("\"l1_rule\": \"proximate\""), "e.json: training.l1_rule: \"proximate\" is not "
                                                  "one of \"gradient\", \"proximal\"; did you mean "
                                                  "\"proximal\"?" },
  { WITH_TRAINING ("\"schedule\": {\"type\": \"cosin\"}"),
    "e.json: training.schedule.type: unknown type \"cosin\", did you mean \"cosine\"?" },
  { WITH_TRAINING ("\"augment\": [{\"type\": \"flip\", \"probability\": 2}]"),
    "e.json: training.augment[0].probability: 2 is out of range, it must be from 0 to 1" },
  { WITH_TRAINING ("\"augment\": {}"), "e.json: training.augment: must be a list, not an object" },

  { "{\"parent\": {\"run\": \"x\"}, " DATASET ", " NETWORK ", " TRAINING "}",
    "e.json: parent.step: missing, it has no default" },
  { "{\"parent\": {\"step\": 1}, " DATASET ", " NETWORK ", " TRAINING "}",
    "e.json: parent.run: missing" },
  { "{\"parent\": 1, " DATASET ", " NETWORK ", " TRAINING "}",
    "e.json: parent: must be an object, not a number" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_experiments); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfExperiment) experiment
          = parse_experiment (bad_experiments[i].text, NULL, &error);

      g_assert_null (experiment);
      g_assert_nonnull (error);
      g_assert_true (error->domain == RF_ERROR);
      if (!g_str_has_prefix (error->message, bad_experiments[i].message))
        g_assert_cmpstr (error->message, ==, bad_experiments[i].message);
    }
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new ("{\"name\": ");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, '[');
  g_assert_null (parse_experiment (text->str, NULL, &error));
  g_assert_cmpstr (error->message, ==, "e.json: line 1, column 73: nested deeper than 64 levels");
}

/* --- Recorded experiments -------------------------------------------------------------------- */

static void
test_shared (void)
{
  g_autofree char *folder = rf_test_shared ("fixtures/torch");
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (folder == NULL)
    return;
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (folder, name, "experiment.json", NULL);
      g_autofree char *data = g_build_filename (folder, name, "data.safetensors", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (RfExperiment) experiment = rf_experiment_load (file, NULL, &error);
      g_autofree char *text = NULL, *reread = NULL;
      g_autoptr (RfExperiment) again = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (experiment->name, ==, name);
      g_assert_cmpstr (experiment->dataset.source, ==, data);
      text = rf_experiment_to_text (experiment, TRUE);
      again = parse_sound (text, NULL);
      reread = rf_experiment_to_text (again, TRUE);
      g_assert_cmpstr (text, ==, reread);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/experiment/full", test_full);
  g_test_add_func ("/experiment/minimal", test_minimal);
  g_test_add_func ("/experiment/all-types", test_all_types);
  g_test_add_func ("/experiment/paths", test_paths);
  g_test_add_func ("/experiment/files", test_files);
  g_test_add_func ("/experiment/locale", test_locale);
  g_test_add_func ("/experiment/bad", test_bad);
  g_test_add_func ("/experiment/deep", test_deep);
  g_test_add_func ("/experiment/shared", test_shared);
  return g_test_run ();
}
