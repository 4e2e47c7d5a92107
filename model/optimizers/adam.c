/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adam, with the weight decay in the gradient; the rule is written in adam-rule.h. */

#include "model/optimizers/adam-rule.h"
#include "model/optimizers/options.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const RfOption rf_adam_options[] = {
  RF_OPTIMIZER_RATE (RfAdamConfig, RF_OPTION_PLAIN, 0.001),
  { "beta1", RF_OPTION_NUMBER, RF_OPTION_LIVE | RF_OPTION_BELOW,
    G_STRUCT_OFFSET (RfAdamConfig, beta1), 0.9, 0, 1, NULL, N_ ("Beta 1"),
    N_ ("How long gradients are remembered: m ← β₁·m + (1 − β₁)·g") },
  { "beta2", RF_OPTION_NUMBER, RF_OPTION_LIVE | RF_OPTION_BELOW,
    G_STRUCT_OFFSET (RfAdamConfig, beta2), 0.999, 0, 1, NULL, N_ ("Beta 2"),
    N_ ("How long squared gradients are remembered: v ← β₂·v + (1 − β₂)·g²") },
  RF_OPTIMIZER_EPSILON (RfAdamConfig, 1e-8),
  RF_OPTIMIZER_WEIGHT_DECAY (RfAdamConfig),
  { NULL },
};

const char *const rf_adam_state_names[] = { "average", "square_average" };

int
rf_adam_n_states (const void *config)
{
  return 2;
}

void
rf_adam_rule (const RfAdamConfig *config, const RfUpdate *update, float decay, float shrink,
              float *w, const float *g, float **states, gsize n)
{
  double correction1 = 1 - pow (config->beta1, (double) update->step);
  double correction2 = 1 - pow (config->beta2, (double) update->step);
  RfAdamFactors factors = {
    .rate = (float) (update->rate / correction1),
    .root = (float) sqrt (correction2),
    .beta1 = (float) config->beta1,
    .rest1 = (float) (1 - config->beta1),
    .beta2 = (float) config->beta2,
    .rest2 = (float) (1 - config->beta2),
    .eps = (float) config->eps,
    .decay = decay,
    .shrink = shrink,
  };

  update->kernels->adam (w, g, states[0], states[1], n, &factors);
}

static void
update (const void *config, const RfUpdate *u, float *w, float *g, float **states, gsize n)
{
  rf_adam_rule (config, u, (float) u->weight_decay, 1, w, g, states, n);
}

const RfOptimizerClass rf_adam_optimizer = {
  .spec = { .type = "adam",
            .title = N_ ("Adam"),
            .summary = N_ ("Averaged gradient over its recent size"),
            .config_size = sizeof (RfAdamConfig),
            .options = rf_adam_options },
  .n_states = rf_adam_n_states,
  .state_names = rf_adam_state_names,
  .update = update,
  .learning_rate = G_STRUCT_OFFSET (RfAdamConfig, learning_rate),
  .weight_decay = G_STRUCT_OFFSET (RfAdamConfig, weight_decay),
};
