/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/study-job.h"

#include <stdatomic.h>

#define LOOK_MILLISECONDS 100

struct _RfStudyJob
{
  const RfStudyClass *klass;
  gpointer study;
  RfStudyShow show;
  gpointer data;
  GCancellable *cancellable;
  guint look_id;
  gboolean forgotten, over;

  gint64 snapped;         /* the thread's: when the newest snapshot was taken */
  _Atomic double reached; /* progress */
  _Atomic gpointer fresh; /* a snapshot that nobody has taken, or NULL */
};

/* ---- in the replica's thread ---- */

static void
snap (RfStudyJob *self)
{
  self->snapped = g_get_monotonic_time ();
  gpointer snapshot = self->klass->snapshot (self->study);
  if (!snapshot)
    return;
  gpointer old = atomic_exchange (&self->fresh, snapshot);
  if (old)
    self->klass->free_snapshot (old);
}

static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  RfStudyJob *self = data;
  const gboolean over = self->klass->step (self->study, specimen, renewed, error);
  atomic_store (&self->reached, over ? 1 : self->klass->progress (self->study));
  if (over || g_get_monotonic_time () - self->snapped > LOOK_MILLISECONDS * 1000)
    snap (self);
  return over;
}

/* ---- on the main loop ---- */

static void
job_free (RfStudyJob *self)
{
  gpointer fresh = atomic_exchange (&self->fresh, NULL);
  if (fresh)
    self->klass->free_snapshot (fresh);
  self->klass->free_study (self->study);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
look (RfStudyJob *self, gboolean over, const char *message)
{
  const RfStudyClass *klass = self->klass;
  gpointer fresh = atomic_exchange (&self->fresh, NULL);
  /* Whoever is shown it may stop the job. */
  self->show (fresh, atomic_load (&self->reached), over, message, self->data);
  if (fresh)
    klass->free_snapshot (fresh);
}

static gboolean
look_cb (gpointer data)
{
  look (data, FALSE, NULL);
  return G_SOURCE_CONTINUE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  RfStudyJob *self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = rf_replica_study_finish (RF_REPLICA (source), result, &error);
  g_clear_handle_id (&self->look_id, g_source_remove);
  self->over = TRUE;
  if (self->forgotten)
    {
      job_free (self);
      return;
    }
  const gboolean replaced = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  look (self, TRUE, done || replaced ? NULL : error->message);
}

RfStudyJob *
rf_study_job_start (RfReplica *replica, guint number, const RfStudyClass *klass, gpointer study,
                    RfStudyShow show, gpointer data)
{
  g_return_val_if_fail (RF_IS_REPLICA (replica) && klass && study && show, NULL);
  RfStudyJob *self = g_new0 (RfStudyJob, 1);
  self->klass = klass;
  self->study = study;
  self->show = show;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->look_id = g_timeout_add (LOOK_MILLISECONDS, look_cb, self);
  rf_replica_study_async (replica, number, step, self, self->cancellable, done_cb, self);
  return self;
}

void
rf_study_job_stop (RfStudyJob *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->look_id, g_source_remove);
  if (self->over)
    {
      job_free (self);
      return;
    }
  self->forgotten = TRUE;
  g_cancellable_cancel (self->cancellable);
}

gboolean
rf_study_job_is_running (const RfStudyJob *self)
{
  return self && !self->over;
}
