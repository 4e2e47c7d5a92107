/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening and closing runs. What is slow happens in worker threads; a request that has been
 * overtaken by a newer one is let go of when it comes back. */

#include "app/session-private.h"

#include "app/runs-folder.h"
#include "app/settings.h"
#include "model/base/error.h"
#include "model/run/derive.h"

#include <glib/gi18n-lib.h>

/* A request to open something, from the main thread to the worker and back. */
typedef struct
{
  RfSession *session;
  GCancellable *cancellable;
  char *path;         /* asked for; NULL for an experiment at hand */
  RfExperiment *base; /* at hand when it was asked for, or NULL */
  RfExperiment *experiment;
  char *folder;
  char *init; /* a file of first weights, or NULL */
  gboolean resume;
  RfArrival arrival;
  gint progress;  /* in thousandths, set by the worker */
  guint watch_id; /* looks at it */
} Opening;

void
rf_session_return_closed (RfSession *self)
{
  if (self->close && self->n_busy == 0)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->close);
      g_task_return_boolean (task, TRUE);
    }
}

static void
opening_free (Opening *opening)
{
  g_clear_handle_id (&opening->watch_id, g_source_remove);
  g_clear_pointer (&opening->base, rf_experiment_unref);
  g_clear_pointer (&opening->experiment, rf_experiment_unref);
  g_clear_object (&opening->cancellable);
  g_free (opening->path);
  g_free (opening->folder);
  g_free (opening->init);
  opening->session->n_busy--;
  rf_session_return_closed (opening->session);
  g_object_unref (opening->session);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
run_closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfSession) self = data;
  RfRun *run = RF_RUN (source);
  g_autoptr (GError) error = NULL;
  if (!rf_run_close_finish (run, result, &error))
    g_warning ("%s", error->message);
  else if (rf_run_get_step (run) == 0)
    rf_runs_folder_remove_untouched (rf_run_get_folder (run));
  g_object_unref (run);
  self->n_busy--;
  rf_session_return_closed (self);
}

/* Takes over the caller's reference. */
void
rf_session_close_run (RfSession *self, RfRun *run)
{
  self->n_busy++;
  rf_run_close_async (run, run_closed_cb, g_object_ref (self));
}

/* The next start begins where this one was. */
static void
remember (Opening *opening)
{
  GSettings *settings = rf_settings_get ();
  if (!settings)
    return;
  g_settings_set_string (settings, "last-run", opening->folder);
  if (!opening->path)
    return;
  g_autofree char *absolute = g_canonicalize_filename (opening->path, NULL);
  if (!opening->resume)
    g_settings_set_string (settings, "last-experiment", absolute);
  rf_settings_add_recent (absolute);
}

/* Puts the run in its place, and closes those that it takes the place of. */
static void
arrive (RfSession *self, RfRun *run, RfArrival arrival)
{
  RfRun *before = self->run, *other = self->other;
  switch (arrival)
    {
    case RF_ARRIVAL_ALONE:
      rf_session_set_runs (self, run, NULL);
      break;
    case RF_ARRIVAL_INSTEAD:
      rf_session_set_runs (self, run, other);
      other = NULL;
      break;
    case RF_ARRIVAL_BESIDE:
      rf_session_set_runs (self, run, before);
      before = NULL;
      break;
    }
  if (before)
    rf_session_close_run (self, before);
  if (other)
    rf_session_close_run (self, other);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  RfSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  RfRun *run = rf_run_open_finish (result, &error);
  const gboolean wanted = self->loading == opening->cancellable;

  if (!run)
    {
      if (wanted)
        rf_session_set_loading (self, NULL);
      if (wanted && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        rf_session_fail (self, error->message);
      return;
    }
  if (!wanted)
    {
      rf_session_close_run (self, run);
      return;
    }
  remember (opening);
  arrive (self, run, opening->arrival);
  /* Whoever saw it arrive may have asked for the next already. */
  if (self->loading == opening->cancellable)
    rf_session_set_loading (self, NULL);
}

/* Called in the worker: no more than a number is left for the main thread. */
static void
progress_cb (double fraction, const char *what, gpointer data)
{
  Opening *opening = data;
  g_atomic_int_set (&opening->progress, (int) (1000 * fraction));
}

static gboolean
watch_cb (gpointer data)
{
  Opening *opening = data;
  if (opening->session->loading == opening->cancellable)
    rf_session_set_progress (opening->session, g_atomic_int_get (&opening->progress) / 1000.0);
  return G_SOURCE_CONTINUE;
}

static void
open_run (Opening *opening)
{
  RfSession *self = opening->session;
  /* Translators: the name of an experiment. */
  rf_session_set_activity (
      self, g_strdup_printf (_ ("Loading the data of “%s”"), opening->experiment->name));
  opening->watch_id = g_timeout_add (100, watch_cb, opening);
  GSettings *settings = rf_settings_get ();
  g_autofree char *data = settings ? g_settings_get_string (settings, "data-folder") : NULL;
  const RfRunOptions options = {
    .folder = opening->folder,
    .resume = opening->resume,
    .init = opening->init,
    .data_folder = data && *data ? data : NULL,
    .progress = progress_cb,
    .progress_data = opening,
  };
  rf_run_open_async (opening->experiment, &options, opening->cancellable, opened_cb, opening);
}

static Opening *
opening_new (RfSession *self)
{
  Opening *opening = g_new0 (Opening, 1);
  opening->session = g_object_ref (self);
  self->n_busy++;
  opening->cancellable = g_cancellable_new ();
  rf_session_set_progress (self, 0);
  rf_session_set_loading (self, opening->cancellable);
  return opening;
}

/* Weights begin a run of the experiment at hand. */
static RfExperiment *
take_weights (Opening *opening, GError **error)
{
  if (!opening->base)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s has weights; open the experiment that they are for first."),
                   opening->path);
      return NULL;
    }
  opening->init = g_strdup (opening->path);
  return rf_experiment_ref (opening->base);
}

