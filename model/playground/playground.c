/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The order in which the original does things: seed, points, shuffle, weights; and when it starts
 * what anew. */

#include "model/playground/playground.h"

#include "model/playground/js-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* --- Building ------------------------------------------------------------------------------- */

static RfPlayOutput
output_of (const RfPlayState *state)
{
  if (state->problem == RF_PLAY_REGRESSION)
    return RF_PLAY_OUTPUT_LINEAR;
  return state->n_classes ? RF_PLAY_OUTPUT_SOFTMAX : RF_PLAY_OUTPUT_TANH;
}

static void
describe (const RfPlayState *state, RfPlayShape *shape)
{
  *shape = (RfPlayShape){
    .n_layers = state->n_layers,
    .output = output_of (state),
  };
  for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
    shape->n_inputs += state->features[f] != 0;
  for (int l = 0; l < state->n_layers; l++)
    {
      shape->units[l] = state->units[l];
      shape->activation[l] = rf_play_state_get_activation (state, l);
      shape->dropout[l] = state->dropout[l];
    }
  shape->n_outputs = shape->output == RF_PLAY_OUTPUT_SOFTMAX ? state->n_classes : 1;
}

static void
build_tables (RfPlayground *playground)
{
  const RfPlayData *data = playground->data;
  const gboolean *features = playground->state.features;
  g_clear_pointer (&playground->train, rf_play_table_unref);
  g_clear_pointer (&playground->test, rf_play_table_unref);
  playground->train = rf_play_table_new (data->train, data->n_train, features);
  playground->test = rf_play_table_new (data->test, data->n_test, features);
}

void
rf_playground_reset (RfPlayground *playground)
{
  const gboolean with_history = playground->history != NULL;
  RfPlayShape shape;
  describe (&playground->state, &shape);
  g_clear_pointer (&playground->net, rf_play_net_free);
  playground->net = rf_play_net_new (&shape, &playground->random, playground->state.init_zero,
                                     g_str_hash (playground->state.seed));
  playground->epoch = 0;
  playground->position = 0;
  rf_playground_keep_history (playground, FALSE);
  rf_playground_keep_history (playground, with_history);
}

static void
draw_all (RfPlayground *playground)
{
  rf_seed_random_init (&playground->random, playground->state.seed);
  g_clear_pointer (&playground->data, rf_play_data_unref);
  playground->data = rf_play_data_generate (&playground->state, &playground->random);
  build_tables (playground);
  rf_playground_reset (playground);
}

RfPlayground *
rf_playground_new (const RfPlayState *state)
{
  RfPlayground *playground = g_new0 (RfPlayground, 1);
  rf_play_state_copy (state, &playground->state);
  draw_all (playground);
  return playground;
}

RfPlayground *
rf_playground_new_with_data (const RfPlayState *state, const RfPlayData *data)
{
  RfPlayground *playground = g_new0 (RfPlayground, 1);
  rf_play_state_copy (state, &playground->state);
  rf_seed_random_init (&playground->random, state->seed);
  playground->data = rf_play_data_ref (data);
  build_tables (playground);
  rf_playground_reset (playground);
  return playground;
}

RfPlayground *
rf_playground_copy (const RfPlayground *playground)
{
  RfPlayground *copy = g_memdup2 (playground, sizeof *playground);
  rf_play_state_copy (&playground->state, &copy->state);
  copy->data = rf_play_data_ref (playground->data);
  copy->train = rf_play_table_ref (playground->train);
  copy->test = rf_play_table_ref (playground->test);
  copy->net = rf_play_net_copy (playground->net);
  copy->history = playground->history ? rf_play_history_copy (playground->history) : NULL;
  return copy;
}

void
rf_playground_free (RfPlayground *playground)
{
  if (!playground)
    return;
  rf_play_state_clear (&playground->state);
  rf_play_data_unref (playground->data);
  rf_play_table_unref (playground->train);
  rf_play_table_unref (playground->test);
  rf_play_net_free (playground->net);
  g_clear_pointer (&playground->history, rf_play_history_free);
  g_free (playground);
}

/* --- Changing ------------------------------------------------------------------------------- */

void
rf_playground_regenerate (RfPlayground *playground)
{
  g_free (playground->state.seed);
  playground->state.seed = rf_js_fixed (rf_seed_random_next (&playground->random), 5);
  draw_all (playground);
}

/* Numbers of a link may be NaN, which has not changed if it still is. */
static gboolean
differ (double a, double b)
{
  return a != b && !(isnan (a) && isnan (b));
}

