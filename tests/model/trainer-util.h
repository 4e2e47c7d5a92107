/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A trainer and all that it said, gathered on the default main loop. */

#include "model/run/trainer.h"
#include "tests/model/run-util.h"

#define PATIENCE 60 /* seconds, for machines under load */

typedef struct
{
  RfTrainer *trainer;
  GArray *steps, *epochs;
  GPtrArray *changes; /* of RfChange * */
  RfTrainerState state;
  char *message;
  gint64 step;
  int refused; /* the newest batch size that was */
  guint n_snapshots;
  gboolean came; /* a snapshot since the last command */
} Listener;

static inline void
hear (const RfSnapshot *snapshot, gpointer data)
{
  Listener *self = data;
  g_array_append_vals (self->steps, snapshot->steps->data, snapshot->steps->len);
  g_array_append_vals (self->epochs, snapshot->epochs->data, snapshot->epochs->len);
  for (guint i = 0; i < snapshot->changes->len; i++)
    g_ptr_array_add (self->changes, rf_change_copy (snapshot->changes->pdata[i]));
  self->state = snapshot->state;
  self->step = snapshot->step;
  if (snapshot->refused_batch_size > 0)
    self->refused = snapshot->refused_batch_size;
  g_free (self->message);
  self->message = g_strdup (snapshot->message);
  self->n_snapshots++;
  self->came = TRUE;
}

static inline Listener
listen_to (RfTrainer *trainer)
{
  return (Listener){ .trainer = trainer,
                     .steps = g_array_new (FALSE, FALSE, sizeof (RfStepRow)),
                     .epochs = g_array_new (FALSE, FALSE, sizeof (RfEpochRow)),
                     .changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free) };
}

static inline RfTrainer *
try_open_trainer (RfExperiment *experiment, const char *folder, const RfTrainerOptions *options,
                  GError **error)
{
  g_autoptr (RfRunFolder) run = options->resume ? rf_run_folder_open (folder, TRUE, error)
                                                : rf_run_folder_create (folder, error);
  g_autoptr (RfExperiment) settled = run ? rf_run_folder_settle (run, experiment, error) : NULL;
  if (!settled)
    return NULL;
  g_autoptr (RfEngine) engine = make_engine (settled);
  RfTrainer *trainer = rf_trainer_new (engine, run, options, error);
  if (trainer)
    {
      g_steal_pointer (&engine);
      g_steal_pointer (&run);
    }
  return trainer;
}

static inline RfTrainer *
open_trainer (RfExperiment *experiment, const char *folder, gboolean resume, const char *replay)
{
  RfTrainerOptions options = { .resume = resume, .replay = replay };
  g_autoptr (GError) error = NULL;
  RfTrainer *trainer = try_open_trainer (experiment, folder, &options, &error);
  g_assert_no_error (error);
  return trainer;
}

static inline void
close_listener (Listener *self)
{
  rf_trainer_free (self->trainer);
  g_array_unref (self->steps);
  g_array_unref (self->epochs);
  g_ptr_array_unref (self->changes);
  g_free (self->message);
}

static inline gboolean
wake_up (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the main loop until a snapshot with that state came. Another state in which the trainer
 * would stay is an error. */
static inline void
wait_for_state (Listener *self, RfTrainerState state)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint clock = g_timeout_add (20, wake_up, NULL);
  self->came = FALSE;
  while (!self->came || self->state != state)
    {
      gboolean on_the_way = self->state == RF_TRAINER_RUNNING || self->state == RF_TRAINER_PAUSED
                            || state == RF_TRAINER_STOPPED;
      if (self->came && !on_the_way)
        g_error ("state %d (%s) while waiting for %d", self->state, self->message, state);
      if (g_get_monotonic_time () > end)
        g_error ("still in state %d while waiting for %d", self->state, state);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (clock);
}

static inline void
wait_for_step (Listener *self, gint64 step)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint clock = g_timeout_add (5, wake_up, NULL);
  while (self->step < step && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (self->step, >=, step);
  g_source_remove (clock);
}

/* Trains to the end in one go. */
static inline void
train_through (RfExperiment *experiment, const char *folder, gboolean resume, const char *replay)
{
  Listener listener = listen_to (open_trainer (experiment, folder, resume, replay));
  rf_trainer_listen (listener.trainer, hear, &listener);
  rf_trainer_start (listener.trainer);
  wait_for_state (&listener, RF_TRAINER_FINISHED);
  close_listener (&listener);
}
