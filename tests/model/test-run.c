/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run as the main loop sees it: opening, properties, signals, knobs, closing, dropping. */

#include "model/base/error.h"
#include "tests/model/run-main-util.h"

#define EPOCHS   6
#define PATIENCE 60

static char *folder, *data;

static void
count_rows (RfRun *run, guint steps, guint epochs, gpointer sums)
{
  ((guint *) sums)[0] += steps;
  ((guint *) sums)[1] += epochs;
}

static void
count_change (RfRun *run, const RfChange *change, gpointer count)
{
  g_assert_cmpstr (change->path, ==, "training.optimizer.learning_rate");
  ++*(guint *) count;
}

static void
count_notify (RfRun *run, GParamSpec *pspec, gpointer count)
{
  ++*(guint *) count;
}

static void
test_life (void)
{
  g_autofree char *path = g_build_filename (folder, "life", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, EPOCHS);
  g_autoptr (GError) error = NULL;
  guint rows[2] = { 0 }, n_changes = 0, n_states = 0, n_layers = 0;
  gsize n;

  g_autoptr (RfRun) run = open_run (experiment, path, FALSE, &error);
  g_assert_no_error (error);
  g_signal_connect (run, "rows", G_CALLBACK (count_rows), rows);
  g_signal_connect (run, "change", G_CALLBACK (count_change), &n_changes);
  g_signal_connect (run, "notify::state", G_CALLBACK (count_notify), &n_states);
  g_assert_cmpint (rf_run_get_state (run), ==, RF_TRAINER_PAUSED);
  g_assert_cmpfloat (rf_run_get_fraction (run), ==, 0);

  const RfLayerSummary *layers = rf_run_get_layers (run, &n_layers);
  g_assert_cmpuint (n_layers, ==, 10);
  g_assert_cmpstr (layers[0].path, ==, "network.layers[0]");
  g_assert_cmpuint (layers[0].n_parameters, ==, 4 * 9 + 4);
  g_assert_cmpuint (layers[1].n_parameters, ==, 8);
  g_assert_cmpint (layers[9].out.channels, ==, 4);

  rf_run_step (run);
  wait_for (run, RF_TRAINER_PAUSED, 1);
  g_assert_cmpint (rf_run_get_step (run), ==, 1);
  g_assert_cmpuint (rows[0], ==, 1);
  g_assert_cmpfloat_with_epsilon (rf_run_get_fraction (run),
                                  (double) BATCH_SIZE / (N_TRAIN * EPOCHS), 1e-12);

  g_assert_false (rf_run_set_live (run, "training.optimizer.learning_rate", -1, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_OPTION);
  g_clear_error (&error);
  g_assert_false (rf_run_set_live (run, "training.seed", 3, &error));
  g_clear_error (&error);
  g_assert_true (rf_run_set_live (run, "training.optimizer.learning_rate", 0.02, &error));
  g_assert_true (rf_run_set_live (run, "training.optimizer.learning_rate", 0.03, &error));
  rf_run_step (run);
  wait_for (run, RF_TRAINER_PAUSED, 2);
  g_assert_cmpuint (n_changes, ==, 1); /* the newest alone has acted */
  const RfChange *change = rf_run_get_changes (run)->pdata[0];
  g_assert_cmpint (change->step, ==, 2);
  g_assert_cmpfloat (change->value, ==, 0.03);

  rf_run_start (run);
  wait_for (run, RF_TRAINER_FINISHED, EPOCHS * STEPS_PER_EPOCH);
  g_assert_cmpfloat (rf_run_get_fraction (run), ==, 1);
  g_assert_cmpuint (rows[0], ==, EPOCHS * STEPS_PER_EPOCH);
  g_assert_cmpuint (rows[1], ==, EPOCHS);
  const RfStepRow *steps = rf_run_get_steps (run, &n);
  g_assert_cmpuint (n, ==, EPOCHS * STEPS_PER_EPOCH);
  g_assert_cmpint (steps[n - 1].step, ==, n);
  rf_run_get_epochs (run, &n);
  g_assert_cmpuint (n, ==, EPOCHS);
  g_assert_cmpuint (n_states, >, 0);
  g_assert_true (close_run (run, &error));
  g_assert_no_error (error);
  g_assert_cmpint (rf_run_get_state (run), ==, RF_TRAINER_STOPPED);
  g_assert_true (close_run (run, &error)); /* once more is no harm */
}

/* A run that is dropped saves; opened again it has its history, and goes on. */
static void
test_dropped (void)
{
  g_autofree char *path = g_build_filename (folder, "dropped", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, 200);
  g_autoptr (GError) error = NULL;
  gsize n;

  RfRun *run = open_run (experiment, path, FALSE, &error);
  g_assert_no_error (error);
  rf_run_start (run);
  wait_for (run, RF_TRAINER_RUNNING, 10);
  g_object_unref (run);

  g_autoptr (RfRun) again = NULL;
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  while (!again && g_get_monotonic_time () < end)
    {
      g_clear_error (&error);
      again = open_run (NULL, path, TRUE, &error);
      if (!again)
        g_assert_error (error, RF_ERROR, RF_ERROR_LOCKED);
    }
  g_assert_nonnull (again);
  g_assert_cmpint (rf_run_get_step (again), >=, 10);
  rf_run_get_steps (again, &n);
  g_assert_cmpint (rf_run_get_step (again), ==, n);
  g_assert_true (close_run (again, &error));
}

static void
test_refused (void)
{
  g_autofree char *path = g_build_filename (folder, "life", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, EPOCHS);
  g_autoptr (GError) error = NULL;
  g_assert_null (open_run (experiment, path, FALSE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (open_run (NULL, empty, TRUE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
}

/* A run whose folder holds changes beyond its checkpoint makes them again, and shows them. */
static void
test_replay (void)
{
  g_autofree char *first = g_build_filename (folder, "life", NULL);
  g_autofree char *path = g_build_filename (folder, "replay", NULL);
  g_autoptr (RfExperiment) experiment = make_experiment (data, SMALL_CNN, MOMENTUM, EPOCHS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  RfRunOptions options = { .folder = path, .replay = first };

  rf_run_open_async (experiment, &options, NULL, keep_result, &opened);
  g_autoptr (RfRun) run = rf_run_open_finish (wait_for_result (&opened), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rf_run_get_changes (run)->len, ==, 0);
  rf_run_start (run);
  wait_for (run, RF_TRAINER_FINISHED, EPOCHS * STEPS_PER_EPOCH);
  g_assert_cmpuint (rf_run_get_changes (run)->len, ==, 1);
  const RfSpec *optimizer = rf_run_get_experiment (run)->training.optimizer;
  g_assert_cmpfloat (rf_spec_get (optimizer, rf_spec_find_option (optimizer, "learning_rate")), ==,
                     0.03);
  g_assert_true (close_run (run, &error));
  assert_same_file (path, first, "weights.safetensors");
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/run/life", test_life);
  g_test_add_func ("/run/dropped", test_dropped);
  g_test_add_func ("/run/refused", test_refused);
  g_test_add_func ("/run/replay", test_replay);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
