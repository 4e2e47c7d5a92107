/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The training thread: obeys commands, takes knobs, steps, evaluates, has checkpoints written.
 *
 * Engine, position and clock belong to the thread alone. One turn of its loop is a command, if
 * there is one, or else the next thing to do: the evaluation of an epoch that has ended, a
 * checkpoint that is due, the end, or a step. Each can be put off and begun again by a later turn,
 * which is how a pause interrupts an evaluation and how a full disk is waited out. */

#include "model/base/error.h"
#include "model/base/pool.h"
#include "model/run/trainer-private.h"

#include <time.h>

#define DELIVERY_SECONDS   0.016
#define CHECKPOINT_SECONDS 30.0
#define SPEED_SECONDS      1.0

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

static double
elapsed (const RfTrainer *self)
{
  return self->seconds + (self->state == RF_TRAINER_RUNNING ? now () - self->since : 0);
}

/* --- Snapshots ------------------------------------------------------------------------------ */

static gboolean
deliver (RfTrainer *self)
{
  RfSnapshot *pending = rf_mailbox_pending (self->box);
  pending->generation = 1;
  pending->state = self->state;
  g_free (pending->message);
  pending->message = g_strdup (self->message);
  pending->step = self->engine->step;
  pending->epoch = self->engine->epoch;
  pending->offset = self->engine->offset;
  pending->seconds = elapsed (self);
  pending->images_per_second = self->speed;
  pending->evaluating = self->evaluating;
  self->delivered_at = now ();
  return rf_mailbox_deliver (self->box);
}

static void
set_state (RfTrainer *self, RfTrainerState state, char *message)
{
  self->seconds = elapsed (self);
  self->since = now ();
  self->state = state;
  g_free (self->message);
  self->message = message;
  rf_mailbox_touch (self->box);
  deliver (self);
}

static void
set_evaluating (RfTrainer *self, gboolean evaluating)
{
  self->evaluating = evaluating;
  rf_mailbox_touch (self->box);
  deliver (self);
}

static void
tell_step (RfTrainer *self, const RfStepRow *row)
{
  rf_writer_add_step (self->writer, row);
  if (rf_mailbox_is_heard (self->box))
    g_array_append_vals (rf_mailbox_pending (self->box)->steps, row, 1);
  rf_mailbox_touch (self->box);
}

static void
tell_epoch (RfTrainer *self, const RfEpochRow *row)
{
  rf_writer_add_epoch (self->writer, row);
  if (rf_mailbox_is_heard (self->box))
    g_array_append_vals (rf_mailbox_pending (self->box)->epochs, row, 1);
  rf_mailbox_touch (self->box);
}

static void
tell_change (RfTrainer *self, const RfChange *change)
{
  if (rf_mailbox_is_heard (self->box))
    g_ptr_array_add (rf_mailbox_pending (self->box)->changes, rf_change_copy (change));
  rf_mailbox_touch (self->box);
}

/* --- Trouble -------------------------------------------------------------------------------- */

static void
wait_for_disk (RfTrainer *self, GError *failure)
{
  set_state (self, RF_TRAINER_DISK, g_strdup (failure->message));
  g_error_free (failure);
}

static void
stop_diverged (RfTrainer *self)
{
  set_state (self, RF_TRAINER_DIVERGED, rf_engine_explain_divergence (self->engine));
}

/* --- Knobs ---------------------------------------------------------------------------------- */

static void
change_experiment (RfExperiment *experiment, const RfChange *change)
{
  g_autoptr (GError) error = NULL;
  if (!rf_experiment_set_live (experiment, change->path, change->value, &error))
    g_critical ("%s", error->message);
}

/* Makes the changes that the journal has for the next step. */
static void
make_journaled_changes (RfTrainer *self, gint64 step)
{
  g_autoptr (RfExperiment) experiment = NULL;

  for (; self->next_later < self->later->len; self->next_later++)
    {
      const RfChange *change = self->later->pdata[self->next_later];
      if (change->step > step)
        break;
      if (!experiment)
        experiment = rf_experiment_copy (self->engine->experiment);
      change_experiment (experiment, change);
      tell_change (self, change);
    }
  if (experiment)
    rf_engine_set_experiment (self->engine, experiment);
}

