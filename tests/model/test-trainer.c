/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer's doors: commands in, knobs in, snapshots out; and what it leaves on the disk. */

#include "model/base/error.h"
#include "model/run/checkpoint.h"
#include "tests/model/trainer-util.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

static char *folder, *data;

static char *
new_run (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static RfExperiment *
new_experiment (int epochs)
{
  return make_experiment (data, SMALL_CNN, MOMENTUM, epochs);
}

static void
assert_consecutive (const GArray *steps, gint64 first, gint64 last)
{
  g_assert_cmpint (steps->len, ==, last - first + 1);
  for (guint i = 0; i < steps->len; i++)
    {
      const RfStepRow *row = &g_array_index (steps, RfStepRow, i);
      g_assert_cmpint (row->step, ==, first + i);
      g_assert_true (isfinite (row->loss) && row->seconds > 0);
    }
}

/* Start, pause, one step, start: rows come once each, in order, and are in the files. */
static void
test_commands (void)
{
  g_autofree char *run = new_run ("commands");
  g_autoptr (RfExperiment) experiment = new_experiment (30);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));
  const gint64 total = 30 * STEPS_PER_EPOCH;

  g_assert_cmpint (rf_trainer_get_first_state (listener.trainer), ==, RF_TRAINER_PAUSED);
  rf_trainer_listen (listener.trainer, hear, &listener);
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  rf_trainer_step_once (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  wait_for_step (&listener, 1);
  g_assert_cmpint (listener.step, ==, 1);

  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, 10);
  rf_trainer_pause (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  gint64 paused_at = listener.step;
  assert_consecutive (listener.steps, 1, paused_at);
  g_autofree char *checkpoint = g_strdup_printf (
      "%s/checkpoints/step-%08" G_GINT64_FORMAT ".state.safetensors", run, paused_at);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  for (int i = 0; i < 3; i++)
    rf_trainer_step_once (listener.trainer);
  wait_for_step (&listener, paused_at + 3);

  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  assert_consecutive (listener.steps, 1, total);
  g_assert_cmpint (listener.epochs->len, ==, 30);
  rf_trainer_stop (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_STOPPED);
  g_assert_null (listener.message);

  g_autoptr (GArray) steps = rf_run_read_steps (run, NULL);
  g_autoptr (GArray) epochs = rf_run_read_epochs (run, NULL);
  assert_consecutive (steps, 1, total);
  for (guint i = 0; i < epochs->len; i++)
    {
      const RfEpochRow *row = &g_array_index (epochs, RfEpochRow, i);
      g_assert_cmpint (row->step, ==, (i + 1) * STEPS_PER_EPOCH);
      g_assert_true (row->test_loss > 0 && row->validation_loss > 0 && row->images_per_second > 0);
    }

  /* Of the checkpoints in mid-epoch nothing is left. */
  g_autoptr (GArray) weights = rf_checkpoints_list (run, RF_CHECKPOINT_WEIGHTS);
  g_autoptr (GArray) states = rf_checkpoints_list (run, RF_CHECKPOINT_STATE);
  g_assert_cmpint (weights->len, ==, 30);
  g_assert_cmpint (states->len, ==, 2);
  g_assert_cmpint (g_array_index (states, gint64, 1), ==, total);
  close_listener (&listener);
}

/* Of every epoch the weights stay, of the newest two the state; the newest is weights.safetensors.
 */
