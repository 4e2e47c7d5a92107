/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Assembles training batches ahead of the trainer, in a thread of its own, into a ring made once.
 *
 * A batch is a pure function of (experiment, epoch, offset): which samples, in which order, how
 * augmented. The position is a sample offset in the epoch's permutation, so that the batch size may
 * change at any step. */

#include "model/dataset/dataset.h"

G_BEGIN_DECLS

typedef struct
{
  float *images;  /* [n, c, h, w], normalised */
  gint32 *labels; /* [n] */
  int n;
  gint64 epoch;  /* from 1 */
  gint64 offset; /* of its first sample in the epoch's order */
  gboolean last; /* of the epoch */
} RfBatch;

typedef struct _RfBatcher RfBatcher;

/* Batches of the training split of up to @capacity samples. */
RfBatcher *rf_batcher_new (RfDataset *dataset, int capacity, GError **error);
void rf_batcher_free (RfBatcher *batcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfBatcher, rf_batcher_free)

/* Starts (again) at a sample offset of an epoch with the batch size, seed, shuffling and
 * augmentation of @experiment; batches made ahead are dropped. */
void rf_batcher_seek (RfBatcher *batcher, RfExperiment *experiment, gint64 epoch, gint64 offset);

/* The next batch; valid until the next call. Epochs follow each other without end. */
const RfBatch *rf_batcher_next (RfBatcher *batcher);

/* How often rf_batcher_next() had to wait, and for how long, since the last seek. */
void rf_batcher_waits (RfBatcher *batcher, gint64 *n_waits, double *seconds);

/* Order of an epoch: rf_rows of the split, shuffled by (seed, epoch) unless @shuffle is FALSE. */
void rf_batcher_order (const RfRows *rows, guint64 seed, gint64 epoch, gboolean shuffle,
                       guint32 *out);

G_END_DECLS
