/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The experiment at hand and its runs: what a window shows and its panes watch.
 *
 * Opening takes an experiment file, a run folder, weights or a folder of pictures; all that is slow
 * happens in worker threads. The run before stays, and goes on if it trains, until the new one is
 * ready, and for good if that fails. A new run writes to a folder of its own under
 * rf_runs_folder(); one that never took a step leaves nothing behind.
 *
 * There may be two runs at once, the one in front, which all controls mean, and the other: a fork
 * and what it was forked from. Both train if told to. Main thread only. */

#include "app/comparison.h"
#include "app/history.h"
#include "model/run/run.h"

G_BEGIN_DECLS

typedef struct _RfSeeds RfSeeds;

#define RF_TYPE_SESSION (rf_session_get_type ())
G_DECLARE_FINAL_TYPE (RfSession, rf_session, RF, SESSION, GObject)

/* A moment of the run in front: a step with a checkpoint, 0 for the first weights, or the present.
 */
#define RF_MOMENT_LIVE (-1)

/* Properties, with notify: "run" (RfRun or NULL), "other" (RfRun or NULL), "plan"
 * (see rf_session_get_plan()), "loading" (gboolean), "progress" (of loading, 0 to 1), "activity"
 * (what is being loaded), all to be read; "moment" (gint64), to be read and set.
 * Signals: "failed" (const char *message): what was asked for could not be done, and nothing has
 * changed; "noted" (const char *message): something worth knowing; "turned" (const char *path,
 * double value): a live option of the run in front was set. */
RfSession *rf_session_new (void);

RfRun *rf_session_get_run (RfSession *session);
RfRun *rf_session_get_other (RfSession *session);
gboolean rf_session_get_loading (RfSession *session);
/* Undo and redo, shared by all pages. */
RfHistory *rf_session_get_history (RfSession *session);
/* The earlier runs that are compared with, and the study of several seeds. */
RfComparison *rf_session_get_comparison (RfSession *session);
RfSeeds *rf_session_get_seeds (RfSession *session);

/* An experiment file; a run folder, which is gone on with; a file of weights, for a new run of the
 * present experiment that begins with them; a folder of pictures, one folder inside for each class.
 */
void rf_session_open (RfSession *session, const char *path);
/* A new run of an experiment. */
void rf_session_open_experiment (RfSession *session, RfExperiment *experiment);
/* Gives up what is being loaded. */
void rf_session_cancel (RfSession *session);

/* A live option of the run in front; acts on the next step and can be undone. */
gboolean rf_session_turn (RfSession *session, const char *path, double value, GError **error);
/* Several at once, of RfChange *, as one step of undo that is called @label. */
gboolean rf_session_turn_all (RfSession *session, const GPtrArray *changes, const char *label,
                              GError **error);

/* The experiment that the next run would be of: the present one with its knobs as they stand, and
 * with what was planned. NULL without a run. */
RfExperiment *rf_session_get_plan (RfSession *session);
/* TRUE if the plan has something that the run in front cannot take over while it trains. */
gboolean rf_session_has_plan (RfSession *session);
/* Plans @experiment; NULL: no longer. @label names the edit in the history. */
void rf_session_set_plan (RfSession *session, RfExperiment *experiment, const char *label);
/* A new run of the plan. */
void rf_session_reset (RfSession *session);
/* The same from other first weights and another order of the pictures. */
void rf_session_new_seed (RfSession *session);

/* A second run that goes on from @moment of the one in front, with what is planned, beside it. A
 * run that was the other before is closed. */
void rf_session_fork (RfSession *session, gint64 moment);
/* FALSE before the first step, and while other data or another network is planned. */
gboolean rf_session_can_fork (RfSession *session);
/* "A", or "B" for the fork; NULL if there is only one run. */
const char *rf_session_get_letter (RfSession *session, RfRun *run);
/* Exchanges the run in front and the other. */
void rf_session_swap (RfSession *session);

/* The session's one object of @type, made when it is first asked for: what the panes of a page
 * share beyond the run. It has a construct property "session" and must not hold a reference to it.
 */
gpointer rf_session_get_shared (RfSession *session, GType type);

gint64 rf_session_get_moment (RfSession *session);
void rf_session_set_moment (RfSession *session, gint64 step);

/* Saves and ends all runs; @callback when their threads have been joined. */
void rf_session_close_async (RfSession *session, GAsyncReadyCallback callback, gpointer data);
gboolean rf_session_close_finish (RfSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
