/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing a run: slow work goes to a thread in the background, which shares nothing
 * with the main loop until it hands back what it made. */

#include "model/base/error.h"
#include "model/run/background.h"
#include "model/run/checkpoint.h"
#include "model/run/run-private.h"

#include <glib/gi18n-lib.h>

/* --- Opening -------------------------------------------------------------------------------- */

/* What is asked of the thread that opens, and what it hands back. */
typedef struct
{
  GTask *task;
  RfExperiment *wish;   /* may be NULL */
  RfRunOptions options; /* with strings of its own */

  GError *error;
  RfTrainer *trainer;
  RfExperiment *experiment; /* as it is in force */
  RfNet *shapes;
  GArray *steps, *epochs, *checkpoints;
  GPtrArray *changes;
} Opening;

static void
opening_free (Opening *opening)
{
  g_clear_pointer (&opening->wish, rf_experiment_unref);
  g_free ((char *) opening->options.folder);
  g_free ((char *) opening->options.replay);
  g_free ((char *) opening->options.init);
  g_free ((char *) opening->options.data_folder);
  g_clear_error (&opening->error);
  rf_trainer_free (opening->trainer);
  g_clear_pointer (&opening->experiment, rf_experiment_unref);
  g_clear_pointer (&opening->shapes, rf_net_free);
  g_clear_pointer (&opening->steps, g_array_unref);
  g_clear_pointer (&opening->epochs, g_array_unref);
  g_clear_pointer (&opening->checkpoints, g_array_unref);
  g_clear_pointer (&opening->changes, g_ptr_array_unref);
  g_free (opening);
}

static void
open_in_background (gpointer data)
{
  Opening *opening = data;
  const RfRunOptions *options = &opening->options;
  GError **error = &opening->error;

  opening->trainer
      = rf_run_open_trainer (opening->wish, options, g_task_get_cancellable (opening->task), error);
  if (!opening->trainer || !(opening->steps = rf_run_read_steps (options->folder, error))
      || !(opening->epochs = rf_run_read_epochs (options->folder, error))
      || !(opening->changes = rf_run_read_changes (options->folder, error)))
    return;

  opening->checkpoints = rf_checkpoints_list (options->folder, RF_CHECKPOINT_WEIGHTS);
  /* Changes beyond are made again, and told of as they are. */
  const RfEngine *engine = rf_trainer_get_engine (opening->trainer);
  opening->experiment = rf_experiment_ref (engine->experiment);
  opening->shapes
      = rf_net_new (engine->experiment, engine->dataset->shape, rf_kernels_path (), error);
  g_ptr_array_set_size (opening->changes, (gint) rf_trainer_get_first_changes (opening->trainer));
}

static void
return_opened (gpointer data)
{
  Opening *opening = data;
  g_autoptr (GTask) task = g_steal_pointer (&opening->task);
  if (opening->error)
    {
      g_task_return_error (task, g_steal_pointer (&opening->error));
      opening_free (opening);
    }
  else
    g_task_return_pointer (task, opening, (GDestroyNotify) opening_free);
}

void
rf_run_open_async (RfExperiment *experiment, const RfRunOptions *options, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (options && options->folder);

  Opening *opening = g_new0 (Opening, 1);
  opening->task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (opening->task, rf_run_open_async);
  opening->wish = experiment ? rf_experiment_ref (experiment) : NULL;
  opening->options = *options;
  opening->options.folder = g_strdup (options->folder);
  opening->options.replay = g_strdup (options->replay);
  opening->options.init = g_strdup (options->init);
  opening->options.data_folder = g_strdup (options->data_folder);
  if (rf_background_run (open_in_background, return_opened, opening))
    return;
  g_set_error_literal (&opening->error, RF_ERROR, RF_ERROR_MEMORY,
                       _ ("a thread that opens the run cannot be started"));
  return_opened (opening);
}

