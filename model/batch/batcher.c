/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of three batches between two threads: one that the trainer uses, one ready, one being
 * made.
 *
 * Under the lock are the ring's state and the next plan. A seek puts a plan down and counts up the
 * generation; the maker sees the new number before it publishes what it was making, throws that
 * away and starts from the plan. The plan is a copy made by the seeking thread, so that the two
 * threads share no experiment. */
#include "model/batch/batcher.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>

#include "model/augment/augment.h"
#include "model/base/error.h"
#include "model/base/memory.h"

#define N_SLOTS 3

/* What batches are made by, and where. */
typedef struct
{
  GPtrArray *augment; /* of RfSpec * */
  int batch_size;
  guint64 seed;
  gboolean shuffle;
  gint64 epoch, offset;
} Plan;

struct _RfBatcher
{
  RfDataset *dataset;
  const RfRows *rows;
  int capacity;
  RfBatch slots[N_SLOTS];
  float *images; /* of all slots */
  gint32 *labels;

  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t ready, freed;
  /* Under the lock. */
  gboolean stop;
  guint generation; /* of seeks; 0: none yet */
  Plan next;        /* for a new generation */
  int head, n_ready;
  gboolean in_use; /* the slot before head */
  gint64 n_waits, waited;

  /* The maker's own. */
  Plan plan;
  guint32 *order; /* of order_epoch */
  gint64 order_epoch;
  guint64 order_seed;
  gboolean order_shuffle;
  float *scratch;
};

void
rf_batcher_order (const RfRows *rows, guint64 seed, gint64 epoch, gboolean shuffle, guint32 *out)
{
  if (rows->n > 0)
    memcpy (out, rows->rows, rows->n * sizeof *out);
  if (!shuffle)
    return;
  RfRandom random = rf_random (seed, RF_RANDOM_SHUFFLE, (guint64) epoch, 0);
  rf_random_shuffle (&random, out, rows->n);
}

static void
update_order (RfBatcher *batcher)
{
  const Plan *plan = &batcher->plan;
  if (batcher->order_epoch == plan->epoch && batcher->order_seed == plan->seed
      && batcher->order_shuffle == plan->shuffle)
    return;
  rf_batcher_order (batcher->rows, plan->seed, plan->epoch, plan->shuffle, batcher->order);
  batcher->order_epoch = plan->epoch;
  batcher->order_seed = plan->seed;
  batcher->order_shuffle = plan->shuffle;
}

static void
make (RfBatcher *batcher, RfBatch *batch)
{
  const Plan *plan = &batcher->plan;
  const RfDataset *dataset = batcher->dataset;
  gsize n_values = RF_SHAPE_COUNT (dataset->shape);

  update_order (batcher);
  batch->n = (int) MIN ((gint64) batcher->rows->n - plan->offset, plan->batch_size);
  batch->epoch = plan->epoch;
  batch->offset = plan->offset;
  batch->last = plan->offset + batch->n == (gint64) batcher->rows->n;
  for (int i = 0; i < batch->n; i++)
    {
      guint32 row = batcher->order[plan->offset + i];
      float *image = batch->images + (gsize) i * n_values;
      batch->labels[i] = dataset->labels[row];
      if (plan->augment->len == 0)
        {
          rf_dataset_get (dataset, row, image);
          continue;
        }
      rf_dataset_get_raw (dataset, row, image);
      rf_augment_apply (plan->augment, plan->seed, plan->epoch, row, dataset->shape, image,
                        batcher->scratch);
      rf_dataset_normalize (dataset, image);
    }
}

static void
advance (Plan *plan, const RfBatch *batch)
{
  plan->offset = batch->last ? 0 : batch->offset + batch->n;
  plan->epoch += batch->last;
}

static void
plan_clear (Plan *plan)
{
  g_clear_pointer (&plan->augment, g_ptr_array_unref);
}

static void *
run (void *data)
{
  RfBatcher *batcher = data;
  guint generation = 0;

  pthread_mutex_lock (&batcher->lock);
  for (;;)
    {
      while (!batcher->stop && generation == batcher->generation
             && (generation == 0 || batcher->n_ready + batcher->in_use == N_SLOTS))
        pthread_cond_wait (&batcher->freed, &batcher->lock);
      if (batcher->stop)
        break;
      if (generation != batcher->generation)
        {
          generation = batcher->generation;
          plan_clear (&batcher->plan);
          batcher->plan = batcher->next;
          batcher->next.augment = NULL;
        }
      RfBatch *batch = &batcher->slots[(batcher->head + batcher->n_ready) % N_SLOTS];
      pthread_mutex_unlock (&batcher->lock);
      make (batcher, batch);
      advance (&batcher->plan, batch);
      pthread_mutex_lock (&batcher->lock);
      if (generation == batcher->generation)
        {
          batcher->n_ready++;
          pthread_cond_signal (&batcher->ready);
        }
    }
  pthread_mutex_unlock (&batcher->lock);
  return NULL;
}

