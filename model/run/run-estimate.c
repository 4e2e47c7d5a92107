/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run takes, from the shapes of its network alone. */

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/run/run-private.h"

#include <glib/gi18n-lib.h>

/* Batches in the batcher's ring, and the one of evaluation. */
#define N_BATCHES 4

/* Bytes of all that grows with the batch. */
static guint64
batch_memory (RfRun *self, int batch_size)
{
  gsize capacity = MIN ((gsize) batch_size, self->dataset->splits[RF_SPLIT_TRAIN].n);
  guint64 sample = N_BATCHES * RF_SHAPE_COUNT (self->dataset->shape) + self->dataset->n_classes;
  return rf_net_memory (self->shapes, (int) capacity, TRUE) + capacity * sample * sizeof (float);
}

gboolean
rf_run_check_batch_size (RfRun *self, int batch_size, GError **error)
{
  guint64 held = batch_memory (self, self->largest_batch);
  guint64 needed = batch_memory (self, batch_size), available = rf_memory_available ();
  if (needed <= held || needed - held <= available)
    return TRUE;
  g_autofree char *all = rf_format_bytes (needed);
  g_autofree char *free = rf_format_bytes (available + held);
  g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
               _ ("a batch size of %d would need %s of memory; there are %s"), batch_size, all,
               free);
  return FALSE;
}
