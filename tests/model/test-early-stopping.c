/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early stopping: when it is due, what it leaves, that a run which is killed or stopped on the way
 * ends in the same way, and that more patience lets it go on as if it had never ended. */

#include "model/base/error.h"
#include "model/run/checkpoint.h"
#include "model/train/early-stopping.h"
#include "tests/model/experiment-util.h"
#include "tests/model/run-main-util.h"
#include "tests/model/trainer-util.h"

#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#define MANY_EPOCHS 60
#define PATIENCE_1  3
#define PATIENCE_2  6
#define N_KILLS     6

extern char **environ;

static char *folder, *data;

static char *
new_run (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* One that soon fits its few samples by heart. */
static RfExperiment *
new_experiment (int patience)
{
  RfExperiment *experiment
      = make_experiment (data,
                         "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 64},"
                         "{\"type\": \"relu\"}, {\"type\": \"linear\", \"units\": 4}",
                         "{\"type\": \"adam\", \"learning_rate\": 0.02}", MANY_EPOCHS);
  g_assert_true (
      rf_experiment_set_live (experiment, "training.early_stopping.patience", patience, NULL));
  return experiment;
}

static void
test_rule (void)
{
  static const struct
  {
    double losses[8];
    gsize n;
    int patience, best; /* 0: goes on */
  } cases[] = {
    { { 3, 2, 1 }, 3, 1, 0 },
    { { 3, 2, 2 }, 3, 1, 2 }, /* the first of equal ones */
    { { 1, 2, 3 }, 3, 2, 1 },
    { { 1, 2, 3 }, 3, 3, 0 },
    { { 1, 2, 3 }, 3, 0, 0 },
    { { 1, 2, 3, 0.5, 0.6 }, 5, 2, 0 }, /* it got better after all */
    { { NAN, NAN, NAN }, 3, 1, 0 },
    { { NAN, 2, INFINITY, NAN }, 4, 2, 2 },
    { { 1, 0.9999999999, 0.9999999998 }, 3, 2, 1 }, /* nine digits are compared */
    { { 0 }, 0, 1, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RfEpochRow rows[8] = { { 0 } };
      const RfEpochRow *best = NULL;
      for (gsize e = 0; e < cases[i].n; e++)
        rows[e] = (RfEpochRow){ .epoch = (gint64) e + 1, .validation_loss = cases[i].losses[e] };
      gboolean due = rf_early_stopping_is_due (rows, cases[i].n, cases[i].patience, &best);
      g_assert_cmpint (due ? best->epoch : 0, ==, cases[i].best);
    }
}

static void
expect_bad (const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (parse_experiment (text, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_format (void)
{
  g_autoptr (RfExperiment) without = parse_sound (MINIMAL, NULL);
  g_autoptr (RfExperiment) with
      = parse_sound (WITH_TRAINING ("\"early_stopping\": {\"patience\": 4}"), NULL);
  const char *const overrides[] = { "training.early_stopping.patience=4", NULL };
  g_autoptr (RfExperiment) overridden = parse_sound (MINIMAL, overrides);
  g_autofree char *plain = rf_experiment_to_text (without, FALSE);
  g_autofree char *text = rf_experiment_to_text (with, FALSE);
  g_autofree char *same = rf_experiment_to_text (overridden, FALSE);
  g_autoptr (RfExperiment) again = parse_sound (text, NULL);

  g_assert_null (strstr (plain, "early_stopping"));
  g_assert_cmpint (without->training.patience, ==, 0);
  g_assert_nonnull (strstr (text, "\"early_stopping\": {\"patience\": 4}"));
  g_assert_cmpstr (text, ==, same);
  g_assert_cmpint (again->training.patience, ==, 4);
  expect_bad (WITH_TRAINING ("\"early_stopping\": 3"), "training.early_stopping");
  expect_bad (WITH_TRAINING ("\"early_stopping\": {}"), "training.early_stopping.patience");
  expect_bad (WITH_TRAINING ("\"early_stopping\": {\"patience\": 0}"), "from 1 to");
  expect_bad (WITH_TRAINING ("\"early_stopping\": {\"patience\": 1.5}"), "whole number");
  expect_bad (WITH_TRAINING ("\"early_stopping\": {\"patients\": 1}"), "did you mean \"patience\"");
}

/* A run that was stopped early is all right: the rows end where they should, the weights are those
 * of the best epoch. Returns that epoch. */
static gint64
check_stopped (const char *run, int patience)
{
  g_autoptr (GArray) rows = rf_run_read_epochs (run, NULL);
  const RfEpochRow *all = (const RfEpochRow *) rows->data, *best = NULL;
  g_assert_cmpuint (rows->len, <, MANY_EPOCHS);
  g_assert_true (rf_early_stopping_is_due (all, rows->len, patience, &best));
  g_assert_false (rf_early_stopping_is_due (all, rows->len - 1, patience, NULL));
  g_assert_cmpint (all[rows->len - 1].epoch - best->epoch, ==, patience);
  g_autofree char *name = g_strdup_printf ("checkpoints/step-%08d.safetensors", (int) best->step);
  g_autoptr (GBytes) a = read_bytes (run, name), b = read_bytes (run, "weights.safetensors");
  g_assert_true (g_bytes_equal (a, b));
  return best->epoch;
}

static void
keep_weights (RfRun *run, RfWeights *weights, gpointer slot)
{
  *(RfWeights **) slot = rf_weights_ref (weights);
}

static void
test_stops (void)
{
  g_autofree char *path = new_run ("stops");
  g_autofree char *again = new_run ("stops-again");
  g_autoptr (RfExperiment) experiment = new_experiment (PATIENCE_1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfRun) run = open_run (experiment, path, FALSE, &error);
  g_autoptr (RfWeights) weights = NULL;

  g_assert_no_error (error);
  rf_run_start (run);
  wait_for (run, RF_TRAINER_FINISHED, 1);
  gint64 best = check_stopped (path, PATIENCE_1), last = best + PATIENCE_1;
  g_autofree char *message
      = g_strdup_printf ("stopped early after epoch %d: validation loss was best after epoch %d, "
                         "whose weights are restored",
                         (int) last, (int) best);
  g_assert_cmpstr (rf_run_get_message (run), ==, message);
  g_assert_cmpfloat (rf_run_get_fraction (run), ==, 1);
  g_assert_cmpint (rf_run_get_restored_step (run), ==, best * STEPS_PER_EPOCH);
  g_signal_connect (run, "weights", G_CALLBACK (keep_weights), &weights);
  rf_run_request_weights (run);
  while (!weights)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (rf_weights_get_step (weights), ==, best * STEPS_PER_EPOCH);
  g_assert_true (close_run (run, &error));

  /* Opened again it says the same, and closing changes nothing. */
  g_autoptr (RfRun) opened = open_run (experiment, path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rf_run_get_state (opened), ==, RF_TRAINER_FINISHED);
  g_assert_cmpstr (rf_run_get_message (opened), ==, message);
  g_assert_true (close_run (opened, &error));
  g_assert_cmpint (check_stopped (path, PATIENCE_1), ==, best);

  train_through (experiment, again, FALSE, NULL);
  assert_same_rows (path, again);
  assert_same_file (path, again, "weights.safetensors");
}

/* More patience: the same as if there had been that much from the beginning, also in a run that was
 * closed in between. */
static void
test_more_patience (void)
{
  g_autofree char *path = new_run ("patient");
  g_autofree char *whole = new_run ("patient-whole");
  g_autofree char *replayed = new_run ("patient-replayed");
  g_autoptr (RfExperiment) first = new_experiment (PATIENCE_1);
  g_autoptr (RfExperiment) second = new_experiment (PATIENCE_2);
  g_autoptr (GError) error = NULL;

  train_through (first, path, FALSE, NULL);
  train_through (second, whole, FALSE, NULL);
  check_stopped (whole, PATIENCE_2);
  for (int closed = 0; closed < 2; closed++)
    {
      g_autoptr (RfRun) run = open_run (first, path, TRUE, &error);
      g_assert_no_error (error);
      if (closed == 0)
        {
          g_assert_true (
              rf_run_set_live (run, "training.early_stopping.patience", PATIENCE_2, &error));
          wait_for (run, RF_TRAINER_PAUSED, 1);
          g_assert_null (rf_run_get_message (run));
          g_assert_cmpint (rf_run_get_restored_step (run), ==, 0);
        }
      else
        {
          g_assert_cmpint (rf_run_get_state (run), ==, RF_TRAINER_PAUSED);
          rf_run_start (run);
          wait_for (run, RF_TRAINER_FINISHED, 1);
        }
      g_assert_true (close_run (run, &error));
    }
  check_stopped (path, PATIENCE_2);
  assert_same_rows (path, whole);
  assert_same_file (path, whole, "weights.safetensors");
  train_through (first, replayed, FALSE, path);
  assert_same_rows (path, replayed);
  assert_same_file (path, replayed, "weights.safetensors");
  assert_same_file (path, replayed, "changes.jsonl");
}

static int
live (const char *run, const char *data_path)
{
  data = g_strdup (data_path);
  g_autoptr (RfExperiment) experiment = new_experiment (PATIENCE_2);
  Listener listener = listen_to (open_trainer (experiment, run, TRUE, NULL));
  if (rf_trainer_get_first_state (listener.trainer) != RF_TRAINER_FINISHED)
    {
      rf_trainer_listen (listener.trainer, hear, &listener);
      rf_trainer_start (listener.trainer);
      wait_for_state (&listener, RF_TRAINER_FINISHED);
    }
  close_listener (&listener);
  return 0;
}

static pid_t
spawn_child (const char *run)
{
  char *const argv[]
      = { (char *) "test-early-stopping", (char *) "--live", (char *) run, data, NULL };
  pid_t pid;
  g_assert_cmpint (posix_spawn (&pid, "/proc/self/exe", NULL, NULL, argv, environ), ==, 0);
  return pid;
}

static void
test_kills (void)
{
  g_autofree char *run = new_run ("killed");
  g_autofree char *measured = new_run ("killed-whole");
  gint64 start = g_get_monotonic_time ();
  int status = 0;

  g_assert_cmpint (waitpid (spawn_child (measured), &status, 0), >, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  gint64 life = g_get_monotonic_time () - start;
  for (int i = 0; i < N_KILLS; i++)
    {
      pid_t pid = spawn_child (run);
      g_usleep ((gulong) g_test_rand_int_range (0, (gint32) life));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    }
  for (int i = 0; i < 2; i++) /* the second time there is nothing to do */
    {
      g_assert_cmpint (waitpid (spawn_child (run), &status, 0), >, 0);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
      check_stopped (run, PATIENCE_2);
      assert_same_rows (run, measured);
      assert_same_file (run, measured, "weights.safetensors");
    }
}

static void
test_no_validation (void)
{
  g_autofree char *path = new_run ("no-validation");
  g_autofree char *other = new_run ("no-validation-live");
  g_autoptr (RfExperiment) experiment = new_experiment (PATIENCE_1);
  g_autoptr (RfExperiment) plain = new_experiment (0);
  g_autoptr (GError) error = NULL;
  experiment->dataset.validation_fraction = plain->dataset.validation_fraction = 0;

  g_assert_null (open_run (experiment, path, FALSE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "dataset.validation_fraction"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_autoptr (RfRun) run = open_run (plain, other, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (rf_run_set_live (run, "training.early_stopping.patience", 2, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_true (rf_run_set_live (run, "training.early_stopping.patience", 0, &error));
  g_assert_true (close_run (run, &error));
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--live"))
    return live (argv[2], argv[3]);

  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/early-stopping/rule", test_rule);
  g_test_add_func ("/early-stopping/format", test_format);
  g_test_add_func ("/early-stopping/stops", test_stops);
  g_test_add_func ("/early-stopping/more-patience", test_more_patience);
  g_test_add_func ("/early-stopping/kills", test_kills);
  g_test_add_func ("/early-stopping/no-validation", test_no_validation);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
