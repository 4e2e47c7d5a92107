/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/seeds.h"

#include "app/turn.h"

struct _RfSeeds
{
  GObject parent_instance;

  RfSession *session;
  GSignalGroup *run;
  guint n; /* wanted */
  gboolean running;
  gboolean turning;   /* the next run is on its way because of us */
  GPtrArray *folders; /* of char *, done */
  GPtrArray *curves;  /* of RfRunCurves * */
};

G_DEFINE_FINAL_TYPE (RfSeeds, rf_seeds, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
changed (RfSeeds *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget (RfSeeds *self)
{
  g_ptr_array_set_size (self->folders, 0);
  g_ptr_array_set_size (self->curves, 0);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfSeeds) self = data;
  g_autoptr (GPtrArray) curves = rf_run_curves_load_finish (result, NULL);
  if (!curves || curves->len != self->folders->len)
    return;
  g_ptr_array_unref (self->curves);
  self->curves = g_steal_pointer (&curves);
  changed (self);
}

static void
state_cb (RfSeeds *self)
{
  RfRun *run = rf_session_get_run (self->session);
  if (!self->running || !run || self->turning)
    return;
  const RfTrainerState state = rf_run_get_state (run);
  if (state == RF_TRAINER_DIVERGED)
    rf_seeds_stop (self);
  if (state != RF_TRAINER_FINISHED)
    return;
  g_ptr_array_add (self->folders, g_strdup (rf_run_get_folder (run)));
  rf_run_curves_load_async (self->folders, NULL, loaded_cb, g_object_ref (self));
  if (self->folders->len >= self->n)
    {
      rf_seeds_stop (self);
      return;
    }
  self->turning = TRUE;
  rf_session_new_seed (self->session);
}

static void
run_cb (RfSeeds *self)
{
  RfRun *run = rf_session_get_run (self->session);
  g_signal_group_set_target (self->run, run);
  if (!self->turning)
    {
      /* Something else was opened. */
      self->running = FALSE;
      forget (self);
      changed (self);
      return;
    }
  self->turning = FALSE;
  if (run && self->running)
    rf_run_start (run);
}

/* The next run could not be opened. */
static void
loading_cb (RfSeeds *self)
{
  if (!self->turning || rf_session_get_loading (self->session))
    return;
  self->turning = FALSE;
  rf_seeds_stop (self);
}

void
rf_seeds_start (RfSeeds *self, guint n)
{
  g_return_if_fail (RF_IS_SEEDS (self) && n > 0);
  RfRun *run = rf_session_get_run (self->session);
  if (!run)
    return;
  forget (self);
  self->n = n;
  self->running = TRUE;
  changed (self);
  /* A run that was turned while it trained is not what the others would repeat. */
  if (rf_run_get_changes (run)->len > 0 || rf_session_has_plan (self->session)
      || rf_run_get_state (run) == RF_TRAINER_DIVERGED)
    {
      self->turning = TRUE;
      rf_session_reset (self->session);
    }
  else if (rf_run_get_state (run) == RF_TRAINER_FINISHED)
    state_cb (self);
  else
    rf_run_start (run);
}

void
rf_seeds_stop (RfSeeds *self)
{
  g_return_if_fail (RF_IS_SEEDS (self));
  if (!self->running)
    return;
  self->running = FALSE;
  changed (self);
}

gboolean
rf_seeds_get_running (RfSeeds *self)
{
  g_return_val_if_fail (RF_IS_SEEDS (self), FALSE);
  return self->running;
}

guint
rf_seeds_get_n (RfSeeds *self)
{
  g_return_val_if_fail (RF_IS_SEEDS (self), 0);
  return self->n;
}

const GPtrArray *
rf_seeds_get_curves (RfSeeds *self)
{
  g_return_val_if_fail (RF_IS_SEEDS (self), NULL);
  return self->curves;
}

static void
rf_seeds_finalize (GObject *object)
{
  RfSeeds *self = RF_SEEDS (object);
  g_clear_object (&self->run);
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->curves);
  G_OBJECT_CLASS (rf_seeds_parent_class)->finalize (object);
}

static void
rf_seeds_class_init (RfSeedsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_seeds_finalize;
  signals[CHANGED] = g_signal_new ("changed", RF_TYPE_SEEDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
rf_seeds_init (RfSeeds *self)
{
  self->folders = g_ptr_array_new_with_free_func (g_free);
  self->curves = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_run_curves_unref);
}

RfSeeds *
rf_seeds_new (RfSession *session)
{
  g_return_val_if_fail (RF_IS_SESSION (session), NULL);

  RfSeeds *self = g_object_new (RF_TYPE_SEEDS, NULL);
  self->session = session;
  self->run = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::loading", G_CALLBACK (loading_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
