/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adagrad (Duchi, Hazan, Singer 2011), as torch.optim.Adagrad with no decay of the rate:
 *
 *   g ← g + weight_decay · w
 *   v ← v + g²
 *   w ← w − rate · g / (√v + eps) */

#include "model/optimizers/optimizer.h"
#include "model/optimizers/options.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  double learning_rate, eps, weight_decay;
} Config;

static const RfOption options[] = {
  RF_OPTIMIZER_RATE (Config, RF_OPTION_PLAIN, 0.01),
  RF_OPTIMIZER_EPSILON (Config, 1e-10),
  RF_OPTIMIZER_WEIGHT_DECAY (Config),
  { NULL },
};

static const char *const state_names[] = { "square_sum" };

static int
n_states (const void *config)
{
  return 1;
}

static void
update (const void *config, const RfUpdate *u, float *restrict w, float *restrict g, float **states,
        gsize n)
{
  const Config *c = config;
  float *restrict v = states[0];
  float rate = (float) u->rate, decay = (float) u->weight_decay, eps = (float) c->eps;

  for (gsize i = 0; i < n; i++)
    {
      float d = g[i] + decay * w[i];
      v[i] += d * d;
      w[i] -= rate * (d / (sqrtf (v[i]) + eps));
    }
}

const RfOptimizerClass rf_adagrad_optimizer = {
  .spec = { .type = "adagrad",
            .title = N_ ("Adagrad"),
            .summary = N_ ("Divides each gradient by the size of all gradients so far"),
            .config_size = sizeof (Config),
            .options = options },
  .n_states = n_states,
  .state_names = state_names,
  .update = update,
  .learning_rate = G_STRUCT_OFFSET (Config, learning_rate),
  .weight_decay = G_STRUCT_OFFSET (Config, weight_decay),
};
