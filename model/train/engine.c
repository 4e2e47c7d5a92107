/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of training: next batch, forward, loss, backward, update.
 *
 * Everything a step needs is laid out by rf_engine_new(). The position (step, epoch, offset), the
 * weights and the optimizer's state are all there is to remember: shuffling, augmentation and
 * dropout are functions of seed, epoch, sample and step. */

#include "model/train/engine.h"
#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/schedules/schedule.h"
#include "model/train/early-stopping.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdint.h>

static gboolean
check_fit (RfEngine *self, GError **error)
{
  const RfDataset *dataset = self->dataset;
  gsize n_outputs = RF_SHAPE_COUNT (self->net->output);

  if (dataset->splits[RF_SPLIT_TRAIN].n == 0)
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s has no pictures to train on"),
                 dataset->title);
  else if (n_outputs != (gsize) dataset->n_classes)
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("the network ends in %zu values, but %s has %d classes: give "
                    "its last layer %d units"),
                 n_outputs, dataset->title, dataset->n_classes, dataset->n_classes);
  else
    return rf_early_stopping_check (self->experiment, dataset, error);
  return FALSE;
}

/* What the size of a batch decides, but for the network's plan. */
typedef struct
{
  float *d_logits, *images;
  RfBatcher *batcher;
} Room;

static void
clear_room (Room *room)
{
  rf_floats_free (room->d_logits);
  rf_floats_free (room->images);
  g_clear_pointer (&room->batcher, rf_batcher_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Room, clear_room)

static gboolean
make_room (const RfEngine *self, int capacity, Room *room, GError **error)
{
  RfDataset *dataset = self->dataset;
  gsize n = (gsize) capacity;
  return (room->d_logits = rf_floats_try_new (n * dataset->n_classes, error))
         && (room->images = rf_floats_try_new (n * RF_SHAPE_COUNT (dataset->shape), error))
         && (room->batcher = rf_batcher_new (dataset, capacity, error));
}

static void
take_room (RfEngine *self, int capacity, Room *room)
{
  Room old = { self->d_logits, self->images, self->batcher };
  self->room = capacity;
  self->d_logits = room->d_logits;
  self->images = room->images;
  self->batcher = room->batcher;
  self->labels = g_renew (gint32, self->labels, capacity);
  *room = old;
}

gboolean
rf_engine_resize (RfEngine *self, int batch_size, GError **error)
{
  g_return_val_if_fail (self && batch_size >= 1, FALSE);

  int capacity = (int) MIN ((gsize) batch_size, self->dataset->splits[RF_SPLIT_TRAIN].n);
  g_auto (Room) room = { NULL };
  if (capacity == rf_net_capacity (self->net))
    return TRUE;
  if ((capacity > self->room && !make_room (self, capacity, &room, error))
      || !rf_net_plan (self->net, capacity, TRUE, error))
    return FALSE;
  if (capacity > self->room)
    take_room (self, capacity, &room);
  rf_batcher_seek (self->batcher, self->experiment, self->epoch, self->offset);
  return TRUE;
}

RfEngine *
rf_engine_new (RfExperiment *experiment, RfDataset *dataset, RfKernelPath path, GError **error)
{
  g_return_val_if_fail (experiment && dataset, NULL);

  const RfTrainingConfig *training = &experiment->training;
  const char *initial_weights = experiment->network.initial_weights;
  g_autoptr (RfEngine) self = g_new0 (RfEngine, 1);
  self->experiment = rf_experiment_ref (experiment);
  self->dataset = rf_dataset_ref (dataset);
  self->epoch = 1;

  self->net = rf_net_new (experiment, dataset->shape, path, error);
  if (!self->net || !check_fit (self, error))
    return NULL;
  if (!rf_engine_resize (self, training->batch_size, error))
    return NULL;
  rf_net_set_classes (self->net, (const char *const *) dataset->classes);
  rf_net_reset (self->net, training->seed);
  if (initial_weights && !rf_net_load_file (self->net, initial_weights, error))
    return NULL;

  self->optimizer = rf_optimizer_new (self->net, training->optimizer, error);
  if (!self->optimizer)
    return NULL;
  return g_steal_pointer (&self);
}

void
rf_engine_free (RfEngine *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->batcher, rf_batcher_free);
  g_clear_pointer (&self->optimizer, rf_optimizer_free);
  g_clear_pointer (&self->net, rf_net_free);
  rf_floats_free (self->d_logits);
  rf_floats_free (self->images);
  g_free (self->labels);
  g_clear_pointer (&self->dataset, rf_dataset_unref);
  g_clear_pointer (&self->experiment, rf_experiment_unref);
  g_free (self);
}

void
rf_engine_seek (RfEngine *self, gint64 step, gint64 epoch, gint64 offset)
{
  g_return_if_fail (self && step >= 0 && epoch >= 1 && offset >= 0);

  self->step = step;
  self->epoch = epoch;
  self->offset = offset;
  rf_batcher_seek (self->batcher, self->experiment, epoch, offset);
}

static gboolean
same_specs (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const RfSpec *x = a->pdata[i], *y = b->pdata[i];
      if (x->klass != y->klass)
        return FALSE;
      for (const RfOption *option = x->klass->options; option->name; option++)
        if (rf_spec_get (x, option) != rf_spec_get (y, option))
          return FALSE;
    }
  return TRUE;
}

