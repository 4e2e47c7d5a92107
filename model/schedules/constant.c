/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learning rate as it is set. */

#include "model/schedules/options.h"
#include "model/schedules/schedule.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  gint warmup_steps;
} Config;

static const RfOption options[] = {
  RF_SCHEDULE_WARMUP (Config),
  { NULL },
};

static double
factor (const void *config, const RfScheduleTime *time)
{
  return 1;
}

const RfScheduleClass rf_constant_schedule = {
  .spec = { .type = "constant",
            .title = N_ ("Constant"),
            .summary = N_ ("The learning rate as it is set"),
            .config_size = sizeof (Config),
            .options = options },
  .factor = factor,
  .warmup_steps = G_STRUCT_OFFSET (Config, warmup_steps),
};
