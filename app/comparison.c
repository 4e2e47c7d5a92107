/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/comparison.h"

struct _RfComparison
{
  GObject parent_instance;

  GPtrArray *folders; /* of char * */
  GPtrArray *curves;  /* of RfRunCurves * */
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (RfComparison, rf_comparison, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  return g_str_equal (a, b);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfComparison) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) curves = rf_run_curves_load_finish (result, &error);
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  if (cancellable != self->reading)
    return;
  g_clear_object (&self->reading);
  if (!curves)
    {
      g_ptr_array_set_size (self->folders, 0);
      g_ptr_array_set_size (self->curves, 0);
      g_signal_emit (self, signals[FAILED], 0, error->message);
    }
  else
    {
      g_ptr_array_unref (self->curves);
      self->curves = g_steal_pointer (&curves);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Reads all of them again: files of megabytes at most, in a thread, and never stale. */
static void
read_all (RfComparison *self)
{
  if (self->reading)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->folders->len == 0)
    {
      g_ptr_array_set_size (self->curves, 0);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  self->reading = g_cancellable_new ();
  rf_run_curves_load_async (self->folders, self->reading, loaded_cb, g_object_ref (self));
}

void
rf_comparison_set (RfComparison *self, const char *folder, gboolean wanted)
{
  g_return_if_fail (RF_IS_COMPARISON (self) && folder);
  guint at;
  const gboolean there = g_ptr_array_find_with_equal_func (self->folders, folder, is_same, &at);
  if (there == wanted)
    return;
  if (wanted)
    g_ptr_array_add (self->folders, g_strdup (folder));
  else
    g_ptr_array_remove_index (self->folders, at);
  read_all (self);
}

gboolean
rf_comparison_has (RfComparison *self, const char *folder)
{
  g_return_val_if_fail (RF_IS_COMPARISON (self) && folder, FALSE);
  return g_ptr_array_find_with_equal_func (self->folders, folder, is_same, NULL);
}

void
rf_comparison_clear (RfComparison *self)
{
  g_return_if_fail (RF_IS_COMPARISON (self));
  if (self->folders->len == 0)
    return;
  g_ptr_array_set_size (self->folders, 0);
  read_all (self);
}

const GPtrArray *
rf_comparison_get_curves (RfComparison *self)
{
  g_return_val_if_fail (RF_IS_COMPARISON (self), NULL);
  return self->curves;
}

static void
rf_comparison_finalize (GObject *object)
{
  RfComparison *self = RF_COMPARISON (object);
  g_clear_object (&self->reading);
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->curves);
  G_OBJECT_CLASS (rf_comparison_parent_class)->finalize (object);
}

static void
rf_comparison_class_init (RfComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_comparison_finalize;
  signals[CHANGED] = g_signal_new ("changed", RF_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", RF_TYPE_COMPARISON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rf_comparison_init (RfComparison *self)
{
  self->folders = g_ptr_array_new_with_free_func (g_free);
  self->curves = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_run_curves_unref);
}

RfComparison *
rf_comparison_new (void)
{
  return g_object_new (RF_TYPE_COMPARISON, NULL);
}