gboolean
rf_engine_set_experiment (RfEngine *self, RfExperiment *experiment, GError **error)
{
  g_return_val_if_fail (self && experiment, FALSE);

  const RfTrainingConfig *training = &experiment->training;
  if (!rf_engine_resize (self, training->batch_size, error))
    return FALSE;
  g_autoptr (RfExperiment) old = self->experiment;
  self->experiment = rf_experiment_ref (experiment);
  rf_net_set_experiment (self->net, experiment);
  if (old->training.batch_size != training->batch_size
      || !same_specs (old->training.augment, training->augment))
    rf_batcher_seek (self->batcher, experiment, self->epoch, self->offset);
  return TRUE;
}

gint64
rf_engine_steps_per_epoch (const RfEngine *self)
{
  gint64 n = (gint64) self->dataset->splits[RF_SPLIT_TRAIN].n;
  gint64 batch_size = self->experiment->training.batch_size;
  return (n + batch_size - 1) / batch_size;
}

/* Schedule's factor for the step that comes next, by its place in the training. */
static double
next_factor (const RfEngine *self)
{
  const RfTrainingConfig *training = &self->experiment->training;
  gint64 steps_per_epoch = rf_engine_steps_per_epoch (self);
  gint64 step = (self->epoch - 1) * steps_per_epoch + self->offset / training->batch_size + 1;
  RfScheduleTime time
      = { step, steps_per_epoch, steps_per_epoch * training->epochs, self->step + 1 };
  return rf_schedule_factor (training->schedule, &time);
}

static double
learning_rate (const RfEngine *self)
{
  const RfSpec *spec = self->experiment->training.optimizer;
  const RfOptimizerClass *klass = (const RfOptimizerClass *) spec->klass;
  return G_STRUCT_MEMBER (double, spec->config, klass->learning_rate);
}

/* Forward, loss and, unless it is not finite, backward and update. */
static gboolean
learn (RfEngine *self, const RfBatch *batch, double factor, RfStepRow *row, RfLossResult *result)
{
  const RfTrainingConfig *training = &self->experiment->training;
  RfPass pass = { batch->n, TRUE, training->seed, self->step + 1 };
  const float *logits = rf_net_forward (self->net, &pass, batch->images);

  *result = rf_loss_classes[0]->compute (logits, batch->labels, batch->n, self->dataset->n_classes,
                                         training->label_smoothing, self->d_logits);
  row->data_loss = result->loss;
  row->penalty = rf_net_penalty (self->net);
  row->loss = row->data_loss + row->penalty;
  if (!isfinite (row->loss))
    return FALSE;

  rf_net_backward (self->net, &pass, self->d_logits);
  rf_optimizer_step (self->optimizer, self->experiment, factor);
  return TRUE;
}

RfStepOutcome
rf_engine_step (RfEngine *self, RfStepRow *row)
{
  g_return_val_if_fail (self && row, RF_STEP_DIVERGED);

  gint64 start = g_get_monotonic_time ();
  double factor = next_factor (self);
  RfLossResult result;
  /* The batcher may need the pool to get ahead, so its batch is taken before the ticket. */
  const RfBatch *batch = rf_batcher_next (self->batcher);
  gboolean last = batch->last;

  self->last_n = batch->n;
  self->last_loss = NAN;
  *row = (RfStepRow){ .step = self->step + 1,
                      .epoch = self->epoch,
                      .learning_rate = learning_rate (self) * factor };
  rf_pool_enter (RF_POOL_TRAIN);
  gboolean finite = learn (self, batch, factor, row, &result);
  rf_pool_leave ();
  row->accuracy = (double) result.right / batch->n;
  self->last_loss = row->loss;
  if (!finite)
    return RF_STEP_DIVERGED;

  if (self->offset == 0)
    self->sums = (RfEpochSums){ 0 };
  self->sums.loss_sum += row->data_loss * batch->n;
  self->sums.right += result.right;
  self->sums.count += batch->n;
  self->sums.seconds += (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

  self->step++;
  self->offset = last ? 0 : self->offset + batch->n;
  self->epoch += last ? 1 : 0;
  return last ? RF_STEP_EPOCH_ENDED : RF_STEP_DONE;
}

/* "3 (linear, 10 units)". */
static char *
describe_layer (const RfLayer *layer)
{
  g_autofree char *what = layer->klass->describe (layer->config);
  return g_strdup_printf (*what ? "%s (%s, %s)" : "%s (%s%s)", layer->name, layer->klass->spec.type,
                          what);
}

char *
rf_engine_explain_divergence (RfEngine *self)
{
  g_return_val_if_fail (self, NULL);

  gboolean updated = isfinite (self->last_loss);
  const char *what = updated ? _ ("The weights are not finite after step %jd.")
                     : isnan (self->last_loss)
                         ? _ ("The loss is not a number any more at step %jd.")
                         : _ ("The loss became infinite at step %jd.");
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, what, (intmax_t) (updated ? self->step : self->step + 1));

  const RfLayer *layer = rf_net_find_not_finite (self->net, self->last_n);
  if (layer)
    {
      g_autofree char *name = describe_layer (layer);
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              updated ? _ ("It began in layer %s: its weights are not finite.")
                                      : _ ("It began in layer %s: its output is not finite."),
                              name);
    }
  g_string_append_c (text, ' ');
  g_string_append_printf (text,
                          _ ("Try a smaller learning rate (now %g), some warm-up steps, or batch "
                             "normalisation."),
                          learning_rate (self));
  return g_string_free (text, FALSE);
}
