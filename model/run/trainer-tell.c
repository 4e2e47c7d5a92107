/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the training thread tells: rows to the writer and to the main loop, changes, and the state
 * that it is in. */

#include "model/run/trainer-private.h"

double
rf_trainer_now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

double
rf_trainer_elapsed (const RfTrainer *self)
{
  return self->seconds + (self->state == RF_TRAINER_RUNNING ? rf_trainer_now () - self->since : 0);
}

/* Adds what the writer has put on the disk. */
static void
gather_checkpoints (RfTrainer *self)
{
  GArray *steps = rf_writer_take_checkpoints (self->writer);
  if (!steps)
    return;
  RfSnapshot *pending = rf_mailbox_pending (self->box);
  g_clear_pointer (&pending->checkpoints, g_array_unref);
  pending->checkpoints = steps;
  rf_mailbox_touch (self->box);
}

gboolean
rf_trainer_deliver (RfTrainer *self)
{
  RfSnapshot *pending = rf_mailbox_pending (self->box);
  gather_checkpoints (self);
  pending->generation = 1;
  pending->state = self->state;
  g_free (pending->message);
  pending->message = g_strdup (self->message);
  pending->step = self->engine->step;
  pending->epoch = self->engine->epoch;
  pending->offset = self->engine->offset;
  pending->restored_step = self->restored_step;
  pending->batch_size = self->engine->experiment->training.batch_size;
  pending->seconds = rf_trainer_elapsed (self);
  pending->images_per_second = self->speed;
  pending->evaluating = self->evaluating;
  self->delivered_at = rf_trainer_now ();
  return rf_mailbox_deliver (self->box);
}

void
rf_trainer_set_state (RfTrainer *self, RfTrainerState state, char *message)
{
  self->seconds = rf_trainer_elapsed (self);
  self->since = rf_trainer_now ();
  self->state = state;
  g_free (self->message);
  self->message = message;
  rf_mailbox_touch (self->box);
  rf_trainer_deliver (self);
}

void
rf_trainer_set_evaluating (RfTrainer *self, gboolean evaluating)
{
  self->evaluating = evaluating;
  rf_mailbox_touch (self->box);
  rf_trainer_deliver (self);
}

void
rf_trainer_wait_for_disk (RfTrainer *self, GError *failure)
{
  rf_trainer_set_state (self, RF_TRAINER_DISK, g_strdup (failure->message));
  g_error_free (failure);
}

void
rf_trainer_tell_step (RfTrainer *self, const RfStepRow *row)
{
  rf_writer_add_step (self->writer, row);
  if (rf_mailbox_is_heard (self->box))
    g_array_append_vals (rf_mailbox_pending (self->box)->steps, row, 1);
  rf_mailbox_touch (self->box);
}

void
rf_trainer_tell_epoch (RfTrainer *self, const RfEpochRow *row)
{
  rf_writer_add_epoch (self->writer, row);
  g_array_append_vals (self->rows, row, 1);
  if (rf_mailbox_is_heard (self->box))
    g_array_append_vals (rf_mailbox_pending (self->box)->epochs, row, 1);
  rf_mailbox_touch (self->box);
}

void
rf_trainer_tell_change (RfTrainer *self, const RfChange *change)
{
  if (rf_mailbox_is_heard (self->box))
    g_ptr_array_add (rf_mailbox_pending (self->box)->changes, rf_change_copy (change));
  rf_mailbox_touch (self->box);
}

void
rf_trainer_tell_refused (RfTrainer *self, int batch_size, char *message)
{
  rf_mailbox_pending (self->box)->refused_batch_size = batch_size;
  rf_trainer_set_state (self, self->state, message);
}

void
rf_trainer_tell_checkpoint (RfTrainer *self, gint64 step, char *failure)
{
  RfSnapshot *pending = rf_mailbox_pending (self->box);
  pending->n_answers++;
  pending->answer_step = step;
  g_free (pending->answer_failure);
  pending->answer_failure = failure;
  rf_mailbox_touch (self->box);
  rf_trainer_deliver (self);
}
