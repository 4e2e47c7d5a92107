/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Small networks for tests, written as the "layers" of an experiment. */

#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/net/net.h"

/* NULL with @error if the experiment or the network is refused. */
static inline RfNet *
build_net (const char *layers, RfShape input, RfKernelPath path, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "{\"dataset\": {\"id\": \"shapes\"}, \"network\": {\"input\": [%d, %d, %d], \"layers\": %s},"
      " \"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.1},"
      " \"batch_size\": 4, \"epochs\": 1}}",
      input.channels, input.height, input.width, layers);
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (text, -1, "test", ".", NULL, error);
  return experiment ? rf_net_new (experiment, (RfShape){ 0 }, path, error) : NULL;
}

/* A planned network with first weights, or an aborted test. */
static inline RfNet *
make_net (const char *layers, RfShape input, RfKernelPath path, int capacity, gboolean training)
{
  g_autoptr (GError) error = NULL;
  RfNet *net = build_net (layers, input, path, &error);
  g_assert_no_error (error);
  net->wants_input_gradient = training;
  rf_net_plan (net, capacity, training, &error);
  g_assert_no_error (error);
  rf_net_reset (net, 7);
  return net;
}

/* Normal numbers, the same for the same @seed. */
static inline float *
random_floats (gsize n, guint64 seed)
{
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  float *values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = rf_random_normal (&random);
  return values;
}

static inline const float *
run_forward (RfNet *net, const RfPass *pass, const float *x)
{
  rf_pool_enter (RF_POOL_TRAIN);
  const float *y = rf_net_forward (net, pass, x);
  rf_pool_leave ();
  return y;
}

static inline void
run_backward (RfNet *net, const RfPass *pass, const float *dy)
{
  rf_pool_enter (RF_POOL_TRAIN);
  rf_net_backward (net, pass, dy);
  rf_pool_leave ();
}
