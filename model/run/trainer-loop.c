/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training thread: obeys commands, and otherwise takes turns.
 *
 * Engine, position and clock belong to the thread alone. One turn of its loop is a command, if
 * there is one, or else the next thing to do, which trainer-steps.c decides. */

#include "model/base/error.h"
#include "model/base/pool.h"
#include "model/run/trainer-private.h"

#include <glib/gi18n-lib.h>
#include <time.h>

/* --- Commands ------------------------------------------------------------------------------- */

/* A run that has ended looks at the knobs, in case it shall go on. */
static gboolean
knobs_matter (RfTrainer *self)
{
  return self->state == RF_TRAINER_FINISHED && atomic_load (&self->knobs);
}

/* Goes on, also where it is told so together with more epochs. After trouble with the disk, what
 * could not be written goes first. */
static void
run (RfTrainer *self)
{
  if (knobs_matter (self) && rf_trainer_goes_on (self))
    rf_trainer_set_state (self, RF_TRAINER_PAUSED, NULL);
  if (self->state == RF_TRAINER_PAUSED)
    rf_trainer_set_state (self, RF_TRAINER_RUNNING, NULL);
  else if (self->state == RF_TRAINER_DISK)
    {
      rf_writer_retry (self->writer);
      rf_trainer_settle_in (self, RF_TRAINER_RUNNING);
    }
}

static void
pause_training (RfTrainer *self)
{
  if (self->state != RF_TRAINER_RUNNING)
    return;
  if (self->saved_step != self->engine->step)
    self->due = MAX (self->due, RF_DUE_POSITION);
  if (rf_trainer_settle_due (self))
    rf_trainer_settle_in (self, RF_TRAINER_PAUSED);
}

static void
step_once (RfTrainer *self)
{
  gint64 before = self->engine->step;
  if (self->state == RF_TRAINER_RUNNING)
    return;
  run (self);
  while (self->state == RF_TRAINER_RUNNING && self->engine->step == before)
    rf_trainer_take_turn (self);
  while (self->state == RF_TRAINER_RUNNING && self->epoch_open && !g_atomic_int_get (&self->hurry))
    rf_trainer_take_turn (self);
  if (self->state == RF_TRAINER_RUNNING && rf_trainer_is_over (self)
      && rf_trainer_settle_due (self))
    rf_trainer_goes_on (self);
  pause_training (self);
}

/* Writes what is to be forked from, if it is not on the disk already. */
static void
checkpoint_now (RfTrainer *self)
{
  gint64 step = self->engine->step;
  RfWriterAnswer answer = RF_WRITER_TAKEN;
  g_autoptr (GError) error = NULL;

  if (self->saved_step != step || self->due != RF_DUE_NOTHING)
    answer = rf_trainer_checkpoint (self, self->due == RF_DUE_EPOCH, TRUE);
  if (answer == RF_WRITER_NOT_FINITE)
    error = g_error_new_literal (RF_ERROR, RF_ERROR_DIVERGED, _ ("the weights are not finite"));
  else if (answer == RF_WRITER_FAILED || !rf_writer_drain (self->writer))
    error = rf_writer_get_failure (self->writer);
  else if (step > 0)
    rf_checkpoint_keep (rf_run_folder_path (self->folder), step, &error);
  rf_trainer_tell_checkpoint (self, step, error ? g_strdup (error->message) : NULL);
}

/* Saves once more, even on a disk that was full, and says if that failed. Knobs that were turned
 * since the last step go into the journal, for the next one whenever it comes; where that fails, so
 * does the rest. */
static void
stop (RfTrainer *self)
{
  if (rf_writer_has_failed (self->writer))
    rf_writer_retry (self->writer);
  if (self->state != RF_TRAINER_DIVERGED && self->engine->step > 0)
    rf_trainer_make_changes (self, NULL);
  if (self->state != RF_TRAINER_DIVERGED && self->saved_step != self->engine->step)
    self->due = MAX (self->due, RF_DUE_POSITION);
  if (self->state != RF_TRAINER_DIVERGED && self->due != RF_DUE_NOTHING)
    rf_trainer_checkpoint (self, self->due == RF_DUE_EPOCH, TRUE);
  gboolean written = rf_writer_drain (self->writer);
  g_autoptr (GError) failure = written ? NULL : rf_writer_get_failure (self->writer);
  rf_trainer_set_state (self, RF_TRAINER_STOPPED, failure ? g_strdup (failure->message) : NULL);
}

static void
obey (RfTrainer *self, RfCommand command)
{
  switch (command)
    {
    case RF_COMMAND_START:
      run (self);
      break;
    case RF_COMMAND_PAUSE:
      pause_training (self);
      break;
    case RF_COMMAND_STEP:
      step_once (self);
      break;
    case RF_COMMAND_CHECKPOINT:
      checkpoint_now (self);
      break;
    case RF_COMMAND_STOP:
      stop (self);
      break;
    }
}

static void
wait_on_bell (RfTrainer *self, double seconds)
{
  struct timespec until;
  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_nsec += (long) (seconds * 1e9);
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_cond_timedwait (&self->bell, &self->mutex, &until);
}

/* Takes the next command; unless training, waits for one or for a wish, delivering meanwhile. */
static gboolean
next_command (RfTrainer *self, RfCommand *command)
{
  pthread_mutex_lock (&self->mutex);
  while (self->commands->len == 0 && self->state != RF_TRAINER_RUNNING
         && !atomic_load (&self->weights_wanted) && !knobs_matter (self))
    if (rf_trainer_deliver (self))
      pthread_cond_wait (&self->bell, &self->mutex);
    else
      wait_on_bell (self, RF_DELIVERY_SECONDS);

  gboolean found = self->commands->len > 0;
  if (found)
    {
      *command = g_array_index (self->commands, RfCommand, 0);
      g_array_remove_index (self->commands, 0);
      if (self->commands->len == 0)
        g_atomic_int_set (&self->hurry, FALSE);
    }
  pthread_mutex_unlock (&self->mutex);
  return found;
}

/* Copies the weights for whoever asked. Between two turns they are those of a whole step. */
static void
publish_weights (RfTrainer *self)
{
  if (!atomic_load (&self->weights_wanted))
    return;
  atomic_store (&self->weights_wanted, FALSE);
  gint64 step = self->restored_step > 0 ? self->restored_step : self->engine->step;
  if (!rf_weights_box_publish (self->weights, self->engine->net, step))
    return;
  rf_mailbox_pending (self->box)->weights = TRUE;
  rf_mailbox_touch (self->box);
}

void *
rf_trainer_train (void *data)
{
  RfTrainer *self = data;
  RfCommand command;

  rf_thread_claim_trainer ();
  rf_pool_be_nice ();
  self->saved_at = rf_trainer_now ();
  while (self->state != RF_TRAINER_STOPPED)
    {
      gboolean told = next_command (self, &command);
      publish_weights (self);
      if (told)
        obey (self, command);
      else if (self->state == RF_TRAINER_RUNNING)
        rf_trainer_take_turn (self);
      else if (knobs_matter (self) && rf_trainer_goes_on (self))
        rf_trainer_set_state (self, RF_TRAINER_PAUSED, NULL);
    }

  pthread_mutex_lock (&self->mutex);
  while (!rf_trainer_deliver (self))
    wait_on_bell (self, RF_DELIVERY_SECONDS);
  pthread_mutex_unlock (&self->mutex);
  return NULL;
}