/* Adds to the wanted experiment what was turned since the last time. */
static void
take_knobs (RfTrainer *self)
{
  RfExperiment *knobs = atomic_exchange (&self->knobs, NULL);
  if (!knobs)
    return;
  g_autoptr (GPtrArray) turned = rf_experiment_diff_live (self->base, knobs);
  rf_experiment_unref (self->base);
  self->base = knobs;
  if (!self->wanted)
    self->wanted = rf_experiment_copy (self->engine->experiment);
  for (guint i = 0; i < turned->len; i++)
    change_experiment (self->wanted, turned->pdata[i]);
}

/* Writes what differs from the wanted experiment to the journal, then puts it in force. */
static gboolean
make_changes (RfTrainer *self, gint64 step, GError **error)
{
  make_journaled_changes (self, step);
  take_knobs (self);
  if (!self->wanted)
    return TRUE;

  g_autoptr (GPtrArray) changes = rf_experiment_diff_live (self->engine->experiment, self->wanted);
  for (guint i = 0; i < changes->len; i++)
    ((RfChange *) changes->pdata[i])->step = step;
  if (changes->len > 0)
    {
      if (self->next_later < self->later->len
          && !rf_writer_forget_changes (self->writer, step + 1, error))
        return FALSE;
      g_ptr_array_set_size (self->later, self->next_later);
      if (!rf_writer_log_changes (self->writer, changes, error))
        return FALSE;
      rf_engine_set_experiment (self->engine, self->wanted);
      for (guint i = 0; i < changes->len; i++)
        tell_change (self, changes->pdata[i]);
    }
  g_clear_pointer (&self->wanted, rf_experiment_unref);
  return TRUE;
}

/* --- Checkpoints ---------------------------------------------------------------------------- */

static RfWriterAnswer
checkpoint (RfTrainer *self, gboolean epoch_end, gboolean wait)
{
  const RfEngine *engine = self->engine;
  RfMoment moment = { engine->step, engine->epoch,  engine->offset,
                      engine->sums, elapsed (self), self->epoch_open };
  RfWriterAnswer answer = rf_writer_checkpoint (self->writer, &moment, epoch_end, wait);
  if (answer == RF_WRITER_TAKEN)
    {
      self->saved_step = engine->step;
      self->due = RF_DUE_NOTHING;
    }
  self->saved_at = now ();
  return answer;
}

/* Has the checkpoint written that is due. FALSE if that led to another state. */
static gboolean
settle_due (RfTrainer *self)
{
  if (self->due == RF_DUE_NOTHING)
    return TRUE;
  RfWriterAnswer answer = checkpoint (self, self->due == RF_DUE_EPOCH, TRUE);
  if (answer == RF_WRITER_FAILED)
    wait_for_disk (self, rf_writer_get_failure (self->writer));
  else if (answer == RF_WRITER_NOT_FINITE)
    stop_diverged (self);
  return answer == RF_WRITER_TAKEN;
}

/* Waits until all is written, and takes on @state; or says why it cannot be written. */
static void
settle_in (RfTrainer *self, RfTrainerState state)
{
  deliver (self);
  if (rf_writer_drain (self->writer))
    set_state (self, state, NULL);
  else
    wait_for_disk (self, rf_writer_get_failure (self->writer));
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
  GError *error = NULL;
  RfStepRow row;

  if (!make_changes (self, engine->step + 1, &error))
    {
      wait_for_disk (self, error);
      return;
    }
  double start = now ();
  RfStepOutcome outcome = rf_engine_step (engine, &row);
  measure_speed (self, now () - start);
  row.seconds = elapsed (self);
  tell_step (self, &row);

  if (outcome == RF_STEP_DIVERGED)
    stop_diverged (self);
  else if (outcome == RF_STEP_EPOCH_ENDED)
    self->epoch_open = TRUE;
  else if (now () - self->saved_at >= CHECKPOINT_SECONDS)
    checkpoint (self, FALSE, FALSE); /* if that cannot be now, in another while */
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
  set_evaluating (self, TRUE);
  rf_engine_evaluate (engine, RF_SPLIT_VALIDATION, &self->hurry, &row.validation_loss,
                      &row.validation_accuracy, NULL, NULL);
  rf_engine_evaluate (engine, RF_SPLIT_TEST, &self->hurry, &row.test_loss, &row.test_accuracy, NULL,
                      NULL);
  set_evaluating (self, FALSE);
  if (g_atomic_int_get (&self->hurry))
    return;

  row.seconds = elapsed (self);
  tell_epoch (self, &row);
  self->epoch_open = FALSE;
  self->due = RF_DUE_EPOCH;
}

