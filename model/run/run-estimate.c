/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run takes, from the shapes of its network and data alone: nothing is laid out for it, and
 * the trainer is not asked.
 *
 * An update costs three passes forward: the output, the gradient of the weights, the gradient of
 * the input. Evaluation is one. Time is measured as soon as there is a speed, of this session or of
 * the newest epoch; before it is guessed from the multiply-adds. */

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/run/run-private.h"

#include <glib/gi18n-lib.h>

#define N_BATCHES             4 /* three in the batcher's ring, and one of evaluation */
#define N_CHECKPOINTS         2 /* copies that the writer has */
#define PASSES_OF_AN_UPDATE   3.0
#define GUESSED_MULTIPLY_ADDS 20e9 /* a second, of each thread */

static gsize
find_capacity (RfRun *self, int batch_size)
{
  return MIN ((gsize) batch_size, self->dataset->splits[RF_SPLIT_TRAIN].n);
}

static guint64
network_memory (RfRun *self, int batch_size)
{
  return rf_net_memory (self->shapes, (int) find_capacity (self, batch_size), TRUE);
}

static guint64
batches_memory (RfRun *self, int batch_size)
{
  gsize sample
      = N_BATCHES * (RF_SHAPE_COUNT (self->dataset->shape) * sizeof (float) + sizeof (gint32))
        + self->dataset->n_classes * sizeof (float);
  return find_capacity (self, batch_size) * sample;
}

/* Bytes of all that grows with the batch. */
static guint64
batch_memory (RfRun *self, int batch_size)
{
  return network_memory (self, batch_size) + batches_memory (self, batch_size);
}

gboolean
rf_run_check_batch_size (RfRun *self, int batch_size, GError **error)
{
  guint64 held = batch_memory (self, self->largest_batch);
  guint64 needed = batch_memory (self, batch_size), available = rf_memory_available ();
  if (needed <= held || needed - held <= available)
    return TRUE;
  g_autofree char *all = rf_format_bytes (needed);
  g_autofree char *there = rf_format_bytes (available + held);
  g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
               _ ("a batch size of %d would need %s of memory; there are %s"), batch_size, all,
               there);
  return FALSE;
}

static guint64
optimizer_memory (RfRun *self)
{
  const RfSpec *spec = self->experiment->training.optimizer;
  const RfOptimizerClass *klass = (const RfOptimizerClass *) spec->klass;
  return (guint64) klass->n_states (spec->config) * self->shapes->n_weights * sizeof (float);
}

static guint64
dataset_memory (const RfDataset *dataset)
{
  gsize value = dataset->pictures ? 1 : sizeof (float);
  guint64 rows = 0;
  for (int split = 0; split < RF_N_SPLITS; split++)
    rows += dataset->splits[split].n;
  return dataset->n * (RF_SHAPE_COUNT (dataset->shape) * value + sizeof (gint32))
         + rows * sizeof (guint32);
}

static double
find_speed (RfRun *self)
{
  if (self->images_per_second > 0 || self->epochs->len == 0)
    return self->images_per_second;
  return g_array_index (self->epochs, RfEpochRow, self->epochs->len - 1).images_per_second;
}

static void
estimate_time (RfRun *self, RfRunEstimate *estimate)
{
  const RfRows *splits = self->dataset->splits;
  double cost = (double) MAX (rf_net_cost (self->shapes), 1) * PASSES_OF_AN_UPDATE;
  double speed = find_speed (self);
  estimate->measured = speed > 0;
  if (!estimate->measured)
    speed = rf_pool_get_threads () * GUESSED_MULTIPLY_ADDS / cost;
  double evaluated
      = (double) (splits[RF_SPLIT_VALIDATION].n + splits[RF_SPLIT_TEST].n) / PASSES_OF_AN_UPDATE;
  estimate->images_per_second = speed;
  estimate->seconds_per_epoch = ((double) splits[RF_SPLIT_TRAIN].n + evaluated) / speed;
}

void
rf_run_estimate (RfRun *self, int batch_size, RfRunEstimate *estimate)
{
  g_return_if_fail (RF_IS_RUN (self) && batch_size >= 0 && estimate);

  guint64 weights = (self->shapes->n_weights + self->shapes->n_buffers) * sizeof (float);
  if (batch_size == 0)
    batch_size = self->experiment->training.batch_size;
  *estimate = (RfRunEstimate){ .network = network_memory (self, batch_size),
                               .optimizer = optimizer_memory (self),
                               .batches = batches_memory (self, batch_size),
                               .dataset = dataset_memory (self->dataset) };
  estimate->checkpoints = N_CHECKPOINTS * (weights + estimate->optimizer);
  guint64 others = estimate->optimizer + estimate->checkpoints + estimate->dataset;
  estimate->total = estimate->network + estimate->batches + others;
  estimate->available = rf_memory_available () + batch_memory (self, self->largest_batch) + others;
  estimate_time (self, estimate);
}
