/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/run-curves.h"

RfRunCurves *
rf_run_curves_ref (RfRunCurves *self)
{
  g_return_val_if_fail (self, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rf_run_curves_unref (RfRunCurves *self)
{
  g_return_if_fail (self);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->folder);
  g_free (self->name);
  g_clear_pointer (&self->experiment, rf_experiment_unref);
  g_clear_pointer (&self->steps, g_array_unref);
  g_clear_pointer (&self->epochs, g_array_unref);
  g_free (self);
}

static RfRunCurves *
load (const char *folder, GError **error)
{
  g_autoptr (RfRunCurves) self = g_new0 (RfRunCurves, 1);
  g_atomic_ref_count_init (&self->references);
  self->folder = g_strdup (folder);
  self->name = g_path_get_basename (folder);
  if (!(self->experiment = rf_run_read_experiment (folder, NULL, error))
      || !(self->steps = rf_run_read_steps (folder, error))
      || !(self->epochs = rf_run_read_epochs (folder, error)))
    return NULL;
  return g_steal_pointer (&self);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *folders = data;
  g_autoptr (GError) first = NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_run_curves_unref);
  for (guint i = 0; i < folders->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GError) error = NULL;
      RfRunCurves *curves = load (g_ptr_array_index (folders, i), &error);
      if (curves)
        g_ptr_array_add (all, curves);
      else if (!first)
        first = g_steal_pointer (&error);
    }
  if (all->len == 0 && first)
    {
      g_ptr_array_unref (all);
      g_task_return_error (task, g_steal_pointer (&first));
    }
  else
    g_task_return_pointer (task, all, (GDestroyNotify) g_ptr_array_unref);
}

void
rf_run_curves_load_async (const GPtrArray *folders, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (folders);
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < folders->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (folders, i)));
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, rf_run_curves_load_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, load_thread);
}

GPtrArray *
rf_run_curves_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