static void
take_turn (RfTrainer *self)
{
  if (self->epoch_open)
    end_epoch (self);
  else if (settle_due (self))
    {
      if (self->engine->epoch > self->engine->experiment->training.epochs)
        settle_in (self, RF_TRAINER_FINISHED);
      else
        step (self);
    }
  if (self->state == RF_TRAINER_RUNNING && rf_writer_has_failed (self->writer))
    wait_for_disk (self, rf_writer_get_failure (self->writer));
  if (now () - self->delivered_at >= DELIVERY_SECONDS)
    deliver (self);
}

/* --- Commands ------------------------------------------------------------------------------- */

/* Goes on. After trouble with the disk, what could not be written goes first. */
static void
run (RfTrainer *self)
{
  if (self->state == RF_TRAINER_PAUSED)
    set_state (self, RF_TRAINER_RUNNING, NULL);
  else if (self->state == RF_TRAINER_DISK)
    {
      rf_writer_retry (self->writer);
      settle_in (self, RF_TRAINER_RUNNING);
    }
}

static void
pause_training (RfTrainer *self)
{
  if (self->state != RF_TRAINER_RUNNING)
    return;
  if (self->saved_step != self->engine->step)
    self->due = MAX (self->due, RF_DUE_POSITION);
  if (settle_due (self))
    settle_in (self, RF_TRAINER_PAUSED);
}

static void
step_once (RfTrainer *self)
{
  gint64 before = self->engine->step;
  if (self->state == RF_TRAINER_RUNNING)
    return;
  run (self);
  while (self->state == RF_TRAINER_RUNNING && self->engine->step == before)
    take_turn (self);
  while (self->state == RF_TRAINER_RUNNING && self->epoch_open && !g_atomic_int_get (&self->hurry))
    take_turn (self);
  if (self->state == RF_TRAINER_RUNNING
      && self->engine->epoch > self->engine->experiment->training.epochs)
    take_turn (self);
  pause_training (self);
}

/* Saves once more, even on a disk that was full, and says if that failed. */
static void
stop (RfTrainer *self)
{
  if (rf_writer_has_failed (self->writer))
    rf_writer_retry (self->writer);
  if (self->state != RF_TRAINER_DIVERGED && self->saved_step != self->engine->step)
    self->due = MAX (self->due, RF_DUE_POSITION);
  if (self->state != RF_TRAINER_DIVERGED && self->due != RF_DUE_NOTHING)
    checkpoint (self, self->due == RF_DUE_EPOCH, TRUE);
  gboolean written = rf_writer_drain (self->writer);
  g_autoptr (GError) failure = written ? NULL : rf_writer_get_failure (self->writer);
  set_state (self, RF_TRAINER_STOPPED, failure ? g_strdup (failure->message) : NULL);
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
         && !atomic_load (&self->weights_wanted))
    if (deliver (self))
      pthread_cond_wait (&self->bell, &self->mutex);
    else
      wait_on_bell (self, DELIVERY_SECONDS);

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
  if (!rf_weights_box_publish (self->weights, self->engine->net, self->engine->step))
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
  self->saved_at = now ();
  while (self->state != RF_TRAINER_STOPPED)
    {
      gboolean told = next_command (self, &command);
      publish_weights (self);
      if (told)
        obey (self, command);
      else if (self->state == RF_TRAINER_RUNNING)
        take_turn (self);
    }

  pthread_mutex_lock (&self->mutex);
  while (!deliver (self))
    wait_on_bell (self, DELIVERY_SECONDS);
  pthread_mutex_unlock (&self->mutex);
  return NULL;
}
