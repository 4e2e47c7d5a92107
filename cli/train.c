/* SPDX-License-Identifier: GPL-3.0-or-later */

/* train: an RfRun and a main loop.
 *
 * Opening, training and closing each end in a callback here; the first thing that goes wrong
 * decides the exit status, and closing saves in every case but a second Ctrl-C. */

#include "cli/cli.h"
#include "model/run/run.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable; /* of opening */
  RfProgressBar *bar;
  RfRun *run;
  gboolean interrupted, closing;
  int status;
} Training;

static void
closed (GObject *source, GAsyncResult *result, gpointer data)
{
  Training *training = data;
  g_autoptr (GError) error = NULL;
  if (!rf_run_close_finish (training->run, result, &error) && training->status != RF_EXIT_FAILED)
    training->status = rf_cli_fail (error);
  g_main_loop_quit (training->loop);
}

static void
close_run (Training *training)
{
  if (training->closing)
    return;
  training->closing = TRUE;
  rf_run_close_async (training->run, closed, training);
}

/* In all: a resumed run may have been given more, and a replayed one changes them as it goes. */
static int
count_epochs (const Training *training)
{
  return rf_run_get_experiment (training->run)->training.epochs;
}

/* "epoch 3/10" and what was measured, each with its name. */
static char *
describe_epoch (const Training *training, const RfEpochRow *row)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("epoch %jd/%d  loss %.4f  accuracy "), (intmax_t) row->epoch,
                          count_epochs (training), row->train_loss);
  rf_cli_append_percent (text, row->train_accuracy);
  if (isfinite (row->validation_loss))
    {
      g_string_append_printf (text, _ ("  validation loss %.4f  accuracy "), row->validation_loss);
      rf_cli_append_percent (text, row->validation_accuracy);
    }
  if (isfinite (row->test_loss))
    {
      g_string_append_printf (text, _ ("  test loss %.4f  accuracy "), row->test_loss);
      rf_cli_append_percent (text, row->test_accuracy);
    }
  g_string_append_printf (text, _ ("  %.0f images/s"), row->images_per_second);
  return g_string_free (text, FALSE);
}

/* "1 h 05 min left"; nothing while it is not known. */
static void
append_time_left (GString *text, double seconds)
{
  if (!isfinite (seconds) || seconds <= 0)
    return;
  const int minutes = (int) MIN (seconds / 60, 1e6);
  if (seconds < 60)
    g_string_append_printf (text, _ ("  %.0f s left"), ceil (seconds));
  else if (minutes < 60)
    g_string_append_printf (text, _ ("  %d min left"), minutes);
  else
    g_string_append_printf (text, _ ("  %d h %02d min left"), minutes / 60, minutes % 60);
}

static void
show_progress (Training *training)
{
  gsize n = 0;
  const RfStepRow *steps = rf_run_get_steps (training->run, &n);
  double speed = 0, left = 0;
  g_object_get (training->run, "images-per-second", &speed, "seconds-left", &left, NULL);

  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (
      text, _ ("epoch %jd/%d"),
      (intmax_t) MIN (rf_run_get_epoch (training->run), count_epochs (training)),
      count_epochs (training));
  if (n > 0)
    g_string_append_printf (text, _ ("  loss %.3f"), steps[n - 1].loss);
  g_string_append_printf (text, _ ("  %.0f images/s"), speed);
  append_time_left (text, left);
  rf_progress_bar_show (training->bar, rf_run_get_fraction (training->run), text->str);
}

static void
rows_came (RfRun *run, guint new_steps, guint new_epochs, gpointer data)
{
  Training *training = data;
  gsize n = 0;
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n);
  if (new_epochs > 0)
    rf_progress_bar_hide (training->bar);
  for (gsize i = n - new_epochs; i < n; i++)
    {
      g_autofree char *text = describe_epoch (training, &epochs[i]);
      fprintf (stderr, "%s\n", text);
    }
  show_progress (training);
}

/* How a run has ended, if there is anything to say but that it has. */
static void
tell_end (Training *training)
{
  const char *message = rf_run_get_message (training->run);
  rf_progress_bar_hide (training->bar);
  if (message)
    rf_cli_note ("%s", message);
}

