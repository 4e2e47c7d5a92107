/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What trainer.c (the doors) and trainer-loop.c (the thread behind them) share. */

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
  gint64 saved_step; /* of the newest checkpoint */
  double saved_at, delivered_at;
  double seconds, since; /* of training until @since, when it went on */
  double speed, speed_seconds, speed_images;
};

/* The thread's function; ends when told to stop. */
void *rf_trainer_train (void *trainer);

G_END_DECLS
