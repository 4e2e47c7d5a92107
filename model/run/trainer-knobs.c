/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Live changes: those that the journal already has for the next step, and those that somebody made.
 * Each is in the journal before it acts.
 *
 * A batch size may need more memory than there is. Whether it does is found out before it is
 * written: then the present one stays, and nothing else is ever recorded than what was done. A
 * change of the journal that cannot be made stops the training, since going on without it would be
 * another run. */

#include "model/base/error.h"
#include "model/run/trainer-private.h"

#include <glib/gi18n-lib.h>

static void
change_experiment (RfExperiment *experiment, const RfChange *change)
{
  g_autoptr (GError) error = NULL;
  if (!rf_experiment_set_live (experiment, change->path, change->value, &error))
    g_critical ("%s", error->message);
}

/* Makes the changes that the journal has for the next step. */
static gboolean
make_journaled_changes (RfTrainer *self, gint64 step, GError **error)
{
  g_autoptr (RfExperiment) experiment = NULL;
  guint end = self->next_later;

  for (; end < self->later->len; end++)
    {
      const RfChange *change = self->later->pdata[end];
      if (change->step > step)
        break;
      if (!experiment)
        experiment = rf_experiment_copy (self->engine->experiment);
      change_experiment (experiment, change);
    }
  if (experiment && !rf_engine_set_experiment (self->engine, experiment, error))
    return FALSE;
  for (; self->next_later < end; self->next_later++)
    rf_trainer_tell_change (self, self->later->pdata[self->next_later]);
  return TRUE;
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

/* Plans for the wanted batch size, or says why the present one stays. */
static void
fit_batch_size (RfTrainer *self)
{
  int wanted = self->wanted->training.batch_size;
  int present = self->engine->experiment->training.batch_size;
  g_autoptr (GError) why = NULL;
  if (wanted == present || rf_engine_resize (self->engine, wanted, &why))
    return;

  self->wanted->training.batch_size = present;
  /* So that the same wish, made again, is one. */
  RfExperiment *base = rf_experiment_copy (self->base);
  base->training.batch_size = present;
  rf_experiment_unref (self->base);
  self->base = base;
  rf_trainer_tell_refused (
      self, wanted, g_strdup_printf (_ ("The batch size stays at %d: %s"), present, why->message));
}

/* Writes changes to the journal, and drops those that were still to be replayed. */
static gboolean
journal (RfTrainer *self, const GPtrArray *changes, gint64 step, GError **error)
{
  if (self->next_later < self->later->len
      && !rf_writer_forget_changes (self->writer, step + 1, error))
    return FALSE;
  g_ptr_array_set_size (self->later, (gint) self->next_later);
  return rf_writer_log_changes (self->writer, changes, error);
}

gboolean
rf_trainer_make_changes (RfTrainer *self, GError **error)
{
  gint64 step = self->engine->step + 1;
  if (!make_journaled_changes (self, step, error))
    return FALSE;
  take_knobs (self);
  if (!self->wanted)
    return TRUE;

  fit_batch_size (self);
  const RfExperiment *present = self->engine->experiment;
  g_autoptr (GPtrArray) changes = rf_experiment_diff_live (present, self->wanted);
  for (guint i = 0; i < changes->len; i++)
    ((RfChange *) changes->pdata[i])->step = step;
  if (changes->len > 0)
    {
      if (!journal (self, changes, step, error))
        {
          rf_engine_resize (self->engine, present->training.batch_size, NULL);
          return FALSE;
        }
      rf_engine_set_experiment (self->engine, self->wanted, NULL);
      for (guint i = 0; i < changes->len; i++)
        rf_trainer_tell_change (self, changes->pdata[i]);
    }
  g_clear_pointer (&self->wanted, rf_experiment_unref);
  return TRUE;
}
