/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checkpoints of a run as the main loop sees them: the list of those on the disk, and asking
 * for one. The trainer answers in the order in which it was asked. */

#include "model/base/error.h"
#include "model/run/run-private.h"

#include <glib/gi18n-lib.h>

static void
answer_askers (RfRun *self, guint n, gint64 step, const char *failure)
{
  for (; n > 0 && self->asking->len > 0; n--)
    {
      g_autoptr (GTask) task = g_ptr_array_steal_index (self->asking, 0);
      if (failure)
        g_task_return_new_error (task, RF_ERROR, RF_ERROR_DISK, "%s", failure);
      else
        g_task_return_int (task, (gssize) step);
    }
}

void
rf_run_follow_checkpoints (RfRun *self, const RfSnapshot *snapshot)
{
  if (snapshot->checkpoints)
    {
      g_array_set_size (self->checkpoints, 1); /* that of step 0 stays */
      g_array_append_vals (self->checkpoints, snapshot->checkpoints->data,
                           snapshot->checkpoints->len);
      g_signal_emit_by_name (self, "checkpoints");
    }
  answer_askers (self, snapshot->n_answers, snapshot->answer_step, snapshot->answer_failure);
}

void
rf_run_forget_asking (RfRun *self)
{
  answer_askers (self, self->asking->len, 0, _ ("the run was closed before the checkpoint"));
}

void
rf_run_checkpoint_async (RfRun *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_RUN (self));
  RF_ASSERT_MAIN_THREAD ();

  GTask *task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, rf_run_checkpoint_async);
  g_ptr_array_add (self->asking, task);
  if (self->trainer && !self->closing)
    rf_trainer_checkpoint_now (self->trainer);
  else
    rf_run_forget_asking (self);
}

gint64
rf_run_checkpoint_finish (RfRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  return g_task_propagate_int (G_TASK (result), error);
}

const gint64 *
rf_run_get_checkpoints (RfRun *self, gsize *n)
{
  g_return_val_if_fail (RF_IS_RUN (self) && n, NULL);
  *n = self->checkpoints->len;
  return (const gint64 *) self->checkpoints->data;
}
