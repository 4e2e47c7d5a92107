/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flag carries nothing but the order of things: what @work wrote comes before what @done reads.
 */

#include "model/run/background.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct
{
  RfBackgroundFunc work, done;
  gpointer data;
  GMainContext *context;
  atomic_bool finished;
} Job;

static gboolean
finish (gpointer data)
{
  Job *job = data;
  if (atomic_load (&job->finished) && job->done)
    job->done (job->data);
  g_main_context_unref (job->context);
  g_free (job);
  return G_SOURCE_REMOVE;
}

static void *
run (void *data)
{
  Job *job = data;
  job->work (job->data);
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, finish, job, NULL);
  g_autoptr (GMainContext) context = g_main_context_ref (job->context);
  atomic_store (&job->finished, TRUE);
  g_source_attach (source, context);
  return NULL;
}

gboolean
rf_background_run (RfBackgroundFunc work, RfBackgroundFunc done, gpointer data)
{
  Job *job = g_new0 (Job, 1);
  pthread_t thread;

  job->work = work;
  job->done = done;
  job->data = data;
  job->context = g_main_context_ref_thread_default ();
  if (pthread_create (&thread, NULL, run, job) == 0)
    {
      pthread_detach (thread);
      return TRUE;
    }
  g_main_context_unref (job->context);
  g_free (job);
  return FALSE;
}