static gboolean
points_differ (const RfPlayState *a, const RfPlayState *b)
{
  return a->problem != b->problem || a->dataset != b->dataset || a->reg_dataset != b->reg_dataset
         || a->n_classes != b->n_classes || differ (a->noise, b->noise)
         || differ (a->perc_train_data, b->perc_train_data);
}

static gboolean
features_differ (const RfPlayState *a, const RfPlayState *b)
{
  for (int f = 0; f < RF_PLAY_N_FEATURES; f++)
    if (!a->features[f] != !b->features[f])
      return TRUE;
  return FALSE;
}

static gboolean
networks_differ (const RfPlayState *a, const RfPlayState *b)
{
  if (features_differ (a, b) || a->n_layers != b->n_layers || !a->init_zero != !b->init_zero)
    return TRUE;
  for (int l = 0; l < a->n_layers; l++)
    if (a->units[l] != b->units[l]
        || rf_play_state_get_activation (a, l) != rf_play_state_get_activation (b, l))
      return TRUE;
  return FALSE;
}

static gboolean
rules_differ (const RfPlayState *a, const RfPlayState *b)
{
  return a->regularization != b->regularization || differ (a->batch_size, b->batch_size)
         || differ (a->regularization_rate, b->regularization_rate);
}

RfPlaygroundChange
rf_playground_change (RfPlayground *playground, const RfPlayState *state, gboolean as_original)
{
  RfPlayState old = playground->state;
  RfPlaygroundChange change = RF_PLAYGROUND_KEPT;
  rf_play_state_copy (state, &playground->state);

  if (!g_str_equal (state->seed, old.seed))
    {
      draw_all (playground);
      change = RF_PLAYGROUND_REGENERATED;
    }
  else if (points_differ (state, &old))
    {
      rf_playground_regenerate (playground);
      change = RF_PLAYGROUND_REGENERATED;
    }
  else if (networks_differ (state, &old) || (as_original && rules_differ (state, &old)))
    {
      if (features_differ (state, &old))
        build_tables (playground);
      rf_playground_reset (playground);
      change = RF_PLAYGROUND_RESET;
    }
  else
    for (int l = 0; l < state->n_layers; l++)
      rf_play_net_set_dropout (playground->net, l, state->dropout[l]);
  rf_play_state_clear (&old);
  return change;
}

void
rf_playground_set_data (RfPlayground *playground, const RfPlayData *data)
{
  RfPlayData *old = playground->data;
  playground->data = rf_play_data_ref (data);
  rf_play_data_unref (old);
  build_tables (playground);
  playground->position = 0;
}

void
rf_playground_keep_history (RfPlayground *playground, gboolean keep)
{
  if (!keep)
    g_clear_pointer (&playground->history, rf_play_history_free);
  else if (!playground->history)
    {
      playground->history = rf_play_history_new (rf_play_net_count_parameters (playground->net));
      rf_play_history_offer (playground->history, playground->epoch, playground->net);
    }
}

/* --- Training ------------------------------------------------------------------------------- */

/* The number, from 1, of the next point of an epoch of @n after which "number % batch === 0", or
 * n + 1. A link may have made the batch size anything; JavaScript's remainder is fmod. */
static gsize
next_update (gsize position, gsize n, double batch)
{
  const double size = fabs (batch);
  if (size >= 1 && size <= 1e9 && size == floor (size))
    {
      const gsize whole = (gsize) size, next = (position / whole + 1) * whole;
      return MIN (next, n + 1);
    }
  for (gsize number = position + 1; number <= n; number++)
    if (fmod ((double) number, batch) == 0)
      return number;
  return n + 1;
}

static void
end_epoch (RfPlayground *playground)
{
  playground->position = 0;
  playground->epoch++;
  if (playground->history)
    rf_play_history_offer (playground->history, playground->epoch, playground->net);
}

/* Up to @limit points, but not beyond the next update or the end of the epoch. Returns how many. */
static gsize
take_points (RfPlayground *playground, const RfPlayRates *rates, gsize limit)
{
  const gsize n = playground->train->n, first = playground->position;
  const gsize update = next_update (first, n, playground->state.batch_size);
  const gsize end = MIN (MIN (update, n), limit < n - first ? first + limit : n);
  rf_play_net_accumulate (playground->net, playground->train, first, end - first);
  playground->position = end;
  if (end == update)
    rf_play_net_update (playground->net, rates);
  if (end == n)
    end_epoch (playground);
  return end - first;
}

static RfPlayRates
get_rates (const RfPlayState *state)
{
  RfPlayRates rates = {
    .learning_rate = state->learning_rate,
    .optimizer = state->optimizer,
    .momentum = state->momentum,
    .revive = state->revive,
  };
  rf_play_state_get_penalties (state, &rates.l1, &rates.l2);
  return rates;
}

