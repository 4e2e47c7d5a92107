/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The arithmetic of training, without threads or files: data, network, loss, optimizer, schedule.
 *
 * One thread at a time uses an engine. rf_engine_step() allocates nothing. */

#include "model/batch/batcher.h"
#include "model/losses/loss.h"
#include "model/optimizers/optimizer.h"
#include "model/train/rows.h"

G_BEGIN_DECLS

/* Sums over the epoch so far: part of a checkpoint. After an epoch's last step they stay until the
 * next step begins. */
typedef struct
{
  double loss_sum; /* Σ data loss × batch size */
  double seconds;  /* spent training */
  gint64 right, count;
} RfEpochSums;

typedef struct
{
  RfExperiment *experiment; /* the newest knobs */
  RfDataset *dataset;
  RfNet *net;
  RfOptimizer *optimizer;
  RfBatcher *batcher;
  gint64 step;   /* steps done */
  gint64 epoch;  /* the epoch that the next step belongs to, from 1 */
  gint64 offset; /* samples of that epoch already used */
  RfEpochSums sums;
  /*< private >*/
  int room;        /* samples that these have room for, and the batcher */
  float *d_logits; /* [room, classes] */
  float *images;   /* a batch of evaluation */
  gint32 *labels;
  int last_n;       /* samples of the newest training batch */
  double last_loss; /* and its loss */
} RfEngine;

/* Checks that everything fits together ("the network ends in 12 values, but the data set has 10
 * classes"), plans memory, sets first weights (the experiment's `initial_weights`, or the seed's).
 */
RfEngine *rf_engine_new (RfExperiment *experiment, RfDataset *dataset, RfKernelPath path,
                         GError **error);
void rf_engine_free (RfEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfEngine, rf_engine_free)

/* Sets the position, after loading a checkpoint. */
void rf_engine_seek (RfEngine *engine, gint64 step, gint64 epoch, gint64 offset);

/* Plans for another batch size, which the next rf_engine_set_experiment() has: so that it is known
 * beforehand whether there is memory for it. Nothing changes if there is not. What is planned is a
 * function of the batch size alone, as bytes depend on it; memory is kept for the largest so far,
 * so that going back never fails. */
gboolean rf_engine_resize (RfEngine *engine, int batch_size, GError **error);

/* Takes new knobs between two steps, or none of them if their batch size needs too much memory. A
 * changed augmentation or batch size drops the batches made ahead; the place in the epoch stays. */
gboolean rf_engine_set_experiment (RfEngine *engine, RfExperiment *experiment, GError **error);

typedef enum
{
  RF_STEP_DONE,
  RF_STEP_EPOCH_ENDED, /* the step done was the last of its epoch */
  RF_STEP_DIVERGED,    /* the loss is not finite; nothing was updated */
} RfStepOutcome;

/* One step. Takes the pool's ticket. @row is filled in but for seconds. */
RfStepOutcome rf_engine_step (RfEngine *engine, RfStepRow *row);

/* After RF_STEP_DIVERGED, or when rf_net_weights_finite() says no after a step: where it began, by
 * layer, and what to try. */
char *rf_engine_explain_divergence (RfEngine *engine);

/* Loss and accuracy in evaluation mode over a split, in the trainer's thread. NaN if it is empty.
 * @confusion: NULL or classes × classes counts, rows true classes. @top5: NULL or a fraction.
 * Stops between batches when *@cancel becomes nonzero (may be NULL), leaving NaN. */
void rf_engine_evaluate (RfEngine *engine, RfSplit split, const gint *cancel, double *loss,
                         double *accuracy, double *top5, gint64 *confusion);

gint64 rf_engine_steps_per_epoch (const RfEngine *engine);

G_END_DECLS
