/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A run on disk, laid out as doc/formats.md says. Everything in it is complete or absent after a
 * crash at any moment. */

#include "model/train/engine.h"

G_BEGIN_DECLS

typedef struct _RfRunFolder RfRunFolder;

/* Makes a new run folder and locks it. An existing run is RF_ERROR_EXISTS; one being written by
 * another process is RF_ERROR_LOCKED. */
RfRunFolder *rf_run_folder_create (const char *path, GError **error);
/* Opens one to be written on; @create_if_missing as of `--resume`. */
RfRunFolder *rf_run_folder_open (const char *path, gboolean create_if_missing, GError **error);
void rf_run_folder_close (RfRunFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRunFolder, rf_run_folder_close)
const char *rf_run_folder_path (const RfRunFolder *folder);

/* The experiment to train in a folder: the run's own if it holds one, else @given. A @given that
 * differs from the run's is RF_ERROR_CHANGED, which names the place; only more epochs are taken
 * over.
 * @given may be NULL where there is a run. */
RfExperiment *rf_run_folder_settle (RfRunFolder *folder, RfExperiment *given, GError **error);

/* The newest weights in a run: complete, of a checkpoint, or (@first) those it began with. NULL: it
 * has none. */
char *rf_run_folder_find_weights (const char *run, gboolean *first);
/* TRUE if @path looks like a run folder. */
gboolean rf_run_folder_is_run (const char *path);

/* Readers, for anybody, locked or not; a half-written last row is left out. */
GArray *rf_run_read_steps (const char *path, GError **error);  /* of RfStepRow */
GArray *rf_run_read_epochs (const char *path, GError **error); /* of RfEpochRow */
GPtrArray *rf_run_read_changes (const char *path,
                                GError **error); /* of RfChange *, sorted by step */
/* The experiment of a run, or of an experiment file; @is_run tells which (may be NULL). */
RfExperiment *rf_run_read_experiment (const char *run_or_file, gboolean *is_run, GError **error);

/* That of a run with its live changes up to @step in force; G_MAXINT64: all of them. */
RfExperiment *rf_run_read_experiment_at (const char *run, gint64 step, GError **error);

/* --- The files in it ------------------------------------------------------------------------ */

/* The name of something in the folder, or in its checkpoints, that is none of a run's, or NULL. */
char *rf_run_folder_find_other (const char *path);
/* Removes what a program that was ended in mid-writing has left. */
void rf_run_folder_tidy (const char *path);
/* Removes the files of a run, experiment.json first, and @path itself if nothing else is in it.
 * Links are removed, never followed. */
gboolean rf_run_folder_empty (const char *path, GError **error);
/* Bytes of the files of a run. */
guint64 rf_run_folder_size (const char *path);

G_END_DECLS
