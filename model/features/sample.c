/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/features/sample.h"

#include "model/base/random.h"

void
rf_sample_init (RfSample *self, RfDataset *dataset, RfSplit split, gsize n, guint64 seed)
{
  const RfRows *rows = &dataset->splits[split];
  RfRandom random = rf_random (seed, RF_RANDOM_EXAMINE, 0, 0);
  *self = (RfSample){
    .dataset = rf_dataset_ref (dataset),
    .rows = g_memdup2 (rows->rows, rows->n * sizeof (guint32)),
    .n = MIN (n, rows->n),
    .batch = g_new (float, RF_SPECIMEN_BATCH *RF_SHAPE_COUNT (dataset->shape)),
  };
  rf_random_shuffle (&random, self->rows, rows->n);
}

void
rf_sample_clear (RfSample *self)
{
  g_clear_pointer (&self->dataset, rf_dataset_unref);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->batch, g_free);
}

int
rf_sample_forward (RfSample *self, RfSpecimen *specimen)
{
  const int n = (int) MIN (self->n - self->done, RF_SPECIMEN_BATCH);
  const gsize size = RF_SHAPE_COUNT (self->dataset->shape);
  g_return_val_if_fail (size == RF_SHAPE_COUNT (rf_specimen_get_net (specimen)->input), 0);
  for (int i = 0; i < n; i++)
    rf_dataset_get (self->dataset, self->rows[self->done + (gsize) i],
                    self->batch + (gsize) i * size);
  if (n > 0)
    rf_specimen_forward (specimen, self->batch, n);
  return n;
}

double
rf_sample_get_progress (const RfSample *self)
{
  return self->n > 0 ? (double) self->done / (double) self->n : 1;
}
