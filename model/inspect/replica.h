/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A network to look inside of, beside the one that is trained: its own thread, memory plan and
 * activations, over weights that a trainer published or a checkpoint holds. It never touches the
 * trainer's state, and computes behind it in the pool's order, so that watching changes no byte.
 *
 * Everything here belongs to the main thread; results come to the main context that was the
 * thread's default in rf_replica_new(). Of each kind of request (checkpoint, look, filters, search,
 * study) the latest wins: one that has not begun when the next comes, and a search or study even
 * then, ends with G_IO_ERROR_CANCELLED. Whoever asks faster than answers come, as a slider does,
 * may therefore get only the last; to see all the way, ask again when an answer is there. A look is
 * made with the weights that were set, or the checkpoint that was asked for, before it. Requests
 * keep the replica alive until they are answered; letting go of it never waits. */

#include "model/dataset/dataset.h"
#include "model/inspect/edits.h"
#include "model/inspect/study.h"
#include "model/inspect/view.h"
#include "model/inspect/weights.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define RF_TYPE_REPLICA (rf_replica_get_type ())
G_DECLARE_FINAL_TYPE (RfReplica, rf_replica, RF, REPLICA, GObject)

/* @input: the data set's shape, as for rf_net_new(). Fails for an impossible network; memory is
 * taken by the first request, which fails if there is too little. Until weights come they are those
 * that training would begin with from the experiment's seed, of step 0. */
RfReplica *rf_replica_new (RfExperiment *experiment, RfShape input, RfKernelPath path,
                           GError **error);

/* The weights of all that is asked from now on, of a network of the same structure. */
void rf_replica_set_weights (RfReplica *replica, RfWeights *weights);

/* The same from a file; @step is that of the checkpoint. If it cannot be read, the weights stay as
 * they were. Weights that are set before it has begun take its place. */
void rf_replica_load_checkpoint_async (RfReplica *replica, const char *file, gint64 step,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer data);
gboolean rf_replica_load_checkpoint_finish (RfReplica *replica, GAsyncResult *result,
                                            GError **error);

/* Filters in the place of learned ones, for all that is asked from now on, over whatever weights
 * there are; copied. Those before are taken back: @n 0: there are none any more. */
void rf_replica_set_edits (RfReplica *replica, const RfFilterEdit *edits, guint n);

/* What the network makes of one picture. @image: [channels, height, width] of the network's input,
 * normalised as in training (rf_dataset_get()); copied. @layers: indices, as of
 * rf_run_get_layers(), of those whose outputs are wanted; copied. */
void rf_replica_look_async (RfReplica *replica, const float *image, const guint *layers,
                            guint n_layers, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data);
RfView *rf_replica_look_finish (RfReplica *replica, GAsyncResult *result, GError **error);

/* Its structure: shapes and names of layers; never its numbers, which are the thread's. */
const RfNet *rf_replica_get_net (RfReplica *replica);

/* Index of the first layer that has filters, a convolution; -1 if there is none. */
int rf_replica_find_filters (RfReplica *replica);
/* The filters of such a layer. */
void rf_replica_filters_async (RfReplica *replica, guint layer, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
RfFilters *rf_replica_filters_finish (RfReplica *replica, GAsyncResult *result, GError **error);

/* Looks for a picture that the network gets wrong: the first in the split after the one with the
 * index @from, going round, so that @from itself is the last to be looked at. Other requests are
 * answered meanwhile, and weights that come with them are those of the pictures after that.
 * @dataset: of the network's input shape, with a class for each output. */
void rf_replica_find_mistake_async (RfReplica *replica, RfDataset *dataset, RfSplit split,
                                    gsize from, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data);
/* @index: in the split, or -1 if all are right. */
gboolean rf_replica_find_mistake_finish (RfReplica *replica, GAsyncResult *result, gint64 *index,
                                         GError **error);
/* Goes on with @study by @func until it is done; @number: below RF_N_STUDIES, see study.h. The
 * thread has @study until the answer, which gives it back; it must outlive that. */
void rf_replica_study_async (RfReplica *replica, guint number, RfStudyFunc func, gpointer study,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data);
gboolean rf_replica_study_finish (RfReplica *replica, GAsyncResult *result, GError **error);

/* How far the search has come, from 0 to 1. */
double rf_replica_get_searched (RfReplica *replica);

G_END_DECLS