void
rf_playground_train_some (RfPlayground *playground, guint64 last, gsize n_points)
{
  const RfPlayRates rates = get_rates (&playground->state);
  const gsize whole = n_points / MAX (playground->train->n, 1);
  const guint64 end = MIN (last, playground->epoch + MAX (whole, 1));
  for (gsize left = MAX (n_points, 1); playground->epoch < end && left > 0;)
    left -= take_points (playground, &rates, left);
}

void
rf_playground_train (RfPlayground *playground, RfPlaygroundStep step, guint64 count)
{
  const RfPlayRates rates = get_rates (&playground->state);
  for (guint64 i = 0; i < count; i++)
    if (step == RF_PLAYGROUND_EPOCH)
      for (const guint64 epoch = playground->epoch; playground->epoch == epoch;)
        take_points (playground, &rates, G_MAXSIZE);
    else
      take_points (playground, &rates, step == RF_PLAYGROUND_POINT ? 1 : G_MAXSIZE);
}

/* --- Measuring ------------------------------------------------------------------------------ */

void
rf_playground_measure (const RfPlayground *playground, RfPlayMeasure *measure)
{
  double l1, l2;
  rf_play_state_get_penalties (&playground->state, &l1, &l2);
  measure->train_loss
      = rf_play_net_measure (playground->net, playground->train, &measure->train_accuracy);
  measure->test_loss
      = rf_play_net_measure (playground->net, playground->test, &measure->test_accuracy);
  rf_play_net_sum_weights (playground->net, &measure->weights);
  measure->penalty = l1 * measure->weights.sum_abs + 0.5 * l2 * measure->weights.sum_squares;
}

/* The next smaller rate that the original offers. */
static double
smaller_rate (double rate)
{
  static const double rates[] = { 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0001 };
  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++)
    if (rates[i] < rate)
      return rates[i];
  return 0.00001;
}

static gboolean
has_unbounded_units (const RfPlayState *state)
{
  if (state->problem == RF_PLAY_REGRESSION)
    return TRUE;
  for (int l = 0; l < state->n_layers; l++)
    {
      const RfPlayActivation activation = rf_play_state_get_activation (state, l);
      if (activation == RF_PLAY_RELU || activation == RF_PLAY_LINEAR)
        return TRUE;
    }
  return FALSE;
}

static char *
explain_rates (const RfPlayState *state)
{
  double l1, l2;
  rf_play_state_get_penalties (state, &l1, &l2);
  const double rate = state->learning_rate, shrink = fabs (1 - rate * l2);
  g_autofree char *shown = rf_js_text (rate), *smaller = rf_js_text (smaller_rate (rate));
  if (!isfinite (rate) || !isfinite (l1) || !isfinite (l2))
    return g_strdup (_ ("The learning rate or the regularization rate is not a finite number."));
  if (shrink > 1)
    {
      g_autofree char *penalty = rf_js_text (l2);
      return g_strdup_printf (_ ("With learning rate %s and L2 rate %s each update overshoots zero "
                                 "and makes weights larger; the product of the two rates must "
                                 "stay below 2."),
                              shown, penalty);
    }
  if (has_unbounded_units (state))
    return g_strdup_printf (_ ("With learning rate %s each step overshoots by more than the one "
                               "before, and nothing bounds the outputs of ReLU, linear and "
                               "regression units. Try %s or less, smaller features, or tanh."),
                            shown, smaller);
  return g_strdup_printf (
      _ ("With learning rate %s each step overshoots by more than the one before. "
         "Try %s or less."),
      shown, smaller);
}

char *
rf_playground_explain (const RfPlayground *playground)
{
  int layer, unit;
  if (!rf_play_net_find_not_finite (playground->net, &layer, &unit))
    {
      const double loss = rf_play_net_measure (playground->net, playground->train, NULL);
      if (playground->train->n == 0 || isfinite (loss))
        return NULL;
      g_autofree char *reason = explain_rates (&playground->state);
      return g_strdup_printf (_ ("The loss is larger than any number. %s"), reason);
    }

  g_autofree char *reason = explain_rates (&playground->state);
  /* TRANSLATORS: the last %s is a sentence that says why. */
  return layer < playground->state.n_layers
             ? g_strdup_printf (_ ("Neuron %d of hidden layer %d no longer has finite weights. %s"),
                                unit + 1, layer + 1, reason)
             : g_strdup_printf (_ ("Output %d no longer has finite weights. %s"), unit + 1, reason);
}
