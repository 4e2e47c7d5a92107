/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Half a cosine from 1 down to a minimum (Loshchilov, Hutter 2017), as torch's CosineAnnealingLR
 * over all T steps: step t has minimum + (1 − minimum) · (1 + cos (π (t − 1) / T)) / 2. */

#include "model/schedules/options.h"
#include "model/schedules/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  double minimum;
  gint warmup_steps;
} Config;

static const RfOption options[] = {
  { "minimum", RF_OPTION_NUMBER, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, minimum), 0, 0, 1, NULL,
    N_ ("Minimum"), N_ ("Where it ends, as a fraction of the learning rate") },
  RF_SCHEDULE_WARMUP (Config),
  { NULL },
};

static double
factor (const void *config, const RfScheduleTime *time)
{
  const Config *c = config;
  double done = CLAMP ((double) (time->step - 1) / (double) MAX (time->total_steps, 1), 0, 1);
  return c->minimum + (1 - c->minimum) * (1 + cos (G_PI * done)) / 2;
}

const RfScheduleClass rf_cosine_schedule = {
  .spec = { .type = "cosine",
            .title = N_ ("Cosine"),
            .summary = N_ ("Falls along half a cosine over the whole training"),
            .config_size = sizeof (Config),
            .options = options },
  .factor = factor,
  .warmup_steps = G_STRUCT_OFFSET (Config, warmup_steps),
};
