/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A study of a network (model/inspect/study.h) for a pane: begun, stopped, and shown as it goes on.
 *
 * The replica's thread has the study; what there is to be seen of it comes to the main loop as
 * snapshots, ten times a second at most and once more when it is over. */

#include "model/inspect/replica.h"

G_BEGIN_DECLS

/* All but the last two are called in the replica's thread. */
typedef struct
{
  RfStudyFunc step;
  double (*progress) (gpointer study);   /* from 0 to 1 */
  gpointer (*snapshot) (gpointer study); /* to be shown; NULL: nothing yet */
  GDestroyNotify free_snapshot;          /* any thread */
  GDestroyNotify free_study;             /* main thread */
} RfStudyClass;

/* @snapshot NULL: nothing new; only valid during the call. @over: it was the last one. @message:
 * what went wrong, or NULL. Not called any more once the job was stopped. */
typedef void (*RfStudyShow) (gpointer snapshot, double progress, gboolean over, const char *message,
                             gpointer data);

typedef struct _RfStudyJob RfStudyJob;

/* @study is the job's. One of another @number goes on meanwhile; one of the same ends. */
RfStudyJob *rf_study_job_start (RfReplica *replica, guint number, const RfStudyClass *klass,
                                gpointer study, RfStudyShow show, gpointer data);
/* Forgets it, and stops it if it is not over. NULL does nothing. */
void rf_study_job_stop (RfStudyJob *job);
gboolean rf_study_job_is_running (const RfStudyJob *job);

G_END_DECLS
