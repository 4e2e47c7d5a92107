/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One turn of the training thread: the evaluation of an epoch that has ended, a checkpoint that is
 * due, the end, or a step. Each can be put off and begun again by a later turn, which is how a
 * pause interrupts an evaluation and how a full disk is waited out. */

#include "model/base/error.h"
#include "model/run/trainer-private.h"

#define CHECKPOINT_SECONDS 30.0
#define SPEED_SECONDS      1.0

static void
stop_diverged (RfTrainer *self)
{
  rf_trainer_set_state (self, RF_TRAINER_DIVERGED, rf_engine_explain_divergence (self->engine));
}

/* --- Checkpoints ---------------------------------------------------------------------------- */

RfWriterAnswer
rf_trainer_checkpoint (RfTrainer *self, gboolean epoch_end, gboolean wait)
{
  const RfEngine *engine = self->engine;
  RfMoment moment
      = { engine->step,    engine->epoch, engine->offset, engine->sums, rf_trainer_elapsed (self),
          self->epoch_open };
  RfWriterAnswer answer = rf_writer_checkpoint (self->writer, &moment, epoch_end, wait);
  if (answer == RF_WRITER_TAKEN)
    {
      self->saved_step = engine->step;
      self->due = RF_DUE_NOTHING;
    }
  self->saved_at = rf_trainer_now ();
  return answer;
}

/* Has the checkpoint written that is due. FALSE if that led to another state. */
gboolean
rf_trainer_settle_due (RfTrainer *self)
{
  if (self->due == RF_DUE_NOTHING)
    return TRUE;
  RfWriterAnswer answer = rf_trainer_checkpoint (self, self->due == RF_DUE_EPOCH, TRUE);
  if (answer == RF_WRITER_FAILED)
    rf_trainer_wait_for_disk (self, rf_writer_get_failure (self->writer));
  else if (answer == RF_WRITER_NOT_FINITE)
    stop_diverged (self);
  return answer == RF_WRITER_TAKEN;
}

/* Waits until all is written, and takes on @state; or says why it cannot be written. */
void
rf_trainer_settle_in (RfTrainer *self, RfTrainerState state)
{
  rf_trainer_deliver (self);
  if (rf_writer_drain (self->writer))
    rf_trainer_set_state (self, state, NULL);
  else
    rf_trainer_wait_for_disk (self, rf_writer_get_failure (self->writer));
}

/* --- Training ------------------------------------------------------------------------------- */

static void
measure_speed (RfTrainer *self, double seconds)
{
  self->speed_seconds += seconds;
  self->speed_images += self->engine->last_n;
  if (self->speed == 0 || self->speed_seconds >= SPEED_SECONDS)
    self->speed = self->speed_images / MAX (self->speed_seconds, 1e-6);
  if (self->speed_seconds >= SPEED_SECONDS)
    self->speed_seconds = self->speed_images = 0;
}

static void
step (RfTrainer *self)
{
  RfEngine *engine = self->engine;
  RfStepRow row;

  double start = rf_trainer_now ();
  RfStepOutcome outcome = rf_engine_step (engine, &row);
  measure_speed (self, rf_trainer_now () - start);
  row.seconds = rf_trainer_elapsed (self);
  rf_trainer_tell_step (self, &row);

  if (outcome == RF_STEP_DIVERGED)
    stop_diverged (self);
  else if (outcome == RF_STEP_EPOCH_ENDED)
    self->epoch_open = TRUE;
  else if (rf_trainer_now () - self->saved_at >= CHECKPOINT_SECONDS)
    rf_trainer_checkpoint (self, FALSE, FALSE); /* if that cannot be now, in another while */
}

/* Evaluates the epoch that has ended; left for later if a command wants the thread. */
static void
end_epoch (RfTrainer *self)
{
  RfEngine *engine = self->engine;
  const RfEpochSums *sums = &engine->sums;
  double count = (double) sums->count;
  RfEpochRow row = { .epoch = engine->epoch - 1,
                     .step = engine->step,
                     .train_loss = sums->loss_sum / count,
                     .train_accuracy = (double) sums->right / count,
                     .images_per_second = count / MAX (sums->seconds, 1e-6) };

  if (!rf_net_weights_finite (engine->net))
    {
      stop_diverged (self);
      return;
    }
  rf_trainer_set_evaluating (self, TRUE);
  rf_engine_evaluate (engine, RF_SPLIT_VALIDATION, &self->hurry, &row.validation_loss,
                      &row.validation_accuracy, NULL, NULL);
  rf_engine_evaluate (engine, RF_SPLIT_TEST, &self->hurry, &row.test_loss, &row.test_accuracy, NULL,
                      NULL);
  rf_trainer_set_evaluating (self, FALSE);
  if (g_atomic_int_get (&self->hurry))
    return;

  row.seconds = rf_trainer_elapsed (self);
  rf_trainer_tell_epoch (self, &row);
  self->epoch_open = FALSE;
  self->due = RF_DUE_EPOCH;
}

void
rf_trainer_take_turn (RfTrainer *self)
{
  if (self->epoch_open)
    end_epoch (self);
  else if (rf_trainer_settle_due (self) && rf_trainer_goes_on (self))
    step (self);
  if (self->state == RF_TRAINER_RUNNING && rf_writer_has_failed (self->writer))
    rf_trainer_wait_for_disk (self, rf_writer_get_failure (self->writer));
  if (rf_trainer_now () - self->delivered_at >= RF_DELIVERY_SECONDS)
    rf_trainer_deliver (self);
}
