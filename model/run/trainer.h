/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The thread that trains, and its three doors.
 *
 * Commands in: a queue, polled between steps, waited on when paused. Live knobs: the newest
 * RfExperiment, handed over by exchanging a pointer; what changed is written to changes.jsonl
 * before it acts. Snapshots out: a one-slot mailbox and a doorbell source on the main loop; while
 * the slot is full the trainer goes on gathering, so metrics are never lost and a stalled window
 * slows nothing. */

#include "model/inspect/weights.h"
#include "model/run/folder.h"

G_BEGIN_DECLS

typedef enum
{
  RF_TRAINER_PAUSED,
  RF_TRAINER_RUNNING,
  RF_TRAINER_FINISHED, /* all epochs done, or stopped early; PAUSED again if knobs come with more
                        * epochs or patience */
  RF_TRAINER_DIVERGED,
  RF_TRAINER_DISK,    /* paused because writing failed; starting again tries again */
  RF_TRAINER_STOPPED, /* saved and gone */
} RfTrainerState;

/* What happened since the snapshot before. Owned by the mailbox; valid in the callback. */
typedef struct
{
  guint generation;
  RfTrainerState state;
  char *message;              /* why, for DIVERGED, DISK, and STOPPED if saving failed; PAUSED and
                               * RUNNING if a batch size was too large; what early stopping did,
                               * for FINISHED; else NULL */
  gint64 step, epoch, offset; /* steps done; epoch of the next step; samples of it used */
  gint64 restored_step;       /* whose weights early stopping has restored; else 0 */
  int batch_size;             /* in force */
  int refused_batch_size;     /* was asked for, but there is no memory for it; 0: none */
  double seconds;             /* of training so far, as in steps.csv */
  double images_per_second;   /* over the last second or so */
  gboolean evaluating;
  gboolean weights;     /* rf_trainer_take_weights() has new ones */
  guint n_answers;      /* to so many calls of rf_trainer_checkpoint_now(): it is on the disk… */
  gint64 answer_step;   /* …as this step… */
  char *answer_failure; /* …or could not be written, and why; else NULL */
  GArray
      *checkpoints;   /* of gint64: all steps whose weights are in RUN/checkpoints; NULL: no news */
  GArray *steps;      /* of RfStepRow */
  GArray *epochs;     /* of RfEpochRow */
  GPtrArray *changes; /* of RfChange *, as recorded */
} RfSnapshot;

/* Called on the main loop for each snapshot. */
typedef void (*RfSnapshotFunc) (const RfSnapshot *snapshot, gpointer data);

typedef struct _RfTrainer RfTrainer;

typedef struct
{
  gboolean resume;    /* go on from the newest checkpoint of the folder, if any */
  const char *replay; /* run folder whose changes are made again, or NULL */
  const char *init;   /* weights file instead of the experiment's, or NULL */
} RfTrainerOptions;

/* Takes over @engine and @folder and starts the thread, paused. Does the slow opening work itself
 * (writing initial weights, reading a checkpoint): call it from a worker thread. */
RfTrainer *rf_trainer_new (RfEngine *engine, RfRunFolder *folder, const RfTrainerOptions *options,
                           GError **error);

/* The state it opened in: PAUSED, or FINISHED for a run that was. */
RfTrainerState rf_trainer_get_first_state (RfTrainer *trainer);
/* What it says about that, as in a snapshot; NULL: nothing. */
const char *rf_trainer_get_first_message (RfTrainer *trainer);
/* How many changes of the journal were in force when it opened; the rest acts, and is told, later.
 */
guint rf_trainer_get_first_changes (RfTrainer *trainer);
/* Its data set and the shapes of its network never change; all else is the trainer's once it was
 * told to start. */
const RfEngine *rf_trainer_get_engine (RfTrainer *trainer);

/* The doorbell: attaches to the thread-default main context of the caller. The first snapshot comes
 * at once. */
void rf_trainer_listen (RfTrainer *trainer, RfSnapshotFunc func, gpointer data);

/* Any thread, as those below. */
void rf_trainer_start (RfTrainer *trainer);
void rf_trainer_pause (RfTrainer *trainer); /* after the step, with a checkpoint */
void rf_trainer_step_once (RfTrainer *trainer);
/* Writes a checkpoint after the step under way, as a point to fork from: it is kept for good. A
 * snapshot has the answer. */
void rf_trainer_checkpoint_now (RfTrainer *trainer);
/* No more snapshots. Called where rf_trainer_listen() was. */
void rf_trainer_unlisten (RfTrainer *trainer);
/* Finishes the step, saves, ends the thread; the last snapshot says STOPPED. */
void rf_trainer_stop (RfTrainer *trainer);
/* Hands over new knobs, which act on the next step: what differs from the knobs handed over before.
 * A batch size for which there is no memory is refused then, by a snapshot. Fewer epochs end the
 * training after the epoch under way; more of them, or of patience, let one that has ended go on. A
 * person who turns a knob takes over: changes that were still to be replayed are dropped. Takes a
 * reference. Any thread. */
void rf_trainer_set_knobs (RfTrainer *trainer, RfExperiment *experiment);
/* Asks for a copy of the weights, made after the step under way, or at once where there is none; a
 * snapshot tells when it is there. Asking again before that changes nothing, and asking at all
 * changes no byte of training. Any thread, as the next. */
void rf_trainer_request_weights (RfTrainer *trainer);
/* The newest that nobody has taken, or NULL. */
RfWeights *rf_trainer_take_weights (RfTrainer *trainer);
/* Joins the thread; stops it first if need be, which may take as long as a step and saving. Called
 * after rf_trainer_unlisten(), or where rf_trainer_listen() was. */
void rf_trainer_free (RfTrainer *trainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTrainer, rf_trainer_free)

G_END_DECLS
