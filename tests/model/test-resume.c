/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going on: after a pause, after SIGKILL at any moment, from a damaged checkpoint, with another
 * experiment; and replaying. The measure is always a run that was never interrupted. */

#include "model/base/error.h"
#include "model/base/pool.h"
#include "tests/model/trainer-util.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define EPOCHS  12
#define N_RUNS  4
#define N_KILLS 12 /* of each, at most */

extern char **environ;

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

static void
assert_same_run (const char *run, const char *other)
{
  assert_same_file (run, other, "initial.safetensors");
  assert_same_file (run, other, "weights.safetensors");
  assert_same_rows (run, other);
}

/* Trains until a step and stops there, as Ctrl-C does. */
static gint64
train_until (RfExperiment *experiment, const char *run, gint64 step)
{
  Listener listener = listen_to (open_trainer (experiment, run, TRUE, NULL));
  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_step (&listener, step);
  rf_trainer_stop (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_STOPPED);
  gint64 stopped_at = listener.step;
  close_listener (&listener);
  return stopped_at;
}

static void
test_stops (void)
{
  g_autofree char *run = new_run ("stops");
  g_autofree char *whole = new_run ("whole");
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  gint64 step = 0;
  double seconds = 0;

  train_through (experiment, whole, FALSE, NULL);
  while (step < (EPOCHS - 2) * STEPS_PER_EPOCH)
    {
      step = train_until (experiment, run, step + 11);
      g_autoptr (GArray) steps = rf_run_read_steps (run, NULL);
      g_assert_cmpint (steps->len, ==, step);
      const RfStepRow *last = &g_array_index (steps, RfStepRow, step - 1);
      g_assert_cmpfloat (last->seconds, >, seconds);
      seconds = last->seconds;
    }
  train_through (experiment, run, TRUE, NULL);
  assert_same_run (run, whole);

  /* A finished run is finished at once, and changes no byte. */
  g_autoptr (GBytes) before = read_bytes (run, "steps.csv");
  RfTrainer *trainer = open_trainer (experiment, run, TRUE, NULL);
  g_assert_cmpint (rf_trainer_get_first_state (trainer), ==, RF_TRAINER_FINISHED);
  rf_trainer_free (trainer);
  g_autoptr (GBytes) after = read_bytes (run, "steps.csv");
  g_assert_true (g_bytes_equal (before, after));

  /* More epochs are the one thing that may be asked of it. */
  g_autoptr (RfExperiment) longer = new_experiment (EPOCHS + 1);
  train_through (longer, run, TRUE, NULL);
  g_autoptr (GArray) epochs = rf_run_read_epochs (run, NULL);
  g_assert_cmpint (epochs->len, ==, EPOCHS + 1);
}

/* The child of the next test: resumes, turns a knob at some step, trains to the end. */
static int
live (const char *run, const char *data_path, guint32 seed)
{
  data = g_strdup (data_path);
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  g_autoptr (RfExperiment) turned = rf_experiment_copy (experiment);
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  rf_pool_set_threads (1 + (int) rf_random_below (&random, 3));
  Listener listener = listen_to (open_trainer (experiment, run, TRUE, NULL));

  gint64 from = rf_trainer_get_engine (listener.trainer)->step;
  if (rf_trainer_get_first_state (listener.trainer) != RF_TRAINER_FINISHED)
    {
      rf_trainer_listen (listener.trainer, hear, &listener);
      rf_trainer_start (listener.trainer);
      wait_for_step (&listener,
                     MIN (from + rf_random_below (&random, 30), EPOCHS * STEPS_PER_EPOCH));
      rf_experiment_set_live (turned, "network.layers[4].rate", rf_random_uniform (&random) / 2,
                              NULL);
      rf_trainer_set_knobs (listener.trainer, turned);
      wait_for_state (&listener, RF_TRAINER_FINISHED);
    }
  close_listener (&listener);
  return 0;
}

static pid_t
spawn_child (const char *run, guint32 seed)
{
  g_autofree char *number = g_strdup_printf ("%u", seed);
  char *const argv[]
      = { (char *) "test-resume", (char *) "--live", (char *) run, data, number, NULL };
  pid_t pid;
  g_assert_cmpint (posix_spawn (&pid, "/proc/self/exe", NULL, NULL, argv, environ), ==, 0);
  return pid;
}

