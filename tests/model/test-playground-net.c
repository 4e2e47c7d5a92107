/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The network of the playground: gradients by finite differences, optimizers by their recurrences,
 * every kernel path to the bits of the plain loops. */

#include "model/playground/kernels.h"
#include "model/playground/playground.h"

#include <math.h>
#include <string.h>

static void
set_layers (RfPlayState *state, int n, const int *units)
{
  state->n_layers = n;
  memcpy (state->units, units, (gsize) n * sizeof (int));
}

static void
init_state (RfPlayState *state, const char *seed)
{
  rf_play_state_init (state);
  rf_play_state_set_seed (state, seed);
}

/* --- Gradients ------------------------------------------------------------------------------ */

/* The summed loss in training mode, with the masks that the points number 0, 1, … have. */
static double
training_loss (const RfPlayNet *net, const RfPlayTable *table, gsize n)
{
  g_autoptr (RfPlayNet) copy = rf_play_net_copy (net);
  const int last = rf_play_net_count_layers (net) - 1;
  double loss = 0;
  for (gsize i = 0; i < n; i++)
    {
      rf_play_net_accumulate (copy, table, i, 1);
      if (net->shape.output == RF_PLAY_OUTPUT_SOFTMAX)
        loss -= log (rf_play_net_get_last_output (copy, last, (int) table->labels[i]));
      else
        loss += 0.5 * pow (rf_play_net_get_last_output (copy, last, 0) - table->labels[i], 2);
    }
  return loss;
}

static void
check_gradients (const RfPlayState *state)
{
  const gsize n = 21;
  g_autoptr (RfPlayground) playground = rf_playground_new (state);
  RfPlayNet *net = playground->net;
  g_autoptr (RfPlayNet) trained = rf_play_net_copy (net);
  rf_play_net_accumulate (trained, playground->train, 0, n);

  for (int l = 0; l < net->n_layers; l++)
    for (int place = 0; place < (net->layers[l].n_in + 1) * net->layers[l].p_out; place++)
      {
        RfPlayLayer *layer = &net->layers[l];
        if (place % layer->p_out >= layer->n_out)
          continue;
        const double step = 1e-6, w = layer->w[place];
        layer->w[place] = w + step;
        const double above = training_loss (net, playground->train, n);
        layer->w[place] = w - step;
        const double below = training_loss (net, playground->train, n);
        layer->w[place] = w;
        const double want = (above - below) / (2 * step), got = trained->layers[l].g[place];
        if (!(fabs (got - want) <= 1e-6 * (1 + fabs (want))))
          g_error ("layer %d place %d: %g, by differences %g", l, place, got, want);
      }
}

static void
test_gradients (void)
{
  g_auto (RfPlayState) state = { 0 };
  init_state (&state, "gradients");
  state.features[RF_PLAY_SIN_X] = state.features[RF_PLAY_X_TIMES_Y] = TRUE;
  set_layers (&state, 3, (const int[]){ 5, 17, 3 });
  check_gradients (&state);

  state.layer_activation[0] = RF_PLAY_SIGMOID;
  state.layer_activation[1] = RF_PLAY_RELU;
  state.layer_activation[2] = RF_PLAY_LINEAR;
  state.problem = RF_PLAY_REGRESSION;
  check_gradients (&state);

  state.problem = RF_PLAY_CLASSIFICATION;
  state.dropout[0] = 0.5;
  state.dropout[1] = 0.3;
  for (state.n_classes = 3; state.n_classes <= 6; state.n_classes++)
    check_gradients (&state);
}

/* --- Kernels -------------------------------------------------------------------------------- */

static RfPlayground *
train_on (const RfPlayState *state, RfKernelPath path, RfPlayMeasure *measure)
{
  RfPlayground *playground = rf_playground_new (state);
  rf_play_net_set_kernels (playground->net, path);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 2);
  rf_playground_train (playground, RF_PLAYGROUND_POINT, 5);
  rf_playground_measure (playground, measure);
  return playground;
}

static void
assert_same_parameters (const RfPlayNet *a, const RfPlayNet *b)
{
  const int n = rf_play_net_count_parameters (a);
  g_assert_cmpint (n, ==, rf_play_net_count_parameters (b));
  g_autofree double *p = g_new (double, (gsize) n), *q = g_new (double, (gsize) n);
  rf_play_net_get_parameters (a, p);
  rf_play_net_get_parameters (b, q);
  g_assert_cmpmem (p, (gsize) n * sizeof (double), q, (gsize) n * sizeof (double));
}

