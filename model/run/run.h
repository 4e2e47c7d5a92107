/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A run as the main loop sees it: the only exit from the trainer's world.
 *
 * Everything here belongs to the main thread. Properties (all readable, with notify): "state"
 * (RfTrainerState), "step", "epoch", "fraction" (of the whole training, 0 to 1),
 * "images-per-second", "seconds-left" (0: not known), "evaluating", "message" (NULL unless
 * there is something to say about the state). Signal "rows" (guint new_steps, guint new_epochs)
 * after the histories grew; signal "change" (const RfChange *) for each live change as recorded;
 * signal "weights" (RfWeights *) with those that were asked for. */

#include "model/run/open.h"
#include <glib-object.h>

G_BEGIN_DECLS

#define RF_TYPE_RUN (rf_run_get_type ())
G_DECLARE_FINAL_TYPE (RfRun, rf_run, RF, RUN, GObject)

/* rf_run_open_trainer() in a worker thread. @experiment may be NULL to resume an existing run. */
void rf_run_open_async (RfExperiment *experiment, const RfRunOptions *options,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
RfRun *rf_run_open_finish (GAsyncResult *result, GError **error);

void rf_run_start (RfRun *run);
void rf_run_pause (RfRun *run);
void rf_run_step (RfRun *run);
/* Saves and ends; @callback when the trainer's thread has been joined. It fails if saving did. A
 * run that is dropped without it saves and ends by itself, in another thread. */
void rf_run_close_async (RfRun *run, GAsyncReadyCallback callback, gpointer data);
gboolean rf_run_close_finish (RfRun *run, GAsyncResult *result, GError **error);

/* Acts on the next step. FALSE if there is no such live option, the value is out of its range, or
 * there is no memory for such batches. (Where that turns out between two steps, as when memory has
 * gone elsewhere meanwhile, the old batch size stays, the experiment goes back to it, and "message"
 * says why in state RUNNING or PAUSED.) Fewer "training.epochs" end the training after the epoch
 * under way; more of them let a run that has FINISHED go on: it is PAUSED then. So does more
 * "training.early_stopping.patience", where that has ended it (0: no early stopping). */
gboolean rf_run_set_live (RfRun *run, const char *path, double value, GError **error);

/* Asks for the weights of the step under way, to look inside with a replica; signal "weights"
 * brings them. None come from a run that is closed. */
void rf_run_request_weights (RfRun *run);

/* Writes a checkpoint of the present step, without ending the training, and keeps it for good: a
 * point to fork from (rf_run_fork()). rf_run_checkpoint_finish() gives its step, 0 for the first
 * weights; or -1, if it could not be written or the run was closed before. */
void rf_run_checkpoint_async (RfRun *run, GAsyncReadyCallback callback, gpointer data);
gint64 rf_run_checkpoint_finish (RfRun *run, GAsyncResult *result, GError **error);

/* The steps whose weights are on the disk, ascending, step 0 of the first weights among them; valid
 * until the next signal "checkpoints". rf_checkpoint_path() has their files. */
const gint64 *rf_run_get_checkpoints (RfRun *run, gsize *n);

/* What a run takes, or would take with another batch size (0: as it is), in bytes and seconds. */
typedef struct
{
  guint64 network;     /* weights, gradients, activations: the plan for training */
  guint64 optimizer;   /* its state */
  guint64 checkpoints; /* copies that wait to be written */
  guint64 batches;     /* those made ahead, and one of evaluation */
  guint64 dataset;
  guint64 total;
  guint64 available;        /* that this process could have, what the run holds already included */
  double images_per_second; /* of training */
  double seconds_per_epoch; /* evaluation included */
  gboolean measured; /* else the seconds are no more than a rough guess: what the network multiplies
                      * and adds, at 20 thousand million a second and thread */
} RfRunEstimate;
void rf_run_estimate (RfRun *run, int batch_size, RfRunEstimate *estimate);

RfTrainerState rf_run_get_state (RfRun *run);
gint64 rf_run_get_step (RfRun *run);
gint64 rf_run_get_epoch (RfRun *run);
/* The step whose weights the run has since it was stopped early; 0 if it was not, or was so at that
 * very step. "message" says the same in words. */
gint64 rf_run_get_restored_step (RfRun *run);
double rf_run_get_fraction (RfRun *run);
const char *rf_run_get_message (RfRun *run);
const char *rf_run_get_folder (RfRun *run);
/* The newest experiment, with every knob as set. */
RfExperiment *rf_run_get_experiment (RfRun *run);
RfDataset *rf_run_get_dataset (RfRun *run);
/* The shapes of the network; never its numbers, which belong to the trainer. */
typedef struct
{
  char *path, *name, *describe;
  const RfLayerClass *klass;
  RfShape in, out;
  gsize n_parameters;
  guint64 cost;
} RfLayerSummary;
const RfLayerSummary *rf_run_get_layers (RfRun *run, guint *n_layers);

const RfStepRow *rf_run_get_steps (RfRun *run, gsize *n);
const RfEpochRow *rf_run_get_epochs (RfRun *run, gsize *n);
const GPtrArray *rf_run_get_changes (RfRun *run); /* of RfChange * */

G_END_DECLS