/* How long a child takes, so that kills fall into its life wherever this runs. */
static gint64
measure_life (int number)
{
  g_autofree char *name = g_strdup_printf ("measure-%d", number);
  g_autofree char *run = new_run (name);
  gint64 start = g_get_monotonic_time ();
  int status;
  g_assert_cmpint (waitpid (spawn_child (run, 1), &status, 0), >, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  return g_get_monotonic_time () - start;
}

/* Kills a run again and again, lets it end, and replays its changes. Returns how often it was
 * killed. */
static int
kill_often (const char *name, gint64 life)
{
  g_autofree char *run = new_run (name);
  g_autofree char *again = g_strconcat (run, "-replayed", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment (EPOCHS);
  int n_killed = 0, status = SIGKILL;

  while (n_killed < N_KILLS && WIFSIGNALED (status))
    {
      pid_t pid = spawn_child (run, (guint32) g_test_rand_int ());
      g_usleep ((gulong) g_test_rand_int_range (0, (gint32) (life / 2)));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      n_killed += WIFSIGNALED (status);
    }
  g_assert_cmpint (waitpid (spawn_child (run, 7), &status, 0), >, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);

  train_through (experiment, again, FALSE, run);
  assert_same_run (run, again);
  assert_same_file (run, again, "changes.jsonl");
  g_autoptr (GDir) dir = g_dir_open (run, 0, NULL);
  const char *file;
  while ((file = g_dir_read_name (dir)))
    g_assert_false (g_str_has_suffix (file, ".part"));
  return n_killed;
}

static void
test_kills (void)
{
  /* The shortest: one that the machine was slow in would put every kill after the end. */
  gint64 life = G_MAXINT64;
  for (int i = 0; i < 3; i++)
    life = MIN (life, measure_life (i));
  int n_killed = 0;
  for (int i = 0; i < N_RUNS; i++)
    {
      g_autofree char *name = g_strdup_printf ("killed-%d", i);
      n_killed += kill_often (name, life);
    }
  g_test_message ("killed %d times, in lives of %d ms", n_killed, (int) (life / 1000));
  g_assert_cmpint (n_killed, >, N_RUNS);
}

static void
damage (const char *run, const char *name, gsize at)
{
  g_autofree char *path = g_build_filename (run, name, NULL);
  g_autoptr (GBytes) bytes = read_bytes (run, name);
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  gsize size = g_bytes_get_size (bytes);
  if (at > 0)
    copy[size - at] ^= 1;
  g_assert_true (g_file_set_contents (path, copy, (gssize) (at > 0 ? size : size / 2), NULL));
}

/* One wrong bit in the newest checkpoint, or half of it: the one before is taken, to the same end.
 */
static void
test_damage (void)
{
  g_autofree char *whole = new_run ("damage-whole");
  g_autoptr (RfExperiment) experiment = new_experiment (3);
  static const struct
  {
    const char *name;
    gsize at;
  } damages[] = {
    { "checkpoints/step-00000021.safetensors", 2 },
    { "checkpoints/step-00000021.safetensors", 0 },
    { "checkpoints/step-00000021.state.safetensors", 2 },
    { "checkpoints/step-00000021.state.safetensors", 0 },
  };

  train_through (experiment, whole, FALSE, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *name = g_strdup_printf ("damage-%u", (guint) i);
      g_autofree char *run = new_run (name);

      train_through (experiment, run, FALSE, NULL);
      damage (run, damages[i].name, damages[i].at);
      g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*step-00000021*");
      RfTrainer *trainer = open_trainer (experiment, run, TRUE, NULL);
      g_test_assert_expected_messages ();
      g_assert_cmpint (rf_trainer_get_engine (trainer)->step, ==, 14);
      rf_trainer_free (trainer);
      train_through (experiment, run, TRUE, NULL);
      assert_same_run (run, whole);
    }
}

static void
test_half_rows (void)
{
  g_autofree char *run = new_run ("half");
  g_autofree char *whole = new_run ("half-whole");
  g_autofree char *steps = g_build_filename (run, "steps.csv", NULL);
  g_autofree char *changes = g_build_filename (run, "changes.jsonl", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment (3);

  train_through (experiment, whole, FALSE, NULL);
  train_until (experiment, run, 8);
  FILE *file = fopen (steps, "a");
  fputs ("9999,3,12.5,0.1", file);
  fclose (file);
  file = fopen (changes, "a");
  fputs ("{\"step\": 10, \"path\": \"training.opti", file);
  fclose (file);
  train_through (experiment, run, TRUE, NULL);
  assert_same_run (run, whole);
  assert_same_file (run, whole, "changes.jsonl");
}

static void
expect_refusal (RfExperiment *experiment, const char *run, gboolean resume, RfError code,
                const char *words)
{
  RfTrainerOptions options = { .resume = resume };
  g_autoptr (GError) error = NULL;
  g_assert_null (try_open_trainer (experiment, run, &options, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refusals (void)
{
  g_autofree char *run = new_run ("refusals");
  g_autofree char *file = g_build_filename (run, "thesis.tex", NULL);
  g_autofree char *steps = g_build_filename (run, "steps.csv", NULL);
  g_autofree char *json = g_build_filename (run, "experiment.json", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment (2);
  g_autoptr (RfExperiment) other = make_experiment (data, SMALL_CNN, MOMENTUM, 2);
  g_autoptr (RfExperiment) shorter = new_experiment (1);
  g_autoptr (RfExperiment) turned = rf_experiment_copy (experiment);

  /* Somebody's folder is not made a run. */
  g_assert_cmpint (g_mkdir_with_parents (run, 0777), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  expect_refusal (experiment, run, FALSE, RF_ERROR_EXISTS, "thesis.tex");
  expect_refusal (experiment, run, TRUE, RF_ERROR_EXISTS, "thesis.tex");
  g_assert_cmpint (unlink (file), ==, 0);

  RfTrainer *trainer = open_trainer (experiment, run, FALSE, NULL);
  expect_refusal (experiment, run, TRUE, RF_ERROR_LOCKED, "another program");
  rf_trainer_free (trainer);
  train_through (experiment, run, TRUE, NULL);

  expect_refusal (experiment, run, FALSE, RF_ERROR_EXISTS, "--resume");
  expect_refusal (other, run, TRUE, RF_ERROR_CHANGED, "training.optimizer.");
  expect_refusal (shorter, run, TRUE, RF_ERROR_CHANGED, "training.epochs is 2 there, but 1 here");
  rf_experiment_set_live (turned, "network.layers[8].rate", 0.75, NULL);
  expect_refusal (turned, run, TRUE, RF_ERROR_CHANGED,
                  "network.layers[8].rate is 0.3 there, but 0.75 here");

  /* Files that only look like a run's. */
  g_assert_true (g_file_set_contents (steps, "step,loss\n1,2\n", -1, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_run_read_steps (run, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_cmpint (unlink (json), ==, 0);
  g_assert_false (rf_run_folder_is_run (run));
  train_through (experiment, run, TRUE, NULL); /* not yet a run: begun again */
}

/* A folder in which a program ended while it made it. */
static void
test_unfinished_folder (void)
{
  g_autofree char *run = new_run ("unfinished");
  g_autofree char *whole = new_run ("unfinished-whole");
  g_autofree char *steps = g_build_filename (run, "steps.csv", NULL);
  g_autofree char *part = g_build_filename (run, ".receptive-99-0.part", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment (2);

  train_through (experiment, whole, FALSE, NULL);
  g_assert_cmpint (g_mkdir_with_parents (run, 0777), ==, 0);
  g_assert_true (g_file_set_contents (steps, "step,epo", -1, NULL));
  g_assert_true (g_file_set_contents (part, "x", 1, NULL));
  train_through (experiment, run, TRUE, NULL);
  assert_same_run (run, whole);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--live"))
    return live (argv[2], argv[3], (guint32) g_ascii_strtoull (argv[4], NULL, 10));

  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  data = write_corners (folder);
  g_test_add_func ("/resume/stops", test_stops);
  g_test_add_func ("/resume/kills", test_kills);
  g_test_add_func ("/resume/damage", test_damage);
  g_test_add_func ("/resume/half-rows", test_half_rows);
  g_test_add_func ("/resume/refusals", test_refusals);
  g_test_add_func ("/resume/unfinished-folder", test_unfinished_folder);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (data);
  return result;
}