#define SIDE 13

/* The pictures of all units but one, which is left out. */
static float *
draw_maps (const RfPlayground *playground)
{
  const gsize n_nodes = (gsize) rf_play_net_count_nodes (playground->net);
  g_autoptr (RfPlayTable) grid = rf_play_table_new_grid (SIDE, 6, playground->state.features);
  g_autofree float **maps = g_new0 (float *, n_nodes);
  float *pixels = g_new0 (float, n_nodes *SIDE *SIDE);
  for (gsize node = 1; node < n_nodes; node++)
    maps[node] = pixels + node * SIDE * SIDE;
  rf_play_net_draw_maps (playground->net, grid, maps);
  return pixels;
}

static void
assert_same_maps (const RfPlayground *a, const RfPlayground *b)
{
  const gsize n_pixels = (gsize) rf_play_net_count_nodes (a->net) * SIDE * SIDE;
  g_autofree float *p = draw_maps (a), *q = draw_maps (b);
  g_assert_cmpmem (p, n_pixels * sizeof (float), q, n_pixels * sizeof (float));
  g_assert_cmpfloat (p[n_pixels - 1], !=, 0);
}

static void
compare_kernels (const RfPlayState *state)
{
  RfPlayMeasure want, got;
  g_autoptr (RfPlayground) reference = train_on (state, RF_KERNELS_REFERENCE, &want);
  g_assert_true (isfinite (want.train_loss));
  for (RfKernelPath path = RF_KERNELS_PLAIN; path <= RF_KERNELS_AVX512; path++)
    if (rf_kernels_path_available (path))
      {
        g_autoptr (RfPlayground) fast = train_on (state, path, &got);
        assert_same_parameters (reference->net, fast->net);
        assert_same_maps (reference, fast);
        g_assert_true (want.train_loss == got.train_loss && want.test_loss == got.test_loss);
        g_assert_cmpint (want.weights.dead, ==, got.weights.dead);
        if (state->problem == RF_PLAY_CLASSIFICATION)
          g_assert_true (want.train_accuracy == got.train_accuracy);
      }
}

static void
test_kernels (void)
{
  for (int activation = 0; activation < RF_PLAY_N_ACTIVATIONS; activation++)
    for (int optimizer = 0; optimizer < RF_PLAY_N_OPTIMIZERS; optimizer++)
      {
        g_auto (RfPlayState) state = { 0 };
        init_state (&state, "kernels");
        state.activation = activation;
        state.optimizer = optimizer;
        state.batch_size = 7;
        state.learning_rate = optimizer == RF_PLAY_SGD ? 0.1 : 0.003;
        state.dataset = activation;
        state.features[RF_PLAY_SIN_Y] = TRUE;
        set_layers (&state, 4, (const int[]){ 1, 8, 9, 32 });
        compare_kernels (&state);

        state.problem = RF_PLAY_REGRESSION;
        state.learning_rate = 0.001;
        rf_play_state_set_penalties (&state, 0.1, 0);
        compare_kernels (&state);

        state.problem = RF_PLAY_CLASSIFICATION;
        state.n_classes = 3 + optimizer;
        state.dropout[1] = state.dropout[2] = 0.2;
        state.revive = TRUE;
        rf_play_state_set_penalties (&state, 0.01, 0.1);
        compare_kernels (&state);
      }
}

