/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cycle (Smith, Topin 2018), as torch's OneCycleLR with cosines, over the steps t = 0 … T − 1:
 * from 1 / start_divisor up to 1 at t = peak · T − 1, then down to 1 / (start_divisor ·
 * end_divisor) at t = T − 1. The momentum is left alone. */

#include "model/schedules/options.h"
#include "model/schedules/schedule.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  double peak, start_divisor, end_divisor;
  gint warmup_steps;
} Config;

static const RfOption options[] = {
  { "peak", RF_OPTION_NUMBER, RF_OPTION_PLAIN, G_STRUCT_OFFSET (Config, peak), 0.3, 0, 1, NULL,
    N_ ("Peak"), N_ ("When the learning rate is reached, as a fraction of the training") },
  { "start_divisor", RF_OPTION_NUMBER, RF_OPTION_LOG, G_STRUCT_OFFSET (Config, start_divisor), 25,
    1, 1e9, NULL, N_ ("Start divisor"), N_ ("It starts at the learning rate divided by this") },
  { "end_divisor", RF_OPTION_NUMBER, RF_OPTION_LOG, G_STRUCT_OFFSET (Config, end_divisor), 1e4, 1,
    1e9, NULL, N_ ("End divisor"), N_ ("It ends at its start divided by this") },
  RF_SCHEDULE_WARMUP (Config),
  { NULL },
};

static double
between (double from, double to, double fraction)
{
  return to + (from - to) / 2 * (1 + cos (G_PI * CLAMP (fraction, 0, 1)));
}

static double
factor (const void *config, const RfScheduleTime *time)
{
  const Config *c = config;
  double t = (double) (time->step - 1), end = (double) MAX (time->total_steps - 1, 0);
  double peak = CLAMP (c->peak * (end + 1) - 1, 0, end);
  double start = 1 / c->start_divisor;

  if (t < peak)
    return between (start, 1, t / peak);
  if (end > peak)
    return between (1, start / c->end_divisor, (t - peak) / (end - peak));
  return 1;
}

const RfScheduleClass rf_one_cycle_schedule = {
  .spec
  = { .type = "one_cycle",
      .title = N_ ("One cycle"),
      .summary = N_ ("Rises from a small rate to the learning rate, then falls to almost none"),
      .config_size = sizeof (Config),
      .options = options },
  .factor = factor,
  .warmup_steps = G_STRUCT_OFFSET (Config, warmup_steps),
};
