/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batch size and number of epochs changed while a run trains: at which step they act, what they do
 * to the epoch under way, and that replaying and resuming give the same bytes, for any number of
 * threads. */

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/run/run.h"
#include "tests/model/trainer-util.h"

#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#define EPOCHS 6

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
assert_same_run (const char *run, const char *other)
{
  assert_same_file (run, other, "initial.safetensors");
  assert_same_file (run, other, "weights.safetensors");
  assert_same_file (run, other, "changes.jsonl");
  assert_same_rows (run, other);
}

/* What a person does in a test: turn a knob when so many steps are done. */
typedef struct
{
  gint64 step;
  const char *path;
  double value;
} Turn;

/* Trains step by step up to @last, turning knobs on the way. */
static void
play (Listener *self, RfExperiment **knobs, const Turn *turns, guint n_turns, gint64 last)
{
  for (gint64 step = rf_trainer_get_engine (self->trainer)->step; step < last; step++)
    {
      for (guint i = 0; i < n_turns; i++)
        if (turns[i].step == step)
          {
            RfExperiment *copy = rf_experiment_copy (*knobs);
            g_assert_true (rf_experiment_set_live (copy, turns[i].path, turns[i].value, NULL));
            rf_experiment_unref (*knobs);
            *knobs = copy;
            rf_trainer_set_knobs (self->trainer, copy);
          }
      rf_trainer_step_once (self->trainer);
      wait_for_step (self, step + 1);
      while (self->state == RF_TRAINER_RUNNING)
        g_main_context_iteration (NULL, TRUE);
    }
}

static Listener
open_listener (RfExperiment *experiment, const char *run, gboolean resume)
{
  return listen_to (open_trainer (experiment, run, resume, NULL));
}

static void
start_listening (Listener *self)
{
  rf_trainer_listen (self->trainer, hear, self);
  wait_for_state (self, RF_TRAINER_PAUSED);
}

/* Of 200 samples: 3 × 32, then 5 to the end; 200 at once; 7 × 16 … */
static const Turn batch_turns[] = {
  { 3, "training.batch_size", 5 },     { 10, "training.batch_size", 64 },
  { 26, "training.batch_size", 1000 }, { 27, "training.optimizer.learning_rate", 0.02 },
  { 27, "training.batch_size", 16 },   { 30, "training.batch_size", 33 },
};

static void
test_batch_size (void)
{
  g_autofree char *run = new_run ("batch");
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  RfExperiment *knobs = rf_experiment_copy (experiment);
  Listener listener = open_listener (experiment, run, FALSE);
  gint64 taken = 0;

  start_listening (&listener);
  play (&listener, &knobs, batch_turns, G_N_ELEMENTS (batch_turns), 33);
  g_assert_cmpint (rf_trainer_get_engine (listener.trainer)->experiment->training.batch_size, ==,
                   33);
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  close_listener (&listener);
  rf_experiment_unref (knobs);

  /* The place in the epoch stays: each sample is used once in each. */
  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, NULL);
  g_assert_cmpuint (changes->len, ==, G_N_ELEMENTS (batch_turns));
  g_autoptr (GArray) steps = rf_run_read_steps (run, NULL);
  int batch_size = BATCH_SIZE;
  guint next = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const RfStepRow *row = &g_array_index (steps, RfStepRow, i);
      for (; next < changes->len && ((RfChange *) changes->pdata[next])->step == row->step; next++)
        if (g_str_has_suffix (((RfChange *) changes->pdata[next])->path, "batch_size"))
          batch_size = (int) ((RfChange *) changes->pdata[next])->value;
      g_assert_cmpint (row->epoch, ==, taken / N_TRAIN + 1);
      gint64 n = MIN (batch_size, N_TRAIN - taken % N_TRAIN);
      double right = row->accuracy * (double) n;
      g_assert_cmpfloat_with_epsilon (right, (double) (gint64) (right + 0.5), 1e-6);
      taken += n;
    }
  g_assert_cmpint (taken, ==, EPOCHS * N_TRAIN);
  for (guint i = 0; i < changes->len; i++)
    g_assert_cmpint (((RfChange *) changes->pdata[i])->step, ==, batch_turns[i].step + 1);

  for (int threads = 1; threads <= 2; threads++)
    {
      g_autofree char *again = g_strdup_printf ("%s-%d", run, threads);
      rf_pool_set_threads (threads);
      train_through (experiment, again, FALSE, run);
      assert_same_run (run, again);
    }
  rf_pool_set_threads (0);
}

