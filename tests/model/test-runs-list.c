/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a folder: what is told of them, and that nothing is removed but runs. */

#include "model/base/error.h"
#include "model/run/fork.h"
#include "model/run/runs-list.h"
#include "tests/model/trainer-util.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>
#include <utime.h>

static char *folder, *runs, *data;

static char *
in_runs (const char *name)
{
  return g_build_filename (runs, name, NULL);
}

static RfExperiment *
new_experiment (int epochs)
{
  return make_experiment (data, SMALL_CNN, MOMENTUM, epochs);
}

/* Makes a run look as if it had been written at that time. */
static void
set_time (const char *run, time_t time)
{
  static const char *const names[]
      = { "experiment.json", "steps.csv", "epochs.csv", "changes.jsonl" };
  struct utimbuf times = { time, time };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (run, names[i], NULL);
      g_assert_cmpint (utime (path, &times), ==, 0);
    }
}

static const RfRunInfo *
find (const GPtrArray *infos, const char *name)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_str_equal (((RfRunInfo *) infos->pdata[i])->name, name))
      return infos->pdata[i];
  return NULL;
}

static GPtrArray *
list (void)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *infos = rf_runs_list (runs, &error);
  g_assert_no_error (error);
  return infos;
}

static void
test_list (void)
{
  g_autofree char *whole = in_runs ("whole"), *open = in_runs ("open"), *child = in_runs ("child");
  g_autofree char *early = in_runs ("early"), *bad = in_runs ("bad"), *other = in_runs ("other");
  g_autofree char *link = in_runs ("link"), *file = in_runs ("file.txt");
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", NULL);
  g_autoptr (RfExperiment) experiment = new_experiment (3), stopping = new_experiment (60);
  g_autoptr (GError) error = NULL;

  g_autoptr (GPtrArray) none = rf_runs_list (nowhere, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  train_through (experiment, whole, FALSE, NULL);
  g_assert_true (rf_run_fork (whole, 2 * STEPS_PER_EPOCH, child, NULL, NULL, &error));
  rf_experiment_set_live (stopping, "training.early_stopping.patience", 1, NULL);
  train_through (stopping, early, FALSE, NULL);
  train_through (experiment, bad, FALSE, NULL);
  g_autofree char *json = g_build_filename (bad, "experiment.json", NULL);
  g_assert_true (g_file_set_contents (json, "{", 1, NULL));
  g_assert_cmpint (g_mkdir (other, 0777), ==, 0);
  g_assert_cmpint (symlink (whole, link), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  Listener listener = listen_to (open_trainer (experiment, open, FALSE, NULL));
  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_step_once (listener.trainer);
  wait_for_step (&listener, 1);
  if (listener.state != RF_TRAINER_PAUSED) /* one snapshot may tell both */
    wait_for_state (&listener, RF_TRAINER_PAUSED);
  set_time (whole, 1000);

  g_autoptr (GPtrArray) infos = list ();
  g_assert_cmpuint (infos->len, ==, 5);
  const RfRunInfo *info = infos->pdata[4];
  g_assert_cmpstr (info->path, ==, whole);
  g_assert_cmpstr (info->name, ==, "whole");
  g_assert_cmpstr (info->title, ==, "corners");
  g_assert_null (info->problem);
  g_assert_null (info->parent_run);
  g_assert_cmpint (info->modified, ==, G_GINT64_CONSTANT (1000000000));
  g_assert_cmpint (info->steps, ==, 3 * STEPS_PER_EPOCH);
  g_assert_cmpint (info->epochs, ==, 3);
  g_assert_cmpint (info->all_epochs, ==, 3);
  g_assert_true (info->finished && !info->stopped_early && !info->locked);
  g_assert_true (info->best_test_accuracy > 0 && info->best_validation_accuracy > 0);
  g_assert_true (info->best_validation_loss > 0);
  g_assert_cmpuint (info->bytes, >, 3 * 1000);

  info = find (infos, "child");
  g_assert_cmpstr (info->parent_run, ==, whole);
  g_assert_cmpint (info->parent_step, ==, 2 * STEPS_PER_EPOCH);
  g_assert_cmpint (info->epochs, ==, 2);
  g_assert_false (info->finished);
  info = find (infos, "early");
  g_assert_true (info->finished && info->stopped_early);
  g_assert_cmpint (info->epochs, <, info->all_epochs);
  info = find (infos, "open");
  g_assert_true (info->locked && !info->finished);
  g_assert_cmpint (info->steps, ==, 1);
  g_assert_true (isnan (info->best_test_accuracy));
  if (info->locked_by != 0) /* there are file systems whose devices the kernel names otherwise */
    g_assert_cmpint (info->locked_by, ==, getpid ());
  info = find (infos, "bad");
  g_assert_nonnull (strstr (info->problem, "experiment.json"));
  g_assert_cmpstr (info->title, ==, "");

  g_assert_false (rf_runs_delete (open, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_LOCKED);
  close_listener (&listener);
}

static void
expect_refusal (const char *path, RfError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (rf_runs_delete (path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

/* Links are never followed, and no other file is touched. */
static void
test_delete (void)
{
  g_autofree char *run = in_runs ("child"), *whole = in_runs ("whole"), *link = in_runs ("link");
  g_autofree char *slash = g_strconcat (link, "/", NULL), *other = in_runs ("other");
  g_autofree char *note = g_build_filename (run, "note.txt", NULL);
  g_autofree char *inside = g_build_filename (run, "checkpoints", "note.txt", NULL);
  g_autofree char *outside = g_build_filename (folder, "outside", NULL);
  g_autofree char *precious = g_build_filename (outside, "step-00000001.safetensors", NULL);
  g_autoptr (GError) error = NULL;

  expect_refusal (other, RF_ERROR_MISSING, "no run");
  expect_refusal (link, RF_ERROR_EXISTS, "link");
  expect_refusal (slash, RF_ERROR_EXISTS, "link");
  for (int i = 0; i < 2; i++)
    {
      const char *file = i == 0 ? note : inside;
      g_assert_true (g_file_set_contents (file, "x", 1, NULL));
      expect_refusal (run, RF_ERROR_EXISTS, "note.txt");
      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_true (rf_run_folder_is_run (run)); /* whole */
  g_assert_true (rf_runs_delete (run, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (run, G_FILE_TEST_EXISTS));
  g_assert_true (rf_run_folder_is_run (whole)); /* whose weights it shared */

  /* Checkpoints that lie elsewhere stay there. */
  g_autofree char *early = in_runs ("early");
  g_autofree char *checkpoints = g_build_filename (early, "checkpoints", NULL);
  g_autofree char *moved = g_build_filename (folder, "moved", NULL);
  g_assert_cmpint (g_mkdir (outside, 0777), ==, 0);
  g_assert_true (g_file_set_contents (precious, "x", 1, NULL));
  g_assert_cmpint (g_rename (checkpoints, moved), ==, 0);
  g_assert_cmpint (symlink (outside, checkpoints), ==, 0);
  g_assert_true (rf_runs_delete (early, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (early, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (precious, G_FILE_TEST_EXISTS));

  g_autofree char *bad = in_runs ("bad");
  g_assert_true (rf_runs_delete (bad, &error)); /* one that cannot be read can be removed */
}

static void
test_prune (void)
{
  g_autoptr (RfExperiment) experiment = new_experiment (1);
  g_autoptr (GError) error = NULL;
  guint64 one = 0;
  char *paths[8];

  g_autoptr (GPtrArray) before = list ();
  for (guint i = 0; i < before->len; i++)
    g_assert_true (rf_runs_delete (((RfRunInfo *) before->pdata[i])->path, &error));
  for (int i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("old-%d", i);
      paths[i] = in_runs (name);
      train_through (experiment, paths[i], FALSE, NULL);
      set_time (paths[i], 1000 + i);
    }
  g_autoptr (RfRunFolder) locked = rf_run_folder_open (paths[1], FALSE, &error);
  const char *const keep[] = { paths[2], NULL };
  g_autoptr (RfRunInfo) info = rf_run_info_read (paths[0]);
  one = info->bytes;

  /* 0 is the oldest, 1 is locked, 2 is to be kept, 5 to 7 are the newest. */
  g_autoptr (GPtrArray) enough = rf_runs_prune (runs, 9 * one, keep, &error);
  g_assert_cmpuint (enough->len, ==, 0);
  g_autoptr (GPtrArray) first = rf_runs_prune (runs, 7 * one + one / 2, keep, &error);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpstr (((RfRunInfo *) first->pdata[0])->path, ==, paths[0]);
  g_autoptr (GPtrArray) all = rf_runs_prune (runs, 0, keep, &error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((RfRunInfo *) all->pdata[0])->path, ==, paths[3]);
  g_assert_cmpstr (((RfRunInfo *) all->pdata[1])->path, ==, paths[4]);
  g_autoptr (GPtrArray) left = list ();
  g_assert_cmpuint (left->len, ==, 5);
  for (int i = 0; i < 8; i++)
    {
      gboolean gone = i == 0 || i == 3 || i == 4;
      g_assert_true (g_file_test (paths[i], G_FILE_TEST_EXISTS) != gone);
      g_free (paths[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = rf_test_make_folder ();
  runs = g_build_filename (folder, "runs", NULL);
  g_assert_cmpint (g_mkdir (runs, 0777), ==, 0);
  data = write_corners (folder);
  g_test_add_func ("/runs-list/list", test_list);
  g_test_add_func ("/runs-list/delete", test_delete);
  g_test_add_func ("/runs-list/prune", test_prune);
  int result = g_test_run ();
  rf_test_remove_folder (folder);
  g_free (runs);
  g_free (data);
  return result;
}