/* tanh and the logistic function over all ranges: a network without hidden layer is one of them. */
static void
test_vector_functions (void)
{
  g_auto (RfPlayState) state = { 0 };
  g_autofree RfPlayPoint *points = g_new (RfPlayPoint, 20000);
  init_state (&state, "functions");
  state.features[RF_PLAY_Y] = FALSE;
  set_layers (&state, 1, (const int[]){ 1 });
  for (int i = 0; i < 20000; i++)
    {
      const double scale = (double[]){ 1, 30, 800, 1e-7, 0.7 }[i % 5];
      points[i] = (RfPlayPoint){ scale * (i / 10000.0 - 1), 0, 1 };
    }
  points[0].x = 1;
  points[1].x = -1;
  points[2].x = 22;
  points[3].x = INFINITY;
  points[4].x = -INFINITY;
  points[5].x = NAN;
  g_autoptr (RfPlayData) data = rf_play_data_new (points, 20000, NULL, 0);

  for (int activation = RF_PLAY_TANH; activation <= RF_PLAY_SIGMOID; activation++)
    {
      state.activation = activation;
      g_autoptr (RfPlayground) playground = rf_playground_new_with_data (&state, data);
      rf_play_net_set_weight (playground->net, 0, 0, 0, 1);
      rf_play_net_set_bias (playground->net, 0, 0, 0);
      rf_play_net_set_kernels (playground->net, RF_KERNELS_REFERENCE);
      g_autofree float *want = g_new (float, 20000), *got = g_new (float, 20000);
      rf_play_net_draw_maps (playground->net, playground->train, (float *[]){ want, NULL });
      g_assert_true (isnan (want[5]));
      for (RfKernelPath path = RF_KERNELS_PLAIN; path <= RF_KERNELS_AVX512; path++)
        for (gsize i = 0; rf_kernels_path_available (path) && i < 20000; i++)
          {
            if (i == 0)
              {
                rf_play_net_set_kernels (playground->net, path);
                rf_play_net_draw_maps (playground->net, playground->train,
                                       (float *[]){ got, NULL });
              }
            g_assert_true (want[i] == got[i] || (isnan (want[i]) && isnan (got[i])));
          }
      /* To the last bit, point by point: twenty thousand steps on what they leave behind. */
      rf_play_net_set_kernels (playground->net, RF_KERNELS_REFERENCE);
      for (gsize i = 6; i < 20000; i++)
        {
          rf_play_net_accumulate (playground->net, playground->train, i, 1);
          const double y = rf_play_net_get_last_output (playground->net, 0, 0);
          rf_play_net_set_kernels (playground->net, rf_kernels_path ());
          rf_play_net_accumulate (playground->net, playground->train, i, 1);
          g_assert_true (y == rf_play_net_get_last_output (playground->net, 0, 0));
          rf_play_net_set_kernels (playground->net, RF_KERNELS_REFERENCE);
        }
    }
}

/* --- Rules ---------------------------------------------------------------------------------- */

/* A line through one point, whose gradient is known: w · 2 + b against 1. */
static void
test_optimizers (void)
{
  const RfPlayPoint point = { 2, 0, 1 };
  g_autoptr (RfPlayData) data = rf_play_data_new (&point, 1, NULL, 0);
  for (int optimizer = 0; optimizer < RF_PLAY_N_OPTIMIZERS; optimizer++)
    {
      g_auto (RfPlayState) state = { 0 };
      init_state (&state, "line");
      state.problem = RF_PLAY_REGRESSION;
      state.features[RF_PLAY_Y] = FALSE;
      state.optimizer = optimizer;
      state.learning_rate = 0.05;
      state.batch_size = 1;
      state.n_layers = 0;
      rf_play_state_set_penalties (&state, 0, 0.02);
      g_autoptr (RfPlayground) playground = rf_playground_new_with_data (&state, data);
      double p[2] = { rf_play_net_get_weight (playground->net, 0, 0, 0), 0.1 };
      double m[2] = { 0 }, v[2] = { 0 };
      for (int t = 1; t <= 40; t++)
        {
          const double error = p[0] * 2 + p[1] - 1, old = p[0];
          for (int k = 0; k < 2; k++)
            {
              const double g = k == 0 ? error * 2 : error;
              const double beta = optimizer == RF_PLAY_RMSPROP ? 0.99 : 0.999;
              m[k] = optimizer == RF_PLAY_ADAM ? 0.9 * m[k] + 0.1 * g : 0.9 * m[k] + g;
              v[k] = beta * v[k] + (1 - beta) * g * g;
              p[k] -= 0.05
                      * (optimizer == RF_PLAY_SGD        ? g
                         : optimizer == RF_PLAY_MOMENTUM ? m[k]
                         : optimizer == RF_PLAY_RMSPROP
                             ? g / (sqrt (v[k]) + 1e-8)
                             : m[k] / (1 - pow (0.9, t))
                                   / (sqrt (v[k] / (1 - pow (0.999, t))) + 1e-8));
            }
          p[0] -= 0.05 * 0.02 * old;
          rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 1);
          g_assert_cmpfloat_with_epsilon (rf_play_net_get_weight (playground->net, 0, 0, 0), p[0],
                                          1e-12);
          g_assert_cmpfloat_with_epsilon (rf_play_net_get_bias (playground->net, 0, 0), p[1],
                                          1e-12);
        }
    }
}