/* Stopped and resumed at each of the first steps, so that plans differ in what they held before. */
static void
test_resumed (void)
{
  g_autofree char *run = new_run ("resumed");
  g_autofree char *whole = new_run ("batch");
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);

  for (gint64 step = 1; step <= 33; step += 2)
    {
      RfExperiment *knobs = NULL;
      Listener listener = open_listener (experiment, run, TRUE);
      knobs = rf_experiment_copy (rf_trainer_get_engine (listener.trainer)->experiment);
      start_listening (&listener);
      play (&listener, &knobs, batch_turns, G_N_ELEMENTS (batch_turns), step);
      close_listener (&listener);
      rf_experiment_unref (knobs);
    }
  train_through (experiment, run, TRUE, NULL);
  assert_same_run (run, whole);
}

/* The schedule follows the part of the training that is done. */
static void
test_schedule (void)
{
  g_autofree char *run = new_run ("schedule");
  g_autoptr (RfExperiment) experiment = new_experiment (2);
  static const Turn turns[] = {
    { 4, "training.batch_size", 8 }, /* 128 of 200 samples are used: step 17 of 25 comes next */
    { 5, "training.epochs", 4 },
  };
  const double expected[] = { 1 / 5.0 * 1, 2 / 5.0, 3 / 5.0, 4 / 5.0, 1, 1 };
  const double done[] = { 0, 1 / 14.0, 2 / 14.0, 3 / 14.0, 16 / 50.0, 17 / 100.0 };
  RfExperiment *knobs = rf_experiment_copy (experiment);
  Listener listener = open_listener (experiment, run, FALSE);

  start_listening (&listener);
  play (&listener, &knobs, turns, G_N_ELEMENTS (turns), 6);
  for (guint i = 0; i < 6; i++)
    {
      double cosine = 0.1 + 0.9 * (1 + cos (G_PI * done[i])) / 2;
      double rate = g_array_index (listener.steps, RfStepRow, i).learning_rate;
      g_assert_cmpfloat_with_epsilon (rate, 0.05 * expected[i] * cosine, 1e-9);
    }
  close_listener (&listener);
  rf_experiment_unref (knobs);
}

static void
test_fewer_epochs (void)
{
  g_autofree char *run = new_run ("fewer");
  g_autofree char *again = new_run ("fewer-again");
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  static const Turn turns[] = { { 17, "training.epochs", 1 } };
  RfExperiment *knobs = rf_experiment_copy (experiment);
  Listener listener = open_listener (experiment, run, FALSE);

  start_listening (&listener);
  play (&listener, &knobs, turns, 1, 18);
  g_assert_cmpint (listener.state, ==, RF_TRAINER_PAUSED); /* the third epoch is under way */
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  g_assert_cmpint (listener.step, ==, 3 * STEPS_PER_EPOCH);
  g_assert_cmpuint (listener.epochs->len, ==, 3);
  close_listener (&listener);
  rf_experiment_unref (knobs);
  train_through (experiment, again, FALSE, run);
  assert_same_run (run, again);

  /* It has ended for whoever opens it, too. */
  RfTrainer *trainer = open_trainer (experiment, run, TRUE, NULL);
  g_assert_cmpint (rf_trainer_get_first_state (trainer), ==, RF_TRAINER_FINISHED);
  rf_trainer_free (trainer);
}

/* A run that has ended goes on when there are more epochs, also if it was closed in between. */
static void
test_more_epochs (void)
{
  g_autofree char *run = new_run ("more");
  g_autofree char *again = new_run ("more-again");
  g_autoptr (RfExperiment) experiment = new_experiment (2);
  g_autoptr (RfExperiment) knobs = rf_experiment_copy (experiment);
  Listener listener = open_listener (experiment, run, FALSE);

  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  g_assert_true (rf_experiment_set_live (knobs, "training.epochs", 3, NULL));
  rf_trainer_set_knobs (listener.trainer, knobs);
  listener.state = RF_TRAINER_RUNNING;
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  g_assert_cmpuint (listener.epochs->len, ==, 3);

  g_autoptr (RfExperiment) four = rf_experiment_copy (knobs);
  g_assert_true (rf_experiment_set_live (four, "training.epochs", 4, NULL));
  rf_trainer_set_knobs (listener.trainer, four);
  listener.state = RF_TRAINER_RUNNING;
  wait_for_state (&listener, RF_TRAINER_PAUSED);
  close_listener (&listener);

  RfTrainer *trainer = open_trainer (experiment, run, TRUE, NULL);
  g_assert_cmpint (rf_trainer_get_first_state (trainer), ==, RF_TRAINER_PAUSED);
  g_assert_cmpint (rf_trainer_get_engine (trainer)->experiment->training.epochs, ==, 4);
  rf_trainer_free (trainer);
  train_through (experiment, run, TRUE, NULL);
  train_through (experiment, again, FALSE, run);
  assert_same_run (run, again);

  /* More epochs from an experiment are a change as well; what the run began with stays. */
  g_autoptr (RfExperiment) five = new_experiment (5);
  g_autoptr (GBytes) before = read_bytes (run, "experiment.json");
  train_through (five, run, TRUE, NULL);
  g_autoptr (GBytes) after = read_bytes (run, "experiment.json");
  g_assert_true (g_bytes_equal (before, after));
  g_autoptr (GArray) epochs = rf_run_read_epochs (run, NULL);
  g_assert_cmpuint (epochs->len, ==, 5);
  g_autofree char *third = new_run ("more-third");
  train_through (experiment, third, FALSE, run);
  assert_same_run (run, third);
}

