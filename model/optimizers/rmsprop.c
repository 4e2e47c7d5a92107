/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RMSprop (Hinton's lecture 6e), not centred, as torch.optim.RMSprop:
 *
 *   g ← g + weight_decay · w
 *   v ← alpha · v + (1 − alpha) · g²
 *   d = g / (√v + eps)
 *   without momentum:  w ← w − rate · d
 *   with momentum:     b ← momentum · b + d,  w ← w − rate · b */

#include "model/optimizers/optimizer.h"
#include "model/optimizers/options.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  double learning_rate, alpha, eps, momentum, weight_decay;
} Config;

static const RfOption options[] = {
  RF_OPTIMIZER_RATE (Config, RF_OPTION_PLAIN, 0.01),
  { "alpha", RF_OPTION_NUMBER, RF_OPTION_LIVE, G_STRUCT_OFFSET (Config, alpha), 0.99, 0, 1, NULL,
    N_ ("Smoothing"), N_ ("How long squared gradients are remembered: v ← α·v + (1 − α)·g²") },
  RF_OPTIMIZER_EPSILON (Config, 1e-8),
  { "momentum", RF_OPTION_NUMBER, RF_OPTION_LIVE, G_STRUCT_OFFSET (Config, momentum), 0, 0, 1, NULL,
    N_ ("Momentum"), N_ ("How much of the last update goes on into this one: b ← m·b + g/√v") },
  RF_OPTIMIZER_WEIGHT_DECAY (Config),
  { NULL },
};

static const char *const state_names[] = { "square_average", "momentum" };

static int
n_states (const void *config)
{
  return 2; /* momentum may be turned on at any step */
}

static void
update (const void *config, const RfUpdate *u, float *restrict w, float *restrict g, float **states,
        gsize n)
{
  const Config *c = config;
  float *restrict v = states[0], *restrict buffer = states[1];
  float rate = (float) u->rate, decay = (float) u->weight_decay, momentum = (float) c->momentum;
  float alpha = (float) c->alpha, rest = (float) (1 - c->alpha), eps = (float) c->eps;

  if (momentum == 0)
    for (gsize i = 0; i < n; i++)
      {
        float d = g[i] + decay * w[i];
        v[i] = alpha * v[i] + rest * d * d;
        w[i] -= rate * (d / (sqrtf (v[i]) + eps));
      }
  else
    for (gsize i = 0; i < n; i++)
      {
        float d = g[i] + decay * w[i];
        v[i] = alpha * v[i] + rest * d * d;
        buffer[i] = momentum * buffer[i] + d / (sqrtf (v[i]) + eps);
        w[i] -= rate * buffer[i];
      }
}

const RfOptimizerClass rf_rmsprop_optimizer = {
  .spec = { .type = "rmsprop",
            .title = N_ ("RMSprop"),
            .summary = N_ ("Divides each gradient by its recent size"),
            .config_size = sizeof (Config),
            .options = options },
  .n_states = n_states,
  .state_names = state_names,
  .update = update,
  .learning_rate = G_STRUCT_OFFSET (Config, learning_rate),
  .weight_decay = G_STRUCT_OFFSET (Config, weight_decay),
};