static void
state_changed (RfRun *run, GParamSpec *property, gpointer data)
{
  Training *training = data;
  switch (rf_run_get_state (run))
    {
    case RF_TRAINER_FINISHED:
      tell_end (training);
      close_run (training);
      break;
    case RF_TRAINER_DIVERGED:
      rf_progress_bar_hide (training->bar);
      training->status = rf_cli_fail_text ("%s", rf_run_get_message (run));
      close_run (training);
      break;
    case RF_TRAINER_DISK:
      rf_progress_bar_hide (training->bar);
      training->status = rf_cli_fail_text (_ ("%s; free some space, then go on with --resume"),
                                           rf_run_get_message (run));
      close_run (training);
      break;
    case RF_TRAINER_PAUSED:
      if (!rf_run_get_message (run)) /* else a replayed change cannot be made */
        break;
      rf_progress_bar_hide (training->bar);
      training->status = rf_cli_fail_text ("%s", rf_run_get_message (run));
      close_run (training);
      break;
    case RF_TRAINER_RUNNING:
    case RF_TRAINER_STOPPED:
      break;
    }
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  Training *training = data;
  g_autoptr (GError) error = NULL;
  training->run = rf_run_open_finish (result, &error);
  rf_progress_bar_hide (training->bar);
  if (!training->run)
    {
      if (!training->interrupted)
        training->status = rf_cli_fail (error);
      g_main_loop_quit (training->loop);
      return;
    }

  g_signal_connect (training->run, "rows", G_CALLBACK (rows_came), training);
  g_signal_connect (training->run, "notify::state", G_CALLBACK (state_changed), training);
  gboolean finished = rf_run_get_state (training->run) == RF_TRAINER_FINISHED;
  if (finished)
    tell_end (training);
  if (training->interrupted || finished)
    close_run (training);
  else
    rf_run_start (training->run);
}

static gboolean
interrupt (gpointer data)
{
  Training *training = data;
  if (training->interrupted)
    _exit (RF_EXIT_INTERRUPTED);
  training->interrupted = TRUE;
  training->status = RF_EXIT_INTERRUPTED;
  g_cancellable_cancel (training->cancellable);
  if (training->run)
    close_run (training);
  return G_SOURCE_CONTINUE;
}

static int
train_run (RfExperiment *experiment, RfRunOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RfProgressBar) bar = rf_progress_bar_new ();
  Training training = {
    .loop = loop,
    .cancellable = cancellable,
    .bar = bar,
  };
  const guint signals[] = { g_unix_signal_add (SIGINT, interrupt, &training),
                            g_unix_signal_add (SIGTERM, interrupt, &training) };
  options->progress = rf_progress_bar_loading;
  options->progress_data = bar;
  rf_run_open_async (experiment, options, cancellable, opened, &training);
  g_main_loop_run (loop);

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  rf_progress_bar_hide (bar);
  if (training.status == RF_EXIT_INTERRUPTED && training.run)
    rf_cli_note (_ ("stopped after step %jd and saved; go on with --resume"),
                 (intmax_t) rf_run_get_step (training.run));
  if (training.run)
    g_signal_handlers_disconnect_by_data (training.run, &training);
  g_clear_object (&training.run);
  return training.status;
}

static int
train (int argc, char **argv)
{
  g_autofree char *out = NULL, *init = NULL, *replay = NULL, *data = NULL;
  g_auto (GStrv) overrides = NULL;
  gboolean resume = FALSE;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_ ("Folder of the run, made here"), "RUN" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &overrides,
      N_ ("Change one key of the experiment, as in training.epochs=20; may be repeated"),
      "PATH=VALUE" },
    { "init", 0, 0, G_OPTION_ARG_FILENAME, &init, N_ ("Begin with these weights"), "FILE" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume,
      N_ ("Go on from the newest checkpoint of RUN, if there is one"), NULL },
    { "replay", 0, 0, G_OPTION_ARG_FILENAME, &replay,
      N_ ("Make the live changes of that run again, each at its step"), "RUN" },
    RF_CLI_DATA_OPTION (&data),
    RF_CLI_THREADS_OPTION,
    { NULL },
  };
  if (!rf_cli_parse (entries, "EXPERIMENT --out RUN",
                     _ ("Train the network of an experiment file and write a run folder."),
                     _ ("Ctrl-C stops after the step under way and saves; --resume goes on."),
                     &argc, &argv)
      || !rf_cli_check_operands (argv, argc, 1, 1, "EXPERIMENT"))
    return RF_EXIT_USAGE;
  if (!out || !*out)
    return rf_cli_misuse (argv[0], _ ("%s is missing"), "--out RUN");

  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment
      = rf_experiment_load (argv[1], (const char *const *) overrides, &error);
  if (!experiment)
    return rf_cli_fail (error);
  RfRunOptions options = {
    .folder = out,
    .resume = resume,
    .replay = replay,
    .init = init,
    .data_folder = data,
  };
  return train_run (experiment, &options);
}

const RfVerb rf_train_verb = {
  .name = "train",
  .summary = N_ ("train the network of an experiment"),
  .run = train,
};
