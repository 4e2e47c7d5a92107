/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps down, as torch's StepLR: factor^⌊epochs done / every⌋. */

#include "model/schedules/options.h"
#include "model/schedules/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  gint every, warmup_steps;
  double factor;
} Config;

static const RfOption options[] = {
  { "every", RF_OPTION_INT, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, every), 10, 1, 1000000, NULL,
    N_ ("Every"), N_ ("Epochs from one step down to the next") },
  { "factor", RF_OPTION_NUMBER, RF_OPTION_LOG, G_STRUCT_OFFSET (Config, factor), 0.1, 0, 1, NULL,
    N_ ("Factor"), N_ ("What the learning rate is multiplied by at each step down") },
  RF_SCHEDULE_WARMUP (Config),
  { NULL },
};

static double
factor (const void *config, const RfScheduleTime *time)
{
  const Config *c = config;
  gint64 epochs_done = (time->step - 1) / MAX (time->steps_per_epoch, 1);
  return pow (c->factor, (double) (epochs_done / c->every));
}

const RfScheduleClass rf_step_schedule = {
  .spec = { .type = "step",
            .title = N_ ("Steps"),
            .summary = N_ ("Falls by a factor every few epochs"),
            .config_size = sizeof (Config),
            .options = options },
  .factor = factor,
  .warmup_steps = G_STRUCT_OFFSET (Config, warmup_steps),
};
