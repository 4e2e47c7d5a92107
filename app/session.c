/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session as an object: its properties, its knobs and its plan. */

#include "app/session-private.h"

#include "app/runs-folder.h"
#include "app/seeds.h"
#include "app/turn.h"
#include "model/base/error.h"
#include "model/run/derive.h"

#include <glib/gi18n-lib.h>

#define SEED_MASK ((G_GUINT64_CONSTANT (1) << 53) - 1)

G_DEFINE_FINAL_TYPE (RfSession, rf_session, G_TYPE_OBJECT)

enum
{
  PROP_RUN = 1,
  PROP_OTHER,
  PROP_PLAN,
  PROP_MOMENT,
  PROP_LOADING,
  PROP_PROGRESS,
  PROP_ACTIVITY,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  FAILED,
  NOTED,
  TURNED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
notify (RfSession *self, int prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* ---- for the files beside ---- */

void
rf_session_fail (RfSession *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, message);
}

void
rf_session_note (RfSession *self, const char *message)
{
  g_signal_emit (self, signals[NOTED], 0, message);
}

void
rf_session_set_activity (RfSession *self, char *activity)
{
  g_free (self->activity);
  self->activity = activity;
  notify (self, PROP_ACTIVITY);
}

void
rf_session_set_progress (RfSession *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  notify (self, PROP_PROGRESS);
}

void
rf_session_set_loading (RfSession *self, GCancellable *cancellable)
{
  const gboolean changed = (self->loading != NULL) != (cancellable != NULL);
  if (self->loading && self->loading != cancellable)
    g_cancellable_cancel (self->loading);
  g_set_object (&self->loading, cancellable);
  if (changed)
    notify (self, PROP_LOADING);
}

void
rf_session_set_runs (RfSession *self, RfRun *run, RfRun *other)
{
  const gboolean run_changed = self->run != run, other_changed = self->other != other;
  self->run = run;
  self->other = other;
  g_object_freeze_notify (G_OBJECT (self));
  if (run_changed)
    {
      g_signal_group_set_target (self->watch, run);
      rf_session_set_moment (self, RF_MOMENT_LIVE);
      rf_session_set_plan (self, NULL, NULL);
      notify (self, PROP_RUN);
    }
  if (other_changed)
    notify (self, PROP_OTHER);
  g_object_thaw_notify (G_OBJECT (self));
}

/* ---- knobs ---- */

/* What is planned keeps up with the knobs: it differs by what was planned alone. */
static void
turn_plan (RfSession *self, const RfChange *change)
{
  if (!self->plan)
    return;
  RfExperiment *plan = rf_experiment_copy (self->plan);
  /* An option that the plan has no longer is not missed. */
  if (rf_experiment_set_live (plan, change->path, change->value, NULL))
    {
      rf_experiment_unref (self->plan);
      self->plan = plan;
    }
  else
    rf_experiment_unref (plan);
}

gboolean
rf_session_turn_all (RfSession *self, const GPtrArray *changes, const char *label, GError **error)
{
  g_return_val_if_fail (RF_IS_SESSION (self) && changes && label, FALSE);
  RF_ASSERT_MAIN_THREAD ();
  if (!self->run)
    return TRUE;
  RfTurn *turn = rf_turn_new (self, self->run, changes, error);
  if (!turn || !rf_turn_make (turn, TRUE, error))
    {
      g_clear_pointer (&turn, rf_turn_free);
      return FALSE;
    }
  if (rf_turn_is_empty (turn))
    rf_turn_free (turn);
  else
    rf_history_push (self->history, &rf_turn_edit_class, label, turn);
  return TRUE;
}

gboolean
rf_session_turn (RfSession *self, const char *path, double value, GError **error)
{
  g_return_val_if_fail (RF_IS_SESSION (self) && path, FALSE);
  if (!self->run)
    return TRUE;
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  RfChange change = { 0, (char *) path, value };
  g_ptr_array_add (changes, &change);
  g_autofree char *label = rf_turn_describe (self->run, path);
  return rf_session_turn_all (self, changes, label, error);
}

void
rf_session_tell_turned (RfSession *self, RfRun *run, const RfChange *change)
{
  if (run != self->run)
    return;
  turn_plan (self, change);
  g_signal_emit (self, signals[TURNED], 0, change->path, change->value);
}

typedef struct
{
  const RfChange *change;
  gboolean in_force;
} Search;

static void
compare (const RfOptionPlace *place, gpointer data)
{
  Search *search = data;
  if (g_str_equal (place->path, search->change->path))
    search->in_force = rf_spec_get (place->spec, place->option) == search->change->value;
}

/* A run that is gone on with takes up what it was told before it was closed. Of a knob that has
 * been turned further meanwhile nobody is told an older value. */
static void
change_cb (RfSession *self, const RfChange *change)
{
  Search search = { change, FALSE };
  rf_experiment_foreach_option (rf_run_get_experiment (self->run), compare, &search);
  if (search.in_force)
    rf_session_tell_turned (self, self->run, change);
}

/* ---- plan ---- */

RfExperiment *
rf_session_get_plan (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  if (self->plan)
    return self->plan;
  return self->run ? rf_run_get_experiment (self->run) : NULL;
}

gboolean
rf_session_has_plan (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), FALSE);
  return self->plan != NULL;
}

