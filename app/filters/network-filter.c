/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The trainer hands over its weights after the step under way; a replica takes the filters out of
 * them, in its own thread. */

#include "app/filters/network-filter.h"

#include "model/base/error.h"
#include "model/inspect/replica.h"

#include <glib/gi18n-lib.h>

#define PATIENCE 30 /* seconds: a step of a large network takes its time */

typedef struct
{
  RfRun *run;
  RfReplica *replica;
  guint index;
  gulong handler;
  guint timer;
  RfNetworkFilterFunc func;
  gpointer data;
} Asking;

static void
answer (Asking *self, const RfKernel *kernel, const char *message)
{
  self->func (kernel, message, self->data);
  if (self->handler)
    g_signal_handler_disconnect (self->run, self->handler);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->replica);
  g_object_unref (self->run);
  g_free (self);
}

gboolean
rf_network_filter_to_kernel (const float *values, int channels, int height, int width,
                             RfKernel *kernel, GError **error)
{
  if (height > RF_KERNEL_MAX_SIDE || width > RF_KERNEL_MAX_SIDE || (channels != 1 && channels != 3))
    {
      g_set_error (
          error, RF_ERROR, RF_ERROR_SHAPE,
          _ ("Filters of %d×%d×%d cannot be shown here: a kernel has one or three channels "
             "and up to %d rows and columns."),
          channels, height, width, RF_KERNEL_MAX_SIDE);
      return FALSE;
    }
  const int n = height * width;
  rf_kernel_init (kernel, height, width);
  if (channels == 3)
    rf_kernel_set_mode (kernel, RF_KERNEL_COMBINED);
  for (int plane = 0; plane < channels; plane++)
    for (int cell = 0; cell < n; cell++)
      kernel->weights[plane][cell] = (double) values[plane * n + cell];
  return rf_kernel_check (kernel, error);
}

static void
filters_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfFilters) filters = rf_replica_filters_finish (RF_REPLICA (source), result, &error);
  RfKernel kernel;
  if (!filters)
    {
      answer (self, NULL, error ? error->message : "");
      return;
    }
  const int i = (int) (self->index % (guint) filters->n);
  const int n = filters->height * filters->width;
  const gboolean possible = rf_network_filter_to_kernel (
      filters->values + (gsize) (i * filters->channels * n), filters->channels, filters->height,
      filters->width, &kernel, &error);
  g_autofree char *step = g_strdup_printf ("%" G_GINT64_FORMAT, filters->step);
  g_autofree char *message = g_strdup_printf (_ ("Filter %d of %d, step %s"), i, filters->n, step);
  if (possible)
    answer (self, &kernel, message);
  else
    answer (self, NULL, error->message);
}

/* A run that was closed meanwhile has no weights to give. */
static gboolean
late_cb (gpointer data)
{
  Asking *self = data;
  self->timer = 0;
  answer (self, NULL, _ ("The network gave no weights."));
  return G_SOURCE_REMOVE;
}

static void
weights_cb (RfRun *run, RfWeights *weights, Asking *self)
{
  g_signal_handler_disconnect (run, self->handler);
  self->handler = 0;
  g_clear_handle_id (&self->timer, g_source_remove);
  rf_replica_set_weights (self->replica, weights);
  rf_replica_filters_async (self->replica, (guint) rf_replica_find_filters (self->replica), NULL,
                            filters_cb, self);
}

void
rf_network_filter_get (RfSession *session, guint index, RfNetworkFilterFunc func, gpointer data)
{
  g_return_if_fail (RF_IS_SESSION (session) && func);
  RfRun *run = rf_session_get_run (session);
  g_autoptr (GError) error = NULL;
  if (!run)
    {
      func (NULL, _ ("There is no network yet: open an experiment."), data);
      return;
    }
  g_autoptr (RfReplica) replica = rf_replica_new (
      rf_run_get_experiment (run), rf_run_get_dataset (run)->shape, rf_kernels_path (), &error);
  if (!replica || rf_replica_find_filters (replica) < 0)
    {
      func (NULL,
            error ? error->message : _ ("This network has no convolution, and so no filters."),
            data);
      return;
    }
  Asking *self = g_new0 (Asking, 1);
  *self = (Asking){ g_object_ref (run), g_steal_pointer (&replica), index, 0, 0, func, data };
  self->handler = g_signal_connect (run, "weights", G_CALLBACK (weights_cb), self);
  self->timer = g_timeout_add_seconds (PATIENCE, late_cb, self);
  rf_run_request_weights (run);
}
