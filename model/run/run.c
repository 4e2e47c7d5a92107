/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run on the main loop: histories that grow with each snapshot, and properties that follow it.
 *
 * The experiment here is what a person sees: with every knob as turned, at once, and with the
 * changes that the trainer replayed as their snapshots come. */

#include "model/base/error.h"
#include "model/run/run-private.h"
#include "model/train/early-stopping.h"

G_DEFINE_FINAL_TYPE (RfRun, rf_run, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_STEP,
  PROP_EPOCH,
  PROP_FRACTION,
  PROP_IMAGES_PER_SECOND,
  PROP_SECONDS_LEFT,
  PROP_EVALUATING,
  PROP_MESSAGE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_ROWS,
  SIGNAL_CHANGE,
  SIGNAL_WEIGHTS,
  SIGNAL_CHECKPOINTS,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* --- Following the trainer ------------------------------------------------------------------ */

/* Takes over a change that nobody turned here: the trainer replayed it. */
static void
follow_change (RfRun *self, const RfChange *change)
{
  const double *turned = g_hash_table_lookup (self->turned, change->path);
  if (turned)
    {
      if (*turned == change->value)
        g_hash_table_remove (self->turned, change->path);
      return;
    }
  g_autoptr (GError) error = NULL;
  RfExperiment *copy = rf_experiment_copy (self->experiment);
  if (!rf_experiment_set_live (copy, change->path, change->value, &error))
    g_critical ("%s", error->message);
  rf_experiment_unref (self->experiment);
  self->experiment = copy;
}

/* Goes back to the batch size in force, if nobody has asked for yet another one. */
static void
follow_refusal (RfRun *self, const RfSnapshot *snapshot)
{
  static const char path[] = "training.batch_size";
  const double *turned = g_hash_table_lookup (self->turned, path);
  if (!turned || *turned != snapshot->refused_batch_size)
    return;
  RfExperiment *copy = rf_experiment_copy (self->experiment);
  copy->training.batch_size = snapshot->batch_size;
  rf_experiment_unref (self->experiment);
  self->experiment = copy;
  g_hash_table_remove (self->turned, path);
}

static void
follow_changes (RfRun *self, const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      RfChange *change = rf_change_copy (changes->pdata[i]);
      g_ptr_array_add (self->changes, change);
      follow_change (self, change);
      g_signal_emit (self, signals[SIGNAL_CHANGE], 0, change);
    }
}

static void
notify_if (RfRun *self, gboolean changed, int prop)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
follow_position (RfRun *self, const RfSnapshot *snapshot)
{
  gboolean moved = self->step != snapshot->step || self->offset != snapshot->offset;
  gboolean next_epoch = self->epoch != snapshot->epoch;
  gboolean speed = self->images_per_second != snapshot->images_per_second;

  self->step = snapshot->step;
  self->epoch = snapshot->epoch;
  self->offset = snapshot->offset;
  self->images_per_second = snapshot->images_per_second;
  notify_if (self, moved, PROP_STEP);
  notify_if (self, next_epoch, PROP_EPOCH);
  notify_if (self, moved || next_epoch, PROP_FRACTION);
  notify_if (self, speed, PROP_IMAGES_PER_SECOND);
  notify_if (self, moved || speed, PROP_SECONDS_LEFT);
}

static void
follow_state (RfRun *self, const RfSnapshot *snapshot)
{
  gboolean state = self->state != snapshot->state;
  gboolean evaluating = self->evaluating != snapshot->evaluating;
  gboolean message = g_strcmp0 (self->message, snapshot->message) != 0;

  self->restored_step = snapshot->restored_step;
  self->state = snapshot->state;
  self->evaluating = snapshot->evaluating;
  if (message)
    {
      g_free (self->message);
      self->message = g_strdup (snapshot->message);
    }
  notify_if (self, message, PROP_MESSAGE);
  notify_if (self, evaluating, PROP_EVALUATING);
  notify_if (self, state, PROP_FRACTION);
  notify_if (self, state, PROP_SECONDS_LEFT);
  notify_if (self, state, PROP_STATE);
}

static void
follow_weights (RfRun *self)
{
  g_autoptr (RfWeights) weights = self->trainer ? rf_trainer_take_weights (self->trainer) : NULL;
  if (weights)
    g_signal_emit (self, signals[SIGNAL_WEIGHTS], 0, weights);
}

