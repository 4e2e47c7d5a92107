/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New experiments from old ones, first weights from a file, and what a run is estimated to take. */

#include "model/base/error.h"
#include "model/run/derive.h"
#include "tests/model/run-main-util.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>

#define EPOCHS 2

static char *folder, *data;

static RfExperiment *
new_experiment (void)
{
  return make_experiment (data, SMALL_CNN, MOMENTUM, EPOCHS);
}

static void
test_seed (void)
{
  g_autoptr (RfExperiment) base = new_experiment ();
  base->parent_run = g_strdup ("/somewhere");
  g_autoptr (RfExperiment) other = rf_experiment_with_seed (base, 99);
  g_assert_cmpuint (other->training.seed, ==, 99);
  g_assert_cmpuint (base->training.seed, ==, 3);
  g_assert_null (other->parent_run);
  g_clear_pointer (&base->parent_run, g_free);
  other->training.seed = 3;
  g_autofree char *a = rf_experiment_to_text (base, TRUE), *b = rf_experiment_to_text (other, TRUE);
  g_assert_cmpstr (a, ==, b);
}

static char *
write_pictures (const char *name, const char *const *parts, guint n_classes, guint n_pictures)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 12, 9);
  for (; *parts; parts++)
    for (guint c = 0; c < n_classes; c++)
      {
        g_autofree char *class_name = g_strdup_printf ("class %u", c);
        g_autofree char *place = g_build_filename (path, *parts, class_name, NULL);
        g_assert_cmpint (g_mkdir_with_parents (place, 0777), ==, 0);
        for (guint i = 0; i < n_pictures; i++)
          {
            g_autofree char *file = g_strdup_printf ("%s/%u.png", place, i);
            gdk_pixbuf_fill (pixbuf, (c * 50 + i * 7) << 8 | 0xff);
            g_assert_true (gdk_pixbuf_save (pixbuf, file, "png", NULL, NULL));
          }
      }
  return path;
}

static double
find_units (const RfExperiment *experiment, guint layer)
{
  const RfSpec *spec = experiment->network.layers->pdata[layer];
  return rf_spec_get (spec, rf_spec_find_option (spec, "units"));
}

/* It can be trained as it is. */
static void
train_on (RfExperiment *experiment, const char *name, gint n_classes)
{
  g_autofree char *run_folder = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfRun) run = open_run (experiment, run_folder, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rf_run_get_dataset (run)->n_classes, ==, n_classes);
  for (int split = 0; split < RF_N_SPLITS; split++)
    g_assert_cmpuint (rf_run_get_dataset (run)->splits[split].n, >, 0);
  rf_run_step (run);
  wait_for (run, RF_TRAINER_PAUSED, 1);
  g_assert_true (close_run (run, &error));
}