static void
test_dead_weights (void)
{
  g_auto (RfPlayState) state = { 0 };
  RfPlayMeasure measure;
  init_state (&state, "dead");
  rf_play_state_set_penalties (&state, 0.1, 0);
  g_autoptr (RfPlayground) playground = rf_playground_new (&state);
  RfPlayNet *net = playground->net;
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 50);
  rf_playground_measure (playground, &measure);
  const int dead = measure.weights.dead;
  g_assert_cmpint (dead, >, 4);
  g_assert_cmpint (measure.weights.zero, ==, dead);
  g_assert_cmpfloat_with_epsilon (measure.penalty, 0.1 * measure.weights.sum_abs, 1e-15);

  /* A dead weight keeps what it is given. */
  int layer = 0, unit = 0, input = 0;
  for (int i = 0; i < 8 && !rf_play_net_is_dead (net, 0, i / 2, i % 2); i++)
    {
      unit = (i + 1) / 2;
      input = (i + 1) % 2;
    }
  g_assert_true (rf_play_net_is_dead (net, layer, unit, input));
  rf_play_net_set_weight (net, layer, unit, input, 0.5);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 2);
  g_assert_cmpfloat (rf_play_net_get_weight (net, layer, unit, input), ==, 0.5);
  rf_play_net_revive (net);
  rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 1);
  g_assert_cmpfloat (rf_play_net_get_weight (net, layer, unit, input), !=, 0.5);

  /* With revival they come and go: none is dead. */
  state.revive = TRUE;
  g_autoptr (RfPlayground) alive = rf_playground_new (&state);
  rf_playground_train (alive, RF_PLAYGROUND_EPOCH, 50);
  rf_playground_measure (alive, &measure);
  g_assert_cmpint (measure.weights.dead, ==, 0);
}

static void
test_dropout (void)
{
  g_auto (RfPlayState) state = { 0 };
  init_state (&state, "dropout");
  set_layers (&state, 1, (const int[]){ 32 });
  state.dropout[0] = 0.25;
  g_autoptr (RfPlayground) playground = rf_playground_new (&state);
  int zeros = 0;
  for (gsize i = 0; i < playground->train->n; i++)
    {
      rf_play_net_accumulate (playground->net, playground->train, i, 1);
      for (int unit = 0; unit < 32; unit++)
        zeros += rf_play_net_get_last_output (playground->net, 0, unit) == 0;
    }
  const double rate = zeros / (32.0 * (double) playground->train->n);
  g_assert_cmpfloat_with_epsilon (rate, 0.25, 0.02);

  /* Off is as if it had never been; looking is without it. */
  g_autoptr (RfPlayground) with = rf_playground_new (&state);
  state.dropout[0] = 0;
  g_autoptr (RfPlayground) without = rf_playground_new (&state);
  g_assert_true (rf_play_net_measure (with->net, with->train, NULL)
                 == rf_play_net_measure (without->net, without->train, NULL));
  rf_play_net_set_dropout (with->net, 0, 0);
  rf_playground_train (with, RF_PLAYGROUND_EPOCH, 2);
  rf_playground_train (without, RF_PLAYGROUND_EPOCH, 2);
  assert_same_parameters (with->net, without->net);
}

static void
test_softmax_learns (void)
{
  for (int dataset = 0; dataset < RF_PLAY_N_DATASETS; dataset++)
    for (int n_classes = 3; n_classes <= 6; n_classes += 3)
      {
        g_auto (RfPlayState) state = { 0 };
        RfPlayMeasure measure;
        init_state (&state, "classes");
        state.dataset = dataset;
        state.n_classes = n_classes;
        state.optimizer = RF_PLAY_ADAM;
        state.learning_rate = 0.01;
        set_layers (&state, 2, (const int[]){ 16, 16 });
        g_autoptr (RfPlayground) playground = rf_playground_new (&state);
        rf_playground_train (playground, RF_PLAYGROUND_EPOCH, 300);
        rf_playground_measure (playground, &measure);
        g_test_message ("%s, %d classes: %g", rf_play_dataset_names[dataset], n_classes,
                        measure.train_accuracy);
        g_assert_cmpfloat (measure.train_accuracy, >, 0.8);
        g_assert_cmpfloat (measure.train_loss, <, 0.5);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playground-net/gradients", test_gradients);
  g_test_add_func ("/playground-net/kernels", test_kernels);
  g_test_add_func ("/playground-net/vector-functions", test_vector_functions);
  g_test_add_func ("/playground-net/optimizers", test_optimizers);
  g_test_add_func ("/playground-net/dead-weights", test_dead_weights);
  g_test_add_func ("/playground-net/dropout", test_dropout);
  g_test_add_func ("/playground-net/softmax-learns", test_softmax_learns);
  return g_test_run ();
}
