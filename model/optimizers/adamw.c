/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AdamW: Adam (adam-rule.h) with a weight decay apart from the gradient. */

#include "model/optimizers/adam-rule.h"

#include <glib/gi18n-lib.h>

static void
update (const void *config, const RfUpdate *u, float *w, float *g, float **states, gsize n)
{
  rf_adam_rule (config, u, 0, (float) (1 - u->rate * u->weight_decay), w, g, states, n);
}

const RfOptimizerClass rf_adamw_optimizer = {
  .spec = { .type = "adamw",
            .title = N_ ("AdamW"),
            .summary = N_ ("Adam whose weight decay does not pass through its averages"),
            .config_size = sizeof (RfAdamConfig),
            .options = rf_adam_options },
  .n_states = rf_adam_n_states,
  .state_names = rf_adam_state_names,
  .update = update,
  .learning_rate = G_STRUCT_OFFSET (RfAdamConfig, learning_rate),
  .weight_decay = G_STRUCT_OFFSET (RfAdamConfig, weight_decay),
};