static void
test_folder (void)
{
  static const char *const plain[] = { "", NULL }, *const parted[] = { "train", "test", NULL };
  g_autofree char *pictures = write_pictures ("flowers", plain, 6, 10);
  g_autofree char *split = write_pictures ("split", parted, 3, 10);
  g_autoptr (RfExperiment) base = new_experiment ();
  g_autoptr (GError) error = NULL;

  base->dataset.test_fraction = 0;
  g_autoptr (RfExperiment) flowers = rf_experiment_for_folder (base, pictures, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (flowers->name, ==, "flowers");
  g_assert_cmpint (flowers->dataset.kind, ==, RF_DATASET_FOLDER);
  g_assert_cmpstr (flowers->dataset.source, ==, pictures);
  g_assert_cmpint (flowers->network.input.channels, ==, 3);
  g_assert_cmpint (flowers->network.input.width, ==, 32);
  g_assert_cmpfloat (flowers->dataset.validation_fraction, ==, 0.1); /* the base's */
  g_assert_cmpfloat (flowers->dataset.test_fraction, ==, 0.2);
  g_assert_cmpfloat (find_units (flowers, 9), ==, 6);
  g_assert_cmpfloat (find_units (flowers, 6), ==, 12);
  g_autofree char *text = rf_experiment_to_text (flowers, TRUE);
  g_autoptr (RfExperiment) again = rf_experiment_parse (text, -1, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  train_on (again, "flowers-run", 6);

  base->network.input = (RfShape){ 1, 16, 24 };
  g_autoptr (RfExperiment) three = rf_experiment_for_folder (base, split, &error);
  g_assert_no_error (error);
  g_assert_cmpint (three->network.input.channels, ==, 1);
  g_assert_cmpint (three->network.input.width, ==, 24);
  g_assert_cmpfloat (three->dataset.test_fraction, ==, 0); /* there is such a split */
  train_on (three, "split-run", 3);

  base->network.input = (RfShape){ 3, 2, 2 }; /* two poolings are too much for it */
  g_autoptr (RfExperiment) tiny = make_experiment (
      data,
      "{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 5}, {\"type\": \"flatten\"}, {\"type\": "
      "\"linear\", \"units\": 4}",
      MOMENTUM, 1);
  tiny->network.input = base->network.input;
  g_assert_null (rf_experiment_for_folder (tiny, pictures, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "network.layers[0]"));
  g_clear_error (&error);
  g_assert_null (rf_experiment_for_folder (base, "/nowhere", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_clear_error (&error);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_assert_cmpint (g_mkdir_with_parents (empty, 0777), ==, 0);
  g_assert_null (rf_experiment_for_folder (base, empty, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

/* Weights to begin with come from a file, or it says what does not fit and makes no folder. */
static void
test_init (void)
{
  g_autofree char *first = g_build_filename (folder, "first", NULL);
  g_autofree char *second = g_build_filename (folder, "second", NULL);
  g_autofree char *third = g_build_filename (folder, "third", NULL);
  g_autofree char *weights = g_build_filename (first, "weights.safetensors", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment ();
  g_autoptr (RfExperiment) other = make_experiment (
      data, "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}", MOMENTUM, 1);
  g_autoptr (GError) error = NULL;

  g_autoptr (RfRun) run = open_run (experiment, first, FALSE, &error);
  g_assert_no_error (error);
  rf_run_start (run);
  wait_for (run, RF_TRAINER_FINISHED, 1);
  g_assert_true (close_run (run, &error));

  RfRunOptions options = { .folder = second, .init = weights };
  g_autoptr (RfRun) begun = open_run_with (experiment, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rf_run_get_experiment (begun)->network.initial_weights, ==, weights);
  g_assert_true (close_run (begun, &error));
  g_autoptr (GBytes) a = read_bytes (first, "weights.safetensors");
  g_autoptr (GBytes) b = read_bytes (second, "initial.safetensors");
  g_assert_true (g_bytes_equal (a, b));

  options.folder = third;
  g_assert_null (open_run_with (other, &options, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpint (error->domain, ==, RF_ERROR);
  g_assert_nonnull (strstr (error->message, weights));
  g_assert_false (g_file_test (third, G_FILE_TEST_EXISTS));
}

static void
check_estimate (const RfRunEstimate *estimate)
{
  g_assert_cmpuint (estimate->total, ==,
                    estimate->network + estimate->optimizer + estimate->checkpoints
                        + estimate->batches + estimate->dataset);
  g_assert_cmpuint (estimate->available, >, estimate->total);
  g_assert_true (isfinite (estimate->seconds_per_epoch) && estimate->seconds_per_epoch > 0);
}

static void
test_estimate (void)
{
  g_autofree char *path = g_build_filename (folder, "estimated", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = rf_net_new (experiment, (RfShape){ 1, 8, 8 }, rf_kernels_path (), &error);
  g_autoptr (RfRun) run = open_run (experiment, path, FALSE, &error);
  RfRunEstimate estimate, larger;

  g_assert_no_error (error);
  rf_run_estimate (run, 0, &estimate);
  check_estimate (&estimate);
  g_assert_false (estimate.measured);
  g_assert_cmpuint (estimate.network, ==, rf_net_memory (net, BATCH_SIZE, TRUE));
  g_assert_cmpuint (estimate.optimizer, ==, net->n_weights * sizeof (float)); /* momentum */
  g_assert_cmpuint (estimate.dataset, ==, N_IMAGES * (64 + 4 + 4));
  rf_run_estimate (run, 2 * BATCH_SIZE, &larger);
  g_assert_cmpuint (larger.network, >, estimate.network);
  g_assert_cmpuint (larger.batches, ==, 2 * estimate.batches);
  g_assert_cmpuint (larger.optimizer, ==, estimate.optimizer);
  rf_run_estimate (run, 1000000, &larger); /* no batch is larger than the split */
  g_assert_cmpuint (larger.network, ==, rf_net_memory (net, N_TRAIN, TRUE));

  rf_run_start (run);
  wait_for (run, RF_TRAINER_FINISHED, 1);
  rf_run_estimate (run, 0, &estimate);
  check_estimate (&estimate);
  g_assert_true (estimate.measured);
  g_assert_true (close_run (run, &error));
  g_autoptr (RfRun) again = open_run (NULL, path, TRUE, &error);
  rf_run_estimate (again, 0, &estimate);
  g_assert_true (estimate.measured);
  g_assert_true (close_run (again, &error));
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/derive/seed", test_seed);
  g_test_add_func ("/derive/folder", test_folder);
  g_test_add_func ("/derive/init", test_init);
  g_test_add_func ("/derive/estimate", test_estimate);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