static void
summarise_layers (RfRun *self, const RfNet *net)
{
  self->n_layers = net->layers->len;
  self->layers = g_new0 (RfLayerSummary, self->n_layers);
  for (guint i = 0; i < self->n_layers; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      RfLayerSummary *summary = &self->layers[i];
      *summary = (RfLayerSummary){ g_strdup (layer->path),
                                   g_strdup (layer->name),
                                   layer->klass->describe (layer->config),
                                   layer->klass,
                                   layer->in,
                                   layer->out };
      summary->cost = layer->klass->cost ? layer->klass->cost (layer) : 0;
      for (guint p = 0; p < layer->n_params; p++)
        if (layer->params[p]->kind != RF_PARAM_BUFFER)
          summary->n_parameters += layer->params[p]->count;
    }
}

RfRun *
rf_run_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  RF_ASSERT_MAIN_THREAD ();

  Opening *opening = g_task_propagate_pointer (G_TASK (result), error);
  if (!opening)
    return NULL;
  const RfEngine *engine = rf_trainer_get_engine (opening->trainer);
  RfRun *self = g_object_new (RF_TYPE_RUN, NULL);
  self->folder = g_canonicalize_filename (opening->options.folder, NULL);
  self->experiment = g_steal_pointer (&opening->experiment);
  self->shapes = g_steal_pointer (&opening->shapes);
  self->largest_batch = self->experiment->training.batch_size;
  self->dataset = rf_dataset_ref (engine->dataset);
  self->steps = g_steal_pointer (&opening->steps);
  self->epochs = g_steal_pointer (&opening->epochs);
  self->changes = g_steal_pointer (&opening->changes);
  g_array_append_vals (self->checkpoints, opening->checkpoints->data, opening->checkpoints->len);
  self->step = engine->step;
  self->epoch = engine->epoch;
  self->offset = engine->offset;
  self->state = rf_trainer_get_first_state (opening->trainer);
  self->message = g_strdup (rf_trainer_get_first_message (opening->trainer));
  summarise_layers (self, engine->net);
  self->trainer = g_steal_pointer (&opening->trainer);
  opening_free (opening);
  rf_trainer_listen (self->trainer, rf_run_follow, self);
  return self;
}

/* --- Closing -------------------------------------------------------------------------------- */

static void
join_in_background (gpointer trainer)
{
  rf_trainer_free (trainer);
}

/* Saves, ends and frees the trainer without keeping the main loop waiting. */
void
rf_run_leave_trainer (RfRun *self)
{
  RfTrainer *trainer = g_steal_pointer (&self->trainer);
  rf_trainer_unlisten (trainer);
  if (!rf_background_run (join_in_background, NULL, trainer))
    rf_trainer_free (trainer);
}

typedef struct
{
  RfRun *run;
  RfTrainer *trainer;
} Leaving;

static void
join_stopped (gpointer data)
{
  rf_trainer_free (((Leaving *) data)->trainer);
}

static void
return_closed (gpointer data)
{
  Leaving *leaving = data;
  g_autoptr (RfRun) self = leaving->run;
  g_autoptr (GPtrArray) closing = g_steal_pointer (&self->closing);

  g_free (leaving);
  for (guint i = 0; i < closing->len; i++)
    if (self->message)
      g_task_return_new_error (closing->pdata[i], RF_ERROR, RF_ERROR_DISK, "%s", self->message);
    else
      g_task_return_boolean (closing->pdata[i], TRUE);
}

void
rf_run_finish_closing (RfRun *self)
{
  if (!self->trainer || !self->closing)
    return;
  Leaving *leaving = g_new (Leaving, 1);
  *leaving = (Leaving){ g_object_ref (self), g_steal_pointer (&self->trainer) };
  rf_trainer_unlisten (leaving->trainer);
  rf_run_forget_asking (self);
  if (rf_background_run (join_stopped, return_closed, leaving))
    return;
  join_stopped (leaving);
  return_closed (leaving);
}

void
rf_run_close_async (RfRun *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_RUN (self));

  GTask *task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, rf_run_close_async);
  if (self->closing)
    g_ptr_array_add (self->closing, task);
  else if (self->trainer)
    {
      self->closing = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (self->closing, task);
      rf_trainer_stop (self->trainer);
    }
  else
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

gboolean
rf_run_close_finish (RfRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