static void
test_files (void)
{
  g_autofree char *run = new_run ("files");
  g_autoptr (RfExperiment) experiment = new_experiment (4);
  train_through (experiment, run, FALSE, NULL);

  for (int epoch = 1; epoch <= 4; epoch++)
    {
      int step = epoch * STEPS_PER_EPOCH;
      g_autofree char *weights
          = g_strdup_printf ("%s/checkpoints/step-%08d.safetensors", run, step);
      g_autofree char *state
          = g_strdup_printf ("%s/checkpoints/step-%08d.state.safetensors", run, step);
      g_assert_true (g_file_test (weights, G_FILE_TEST_EXISTS));
      g_assert_true (g_file_test (state, G_FILE_TEST_EXISTS) == (epoch > 2));
    }
  g_autoptr (GBytes) newest = read_bytes (run, "checkpoints/step-00000028.safetensors");
  g_autoptr (GBytes) weights = read_bytes (run, "weights.safetensors");
  g_assert_true (g_bytes_equal (newest, weights));

  g_autoptr (GError) error = NULL;
  gboolean is_run = FALSE;
  g_autoptr (RfExperiment) kept = rf_run_read_experiment (run, &is_run, &error);
  g_assert_no_error (error);
  g_assert_true (is_run);
  g_assert_cmpint (kept->network.input.height, ==, 8);
  g_assert_true (g_str_has_prefix (kept->dataset.fingerprint, "sha256:"));
  g_assert_cmpint (kept->dataset.normalize, ==, RF_NORMALIZE_GIVEN);
  g_assert_null (rf_run_folder_create (run, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_EXISTS);
}

/* Knobs act from one step on, and are written down with that step. */
static void
test_changes (void)
{
  g_autofree char *run = new_run ("changes");
  g_autofree char *again = new_run ("changes-again");
  g_autoptr (RfExperiment) experiment = new_experiment (40);
  g_autoptr (RfExperiment) first = rf_experiment_copy (experiment);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));

  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, 9);
  g_assert_true (rf_experiment_set_live (first, "training.optimizer.learning_rate", 0.0123, NULL));
  g_assert_true (rf_experiment_set_live (first, "network.layers[4].rate", 0.1, NULL));
  rf_trainer_set_knobs (listener.trainer, first);
  wait_for_step (&listener, listener.step + 20);
  g_autoptr (RfExperiment) second = rf_experiment_copy (first);
  g_assert_true (rf_experiment_set_live (second, "training.augment[0].probability", 1, NULL));
  rf_trainer_set_knobs (listener.trainer, second);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  g_assert_cmpuint (listener.changes->len, ==, 3);

  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, NULL);
  g_autoptr (GArray) steps = rf_run_read_steps (run, NULL);
  g_assert_cmpuint (changes->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const RfChange *heard = listener.changes->pdata[i], *written = changes->pdata[i];
      g_assert_cmpint (heard->step, ==, written->step);
      g_assert_cmpstr (heard->path, ==, written->path);
      g_assert_cmpfloat (heard->value, ==, written->value);
      if (g_str_equal (written->path, "training.optimizer.learning_rate"))
        {
          const RfStepRow *before = &g_array_index (steps, RfStepRow, written->step - 2);
          const RfStepRow *after = &g_array_index (steps, RfStepRow, written->step - 1);
          g_assert_cmpfloat (after->learning_rate / before->learning_rate, <, 0.3);
        }
    }
  close_listener (&listener);

  train_through (experiment, again, FALSE, run);
  assert_same_file (run, again, "weights.safetensors");
  assert_same_file (run, again, "changes.jsonl");
  assert_same_rows (run, again);
}

/* A main loop that stalls slows nothing and loses nothing. */
static void
test_stalled_loop (void)
{
  g_autofree char *run = new_run ("stalled");
  g_autoptr (RfExperiment) experiment = new_experiment (40);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));

  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  for (int i = 0; i < 600 && listener.step < 40 * STEPS_PER_EPOCH; i++)
    {
      g_usleep (100000);
      g_main_context_iteration (NULL, FALSE);
    }
  if (listener.state != RF_TRAINER_FINISHED)
    wait_for_state (&listener, RF_TRAINER_FINISHED);
  assert_consecutive (listener.steps, 1, 40 * STEPS_PER_EPOCH);
  g_assert_cmpuint (listener.epochs->len, ==, 40);
  g_assert_cmpuint (listener.n_snapshots, <, 200);
  close_listener (&listener);
}

/* Nobody listens, and the trainer is freed while it trains: it saves and ends. */
static void
test_unheard (void)
{
  g_autofree char *run = new_run ("unheard");
  g_autoptr (RfExperiment) experiment = new_experiment (1000);
  RfTrainer *trainer = open_trainer (experiment, run, FALSE, NULL);
  rf_trainer_start (trainer);
  g_usleep (200000);
  rf_trainer_free (trainer);
  g_autoptr (GArray) steps = rf_run_read_steps (run, NULL);
  g_assert_cmpuint (steps->len, >, 0);
  assert_consecutive (steps, 1, steps->len);
  g_autofree char *state
      = g_strdup_printf ("%s/checkpoints/step-%08u.state.safetensors", run, steps->len);
  g_assert_true (g_file_test (state, G_FILE_TEST_EXISTS));
}