static RfExperiment *
read_experiment (Opening *opening, GError **error)
{
  const char *path = opening->path;
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !rf_run_folder_is_run (path))
    return rf_experiment_for_folder (opening->base, path, error);
  if (g_str_has_suffix (path, ".safetensors"))
    return take_weights (opening, error);
  return rf_run_read_experiment (path, &opening->resume, error);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opening *opening = data;
  GError *error = NULL;
  opening->experiment = read_experiment (opening, &error);
  if (!opening->experiment)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_open (RfRun *run, const char *folder)
{
  return run && g_strcmp0 (folder, rf_run_get_folder (run)) == 0;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Opening) opening = data;
  RfSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  const gboolean read = g_task_propagate_boolean (G_TASK (result), &error);
  if (self->loading != opening->cancellable)
    return;
  if (!read)
    {
      rf_session_set_loading (self, NULL);
      rf_session_fail (self, error->message);
      return;
    }
  opening->folder = opening->resume ? g_canonicalize_filename (opening->path, NULL)
                                    : rf_runs_folder_name (opening->experiment->name);
  if (is_open (self->run, opening->folder) || is_open (self->other, opening->folder))
    {
      rf_session_set_loading (self, NULL);
      rf_session_fail (self, _ ("This run is open already."));
      return;
    }
  open_run (g_steal_pointer (&opening));
}

void
rf_session_open (RfSession *self, const char *path)
{
  g_return_if_fail (RF_IS_SESSION (self) && path);
  RF_ASSERT_MAIN_THREAD ();

  Opening *opening = opening_new (self);
  opening->path = g_strdup (path);
  RfExperiment *base = rf_session_get_plan (self);
  opening->base = base ? rf_experiment_ref (base) : NULL;
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: the name of a file. */
  rf_session_set_activity (self, g_strdup_printf (_ ("Reading %s"), name));
  g_autoptr (GTask) task = g_task_new (self, opening->cancellable, read_cb, opening);
  g_task_set_task_data (task, opening, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, read_thread);
}

void
rf_session_begin (RfSession *self, RfExperiment *experiment, char *folder, gboolean resume,
                  const char *init, RfArrival arrival)
{
  g_return_if_fail (RF_IS_SESSION (self) && experiment && folder);
  RF_ASSERT_MAIN_THREAD ();

  Opening *opening = opening_new (self);
  opening->experiment = rf_experiment_ref (experiment);
  opening->folder = folder;
  opening->resume = resume;
  opening->init = g_strdup (init);
  opening->arrival = arrival;
  open_run (opening);
}

void
rf_session_open_experiment (RfSession *self, RfExperiment *experiment)
{
  g_return_if_fail (RF_IS_SESSION (self) && experiment);
  rf_session_begin (self, experiment, rf_runs_folder_name (experiment->name), FALSE, NULL,
                    RF_ARRIVAL_ALONE);
}

void
rf_session_cancel (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  rf_session_set_loading (self, NULL);
}

void
rf_session_close_async (RfSession *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_SESSION (self) && !self->close);
  RF_ASSERT_MAIN_THREAD ();

  self->close = g_task_new (self, NULL, callback, data);
  rf_session_set_loading (self, NULL);
  RfRun *run = self->run, *other = self->other;
  rf_session_set_runs (self, NULL, NULL);
  if (run)
    rf_session_close_run (self, run);
  if (other)
    rf_session_close_run (self, other);
  rf_session_return_closed (self);
}

gboolean
rf_session_close_finish (RfSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
