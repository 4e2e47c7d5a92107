/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names and defaults of a session. */

#include "model/playground/state.h"

#include "model/playground/js-number.h"

#include <string.h>

const char *const rf_play_activation_names[] = { "relu", "tanh", "sigmoid", "linear", NULL };
const char *const rf_play_regularization_names[] = { "none", "L1", "L2", NULL };
const char *const rf_play_dataset_names[] = { "circle", "xor", "gauss", "spiral", NULL };
const char *const rf_play_reg_dataset_names[] = { "reg-plane", "reg-gauss", NULL };
const char *const rf_play_problem_names[] = { "classification", "regression", NULL };
const char *const rf_play_feature_names[]
    = { "x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY", NULL };
const char *const rf_play_optimizer_names[] = { "sgd", "momentum", "rmsprop", "adam", NULL };

int
rf_play_find_name (const char *const *names, const char *name)
{
  for (int i = 0; names[i]; i++)
    if (g_str_equal (names[i], name))
      return i;
  return -1;
}

void
rf_play_state_init (RfPlayState *state)
{
  *state = (RfPlayState){
    .activation = RF_PLAY_TANH,
    .regularization = RF_PLAY_NONE,
    .dataset = RF_PLAY_CIRCLE,
    .reg_dataset = RF_PLAY_REG_PLANE,
    .problem = RF_PLAY_CLASSIFICATION,
    .batch_size = 10,
    .learning_rate = 0.03,
    .perc_train_data = 50,
    .n_layers = 2,
    .units = { 4, 2 },
    .seed = rf_js_fixed (g_random_double (), 5),
    .features = { [RF_PLAY_X] = TRUE, [RF_PLAY_Y] = TRUE },
    .optimizer = RF_PLAY_SGD,
    .momentum = 0.9,
  };
  for (int i = 0; i < RF_PLAY_MAX_LAYERS; i++)
    state->layer_activation[i] = RF_PLAY_COMMON_ACTIVATION;
}

static gpointer
copy_text (gconstpointer text, gpointer unused)
{
  return g_strdup (text);
}

void
rf_play_state_copy (const RfPlayState *state, RfPlayState *copy)
{
  *copy = *state;
  copy->seed = g_strdup (state->seed);
  copy->tutorial = g_strdup (state->tutorial);
  copy->hides = state->hides ? g_ptr_array_copy (state->hides, copy_text, NULL) : NULL;
  if (copy->hides)
    g_ptr_array_set_free_func (copy->hides, g_free);
}

void
rf_play_state_clear (RfPlayState *state)
{
  g_clear_pointer (&state->seed, g_free);
  g_clear_pointer (&state->tutorial, g_free);
  g_clear_pointer (&state->hides, g_ptr_array_unref);
}

char *
rf_play_escape (const char *text, gsize length, const char *others)
{
  GString *escaped = g_string_sized_new (length + 1);
  for (gsize i = 0; i < length; i++)
    {
      const guchar c = (guchar) text[i];
      if (c == '\t' || c == '\n' || c == '\r')
        continue;
      if (c < ' ' || c > '~' || strchr (" \"<>`", c) || strchr (others, c))
        g_string_append_printf (escaped, "%%%02X", c);
      else
        g_string_append_c (escaped, (char) c);
    }
  return g_string_free (escaped, FALSE);
}

void
rf_play_state_set_seed (RfPlayState *state, const char *seed)
{
  char *escaped = rf_play_escape (seed, strlen (seed), "#&=");
  if (!*escaped)
    {
      g_free (escaped);
      escaped = rf_js_fixed (g_random_double (), 5);
    }
  g_free (state->seed);
  state->seed = escaped;
}

RfPlayActivation
rf_play_state_get_activation (const RfPlayState *state, int layer)
{
  const int own = state->layer_activation[layer];
  return own == RF_PLAY_COMMON_ACTIVATION ? (RfPlayActivation) state->activation
                                          : (RfPlayActivation) own;
}

void
rf_play_state_get_penalties (const RfPlayState *state, double *l1, double *l2)
{
  const double rate = state->regularization_rate;
  *l1 = state->regularization == RF_PLAY_L1 ? rate : 0;
  *l2 = state->regularization == RF_PLAY_L2   ? rate
        : state->regularization == RF_PLAY_L1 ? state->l2_beside_l1
                                              : 0;
}

void
rf_play_state_set_penalties (RfPlayState *state, double l1, double l2)
{
  if (l1 != 0)
    {
      state->regularization = RF_PLAY_L1;
      state->regularization_rate = l1;
      state->l2_beside_l1 = l2;
      return;
    }
  state->l2_beside_l1 = 0;
  if (l2 != 0)
    state->regularization = RF_PLAY_L2;
  else
    state->regularization = RF_PLAY_NONE;
  state->regularization_rate = l2;
}
