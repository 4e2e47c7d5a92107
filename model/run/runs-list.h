/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The runs in a folder: what they are, and removing them. All of this reads or writes files: never
 * on the main thread. */

#include "model/run/folder.h"

G_BEGIN_DECLS

typedef struct
{
  char *path, *name;         /* the name is that of its folder */
  char *title;               /* the experiment's own name, or "" */
  char *problem;             /* why it cannot be read, or NULL; then only paths, times, bytes and
                              * locks are known */
  gint64 started, modified;  /* µs since 1970, as g_get_real_time() */
  gint64 steps, epochs;      /* that are in its tables */
  int all_epochs;            /* that it is to have */
  double best_test_accuracy; /* NaN where there is no such split, or no epoch yet */
  double best_validation_accuracy, best_validation_loss;
  gboolean finished; /* all epochs, or stopped early */
  gboolean stopped_early;
  gboolean locked;  /* it is being written */
  int locked_by;    /* the process that does; 0: not known */
  guint64 bytes;    /* of its files; what forks share counts for each */
  char *parent_run; /* NULL unless it is a fork */
  gint64 parent_step;
} RfRunInfo;

void rf_run_info_free (RfRunInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRunInfo, rf_run_info_free)

/* What there is to know of one run, at a cost that does not grow with the number of its steps; NULL
 * if @path is no run. */
RfRunInfo *rf_run_info_read (const char *path);

/* The runs in @folder, the one written last first, as a GPtrArray of RfRunInfo *. Links are passed
 * over; a folder that is not there has no runs. */
GPtrArray *rf_runs_list (const char *folder, GError **error);

/* Removes a run and its folder. Refused where @path is no run (RF_ERROR_MISSING), is a link or
 * holds other files too (RF_ERROR_EXISTS), or is being written (RF_ERROR_LOCKED). */
gboolean rf_runs_delete (const char *path, GError **error);

#define RF_RUNS_KEPT 3

/* Removes runs of @folder, those first that were written longest ago, until they take no more than
 * @quota bytes. Never removed are the newest RF_RUNS_KEPT, those being written, and those of @keep
 * (paths, NULL-terminated; may be NULL). Returns what was removed, as a GPtrArray of RfRunInfo *; a
 * run that cannot be removed is passed over. */
GPtrArray *rf_runs_prune (const char *folder, guint64 quota, const char *const *keep,
                          GError **error);

G_END_DECLS
