/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the parts of a trainer share: trainer.c are the doors, trainer-loop.c the thread behind
 * them, trainer-steps.c what it does in turn, trainer-end.c how it ends, trainer-knobs.c live
 * changes, trainer-tell.c what it says. All but the doors belong to the thread. */

#include "model/inspect/weights.h"
#include "model/run/mailbox.h"
#include "model/run/writer.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum
{
  RF_COMMAND_START,
  RF_COMMAND_PAUSE,
  RF_COMMAND_STEP,
  RF_COMMAND_CHECKPOINT,
  RF_COMMAND_STOP,
} RfCommand;

typedef enum
{
  RF_DUE_NOTHING,
  RF_DUE_POSITION, /* a checkpoint of where we are */
  RF_DUE_EPOCH,    /* one that becomes weights.safetensors too */
} RfDue;

struct _RfTrainer
{
  RfEngine *engine;
  RfRunFolder *folder;
  RfWriter *writer;
  RfMailbox *box;
  RfTrainerState first_state;
  char *first_message;
  guint first_changes;
  pthread_t thread;

  /* The doors. */
  pthread_mutex_t mutex;
  pthread_cond_t bell;
  GArray *commands;               /* of RfCommand, under the mutex */
  _Atomic (RfExperiment *) knobs; /* the newest, until taken */
  gint hurry;                     /* atomic: a pause or stop waits */
  atomic_bool weights_wanted;
  RfWeightsBox *weights;

  /* The thread's own. */
  RfTrainerState state;
  char *message;
  RfExperiment *base;   /* the knobs taken last */
  RfExperiment *wanted; /* with changes that are not in force yet */
  GPtrArray *later;     /* of RfChange *: in the journal, to be made again */
  guint next_later;
  gboolean epoch_open; /* an epoch has ended and is not evaluated */
  gboolean evaluating;
  RfDue due;
  gint64 saved_step;    /* of the newest checkpoint */
  GArray *rows;         /* of RfEpochRow: all so far */
  gint64 restored_step; /* that the weights in the network are of, after early stopping; else 0 */
  double saved_at, delivered_at;
  double seconds, since; /* of training until @since, when it went on */
  double speed, speed_seconds, speed_images;
};

#define RF_DELIVERY_SECONDS 0.033

/* The thread's function; ends when told to stop. */
void *rf_trainer_train (void *trainer);

/* Does the next thing there is to do. */
void rf_trainer_take_turn (RfTrainer *trainer);
/* TRUE if there is no step to take any more, with the knobs in force. */
gboolean rf_trainer_is_over (const RfTrainer *trainer);
/* Makes the changes for the next step. FALSE if there is none to take: training is over, or must
 * wait, and the state says which. */
gboolean rf_trainer_goes_on (RfTrainer *trainer);
/* Makes weights.safetensors, and the weights in the network, those that they are to be at this
 * moment; all rows are on the disk. @message: what there is to say about an end, or NULL. */
gboolean rf_trainer_settle_weights (RfTrainer *trainer, char **message, GError **error);
/* Has a checkpoint of this moment written; @wait: even if it has to wait for its turn. */
RfWriterAnswer rf_trainer_checkpoint (RfTrainer *trainer, gboolean epoch_end, gboolean wait);
/* Has the checkpoint written that is due. FALSE if that led to another state. */
gboolean rf_trainer_settle_due (RfTrainer *trainer);
/* Waits until all is written, and takes on @state; or says why it cannot be written. */
void rf_trainer_settle_in (RfTrainer *trainer, RfTrainerState state);

/* Puts in force, after writing it to the journal, what was changed for the next step. Fails if that
 * cannot be written (RF_ERROR_DISK), or if a change of the journal needs too much memory. */
gboolean rf_trainer_make_changes (RfTrainer *trainer, GError **error);

double rf_trainer_now (void);
double rf_trainer_elapsed (const RfTrainer *trainer);
/* Hands over what is pending, with the newest position. TRUE if nothing is left to hand over. */
gboolean rf_trainer_deliver (RfTrainer *trainer);
/* Takes over @message. */
void rf_trainer_set_state (RfTrainer *trainer, RfTrainerState state, char *message);
void rf_trainer_set_evaluating (RfTrainer *trainer, gboolean evaluating);
/* Takes over @failure. */
void rf_trainer_wait_for_disk (RfTrainer *trainer, GError *failure);
void rf_trainer_tell_step (RfTrainer *trainer, const RfStepRow *row);
void rf_trainer_tell_epoch (RfTrainer *trainer, const RfEpochRow *row);
void rf_trainer_tell_change (RfTrainer *trainer, const RfChange *change);
/* Answers rf_trainer_checkpoint_now(); takes over @failure. */
void rf_trainer_tell_checkpoint (RfTrainer *trainer, gint64 step, char *failure);
/* Takes over @message. */
void rf_trainer_tell_refused (RfTrainer *trainer, int batch_size, char *message);

G_END_DECLS
