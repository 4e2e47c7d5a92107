/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy is in one of three places: with its readers, who count references and of which the box's
 * own slot is one; on the pile of spare ones; or with the publisher, who fills it. One that waits
 * unread in the slot is outdated when the next is published, and is filled first. A copy with
 * readers keeps the box alive, since it must have somewhere to come back to. */

#include "model/inspect/weights.h"
#include "model/base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define N_SPARE 3

struct _RfWeights
{
  atomic_int references;
  RfWeightsBox *box;
  gint64 step;
  double seconds;
  gsize n_weights, n_buffers;
  float *values; /* [n_weights + n_buffers] */
};

struct _RfWeightsBox
{
  atomic_int references; /* the owner's, and one for each copy that is not spare */
  pthread_mutex_t mutex;
  RfWeights *newest;
  RfWeights *spare[N_SPARE];
  guint n_spare;
  gboolean closed; /* nothing will be published any more */
};

/* --- A copy --------------------------------------------------------------------------------- */

static RfWeights *
weights_new (RfWeightsBox *box, const RfNet *net)
{
  float *values = rf_floats_try_new (net->n_weights + net->n_buffers, NULL);
  if (!values)
    return NULL;
  RfWeights *self = g_new0 (RfWeights, 1);
  self->box = box;
  self->n_weights = net->n_weights;
  self->n_buffers = net->n_buffers;
  self->values = values;
  return self;
}

static void
weights_free (RfWeights *self)
{
  rf_floats_free (self->values);
  g_free (self);
}

static void
box_unref (RfWeightsBox *box)
{
  if (atomic_fetch_sub (&box->references, 1) > 1)
    return;
  g_assert (!box->newest && box->n_spare == 0);
  pthread_mutex_destroy (&box->mutex);
  g_free (box);
}

RfWeights *
rf_weights_ref (RfWeights *self)
{
  g_return_val_if_fail (self, NULL);
  atomic_fetch_add (&self->references, 1);
  return self;
}

void
rf_weights_unref (RfWeights *self)
{
  g_return_if_fail (self);
  if (atomic_fetch_sub (&self->references, 1) > 1)
    return;

  RfWeightsBox *box = self->box;
  pthread_mutex_lock (&box->mutex);
  gboolean keep = !box->closed && box->n_spare < N_SPARE;
  if (keep)
    box->spare[box->n_spare++] = self;
  pthread_mutex_unlock (&box->mutex);
  if (!keep)
    weights_free (self);
  box_unref (box);
}

gint64
rf_weights_get_step (const RfWeights *self)
{
  g_return_val_if_fail (self, 0);
  return self->step;
}

double
rf_weights_get_seconds (const RfWeights *self)
{
  g_return_val_if_fail (self, 0);
  return self->seconds;
}

gboolean
rf_weights_fit (const RfWeights *self, const RfNet *net)
{
  g_return_val_if_fail (self && net, FALSE);
  return self->n_weights == net->n_weights && self->n_buffers == net->n_buffers;
}

void
rf_weights_copy_to (const RfWeights *self, RfNet *net)
{
  g_return_if_fail (rf_weights_fit (self, net) && net->weights && net->buffers);
  memcpy (net->weights, self->values, self->n_weights * sizeof (float));
  memcpy (net->buffers, self->values + self->n_weights, self->n_buffers * sizeof (float));
}

/* --- The box -------------------------------------------------------------------------------- */

RfWeightsBox *
rf_weights_box_new (void)
{
  RfWeightsBox *box = g_new0 (RfWeightsBox, 1);
  pthread_mutex_init (&box->mutex, NULL);
  atomic_init (&box->references, 1);
  return box;
}

void
rf_weights_box_free (RfWeightsBox *box)
{
  if (!box)
    return;
  pthread_mutex_lock (&box->mutex);
  RfWeights *newest = g_steal_pointer (&box->newest);
  box->closed = TRUE;
  while (box->n_spare > 0)
    weights_free (box->spare[--box->n_spare]);
  pthread_mutex_unlock (&box->mutex);
  g_clear_pointer (&newest, rf_weights_unref);
  box_unref (box);
}

RfWeights *
rf_weights_box_take (RfWeightsBox *box)
{
  g_return_val_if_fail (box, NULL);
  pthread_mutex_lock (&box->mutex);
  RfWeights *newest = g_steal_pointer (&box->newest);
  pthread_mutex_unlock (&box->mutex);
  return newest;
}

/* A copy to be filled, with the reference that will be the slot's. */
static RfWeights *
take_free (RfWeightsBox *box, const RfNet *net)
{
  RfWeights *self = rf_weights_box_take (box);
  if (self)
    return self;
  pthread_mutex_lock (&box->mutex);
  if (box->n_spare > 0)
    self = box->spare[--box->n_spare];
  pthread_mutex_unlock (&box->mutex);
  if (!self && !(self = weights_new (box, net)))
    return NULL;
  atomic_store (&self->references, 1);
  atomic_fetch_add (&box->references, 1);
  return self;
}

gboolean
rf_weights_box_publish (RfWeightsBox *box, const RfNet *net, gint64 step)
{
  g_return_val_if_fail (box && net && net->weights && net->buffers, FALSE);
  gint64 start = g_get_monotonic_time ();
  RfWeights *self = take_free (box, net);
  if (!self)
    return FALSE;
  g_assert (rf_weights_fit (self, net));
  self->step = step;
  memcpy (self->values, net->weights, self->n_weights * sizeof (float));
  memcpy (self->values + self->n_weights, net->buffers, self->n_buffers * sizeof (float));
  self->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  pthread_mutex_lock (&box->mutex);
  box->newest = self;
  pthread_mutex_unlock (&box->mutex);
  return TRUE;
}
