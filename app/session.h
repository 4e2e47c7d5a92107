/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The experiment at hand and its run: what a window shows and its panes watch.
 *
 * Opening takes an experiment file or a run folder; all that is slow happens in worker threads. The
 * run before stays, and goes on if it trains, until the new one is ready, and for good if that
 * fails. A new run writes to a folder of its own under rf_session_runs_folder(); one that never
 * took a step leaves nothing behind. Main thread only. */

#include "model/run/run.h"

G_BEGIN_DECLS

#define RF_TYPE_SESSION (rf_session_get_type ())
G_DECLARE_FINAL_TYPE (RfSession, rf_session, RF, SESSION, GObject)

/* Properties, to be read, with notify: "run" (RfRun or NULL), "loading" (gboolean), "progress" (of
 * loading, 0 to 1), "activity" (what is being loaded). Signal "failed" (const char *message): what
 * was asked for could not be done, and nothing has changed. */
RfSession *rf_session_new (void);

RfRun *rf_session_get_run (RfSession *session);
gboolean rf_session_get_loading (RfSession *session);

/* An experiment file, or a run folder, which is gone on with. */
void rf_session_open (RfSession *session, const char *path);
/* A new run of an experiment. */
void rf_session_open_experiment (RfSession *session, RfExperiment *experiment);
/* Gives up what is being loaded. */
void rf_session_cancel (RfSession *session);

/* A new run of the present experiment, with its knobs as they stand. */
void rf_session_reset (RfSession *session);

/* Saves and ends all runs; @callback when their threads have been joined. */
void rf_session_close_async (RfSession *session, GAsyncReadyCallback callback, gpointer data);
gboolean rf_session_close_finish (RfSession *session, GAsyncResult *result, GError **error);

/* $XDG_DATA_HOME/receptive/runs. Free it. */
char *rf_session_runs_folder (void);

G_END_DECLS