RfBatcher *
rf_batcher_new (RfDataset *dataset, int capacity, GError **error)
{
  g_return_val_if_fail (dataset != NULL && capacity > 0, NULL);

  const RfRows *rows = &dataset->splits[RF_SPLIT_TRAIN];
  if (rows->n == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s has no pictures to train on"),
                   dataset->title);
      return NULL;
    }

  /* No batch is larger than the split. */
  gsize n_images = MIN ((gsize) capacity, rows->n), n_values = RF_SHAPE_COUNT (dataset->shape);
  RfBatcher *batcher = g_new0 (RfBatcher, 1);
  batcher->dataset = rf_dataset_ref (dataset);
  batcher->rows = rows;
  batcher->capacity = capacity;
  pthread_mutex_init (&batcher->lock, NULL);
  pthread_cond_init (&batcher->ready, NULL);
  pthread_cond_init (&batcher->freed, NULL);
  batcher->stop = TRUE; /* no thread yet */
  batcher->order = g_new (guint32, rows->n);
  batcher->scratch = rf_floats_new (n_values);
  batcher->labels = g_new (gint32, N_SLOTS * n_images);
  batcher->images = rf_floats_try_new (N_SLOTS * n_images * n_values, error);
  for (gsize i = 0; i < N_SLOTS && batcher->images; i++)
    {
      batcher->slots[i].images = batcher->images + i * n_images * n_values;
      batcher->slots[i].labels = batcher->labels + i * n_images;
    }

  if (batcher->images)
    {
      batcher->stop = FALSE;
      int code = pthread_create (&batcher->thread, NULL, run, batcher);
      if (code == 0)
        return batcher;
      batcher->stop = TRUE;
      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                   _ ("a thread that makes batches cannot be started: %s"), g_strerror (code));
    }
  rf_batcher_free (batcher);
  return NULL;
}

void
rf_batcher_free (RfBatcher *batcher)
{
  if (!batcher)
    return;
  pthread_mutex_lock (&batcher->lock);
  gboolean running = !batcher->stop;
  batcher->stop = TRUE;
  pthread_cond_signal (&batcher->freed);
  pthread_mutex_unlock (&batcher->lock);
  if (running)
    pthread_join (batcher->thread, NULL);

  plan_clear (&batcher->next);
  plan_clear (&batcher->plan);
  pthread_cond_destroy (&batcher->freed);
  pthread_cond_destroy (&batcher->ready);
  pthread_mutex_destroy (&batcher->lock);
  rf_floats_free (batcher->images);
  rf_floats_free (batcher->scratch);
  g_free (batcher->labels);
  g_free (batcher->order);
  rf_dataset_unref (batcher->dataset);
  g_free (batcher);
}

void
rf_batcher_seek (RfBatcher *batcher, RfExperiment *experiment, gint64 epoch, gint64 offset)
{
  const RfTrainingConfig *training = &experiment->training;
  g_return_if_fail (batcher != NULL && epoch >= 1 && offset >= 0);
  g_return_if_fail (training->batch_size >= 1);
  g_return_if_fail (MIN (training->batch_size, (gint64) batcher->rows->n) <= batcher->capacity);

  gboolean over = offset >= (gint64) batcher->rows->n;
  Plan plan = {
    .augment = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_spec_free),
    .batch_size = training->batch_size,
    .seed = training->seed,
    .shuffle = training->shuffle,
    .epoch = over ? epoch + 1 : epoch,
    .offset = over ? 0 : offset,
  };
  for (guint i = 0; i < training->augment->len; i++)
    g_ptr_array_add (plan.augment, rf_spec_copy (g_ptr_array_index (training->augment, i)));

  pthread_mutex_lock (&batcher->lock);
  plan_clear (&batcher->next);
  batcher->next = plan;
  batcher->generation++;
  batcher->n_ready = 0;
  batcher->in_use = FALSE;
  batcher->n_waits = 0;
  batcher->waited = 0;
  pthread_cond_signal (&batcher->freed);
  pthread_mutex_unlock (&batcher->lock);
}

const RfBatch *
rf_batcher_next (RfBatcher *batcher)
{
  g_return_val_if_fail (batcher != NULL && batcher->next.batch_size > 0, NULL);

  pthread_mutex_lock (&batcher->lock);
  if (batcher->in_use)
    {
      batcher->in_use = FALSE;
      pthread_cond_signal (&batcher->freed);
    }
  if (batcher->n_ready == 0)
    {
      gint64 start = g_get_monotonic_time ();
      while (batcher->n_ready == 0)
        pthread_cond_wait (&batcher->ready, &batcher->lock);
      batcher->n_waits++;
      batcher->waited += g_get_monotonic_time () - start;
    }
  RfBatch *batch = &batcher->slots[batcher->head];
  batcher->head = (batcher->head + 1) % N_SLOTS;
  batcher->n_ready--;
  batcher->in_use = TRUE;
  pthread_mutex_unlock (&batcher->lock);
  return batch;
}

void
rf_batcher_waits (RfBatcher *batcher, gint64 *n_waits, double *seconds)
{
  pthread_mutex_lock (&batcher->lock);
  *n_waits = batcher->n_waits;
  *seconds = (double) batcher->waited / G_USEC_PER_SEC;
  pthread_mutex_unlock (&batcher->lock);
}
