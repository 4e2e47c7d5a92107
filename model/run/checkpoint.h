/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A moment of training, copied out of an engine so that it can be written while training goes on.
 *
 * On disk it is two files: step-00001203.safetensors holds the weights,
 * step-00001203.state.safetensors the rest (optimizer, position, sums of the epoch, time) and the
 * digests of both. The state is written last and makes the checkpoint valid. */

#include "model/run/folder.h"

G_BEGIN_DECLS

/* What is to be remembered beside weights and optimizer. Shuffling, augmentation and dropout are
 * functions of seed, epoch, sample and step: their generators have no other position. */
typedef struct
{
  gint64 step, epoch, offset; /* as in RfEngine */
  RfEpochSums sums;
  double seconds;      /* of the run so far */
  gboolean epoch_open; /* an epoch has ended, but was not evaluated yet */
} RfMoment;

/* The newest step whose epoch, if one ended there, has a row. */
static inline gint64
rf_moment_epochs_until (const RfMoment *moment)
{
  return moment->epoch_open ? moment->step - 1 : moment->step;
}

/* The changes up to this step are in force at a moment. One for the next step acts from the end of
 * the step before, unless an epoch is still to be evaluated. */
static inline gint64
rf_moment_changes_until (const RfMoment *moment)
{
  return moment->step + (moment->epoch_open ? 0 : 1);
}

typedef struct _RfCheckpoint RfCheckpoint;

/* Memory for copies of @engine's numbers; filled by rf_checkpoint_take(), which allocates nothing.
 */
RfCheckpoint *rf_checkpoint_new (RfEngine *engine, GError **error);
void rf_checkpoint_free (RfCheckpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCheckpoint, rf_checkpoint_free)

void rf_checkpoint_take (RfCheckpoint *checkpoint, const RfMoment *moment);
const RfMoment *rf_checkpoint_moment (const RfCheckpoint *checkpoint);
/* TRUE unless a weight or running statistic is infinite or not a number. */
gboolean rf_checkpoint_is_finite (const RfCheckpoint *checkpoint);

/* Writes both files into RUN/checkpoints, synced, the state last. */
gboolean rf_checkpoint_write (const RfCheckpoint *checkpoint, const char *run, GError **error);
/* Writes the weights alone. */
gboolean rf_checkpoint_write_weights (const RfCheckpoint *checkpoint, const char *path,
                                      GError **error);

/* Loads one, if both files are sound and belong together; else says why not. The engine is then at
 * that moment. */
gboolean rf_checkpoint_restore (const char *run, gint64 step, RfEngine *engine, RfMoment *moment,
                                GError **error);

/* The moment of a checkpoint whose two files are sound and belong together. */
gboolean rf_checkpoint_read_moment (const char *run, gint64 step, RfMoment *moment, GError **error);
/* Writes the state for weights that are there already: @moment, with an optimizer that begins
 * afresh. */
gboolean rf_checkpoint_write_fresh (const char *run, const RfMoment *moment, GError **error);

/* The state of a checkpoint that somebody forked from is kept for good: it says so itself, under
 * "kept" in its metadata. That is no part of its digest. */
gboolean rf_checkpoint_keep (const char *run, gint64 step, GError **error);
gboolean rf_checkpoint_is_kept (const char *run, gint64 step);

typedef enum
{
  RF_CHECKPOINT_WEIGHTS,
  RF_CHECKPOINT_STATE,
} RfCheckpointPart;

/* Steps that have such a file in RUN/checkpoints, ascending, as gint64. */
GArray *rf_checkpoints_list (const char *run, RfCheckpointPart part);
/* Where it is, or would be. The weights of step 0 are RUN/initial.safetensors. */
char *rf_checkpoint_path (const char *run, gint64 step, RfCheckpointPart part);

G_END_DECLS