void
rf_run_follow (const RfSnapshot *snapshot, gpointer data)
{
  g_autoptr (RfRun) self = g_object_ref (RF_RUN (data));

  RF_ASSERT_MAIN_THREAD ();
  g_array_append_vals (self->steps, snapshot->steps->data, snapshot->steps->len);
  g_array_append_vals (self->epochs, snapshot->epochs->data, snapshot->epochs->len);
  g_object_freeze_notify (G_OBJECT (self));
  follow_position (self, snapshot);
  follow_changes (self, snapshot->changes);
  self->largest_batch = MAX (self->largest_batch, snapshot->batch_size);
  if (snapshot->refused_batch_size > 0)
    follow_refusal (self, snapshot);
  if (snapshot->steps->len + snapshot->epochs->len > 0)
    g_signal_emit (self, signals[SIGNAL_ROWS], 0, snapshot->steps->len, snapshot->epochs->len);
  follow_state (self, snapshot);
  if (snapshot->weights)
    follow_weights (self);
  rf_run_follow_checkpoints (self, snapshot);
  g_object_thaw_notify (G_OBJECT (self));
  if (self->state == RF_TRAINER_STOPPED)
    rf_run_finish_closing (self);
}

/* --- Commands and knobs --------------------------------------------------------------------- */

void
rf_run_start (RfRun *self)
{
  g_return_if_fail (RF_IS_RUN (self));
  if (self->trainer)
    rf_trainer_start (self->trainer);
}

void
rf_run_pause (RfRun *self)
{
  g_return_if_fail (RF_IS_RUN (self));
  if (self->trainer)
    rf_trainer_pause (self->trainer);
}

void
rf_run_step (RfRun *self)
{
  g_return_if_fail (RF_IS_RUN (self));
  if (self->trainer)
    rf_trainer_step_once (self->trainer);
}

void
rf_run_request_weights (RfRun *self)
{
  g_return_if_fail (RF_IS_RUN (self));
  if (self->trainer)
    rf_trainer_request_weights (self->trainer);
}

gboolean
rf_run_set_live (RfRun *self, const char *path, double value, GError **error)
{
  g_return_val_if_fail (RF_IS_RUN (self) && path, FALSE);

  g_autoptr (RfExperiment) copy = rf_experiment_copy (self->experiment);
  if (!rf_experiment_set_live (copy, path, value, error))
    return FALSE;
  g_autoptr (GPtrArray) turned = rf_experiment_diff_live (self->experiment, copy);
  if (turned->len == 0 || !self->trainer)
    return TRUE;
  if (copy->training.batch_size != self->experiment->training.batch_size
      && !rf_run_check_batch_size (self, copy->training.batch_size, error))
    return FALSE;
  if (!rf_early_stopping_check (copy, self->dataset, error))
    return FALSE;
  for (guint i = 0; i < turned->len; i++)
    {
      const RfChange *change = turned->pdata[i];
      g_hash_table_replace (self->turned, g_strdup (change->path),
                            g_memdup2 (&change->value, sizeof change->value));
    }
  gboolean epochs = copy->training.epochs != self->experiment->training.epochs;
  rf_trainer_set_knobs (self->trainer, copy);
  rf_experiment_unref (self->experiment);
  self->experiment = g_steal_pointer (&copy);
  notify_if (self, epochs, PROP_FRACTION);
  notify_if (self, epochs, PROP_SECONDS_LEFT);
  return TRUE;
}

/* --- What can be asked ---------------------------------------------------------------------- */

RfTrainerState
rf_run_get_state (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), RF_TRAINER_STOPPED);
  return self->state;
}

gint64
rf_run_get_step (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), 0);
  return self->step;
}

gint64
rf_run_get_epoch (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), 0);
  return self->epoch;
}

/* Training images of the whole training, and those still to come. An epoch that was begun is
 * finished, whatever number of them is wanted now. */
static void
count_images (RfRun *self, double *all, double *left)
{
  double n = (double) self->dataset->splits[RF_SPLIT_TRAIN].n;
  gint64 begun = self->offset > 0 ? self->epoch : self->epoch - 1;
  *all = n * (double) MAX (begun, self->experiment->training.epochs);
  *left = MAX (*all - n * (double) (self->epoch - 1) - (double) self->offset, 0);
}

gint64
rf_run_get_restored_step (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), 0);
  return self->restored_step;
}

double
rf_run_get_fraction (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), 0);
  if (self->state == RF_TRAINER_FINISHED)
    return 1;
  double all, left;
  count_images (self, &all, &left);
  return 1 - left / all;
}