static void
put_plan (RfSession *self, RfExperiment *experiment)
{
  if (self->plan == experiment)
    return;
  if (experiment)
    rf_experiment_ref (experiment);
  g_clear_pointer (&self->plan, rf_experiment_unref);
  self->plan = experiment;
  notify (self, PROP_PLAN);
}

/* An edit of the plan, with the plans before and after it. */
typedef struct
{
  RfSession *session; /* weak: NULL when it is gone */
  RfRun *run;         /* weak: plans are for this one */
  RfExperiment *before, *after;
} Planning;

static gboolean
planning_apply (gpointer data, gboolean forward)
{
  Planning *planning = data;
  if (!planning->session || !planning->run || planning->run != planning->session->run)
    return FALSE;
  put_plan (planning->session, forward ? planning->after : planning->before);
  return TRUE;
}

static void
planning_free (gpointer data)
{
  Planning *planning = data;
  g_clear_weak_pointer (&planning->session);
  g_clear_weak_pointer (&planning->run);
  g_clear_pointer (&planning->before, rf_experiment_unref);
  g_clear_pointer (&planning->after, rf_experiment_unref);
  g_free (planning);
}

void
rf_session_set_plan (RfSession *self, RfExperiment *experiment, const char *label)
{
  static const RfEditClass planning_class = { planning_apply, NULL, planning_free };
  g_return_if_fail (RF_IS_SESSION (self));
  RF_ASSERT_MAIN_THREAD ();
  if (self->plan == experiment)
    return;
  if (label && self->run)
    {
      Planning *planning = g_new0 (Planning, 1);
      g_set_weak_pointer (&planning->session, self);
      g_set_weak_pointer (&planning->run, self->run);
      planning->before = self->plan ? rf_experiment_ref (self->plan) : NULL;
      planning->after = experiment ? rf_experiment_ref (experiment) : NULL;
      rf_history_push (self->history, &planning_class, label, planning);
    }
  put_plan (self, experiment);
}

void
rf_session_reset (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  if (!self->run)
    return;
  rf_run_pause (self->run);
  RfExperiment *plan = rf_session_get_plan (self);
  rf_session_begin (self, plan, rf_runs_folder_name (plan->name), FALSE, NULL, RF_ARRIVAL_INSTEAD);
}

void
rf_session_new_seed (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  if (!self->run)
    return;
  rf_run_pause (self->run);
  RfExperiment *present = rf_session_get_plan (self);
  g_autoptr (RfExperiment) plan
      = rf_experiment_with_seed (present, (present->training.seed + 1) & SEED_MASK);
  rf_session_begin (self, plan, rf_runs_folder_name (plan->name), FALSE, NULL, RF_ARRIVAL_INSTEAD);
}

/* ---- the runs ---- */

RfRun *
rf_session_get_run (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->run;
}

RfRun *
rf_session_get_other (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->other;
}

