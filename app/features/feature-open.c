/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Networks from files, each in a thread of its own. The one before stays until the new one is there
 * with its weights, and for good if that fails. */

#include "app/features/feature-bench-private.h"

#include "app/settings.h"
#include "model/run/background.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RfFeatureBench *bench;
  guint number;
  char *path, *data_folder;
  RfExperiment *base;
  RfShape base_input;
  RfFeatureNet *net;
  RfReplica *replica;
  GError *error;
} Opening;

static void
opening_free (Opening *opening)
{
  g_clear_pointer (&opening->base, rf_experiment_unref);
  g_clear_pointer (&opening->net, rf_feature_net_free);
  g_clear_object (&opening->replica);
  g_clear_error (&opening->error);
  g_free (opening->path);
  g_free (opening->data_folder);
  rf_feature_bench_count_loading (opening->bench, -1);
  g_object_unref (opening->bench);
  g_free (opening);
}

static void
arrive (Opening *opening)
{
  RfFeatureBench *self = opening->bench;
  if (opening->number != self->newest_net)
    return;
  if (opening->error)
    {
      rf_feature_bench_fail (self, opening->error->message);
      return;
    }
  rf_inside_feed_set_replica (self->feed, opening->replica);
  g_free (self->path);
  self->path = g_steal_pointer (&opening->path);
  rf_feature_bench_begin_with (self, g_steal_pointer (&opening->net));
}

static void
weights_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  rf_replica_load_checkpoint_finish (RF_REPLICA (source), result, &opening->error);
  arrive (opening);
  opening_free (opening);
}

static void
load_in_thread (gpointer data)
{
  Opening *opening = data;
  opening->net = rf_feature_net_load (opening->path, opening->base, opening->base_input,
                                      opening->data_folder, &opening->error);
}

static void
loaded_cb (gpointer data)
{
  Opening *opening = data;
  const RfFeatureNet *net = opening->net;
  if (net)
    opening->replica
        = rf_replica_new (net->experiment, net->input, rf_kernels_path (), &opening->error);
  if (opening->replica && net->weights)
    {
      rf_replica_load_checkpoint_async (opening->replica, net->weights, 0, NULL, weights_cb,
                                        opening);
      return;
    }
  arrive (opening);
  opening_free (opening);
}

void
rf_feature_bench_load_net (RfFeatureBench *self, const char *path)
{
  Opening *opening = g_new0 (Opening, 1);
  opening->bench = g_object_ref (self);
  opening->number = ++self->newest_net;
  opening->path = g_strdup (path);
  GSettings *settings = rf_settings_get ();
  g_autofree char *data = settings ? g_settings_get_string (settings, "data-folder") : NULL;
  if (data && *data)
    opening->data_folder = g_steal_pointer (&data);
  if (self->net)
    {
      opening->base = rf_experiment_ref (self->net->experiment);
      opening->base_input = self->net->input;
    }
  rf_feature_bench_count_loading (self, 1);
  if (rf_background_run (load_in_thread, loaded_cb, opening))
    return;
  opening_free (opening);
  rf_feature_bench_fail (self, _ ("There is no thread to be had for reading the network."));
}
