/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forking: a checkpoint of the present step, if the fork begins there; a copy of the run up to it,
 * made in a thread; and the opening of that copy beside the run. */

#include "app/session-private.h"

#include "app/runs-folder.h"
#include "model/base/error.h"
#include "model/run/fork.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RfSession *session;
  GCancellable *cancellable;
  char *parent, *folder;
  RfExperiment *changed; /* NULL: as it was */
  RfExperiment *experiment;
  gint64 step;
  gboolean fresh;
} Forking;

static void
forking_free (Forking *forking)
{
  RfSession *session = forking->session;
  g_clear_object (&forking->cancellable);
  g_clear_pointer (&forking->changed, rf_experiment_unref);
  g_clear_pointer (&forking->experiment, rf_experiment_unref);
  g_free (forking->parent);
  g_free (forking->folder);
  g_free (forking);
  session->n_busy--;
  rf_session_return_closed (session);
  g_object_unref (session);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Forking, forking_free)

static gboolean
is_wanted (const Forking *forking)
{
  return forking->session->loading == forking->cancellable;
}

static void
give_up (Forking *forking, const GError *error)
{
  if (!is_wanted (forking))
    return;
  rf_session_set_loading (forking->session, NULL);
  rf_session_fail (forking->session, error->message);
}

static void
forked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Forking) forking = data;
  RfSession *self = forking->session;
  g_autoptr (GError) error = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      give_up (forking, error);
      return;
    }
  if (!is_wanted (forking))
    return;
  if (forking->fresh)
    rf_session_note (self, _ ("The optimizer begins afresh: there is no state of it that fits."));
  rf_session_begin (self, forking->experiment, g_steal_pointer (&forking->folder), TRUE, NULL,
                    RF_ARRIVAL_BESIDE);
}

static void
fork_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Forking *forking = data;
  GError *error = NULL;
  if (rf_run_fork (forking->parent, forking->step, forking->folder, forking->changed,
                   &forking->fresh, &error)
      && (forking->experiment = rf_run_read_experiment (forking->folder, NULL, &error)))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes over @forking. */
static void
copy (Forking *forking)
{
  g_autoptr (GTask) task = g_task_new (forking->session, forking->cancellable, forked_cb, forking);
  g_task_set_task_data (task, forking, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, fork_thread);
}

static void
checkpoint_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Forking) forking = data;
  g_autoptr (GError) error = NULL;
  forking->step = rf_run_checkpoint_finish (RF_RUN (source), result, &error);
  if (error)
    give_up (forking, error);
  else if (is_wanted (forking))
    copy (g_steal_pointer (&forking));
}

void
rf_session_fork (RfSession *self, gint64 moment)
{
  g_return_if_fail (RF_IS_SESSION (self));
  RF_ASSERT_MAIN_THREAD ();
  if (!self->run)
    return;

  Forking *forking = g_new0 (Forking, 1);
  forking->session = g_object_ref (self);
  self->n_busy++;
  forking->cancellable = g_cancellable_new ();
  forking->parent = g_strdup (rf_run_get_folder (self->run));
  forking->folder = rf_runs_folder_name (rf_run_get_experiment (self->run)->name);
  forking->changed = self->plan ? rf_experiment_ref (self->plan) : NULL;
  forking->step = moment;
  rf_session_set_activity (self, g_strdup (_ ("Forking the run")));
  rf_session_set_progress (self, 0);
  rf_session_set_loading (self, forking->cancellable);
  if (moment == RF_MOMENT_LIVE)
    rf_run_checkpoint_async (self->run, checkpoint_cb, forking);
  else
    copy (forking);
}

gboolean
rf_session_can_fork (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), FALSE);
  if (!self->run || rf_run_get_step (self->run) == 0)
    return FALSE;
  if (!self->plan)
    return TRUE;
  RfExperiment *present = rf_run_get_experiment (self->run);
  g_autofree char *layer = rf_experiment_find_other_layer (present, self->plan);
  if (layer)
    return FALSE;
  g_autoptr (RfExperiment) trained = rf_experiment_copy (present);
  rf_experiment_take_training (trained, self->plan);
  g_autofree char *ours = rf_experiment_to_text (trained, TRUE);
  g_autofree char *planned = rf_experiment_to_text (self->plan, TRUE);
  return g_str_equal (ours, planned);
}

/* A fork is B, what it was forked from A, also when the other is in front. */
const char *
rf_session_get_letter (RfSession *self, RfRun *run)
{
  g_return_val_if_fail (RF_IS_SESSION (self) && RF_IS_RUN (run), NULL);
  RfRun *partner = run == self->run ? self->other : self->run;
  if (!partner)
    return NULL;
  const char *parent = rf_run_get_experiment (run)->parent_run;
  return g_strcmp0 (parent, rf_run_get_folder (partner)) == 0 ? "B" : "A";
}