void
rf_session_swap (RfSession *self)
{
  g_return_if_fail (RF_IS_SESSION (self));
  if (self->run && self->other)
    rf_session_set_runs (self, self->other, self->run);
}

gboolean
rf_session_get_loading (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), FALSE);
  return self->loading != NULL;
}

RfHistory *
rf_session_get_history (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->history;
}

RfComparison *
rf_session_get_comparison (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->comparison;
}

RfSeeds *
rf_session_get_seeds (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), NULL);
  return self->seeds;
}

gpointer
rf_session_get_shared (RfSession *self, GType type)
{
  g_return_val_if_fail (RF_IS_SESSION (self) && g_type_is_a (type, G_TYPE_OBJECT), NULL);
  RF_ASSERT_MAIN_THREAD ();
  GObject *object = g_hash_table_lookup (self->shared, GSIZE_TO_POINTER (type));
  if (!object)
    {
      object = g_object_new (type, "session", self, NULL);
      g_hash_table_insert (self->shared, GSIZE_TO_POINTER (type), object);
    }
  return object;
}

gint64
rf_session_get_moment (RfSession *self)
{
  g_return_val_if_fail (RF_IS_SESSION (self), RF_MOMENT_LIVE);
  return self->moment;
}

void
rf_session_set_moment (RfSession *self, gint64 step)
{
  g_return_if_fail (RF_IS_SESSION (self) && step >= RF_MOMENT_LIVE);
  if (self->moment == step)
    return;
  self->moment = step;
  notify (self, PROP_MOMENT);
}

/* ---- the object ---- */

static void
rf_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfSession *self = RF_SESSION (object);
  switch (id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_OTHER:
      g_value_set_object (value, self->other);
      break;
    case PROP_PLAN:
      g_value_set_pointer (value, self->plan);
      break;
    case PROP_MOMENT:
      g_value_set_int64 (value, self->moment);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading != NULL);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_ACTIVITY:
      g_value_set_string (value, self->activity);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MOMENT)
    rf_session_set_moment (RF_SESSION (object), g_value_get_int64 (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_session_finalize (GObject *object)
{
  RfSession *self = RF_SESSION (object);
  g_assert (!self->run && !self->other);
  g_clear_pointer (&self->plan, rf_experiment_unref);
  g_clear_object (&self->watch);
  g_clear_pointer (&self->shared, g_hash_table_unref);
  g_clear_object (&self->seeds);
  g_clear_object (&self->comparison);
  g_clear_object (&self->history);
  g_clear_object (&self->loading);
  g_free (self->activity);
  G_OBJECT_CLASS (rf_session_parent_class)->finalize (object);
}

static void
rf_session_class_init (RfSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_session_get_property;
  object_class->set_property = rf_session_set_property;
  object_class->finalize = rf_session_finalize;

  props[PROP_RUN] = g_param_spec_object ("run", NULL, NULL, RF_TYPE_RUN, flags);
  props[PROP_OTHER] = g_param_spec_object ("other", NULL, NULL, RF_TYPE_RUN, flags);
  props[PROP_PLAN] = g_param_spec_pointer ("plan", NULL, NULL, flags);
  props[PROP_MOMENT] = g_param_spec_int64 ("moment", NULL, NULL, RF_MOMENT_LIVE, G_MAXINT64,
                                           RF_MOMENT_LIVE, flags | G_PARAM_WRITABLE);
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_ACTIVITY] = g_param_spec_string ("activity", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[FAILED] = g_signal_new ("failed", RF_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[NOTED] = g_signal_new ("noted", RF_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TURNED] = g_signal_new ("turned", RF_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
}

static void
rf_session_init (RfSession *self)
{
  self->watch = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->watch, "change", G_CALLBACK (change_cb), self);
  self->history = rf_history_new ();
  self->shared = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->comparison = rf_comparison_new ();
  self->seeds = rf_seeds_new (self);
  self->moment = RF_MOMENT_LIVE;
}

RfSession *
rf_session_new (void)
{
  return g_object_new (RF_TYPE_SESSION, NULL);
}
