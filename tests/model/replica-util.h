/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Replicas of small networks over pictures of 8×8 pixels in four classes: asking, waiting, and the
 * same computed by hand. */

#include "model/inspect/replica.h"
#include "tests/model/net-util.h"
#include "tests/model/trainer-util.h"

#define N_PIXELS 64
#define CLASSES  4

static inline void
keep_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  g_assert_null (*(GAsyncResult **) slot);
  *(GAsyncResult **) slot = g_object_ref (result);
}

static inline GAsyncResult *
wait_for (GAsyncResult **slot)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint clock = g_timeout_add (20, wake_up, NULL);
  while (!*slot && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (*slot);
  g_source_remove (clock);
  return *slot;
}

/* Lets the main loop do what it has to. */
static inline void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static inline RfReplica *
new_replica (RfExperiment *experiment)
{
  g_autoptr (GError) error = NULL;
  RfReplica *replica
      = rf_replica_new (experiment, (RfShape){ 1, 8, 8 }, rf_kernels_path (), &error);
  g_assert_no_error (error);
  return replica;
}

static inline RfView *
look (RfReplica *replica, const float *image, const guint *layers, guint n_layers)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  rf_replica_look_async (replica, image, layers, n_layers, NULL, keep_result, &result);
  RfView *view = rf_replica_look_finish (replica, wait_for (&result), &error);
  g_assert_no_error (error);
  return view;
}

/* A network with the same structure and other weights, as a replica plans it. */
static inline RfNet *
new_net (RfExperiment *experiment, guint64 seed)
{
  g_autoptr (GError) error = NULL;
  RfNet *net = rf_net_new (experiment, (RfShape){ 1, 8, 8 }, rf_kernels_path (), &error);
  g_assert_no_error (error);
  net->keeps_outputs = TRUE;
  g_assert_true (rf_net_plan (net, 1, TRUE, &error));
  rf_net_reset (net, seed);
  for (gsize i = 0; i < net->n_buffers; i++)
    net->buffers[i] += 0.1f * (float) (i % 7);
  return net;
}

static inline RfWeights *
copy_weights (const RfNet *net, gint64 step)
{
  RfWeightsBox *box = rf_weights_box_new ();
  g_assert_true (rf_weights_box_publish (box, net, step));
  RfWeights *weights = rf_weights_box_take (box);
  rf_weights_box_free (box);
  return weights;
}

static inline void
assert_sees (const RfView *view, RfNet *net, const float *image)
{
  RfPass pass = { 1, FALSE, 0, 0 };
  const float *logits = run_forward (net, &pass, image);
  double sum = 0;

  g_assert_cmpuint (view->n_classes, ==, CLASSES);
  g_assert_cmpmem (view->logits, CLASSES * sizeof (float), logits, CLASSES * sizeof (float));
  for (guint i = 0; i < CLASSES; i++)
    sum += view->probabilities[i];
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  for (guint i = 0; i < view->n_maps; i++)
    {
      const RfFeatureMaps *maps = &view->maps[i];
      const RfLayer *layer = net->layers->pdata[maps->layer];
      gsize size = RF_SHAPE_COUNT (layer->out) * sizeof (float);
      g_assert_cmpmem (&maps->shape, sizeof (RfShape), &layer->out, sizeof (RfShape));
      g_assert_cmpmem (maps->values, size, layer->y, size);
    }
}
