/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main loop's side: each request is a GTask that rides along with its look and is returned when
 * the look comes back, answered or given up. Tasks and cancellables are touched on the main loop
 * alone; a cancellable is watched by a source, whose callback may let go of anything. */

#include "model/inspect/replica.h"
#include "model/base/error.h"
#include "model/inspect/looker.h"
#include "model/run/background.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GSource source;
  RfReplica *replica;
} Doorbell;

struct _RfReplica
{
  GObject parent_instance;
  RfLooker *looker;
  GSource *doorbell;
};

G_DEFINE_FINAL_TYPE (RfReplica, rf_replica, G_TYPE_OBJECT)

/* --- Answers -------------------------------------------------------------------------------- */

/* Frees the look, then calls back whoever asked. */
static void
return_look (RfLook *look)
{
  g_autoptr (GTask) task = g_steal_pointer (&look->task);
  RfLookKind kind = look->kind;
  gint64 found = look->found;
  gboolean cancelled = atomic_load (&look->cancelled);
  GError *error = g_steal_pointer (&look->error);
  RfView *view = g_steal_pointer (&look->view);
  RfFilters *filters = g_steal_pointer (&look->filters);

  if (look->cancel_watch)
    {
      g_source_destroy (look->cancel_watch);
      g_clear_pointer (&look->cancel_watch, g_source_unref);
    }
  rf_look_free (look);
  if (cancelled)
    {
      g_clear_error (&error);
      g_clear_pointer (&view, rf_view_free);
      g_clear_pointer (&filters, rf_filters_free);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled"));
    }
  else if (error)
    g_task_return_error (task, error);
  else if (kind == RF_LOOK_CHECKPOINT || kind >= RF_LOOK_STUDY)
    g_task_return_boolean (task, TRUE);
  else if (kind == RF_LOOK_SEARCH)
    g_task_return_int (task, (gssize) found);
  else if (kind == RF_LOOK_IMAGE)
    g_task_return_pointer (task, view, (GDestroyNotify) rf_view_free);
  else
    g_task_return_pointer (task, filters, (GDestroyNotify) rf_filters_free);
}

static gboolean
return_answered (GSource *source, GSourceFunc unused, gpointer nothing)
{
  g_autoptr (RfReplica) self = g_object_ref (((Doorbell *) source)->replica);
  g_source_set_ready_time (source, -1);
  g_autoptr (GPtrArray) answered = rf_looker_take_answered (self->looker);
  for (guint i = 0; i < answered->len; i++)
    return_look (answered->pdata[i]);
  return G_SOURCE_CONTINUE;
}

/* --- Requests ------------------------------------------------------------------------------- */

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  RfLook *look = data;
  RfReplica *self = g_task_get_source_object (look->task);
  rf_looker_cancel (self->looker, look);
  return G_SOURCE_REMOVE;
}

/* Takes over @look. */
static void
ask (RfReplica *self, RfLook *look, GTask *task, gpointer tag)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  RF_ASSERT_MAIN_THREAD ();
  g_task_set_source_tag (task, tag);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      rf_look_free (look);
      return;
    }
  look->task = task;
  if (cancellable)
    {
      look->cancel_watch = g_cancellable_source_new (cancellable);
      g_source_set_callback (look->cancel_watch, G_SOURCE_FUNC (cancelled_cb), look, NULL);
      g_source_attach (look->cancel_watch, g_task_get_context (task));
    }
  rf_looker_ask (self->looker, look);
}

static RfLook *
look_new (RfLookKind kind)
{
  RfLook *look = g_new0 (RfLook, 1);
  look->kind = kind;
  return look;
}

static gboolean
is_result (RfReplica *self, GAsyncResult *result, gpointer tag)
{
  return RF_IS_REPLICA (self) && g_task_is_valid (result, self)
         && g_task_get_source_tag (G_TASK (result)) == tag;
}