static double
get_seconds_left (RfRun *self)
{
  double all, left;
  count_images (self, &all, &left);
  gboolean known = self->images_per_second > 0 && self->state != RF_TRAINER_FINISHED;
  return known ? left / self->images_per_second : 0;
}

const char *
rf_run_get_message (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), NULL);
  return self->message;
}

const char *
rf_run_get_folder (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), NULL);
  return self->folder;
}

RfExperiment *
rf_run_get_experiment (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), NULL);
  return self->experiment;
}

RfDataset *
rf_run_get_dataset (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), NULL);
  return self->dataset;
}

const RfLayerSummary *
rf_run_get_layers (RfRun *self, guint *n_layers)
{
  g_return_val_if_fail (RF_IS_RUN (self) && n_layers, NULL);
  *n_layers = self->n_layers;
  return self->layers;
}

const RfStepRow *
rf_run_get_steps (RfRun *self, gsize *n)
{
  g_return_val_if_fail (RF_IS_RUN (self) && n, NULL);
  *n = self->steps->len;
  return (const RfStepRow *) self->steps->data;
}

const RfEpochRow *
rf_run_get_epochs (RfRun *self, gsize *n)
{
  g_return_val_if_fail (RF_IS_RUN (self) && n, NULL);
  *n = self->epochs->len;
  return (const RfEpochRow *) self->epochs->data;
}

const GPtrArray *
rf_run_get_changes (RfRun *self)
{
  g_return_val_if_fail (RF_IS_RUN (self), NULL);
  return self->changes;
}

/* --- The object ----------------------------------------------------------------------------- */

static void
rf_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfRun *self = RF_RUN (object);
  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_STEP:
      g_value_set_int64 (value, self->step);
      break;
    case PROP_EPOCH:
      g_value_set_int64 (value, self->epoch);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, rf_run_get_fraction (self));
      break;
    case PROP_IMAGES_PER_SECOND:
      g_value_set_double (value, self->images_per_second);
      break;
    case PROP_SECONDS_LEFT:
      g_value_set_double (value, get_seconds_left (self));
      break;
    case PROP_EVALUATING:
      g_value_set_boolean (value, self->evaluating);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rf_run_dispose (GObject *object)
{
  RfRun *self = RF_RUN (object);
  if (self->trainer)
    rf_run_leave_trainer (self);
  G_OBJECT_CLASS (rf_run_parent_class)->dispose (object);
}

static void
rf_run_finalize (GObject *object)
{
  RfRun *self = RF_RUN (object);
  for (guint i = 0; i < self->n_layers; i++)
    {
      g_free (self->layers[i].path);
      g_free (self->layers[i].name);
      g_free (self->layers[i].describe);
    }
  g_free (self->layers);
  g_free (self->folder);
  g_free (self->message);
  g_clear_pointer (&self->experiment, rf_experiment_unref);
  g_clear_pointer (&self->turned, g_hash_table_unref);
  g_clear_pointer (&self->asking, g_ptr_array_unref);
  g_clear_pointer (&self->checkpoints, g_array_unref);
  g_clear_pointer (&self->dataset, rf_dataset_unref);
  g_clear_pointer (&self->shapes, rf_net_free);
  g_clear_pointer (&self->steps, g_array_unref);
  g_clear_pointer (&self->epochs, g_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  G_OBJECT_CLASS (rf_run_parent_class)->finalize (object);
}

static void
rf_run_class_init (RfRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rf_run_get_property;
  object_class->dispose = rf_run_dispose;
  object_class->finalize = rf_run_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, RF_TRAINER_PAUSED, RF_TRAINER_STOPPED,
                                        RF_TRAINER_PAUSED, flags);
  props[PROP_STEP] = g_param_spec_int64 ("step", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_EPOCH] = g_param_spec_int64 ("epoch", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  props[PROP_IMAGES_PER_SECOND]
      = g_param_spec_double ("images-per-second", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  props[PROP_SECONDS_LEFT]
      = g_param_spec_double ("seconds-left", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  props[PROP_EVALUATING] = g_param_spec_boolean ("evaluating", NULL, NULL, FALSE, flags);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_ROWS] = g_signal_new ("rows", RF_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_CHANGE] = g_signal_new ("change", RF_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_WEIGHTS] = g_signal_new ("weights", RF_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CHECKPOINTS] = g_signal_new ("checkpoints", RF_TYPE_RUN, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rf_run_init (RfRun *self)
{
  const gint64 first = 0;
  self->asking = g_ptr_array_new_with_free_func (g_object_unref);
  self->checkpoints = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (self->checkpoints, first);
  self->turned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
