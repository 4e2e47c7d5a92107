/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainer from outside: made and freed, told what to do, handed knobs, listened to. Commands
 * wait in a queue under a mutex, whose condition is the bell; knobs are one atomic pointer, the
 * newest. */

#include "model/base/error.h"
#include "model/run/begin.h"
#include "model/run/trainer-private.h"

#include <glib/gi18n-lib.h>

static void
send (RfTrainer *self, RfCommand command)
{
  pthread_mutex_lock (&self->mutex);
  g_array_append_val (self->commands, command);
  if (command == RF_COMMAND_PAUSE || command == RF_COMMAND_STOP)
    g_atomic_int_set (&self->hurry, TRUE);
  pthread_cond_signal (&self->bell);
  pthread_mutex_unlock (&self->mutex);
}

/* Makes a thread that waits look around. */
static void
ring (RfTrainer *self)
{
  pthread_mutex_lock (&self->mutex);
  pthread_cond_signal (&self->bell);
  pthread_mutex_unlock (&self->mutex);
}

static void
free_parts (RfTrainer *self)
{
  rf_writer_free (self->writer);
  rf_engine_free (self->engine);
  rf_run_folder_close (self->folder);
  rf_mailbox_free (self->box);
  rf_weights_box_free (self->weights);
  g_clear_pointer (&self->base, rf_experiment_unref);
  g_clear_pointer (&self->wanted, rf_experiment_unref);
  g_clear_pointer (&self->later, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  RfExperiment *knobs = atomic_exchange (&self->knobs, NULL);
  g_clear_pointer (&knobs, rf_experiment_unref);
  g_array_unref (self->commands);
  pthread_mutex_destroy (&self->mutex);
  pthread_cond_destroy (&self->bell);
  g_free (self->message);
  g_free (self->first_message);
  g_free (self);
}

static RfTrainer *
new_parts (RfEngine *engine, RfRunFolder *folder)
{
  RfTrainer *self = g_new0 (RfTrainer, 1);
  pthread_condattr_t monotonic;

  self->engine = engine;
  self->folder = folder;
  self->box = rf_mailbox_new ();
  self->weights = rf_weights_box_new ();
  self->commands = g_array_new (FALSE, FALSE, sizeof (RfCommand));
  pthread_mutex_init (&self->mutex, NULL);
  pthread_condattr_init (&monotonic);
  pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init (&self->bell, &monotonic);
  pthread_condattr_destroy (&monotonic);
  return self;
}

/* The changes of the journal that are not in force yet. */
static gboolean
read_later_changes (RfTrainer *self, const RfMoment *moment, GError **error)
{
  gint64 step = rf_moment_changes_until (moment);
  self->later = rf_run_read_changes (rf_run_folder_path (self->folder), error);
  if (!self->later)
    return FALSE;
  while (self->next_later < self->later->len
         && ((RfChange *) self->later->pdata[self->next_later])->step <= step)
    self->next_later++;
  self->first_changes = self->next_later;
  return TRUE;
}

/* Goes on where the folder says. */
static gboolean
take_up (RfTrainer *self, const RfMoment *moment, GError **error)
{
  self->base = rf_experiment_ref (self->engine->experiment);
  self->seconds = moment->seconds;
  self->epoch_open = moment->epoch_open;
  self->saved_step = moment->step;
  self->rows = rf_run_read_epochs (rf_run_folder_path (self->folder), error);
  if (!self->rows || !read_later_changes (self, moment, error)
      || !rf_trainer_settle_weights (self, &self->message, error))
    return FALSE;
  self->state = rf_trainer_is_over (self) ? RF_TRAINER_FINISHED : RF_TRAINER_PAUSED;
  self->first_state = self->state;
  self->first_message = g_strdup (self->message);
  return TRUE;
}

RfTrainer *
rf_trainer_new (RfEngine *engine, RfRunFolder *folder, const RfTrainerOptions *options,
                GError **error)
{
  g_return_val_if_fail (engine && folder && options, NULL);

  RfTrainer *self = new_parts (engine, folder);
  RfMoment moment;
  if (!rf_run_begin (folder, engine, options, &moment, error) || !take_up (self, &moment, error)
      || !(self->writer = rf_writer_new (rf_run_folder_path (folder), engine, error)))
    {
      free_parts (self);
      return NULL;
    }
  rf_mailbox_touch (self->box);

  int code = pthread_create (&self->thread, NULL, rf_trainer_train, self);
  if (code != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                   _ ("a thread for training cannot be started: %s"), g_strerror (code));
      free_parts (self);
      return NULL;
    }
  pthread_setname_np (self->thread, "receptive-train");
  return self;
}

void
rf_trainer_free (RfTrainer *self)
{
  if (!self)
    return;
  rf_mailbox_hang_up (self->box);
  send (self, RF_COMMAND_STOP);
  pthread_join (self->thread, NULL);
  free_parts (self);
}

RfTrainerState
rf_trainer_get_first_state (RfTrainer *self)
{
  g_return_val_if_fail (self, RF_TRAINER_STOPPED);
  return self->first_state;
}

const char *
rf_trainer_get_first_message (RfTrainer *self)
{
  g_return_val_if_fail (self, NULL);
  return self->first_message;
}

guint
rf_trainer_get_first_changes (RfTrainer *self)
{
  g_return_val_if_fail (self, 0);
  return self->first_changes;
}

const RfEngine *
rf_trainer_get_engine (RfTrainer *self)
{
  g_return_val_if_fail (self, NULL);
  return self->engine;
}

void
rf_trainer_listen (RfTrainer *self, RfSnapshotFunc func, gpointer data)
{
  g_return_if_fail (self && func);
  rf_mailbox_listen (self->box, func, data);
  ring (self);
}

void
rf_trainer_unlisten (RfTrainer *self)
{
  g_return_if_fail (self);
  rf_mailbox_hang_up (self->box);
}

void
rf_trainer_start (RfTrainer *self)
{
  g_return_if_fail (self);
  send (self, RF_COMMAND_START);
}

void
rf_trainer_pause (RfTrainer *self)
{
  g_return_if_fail (self);
  send (self, RF_COMMAND_PAUSE);
}

void
rf_trainer_step_once (RfTrainer *self)
{
  g_return_if_fail (self);
  send (self, RF_COMMAND_STEP);
}

void
rf_trainer_checkpoint_now (RfTrainer *self)
{
  g_return_if_fail (self);
  send (self, RF_COMMAND_CHECKPOINT);
}

void
rf_trainer_stop (RfTrainer *self)
{
  g_return_if_fail (self);
  send (self, RF_COMMAND_STOP);
}

void
rf_trainer_set_knobs (RfTrainer *self, RfExperiment *experiment)
{
  g_return_if_fail (self && experiment);
  RfExperiment *old = atomic_exchange (&self->knobs, rf_experiment_ref (experiment));
  g_clear_pointer (&old, rf_experiment_unref);
  ring (self);
}

void
rf_trainer_request_weights (RfTrainer *self)
{
  g_return_if_fail (self);
  if (!atomic_exchange (&self->weights_wanted, TRUE))
    ring (self);
}

RfWeights *
rf_trainer_take_weights (RfTrainer *self)
{
  g_return_val_if_fail (self, NULL);
  return rf_weights_box_take (self->weights);
}