void
rf_replica_set_weights (RfReplica *self, RfWeights *weights)
{
  g_return_if_fail (RF_IS_REPLICA (self) && weights);
  g_return_if_fail (rf_weights_fit (weights, rf_looker_get_net (self->looker)));
  RF_ASSERT_MAIN_THREAD ();
  rf_looker_set_weights (self->looker, weights);
}

void
rf_replica_load_checkpoint_async (RfReplica *self, const char *file, gint64 step,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer data)
{
  g_return_if_fail (RF_IS_REPLICA (self) && file);

  RfLook *look = look_new (RF_LOOK_CHECKPOINT);
  look->file = g_strdup (file);
  look->step = step;
  ask (self, look, g_task_new (self, cancellable, callback, data),
       rf_replica_load_checkpoint_async);
}

gboolean
rf_replica_load_checkpoint_finish (RfReplica *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (is_result (self, result, rf_replica_load_checkpoint_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
rf_replica_set_edits (RfReplica *self, const RfFilterEdit *edits, guint n)
{
  g_return_if_fail (RF_IS_REPLICA (self) && (edits || n == 0));
  RF_ASSERT_MAIN_THREAD ();
  const RfNet *net = rf_looker_get_net (self->looker);
  for (guint i = 0; i < n; i++)
    {
      g_return_if_fail (edits[i].layer < net->layers->len);
      const RfLayer *layer = net->layers->pdata[edits[i].layer];
      g_return_if_fail (layer->n_params > 0 && layer->params[0]->kind == RF_PARAM_WEIGHT
                        && edits[i].unit >= 0 && edits[i].unit < layer->params[0]->dims[0]);
      g_return_if_fail (edits[i].n * (gsize) layer->params[0]->dims[0] == layer->params[0]->count);
    }
  rf_looker_set_edits (self->looker, rf_edits_new (edits, n));
}

void
rf_replica_look_async (RfReplica *self, const float *image, const guint *layers, guint n_layers,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_REPLICA (self) && image && (layers || n_layers == 0));
  const RfNet *net = rf_looker_get_net (self->looker);
  for (guint i = 0; i < n_layers; i++)
    g_return_if_fail (layers[i] < net->layers->len);

  RfLook *look = look_new (RF_LOOK_IMAGE);
  look->image = g_memdup2 (image, RF_SHAPE_COUNT (net->input) * sizeof (float));
  look->layers = g_memdup2 (layers, n_layers * sizeof (guint));
  look->n_layers = n_layers;
  ask (self, look, g_task_new (self, cancellable, callback, data), rf_replica_look_async);
}

RfView *
rf_replica_look_finish (RfReplica *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (is_result (self, result, rf_replica_look_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
has_filters (const RfNet *net, guint layer)
{
  const RfLayer *candidate = net->layers->pdata[layer];
  return candidate->n_params > 0 && candidate->params[0]->n_dims == 4;
}

int
rf_replica_find_filters (RfReplica *self)
{
  g_return_val_if_fail (RF_IS_REPLICA (self), -1);
  const RfNet *net = rf_looker_get_net (self->looker);
  for (guint i = 0; i < net->layers->len; i++)
    if (has_filters (net, i))
      return (int) i;
  return -1;
}

void
rf_replica_filters_async (RfReplica *self, guint layer, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_REPLICA (self));
  const RfNet *net = rf_looker_get_net (self->looker);
  g_return_if_fail (layer < net->layers->len && has_filters (net, layer));

  RfLook *look = look_new (RF_LOOK_FILTERS);
  look->layers = g_memdup2 (&layer, sizeof layer);
  look->n_layers = 1;
  ask (self, look, g_task_new (self, cancellable, callback, data), rf_replica_filters_async);
}

RfFilters *
rf_replica_filters_finish (RfReplica *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (is_result (self, result, rf_replica_filters_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
rf_replica_find_mistake_async (RfReplica *self, RfDataset *dataset, RfSplit split, gsize from,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  g_return_if_fail (RF_IS_REPLICA (self) && dataset && split < RF_N_SPLITS);
  g_return_if_fail (from < dataset->splits[split].n);
  const RfNet *net = rf_looker_get_net (self->looker);
  g_return_if_fail (RF_SHAPE_COUNT (dataset->shape) == RF_SHAPE_COUNT (net->input));
  g_return_if_fail ((gsize) dataset->n_classes == RF_SHAPE_COUNT (net->output));

  RfLook *look = look_new (RF_LOOK_SEARCH);
  look->dataset = rf_dataset_ref (dataset);
  look->split = split;
  look->from = from;
  ask (self, look, g_task_new (self, cancellable, callback, data), rf_replica_find_mistake_async);
}

gboolean
rf_replica_find_mistake_finish (RfReplica *self, GAsyncResult *result, gint64 *index,
                                GError **error)
{
  g_return_val_if_fail (is_result (self, result, rf_replica_find_mistake_async) && index, FALSE);
  g_autoptr (GError) failure = NULL;
  *index = g_task_propagate_int (G_TASK (result), &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
rf_replica_study_async (RfReplica *self, guint number, RfStudyFunc func, gpointer study,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (RF_IS_REPLICA (self) && number < RF_N_STUDIES && func);

  RfLook *look = look_new ((RfLookKind) (RF_LOOK_STUDY + number));
  look->func = func;
  look->study = study;
  ask (self, look, g_task_new (self, cancellable, callback, data), rf_replica_study_async);
}

gboolean
rf_replica_study_finish (RfReplica *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (is_result (self, result, rf_replica_study_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

const RfNet *
rf_replica_get_net (RfReplica *self)
{
  g_return_val_if_fail (RF_IS_REPLICA (self), NULL);
  return rf_looker_get_net (self->looker);
}

double
rf_replica_get_searched (RfReplica *self)
{
  g_return_val_if_fail (RF_IS_REPLICA (self), 0);
  return rf_looker_get_searched (self->looker);
}

/* --- The object ----------------------------------------------------------------------------- */

RfReplica *
rf_replica_new (RfExperiment *experiment, RfShape input, RfKernelPath path, GError **error)
{
  static GSourceFuncs funcs = { .dispatch = return_answered };
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_val_if_fail (experiment, NULL);
  RF_ASSERT_MAIN_THREAD ();
  RfNet *net = rf_net_new (experiment, input, path, error);
  if (!net)
    return NULL;

  g_autoptr (RfReplica) self = g_object_new (RF_TYPE_REPLICA, NULL);
  self->doorbell = g_source_new (&funcs, sizeof (Doorbell));
  ((Doorbell *) self->doorbell)->replica = self;
  g_source_set_static_name (self->doorbell, "looks inside a network");
  g_source_set_priority (self->doorbell, G_PRIORITY_HIGH_IDLE);
  self->looker = rf_looker_new (net, self->doorbell);
  if (!self->looker)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_MEMORY,
                           _ ("a thread that looks inside the network cannot be started"));
      return NULL;
    }
  g_source_attach (self->doorbell, context);
  return g_steal_pointer (&self);
}

static void
join_in_background (gpointer looker)
{
  rf_looker_free (looker);
}

/* Nothing is asked any more, since tasks hold the replica: the thread sleeps, or is about to. */
static void
rf_replica_finalize (GObject *object)
{
  RfReplica *self = RF_REPLICA (object);

  if (self->doorbell)
    g_source_destroy (self->doorbell);
  g_clear_pointer (&self->doorbell, g_source_unref);
  if (self->looker && !rf_background_run (join_in_background, NULL, self->looker))
    rf_looker_free (self->looker);
  G_OBJECT_CLASS (rf_replica_parent_class)->finalize (object);
}

static void
rf_replica_class_init (RfReplicaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rf_replica_finalize;
}

static void
rf_replica_init (RfReplica *self)
{
}
