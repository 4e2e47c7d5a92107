/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forks: what they go on to, what they keep and refuse, and checkpoints to fork from that are made
 * while a run trains. */

#include "model/base/error.h"
#include "model/run/checkpoint.h"
#include "model/run/fork.h"
#include "tests/model/run-main-util.h"
#include "tests/model/trainer-util.h"

#include <unistd.h>

#define EPOCHS 5
#define LAST   (EPOCHS * STEPS_PER_EPOCH)

static char *folder, *data;

static char *
new_run (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static RfExperiment *
new_experiment (int epochs)
{
  return make_experiment (data, SMALL_CNN, "{\"type\": \"adam\"}", epochs);
}

static gboolean
fork_run (const char *parent, gint64 step, const char *child, RfExperiment *changed)
{
  g_autoptr (GError) error = NULL;
  gboolean fresh = FALSE;
  gboolean made = rf_run_fork (parent, step, child, changed, &fresh, &error);
  g_assert_no_error (error);
  g_assert_true (made && rf_run_folder_is_run (child));
  return fresh;
}

static void
assert_goes_on_like (const char *child, const char *parent)
{
  train_through (NULL, child, TRUE, NULL);
  assert_same_file (child, parent, "initial.safetensors");
  assert_same_file (child, parent, "weights.safetensors");
  assert_same_rows (child, parent);
}

static gboolean
has_state (const char *run, gint64 step)
{
  g_autofree char *path = rf_checkpoint_path (run, step, RF_CHECKPOINT_STATE);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A run with a live change, and a checkpoint in its third epoch that was asked for. */
static void
train_parent (const char *run, gint64 fork_at)
{
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfRun) parent = open_run (experiment, run, FALSE, &error);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_no_error (error);
  for (gint64 step = 1; step <= fork_at; step++)
    {
      if (step == 4)
        g_assert_true (rf_run_set_live (parent, "network.layers[4].rate", 0.4, &error));
      if (step == 9)
        g_assert_true (rf_run_set_live (parent, "training.batch_size", 31, &error));
      rf_run_step (parent);
      wait_for (parent, RF_TRAINER_PAUSED, step);
    }
  rf_run_checkpoint_async (parent, keep_result, &result);
  g_assert_cmpint (rf_run_checkpoint_finish (parent, wait_for_result (&result), &error), ==,
                   fork_at);
  g_assert_true (rf_run_set_live (parent, "training.optimizer.learning_rate", 0.002, &error));
  rf_run_start (parent);
  wait_for (parent, RF_TRAINER_FINISHED, 1);
  g_assert_true (close_run (parent, &error));
}

/* Without the parent's later change; else its rows are the parent's. */
static void
test_same (void)
{
  g_autofree char *run = new_run ("parent");
  g_autofree char *whole = new_run ("parent-replayed");
  const gint64 fork_at = 2 * STEPS_PER_EPOCH + 3;
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  train_parent (run, fork_at);

  /* The parent without its last change, to compare with. */
  g_autofree char *later = new_run ("later");
  g_autofree char *journal = g_build_filename (later, "changes.jsonl", NULL);
  g_assert_cmpint (g_mkdir_with_parents (later, 0777), ==, 0);
  g_assert_true (
      g_file_set_contents (journal,
                           "{\"step\": 4, \"path\": \"network.layers[4].rate\", \"value\": 0.4}\n"
                           "{\"step\": 9, \"path\": \"training.batch_size\", \"value\": 31}\n",
                           -1, NULL));
  train_through (experiment, whole, FALSE, later);

  g_autofree char *child = new_run ("child");
  g_assert_true (has_state (run, fork_at));
  g_assert_false (fork_run (run, fork_at, child, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) forked = rf_run_read_experiment (child, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (forked->parent_run, ==, run);
  g_assert_cmpint (forked->parent_step, ==, fork_at);
  g_assert_cmpint (forked->training.batch_size, ==, 31);
  g_autoptr (GPtrArray) changes = rf_run_read_changes (child, &error);
  g_assert_cmpuint (changes->len, ==, 2);
  g_autoptr (GArray) steps = rf_run_read_steps (child, &error);
  g_assert_cmpuint (steps->len, ==, fork_at);
  assert_goes_on_like (child, whole);
  assert_same_file (child, whole, "changes.jsonl");

  /* Once more, and a fork of the fork; of the newest epoch; of the beginning. */
  g_autofree char *second = new_run ("second");
  g_autofree char *grandchild = new_run ("grandchild");
  g_autofree char *newest = new_run ("newest");
  g_autofree char *beginning = new_run ("beginning");
  g_assert_false (fork_run (run, fork_at, second, NULL));
  assert_goes_on_like (second, whole);
  g_assert_false (fork_run (second, LAST - STEPS_PER_EPOCH, grandchild, NULL));
  assert_goes_on_like (grandchild, whole);
  g_assert_false (fork_run (run, LAST, newest, NULL));
  RfTrainer *trainer = open_trainer (NULL, newest, TRUE, NULL);
  g_assert_cmpint (rf_trainer_get_first_state (trainer), ==, RF_TRAINER_FINISHED);
  rf_trainer_free (trainer);
  assert_same_file (newest, run, "weights.safetensors");
  g_assert_false (fork_run (run, 0, beginning, NULL));
  g_autofree char *plain = new_run ("plain");
  train_through (experiment, plain, FALSE, NULL);
  assert_goes_on_like (beginning, plain);
}

/* Of an epoch whose state was pruned the weights are there: the optimizer begins afresh. */
static void
test_fresh (void)
{
  g_autofree char *run = new_run ("parent");
  g_autofree char *child = new_run ("fresh");
  g_autoptr (GError) error = NULL;

  g_assert_false (has_state (run, STEPS_PER_EPOCH));
  g_assert_true (fork_run (run, STEPS_PER_EPOCH, child, NULL));
  RfTrainer *trainer = open_trainer (NULL, child, TRUE, NULL);
  g_assert_cmpint (rf_trainer_get_engine (trainer)->epoch, ==, 2);
  g_assert_cmpint (rf_trainer_get_engine (trainer)->offset, ==, 0);
  rf_trainer_free (trainer);
  train_through (NULL, child, TRUE, NULL);
  g_autoptr (GArray) epochs = rf_run_read_epochs (child, &error);
  g_assert_cmpuint (epochs->len, ==, EPOCHS);
  g_autofree char *weights = rf_checkpoint_path (child, STEPS_PER_EPOCH, RF_CHECKPOINT_WEIGHTS);
  g_assert_true (g_file_test (weights, G_FILE_TEST_EXISTS));

  g_assert_false (rf_run_fork (run, 2, "nowhere", NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_false (g_file_test ("nowhere", G_FILE_TEST_EXISTS));
}

/* Another optimizer, batch size and seed; killed or not it goes on the same way. */
static void
test_changed (void)
{
  g_autofree char *run = new_run ("parent");
  g_autofree char *child = new_run ("changed");
  g_autofree char *other = new_run ("changed-stopped");
  g_autoptr (RfExperiment) changed = make_experiment (data, SMALL_CNN, MOMENTUM, 7);
  const gint64 fork_at = 2 * STEPS_PER_EPOCH + 3;
  changed->training.seed = 77;
  g_assert_true (rf_experiment_set_live (changed, "training.batch_size", 50, NULL));
  g_assert_true (rf_experiment_set_live (changed, "network.layers[4].rate", 0.1, NULL));

  g_assert_true (fork_run (run, fork_at, child, changed));
  g_assert_true (fork_run (run, fork_at, other, changed));
  train_through (NULL, child, TRUE, NULL);
  Listener listener = listen_to (open_trainer (NULL, other, TRUE, NULL));
  const RfExperiment *begun = rf_trainer_get_engine (listener.trainer)->experiment;
  g_assert_cmpint (begun->training.batch_size, ==, 50);
  g_assert_cmpfloat (rf_spec_get (begun->network.layers->pdata[4],
                                  rf_spec_find_option (begun->network.layers->pdata[4], "rate")),
                     ==, 0.1);
  rf_trainer_listen (listener.trainer, hear, &listener);
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  rf_trainer_step_once (listener.trainer);
  wait_for_step (&listener, fork_at + 1);
  close_listener (&listener);
  train_through (NULL, other, TRUE, NULL);
  assert_same_file (child, other, "weights.safetensors");
  assert_same_rows (child, other);
}

static void
expect_refusal (const char *parent, gint64 step, const char *child, RfExperiment *changed,
                RfError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (rf_run_fork (parent, step, child, changed, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refusals (void)
{
  g_autofree char *run = new_run ("parent");
  g_autofree char *child = new_run ("refused");
  g_autofree char *file = g_build_filename (folder, "block", NULL);
  g_autoptr (RfExperiment) wider = make_experiment (
      data, "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}", MOMENTUM, 2);
  g_autoptr (RfExperiment) elsewhere = new_experiment (EPOCHS);
  elsewhere->dataset.validation_fraction = 0.2;

  expect_refusal (run, LAST, child, wider, RF_ERROR_CHANGED, "network.layers[0]");
  expect_refusal (run, LAST, child, elsewhere, RF_ERROR_CHANGED, "dataset");
  expect_refusal (run, LAST + 1, child, NULL, RF_ERROR_MISSING, "no checkpoint");
  expect_refusal (folder, 0, child, NULL, RF_ERROR_MISSING, "no run");
  expect_refusal (run, LAST, run, NULL, RF_ERROR_EXISTS, "already");
  expect_refusal (run, LAST, folder, NULL, RF_ERROR_EXISTS, "other files");
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  expect_refusal (run, LAST, file, NULL, RF_ERROR_DISK, "block");
  g_assert_false (g_file_test (child, G_FILE_TEST_EXISTS));
}

/* Or to the end of the training, where a busy machine lets it run ahead of this loop. */
static void
wait_for_steps (RfRun *run, gint64 step)
{
  guint clock = g_timeout_add (5, tick, NULL);
  while (rf_run_get_step (run) < step && rf_run_get_state (run) != RF_TRAINER_FINISHED)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (clock);
}

/* From the present weights, while the parent trains on. */
static void
test_present (void)
{
  g_autofree char *run = new_run ("present");
  g_autofree char *child = new_run ("present-child");
  g_autofree char *whole = new_run ("present-whole");
  g_autoptr (RfExperiment) experiment = new_experiment (40);
  g_autoptr (RfRun) parent = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  parent = open_run (experiment, run, FALSE, &error);
  g_assert_no_error (error);
  rf_run_start (parent);
  wait_for_steps (parent, 5);
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  rf_run_checkpoint_async (parent, keep_result, &first);
  rf_run_checkpoint_async (parent, keep_result, &second);
  gint64 step = rf_run_checkpoint_finish (parent, wait_for_result (&first), &error);
  g_assert_cmpint (step, >=, 5);
  gint64 later = rf_run_checkpoint_finish (parent, wait_for_result (&second), &error);
  g_assert_cmpint (later, >=, step);
  const gint64 *checkpoints = rf_run_get_checkpoints (parent, &n);
  g_assert_cmpint (checkpoints[0], ==, 0);
  gboolean listed = FALSE;
  for (gsize i = 1; i < n; i++)
    {
      g_assert_cmpint (checkpoints[i - 1], <, checkpoints[i]);
      listed = listed || checkpoints[i] == later;
    }
  g_assert_true (listed);
  wait_for_steps (parent, later + 4 * STEPS_PER_EPOCH); /* so that it would be pruned */
  g_assert_false (fork_run (run, later, child, NULL));
  wait_for (parent, RF_TRAINER_FINISHED, 1);
  checkpoints = rf_run_get_checkpoints (parent, &n);
  g_assert_cmpint (checkpoints[n - 1], ==, 40 * STEPS_PER_EPOCH);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = rf_checkpoint_path (run, checkpoints[i], RF_CHECKPOINT_WEIGHTS);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  g_assert_true (close_run (parent, &error));
  g_autoptr (GAsyncResult) closed = NULL;
  rf_run_checkpoint_async (parent, keep_result, &closed);
  g_assert_cmpint (rf_run_checkpoint_finish (parent, wait_for_result (&closed), &error), ==, -1);

  /* Asking has changed nothing, and the state that was asked for is still there. */
  train_through (experiment, whole, FALSE, NULL);
  assert_same_file (run, whole, "weights.safetensors");
  assert_same_rows (run, whole);
  g_assert_true (has_state (run, later));
  g_autoptr (RfExperiment) longer = new_experiment (44);
  train_through (longer, run, TRUE, NULL);
  g_assert_true (has_state (run, later));
  assert_goes_on_like (child, whole);
}

/* A state that was forked from before it would be pruned is kept. */
static void
test_kept (void)
{
  g_autofree char *run = new_run ("kept");
  g_autofree char *child = new_run ("kept-child");
  g_autoptr (RfExperiment) experiment = new_experiment (2), more = new_experiment (6);
  train_through (experiment, run, FALSE, NULL);
  g_assert_false (fork_run (run, STEPS_PER_EPOCH, child, NULL));
  train_through (more, run, TRUE, NULL);
  g_assert_true (has_state (run, STEPS_PER_EPOCH));
  g_assert_false (has_state (run, 2 * STEPS_PER_EPOCH));
  assert_goes_on_like (child, child);
}

/* The last step of an epoch, asked for before the epoch is evaluated: it is written again then, and
 * is kept all the same. */
static void
test_kept_twice (void)
{
  g_autofree char *run = new_run ("twice");
  g_autoptr (RfExperiment) experiment = new_experiment (5);
  g_autoptr (RfEngine) engine = make_engine (experiment);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfCheckpoint) checkpoint = rf_checkpoint_new (engine, &error);
  g_autofree char *checkpoints = g_build_filename (run, "checkpoints", NULL);
  RfMoment moment = { .step = 7, .epoch = 2, .epoch_open = TRUE }, read;

  g_assert_cmpint (g_mkdir_with_parents (checkpoints, 0777), ==, 0);
  rf_checkpoint_take (checkpoint, &moment);
  g_assert_true (rf_checkpoint_write (checkpoint, run, &error));
  g_assert_false (rf_checkpoint_is_kept (run, 7));
  g_assert_true (rf_checkpoint_keep (run, 7, &error));
  g_assert_true (rf_checkpoint_is_kept (run, 7));
  moment.epoch_open = FALSE;
  rf_checkpoint_take (checkpoint, &moment);
  g_assert_true (rf_checkpoint_write (checkpoint, run, &error));
  g_assert_true (rf_checkpoint_is_kept (run, 7));
  g_assert_true (rf_checkpoint_read_moment (run, 7, &read, &error));
  g_assert_no_error (error);
  g_assert_false (read.epoch_open);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/fork/same", test_same);
  g_test_add_func ("/fork/fresh", test_fresh);
  g_test_add_func ("/fork/changed", test_changed);
  g_test_add_func ("/fork/refusals", test_refusals);
  g_test_add_func ("/fork/present", test_present);
  g_test_add_func ("/fork/kept", test_kept);
  g_test_add_func ("/fork/kept-twice", test_kept_twice);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
