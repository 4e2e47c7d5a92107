/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stochastic gradient descent with momentum, as torch.optim.SGD without dampening:
 *
 *   g ← g + weight_decay · w
 *   b ← momentum · b + g              (b starts at 0, so at first b = g)
 *   w ← w − rate · b                  or, with Nesterov, w − rate · (g + momentum · b)
 *
 * Without momentum the buffer is neither read nor written, and keeps what it had. */

#include "model/optimizers/optimizer.h"
#include "model/optimizers/options.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  double learning_rate, momentum, weight_decay;
  gboolean nesterov;
} Config;

static const RfOption options[] = {
  RF_OPTIMIZER_RATE (Config, RF_OPTION_REQUIRED, 0.01),
  { "momentum", RF_OPTION_NUMBER, RF_OPTION_LIVE, G_STRUCT_OFFSET (Config, momentum), 0, 0, 1, NULL,
    N_ ("Momentum"), N_ ("How much of the last update goes on into this one: b ← m·b + g") },
  { "nesterov", RF_OPTION_BOOL, RF_OPTION_LIVE, G_STRUCT_OFFSET (Config, nesterov), FALSE, 0, 1,
    NULL, N_ ("Nesterov"), N_ ("Looks ahead along the momentum: w ← w − rate·(g + m·b)") },
  RF_OPTIMIZER_WEIGHT_DECAY (Config),
  { NULL },
};

static const char *const state_names[] = { "momentum" };

static int
n_states (const void *config)
{
  return 1; /* momentum may be turned on at any step */
}

static void
update (const void *config, const RfUpdate *u, float *w, float *g, float **states, gsize n)
{
  const Config *c = config;

  u->kernels->sgd (w, g, states[0], n, (float) u->rate, (float) u->weight_decay,
                   (float) c->momentum, c->nesterov);
}

const RfOptimizerClass rf_sgd_optimizer = {
  .spec = { .type = "sgd",
            .title = N_ ("SGD"),
            .summary = N_ ("Steps against the gradient, with momentum if wanted"),
            .config_size = sizeof (Config),
            .options = options },
  .n_states = n_states,
  .state_names = state_names,
  .update = update,
  .learning_rate = G_STRUCT_OFFSET (Config, learning_rate),
  .weight_decay = G_STRUCT_OFFSET (Config, weight_decay),
};
