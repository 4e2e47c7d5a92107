/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From an experiment and a folder to a trainer that waits for its start. */

#include "model/run/trainer.h"

G_BEGIN_DECLS

typedef struct
{
  const char *folder;        /* where to write; created */
  gboolean resume;           /* go on with what is there */
  const char *replay, *init; /* as in RfTrainerOptions */
  const char *data_folder;   /* first place to look for data sets, or NULL */
  RfProgressFunc progress;   /* called in the calling thread, or the worker's */
  gpointer progress_data;
} RfRunOptions;

/* Weights of `init` that do not fit are an error that names the tensor; no folder is made then.
 * Resuming takes no notice of them.
 *
 * Locks the folder, settles on the experiment, loads the data, builds the network, and begins or
 * resumes the run. May take seconds. @experiment may be NULL to resume an existing run. */
RfTrainer *rf_run_open_trainer (RfExperiment *experiment, const RfRunOptions *options,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
