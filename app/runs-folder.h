/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the runs that begin in the window are kept, and what their folders are called. */

#include <glib.h>

G_BEGIN_DECLS

/* $XDG_DATA_HOME/receptive/runs. Free it. */
char *rf_runs_folder (void);
/* A folder in it that is not there yet, for a run of the experiment called @name (may be NULL):
 * "small CNN on CIFAR-10" → "small-cnn-on-cifar-10-20260131-142501". Free it. */
char *rf_runs_folder_name (const char *name);
/* Opening a run lays out its folder. Removes that of one that ended before its first step, if it is
 * in the runs folder: there is nothing to keep. */
void rf_runs_folder_remove_untouched (const char *folder);

/* Removes the runs that were written longest ago, in a thread, if all of them need more room than
 * the settings grant; those of the settings and the newest ones stay. */
void rf_runs_folder_keep_quota (void);

G_END_DECLS