/* Layers whose outputs take much memory. */
static RfExperiment *
large_experiment (int filters, int n_layers)
{
  g_autoptr (GString) layers = g_string_new (NULL);
  g_string_append_printf (
      layers, "{\"type\": \"conv2d\", \"filters\": %d, \"kernel\": 1, \"bias\": false}", filters);
  for (int i = 0; i < n_layers; i++)
    g_string_append (layers, ", {\"type\": \"relu\"}");
  g_string_append (layers,
                   ", {\"type\": \"global_avgpool\"}, {\"type\": \"linear\", \"units\": 4}");
  g_autoptr (RfExperiment) experiment = make_experiment (data, layers->str, MOMENTUM, 2);
  RfExperiment *copy = rf_experiment_copy (experiment);
  g_assert_true (rf_experiment_set_live (copy, "training.batch_size", 2, NULL));
  return copy;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static void
limit_memory (gboolean limited)
{
  struct rlimit limit;
  g_autofree char *text = NULL;
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  rlim_t used = (rlim_t) g_ascii_strtoull (text, NULL, 10) * (rlim_t) sysconf (_SC_PAGESIZE);
  limit.rlim_cur = limited ? used + (96 << 20) : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Where memory is refused between two steps the old batch size stays, nothing is written, and it is
 * said; the run goes on to the same bytes as if nobody had asked. */
static void
test_no_memory (void)
{
  g_autofree char *run = new_run ("memory");
  g_autofree char *whole = new_run ("memory-whole");
  g_autoptr (RfExperiment) experiment = large_experiment (1024, 8);
  RfExperiment *knobs = rf_experiment_copy (experiment);
  Listener listener = open_listener (experiment, run, FALSE);
  static const Turn turns[] = {
    { 2, "training.batch_size", 200 },
    { 2, "training.optimizer.learning_rate", 0.01 },
    { 4, "training.batch_size", 3 },
  };

  start_listening (&listener);
  play (&listener, &knobs, turns, 0, 2);
  limit_memory (TRUE);
  play (&listener, &knobs, turns, 2, 3);
  limit_memory (FALSE);
  g_assert_cmpint (listener.refused, ==, 200);
  g_assert_cmpint (rf_trainer_get_engine (listener.trainer)->experiment->training.batch_size, ==,
                   2);
  play (&listener, &knobs, turns, 3, 5);
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  close_listener (&listener);
  rf_experiment_unref (knobs);

  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, NULL);
  g_assert_cmpuint (changes->len, ==, 2);
  train_through (experiment, whole, FALSE, run);
  assert_same_run (run, whole);
}
#endif

static void
keep_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

/* The run asks for the memory before it hands a batch size on. */
static void
test_too_large (void)
{
  g_autofree char *run_folder = new_run ("large");
  g_autoptr (RfExperiment) experiment = large_experiment (16384, 60);
  RfRunOptions options = { .folder = run_folder };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  rf_run_open_async (experiment, &options, NULL, keep_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (RfRun) run = rf_run_open_finish (result, &error);
  g_assert_no_error (error);
  g_assert_true (rf_run_set_live (run, "training.batch_size", 1, &error));
  if ((guint64) 60 * 200 * 16384 * 64 * sizeof (float) < rf_memory_available ())
    {
      g_test_skip ("a machine with that much memory");
      return;
    }
  g_assert_false (rf_run_set_live (run, "training.batch_size", 200, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);
  g_assert_cmpint (rf_run_get_experiment (run)->training.batch_size, ==, 1);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/live/batch-size", test_batch_size);
  g_test_add_func ("/live/resumed", test_resumed);
  g_test_add_func ("/live/schedule", test_schedule);
  g_test_add_func ("/live/fewer-epochs", test_fewer_epochs);
  g_test_add_func ("/live/more-epochs", test_more_epochs);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  g_test_add_func ("/live/no-memory", test_no_memory);
#endif
  g_test_add_func ("/live/too-large", test_too_large);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