static void
test_divergence (void)
{
  g_autofree char *run = new_run ("diverged");
  g_autoptr (RfExperiment) experiment = make_experiment (
      data, "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}", MOMENTUM, 50);
  g_autoptr (RfExperiment) wild = rf_experiment_copy (experiment);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));

  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, 10);
  rf_experiment_set_live (wild, "training.optimizer.learning_rate", 1e6, NULL);
  rf_experiment_set_live (wild, "training.optimizer.weight_decay", 1e6, NULL);
  rf_trainer_set_knobs (listener.trainer, wild);
  wait_for_state (&listener, RF_TRAINER_DIVERGED);
  g_assert_nonnull (strstr (listener.message, "linear, 4 units"));
  rf_trainer_stop (listener.trainer);
  listener.state = RF_TRAINER_RUNNING;
  wait_for_state (&listener, RF_TRAINER_STOPPED);
  close_listener (&listener);

  /* What it leaves is the last good checkpoint, from which one can go on. */
  g_autoptr (RfSafetensors) weights = NULL;
  g_autofree char *path = g_build_filename (run, "weights.safetensors", NULL);
  weights = rf_safetensors_open (path, NULL);
  g_assert_nonnull (weights);
  for (guint i = 0; i < rf_safetensors_count (weights); i++)
    {
      const RfTensor *tensor = rf_safetensors_nth (weights, i);
      for (gsize v = 0; v < tensor->count; v++)
        g_assert_true (isfinite (((const float *) tensor->data)[v]));
    }
  Listener again = listen_to (open_trainer (experiment, run, TRUE, NULL));
  rf_trainer_listen (again.trainer, hear, &again);
  wait_for_state (&again, RF_TRAINER_PAUSED);
  g_assert_cmpint (again.step, >=, STEPS_PER_EPOCH);
  close_listener (&again);
}

static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* A disk that refuses pauses the run, which says so and loses nothing. */
static void
test_disk (void)
{
  g_autofree char *run = new_run ("disk");
  g_autofree char *whole = new_run ("disk-whole");
  g_autoptr (RfExperiment) experiment = new_experiment (40);

  train_through (experiment, whole, FALSE, NULL);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));
  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, 20);
  limit_files (1500);
  wait_for_state (&listener, RF_TRAINER_DISK);
  g_assert_nonnull (strstr (listener.message, run));
  g_assert_nonnull (strstr (listener.message, "File too large"));
  gint64 step = listener.step;
  listener.state = RF_TRAINER_RUNNING;
  rf_trainer_start (listener.trainer); /* it is still full */
  wait_for_state (&listener, RF_TRAINER_DISK);
  g_assert_cmpint (listener.step, ==, step);
  limit_files (RLIM_INFINITY);
  listener.state = RF_TRAINER_RUNNING;
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  close_listener (&listener);
  assert_same_file (run, whole, "weights.safetensors");
  assert_same_rows (run, whole);
}

/* Stopping on a full disk ends, says what was not saved, and leaves a folder that can be resumed.
 */
static void
test_full_disk_at_stop (void)
{
  g_autofree char *run = new_run ("full");
  g_autofree char *whole = new_run ("disk-whole");
  g_autoptr (RfExperiment) experiment = new_experiment (40);
  Listener listener = listen_to (open_trainer (experiment, run, FALSE, NULL));

  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, 20);
  limit_files (1500);
  wait_for_state (&listener, RF_TRAINER_DISK);
  listener.state = RF_TRAINER_RUNNING;
  rf_trainer_stop (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_STOPPED);
  g_assert_nonnull (listener.message);
  close_listener (&listener);
  limit_files (RLIM_INFINITY);
  train_through (experiment, run, TRUE, NULL);
  assert_same_file (run, whole, "weights.safetensors");
  assert_same_rows (run, whole);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/trainer/commands", test_commands);
  g_test_add_func ("/trainer/files", test_files);
  g_test_add_func ("/trainer/changes", test_changes);
  g_test_add_func ("/trainer/stalled-loop", test_stalled_loop);
  g_test_add_func ("/trainer/unheard", test_unheard);
  g_test_add_func ("/trainer/divergence", test_divergence);
  g_test_add_func ("/trainer/disk", test_disk);
  g_test_add_func ("/trainer/full-disk-at-stop", test_full_disk_at_stop);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
