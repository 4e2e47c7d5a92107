/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What run.c (the object) and run-open.c (its beginning and end) share. */

#include "model/run/run.h"

G_BEGIN_DECLS

struct _RfRun
{
  GObject parent_instance;

  RfTrainer *trainer;  /* NULL once closed */
  GPtrArray *closing;  /* of GTask *, waiting for the trainer's end */
  GPtrArray *asking;   /* of GTask *, waiting for a checkpoint, in order */
  GArray *checkpoints; /* of gint64 */
  char *folder;
  RfExperiment *experiment;
  GHashTable *turned; /* path → value (double *), until the trainer says it has acted */
  int largest_batch;  /* that there has been memory for */
  RfDataset *dataset;
  RfNet *shapes; /* the network without its numbers */
  RfLayerSummary *layers;
  guint n_layers;
  GArray *steps, *epochs;
  GPtrArray *changes;

  RfTrainerState state;
  gint64 step, epoch, offset, restored_step;
  double images_per_second;
  gboolean evaluating;
  char *message;
};

/* Called for each snapshot; @data is the run. */
void rf_run_follow (const RfSnapshot *snapshot, gpointer data);
/* Takes over what a snapshot says about checkpoints. */
void rf_run_follow_checkpoints (RfRun *run, const RfSnapshot *snapshot);
/* Tells those who wait for a checkpoint that there will be none. */
void rf_run_forget_asking (RfRun *run);
/* Whether there is memory for a batch size; the message says how much it would take. */
gboolean rf_run_check_batch_size (RfRun *run, int batch_size, GError **error);
/* Once the trainer has stopped: frees it, then answers those who wait for the closing. */
void rf_run_finish_closing (RfRun *run);
/* Lets a trainer that nobody closed save, end and be freed, in another thread. */
void rf_run_leave_trainer (RfRun *run);

G_END_DECLS
