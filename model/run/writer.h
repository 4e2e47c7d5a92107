/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The thread that writes a run folder.
 *
 * The trainer hands over rows and copies of its numbers and goes on; writing, syncing and tidying
 * up happen here, in the order in which they were handed over. When the disk refuses, everything
 * that is not written stays, the failure is kept for the trainer to see, and rf_writer_retry()
 * begins again with the same. All functions are the trainer's to call. */

#include "model/run/checkpoint.h"

G_BEGIN_DECLS

typedef struct _RfWriter RfWriter;

/* @run: a folder with its tables, cut back to the present step. */
RfWriter *rf_writer_new (const char *run, RfEngine *engine, GError **error);
/* Ends the thread; what could not be written by then is given up. */
void rf_writer_free (RfWriter *writer);

void rf_writer_add_step (RfWriter *writer, const RfStepRow *row);
void rf_writer_add_epoch (RfWriter *writer, const RfEpochRow *row);

/* Writes changes to the journal before it returns, without waiting for the disk. */
gboolean rf_writer_log_changes (RfWriter *writer, const GPtrArray *changes, GError **error);
/* Takes the changes of @step and after it out of the journal again. */
gboolean rf_writer_forget_changes (RfWriter *writer, gint64 step, GError **error);

typedef enum
{
  RF_WRITER_TAKEN,
  RF_WRITER_BUSY,       /* @wait was FALSE and both copies are still being written */
  RF_WRITER_FAILED,     /* see rf_writer_get_failure() */
  RF_WRITER_NOT_FINITE, /* such weights are not worth keeping */
} RfWriterAnswer;

/* Copies a checkpoint to be written. @epoch_end: it also becomes weights.safetensors. */
RfWriterAnswer rf_writer_checkpoint (RfWriter *writer, const RfMoment *moment, gboolean epoch_end,
                                     gboolean wait);

/* Steps whose weights are in RUN/checkpoints, as rf_checkpoints_list() gives them, if that has
 * changed since the last time, else NULL. */
GArray *rf_writer_take_checkpoints (RfWriter *writer);

/* TRUE after writing failed, until rf_writer_retry(). Cheap. */
gboolean rf_writer_has_failed (RfWriter *writer);
GError *rf_writer_get_failure (RfWriter *writer);
void rf_writer_retry (RfWriter *writer);
/* Waits until all is on the disk; FALSE if that failed. */
gboolean rf_writer_drain (RfWriter *writer);

G_END_DECLS
