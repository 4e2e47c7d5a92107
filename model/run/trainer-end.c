/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a training, and what undoes it.
 *
 * A training is over when it has had its epochs, or when early stopping is due. Then weights.
 * safetensors are those of the best epoch, and so are the weights in the network, for whoever looks
 * inside. Nothing else is: the checkpoint to go on from is that of the last step, so that a run
 * whose patience or number of epochs is raised goes on as if it had never ended. */

#include "model/base/error.h"
#include "model/run/begin.h"
#include "model/run/trainer-private.h"
#include "model/train/early-stopping.h"

#include <glib/gi18n-lib.h>

/* At the end of an epoch that is evaluated. */
static gboolean
is_between_epochs (const RfTrainer *self)
{
  return !self->epoch_open && self->engine->offset == 0;
}

static const RfEpochRow *
find_best (const RfTrainer *self)
{
  const RfEpochRow *best = NULL;
  const RfEpochRow *rows = (const RfEpochRow *) self->rows->data;
  rf_early_stopping_is_due (rows, self->rows->len, self->engine->experiment->training.patience,
                            &best);
  return best;
}

gboolean
rf_trainer_is_over (const RfTrainer *self)
{
  const RfEngine *engine = self->engine;
  return is_between_epochs (self)
         && (engine->epoch > engine->experiment->training.epochs || find_best (self) != NULL);
}

static char *
find_weights (const RfTrainer *self, gint64 step)
{
  return rf_checkpoint_path (rf_run_folder_path (self->folder), step, RF_CHECKPOINT_WEIGHTS);
}

/* Puts the best weights into the network, whose step is then not the engine's. */
static gboolean
restore (RfTrainer *self, const RfEpochRow *best, GError **error)
{
  g_autofree char *path = find_weights (self, best->step);
  self->restored_step = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE; /* somebody made room */
  if (!rf_net_load_file (self->engine->net, path, error))
    return FALSE;
  self->restored_step = best->step;
  return TRUE;
}

static char *
describe_stop (const RfTrainer *self, const RfEpochRow *best)
{
  const RfEpochRow *last = &g_array_index (self->rows, RfEpochRow, self->rows->len - 1);
  const char *format
      = self->restored_step > 0
            ? _ ("stopped early after epoch %d: validation loss was best after epoch %d, whose "
                 "weights are restored")
            : _ ("stopped early after epoch %d: validation loss was best after epoch %d, whose "
                 "weights have been removed");
  return g_strdup_printf (format, (int) last->epoch, (int) best->epoch);
}

gboolean
rf_trainer_settle_weights (RfTrainer *self, char **message, GError **error)
{
  const char *run = rf_run_folder_path (self->folder);
  const RfEpochRow *best = is_between_epochs (self) ? find_best (self) : NULL;
  *message = NULL;
  if (!rf_run_settle_weights (run, best ? best->step : 0, error))
    return FALSE;
  if (!best)
    return TRUE;
  if (!restore (self, best, error))
    return FALSE;
  *message = describe_stop (self, best);
  return TRUE;
}

static void
end (RfTrainer *self)
{
  g_autoptr (GError) error = NULL;
  char *message = NULL;

  rf_trainer_deliver (self);
  if (!rf_writer_drain (self->writer))
    rf_trainer_wait_for_disk (self, rf_writer_get_failure (self->writer));
  else if (find_best (self) && !rf_trainer_settle_weights (self, &message, &error))
    rf_trainer_wait_for_disk (self, g_steal_pointer (&error));
  else
    rf_trainer_set_state (self, RF_TRAINER_FINISHED, message);
}

/* Undoes what early stopping restored. */
static gboolean
go_back (RfTrainer *self)
{
  g_autofree char *path = find_weights (self, self->engine->step);
  GError *error = NULL;
  if (self->restored_step == 0)
    return TRUE;
  if (!rf_net_load_file (self->engine->net, path, &error)
      || !rf_run_settle_weights (rf_run_folder_path (self->folder), 0, &error))
    {
      rf_trainer_wait_for_disk (self, error);
      return FALSE;
    }
  self->restored_step = 0;
  return TRUE;
}

gboolean
rf_trainer_goes_on (RfTrainer *self)
{
  g_autoptr (GError) error = NULL;

  if (!rf_trainer_make_changes (self, &error))
    {
      gboolean memory = g_error_matches (error, RF_ERROR, RF_ERROR_MEMORY);
      rf_trainer_set_state (self, memory ? RF_TRAINER_PAUSED : RF_TRAINER_DISK,
                            g_strdup (error->message));
      return FALSE;
    }
  if (!rf_trainer_is_over (self))
    return go_back (self);
  if (self->state != RF_TRAINER_FINISHED)
    end (self);
  return FALSE;
}
