/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A schedule's factor with its warm-up. */

#include "model/schedules/schedule.h"

double
rf_schedule_factor (const RfSpec *schedule, const RfScheduleTime *time)
{
  const RfScheduleClass *klass = (const RfScheduleClass *) schedule->klass;
  gint warmup_steps = G_STRUCT_MEMBER (gint, schedule->config, klass->warmup_steps);
  double factor = klass->factor (schedule->config, time);
  gint64 nth = time->nth > 0 ? time->nth : time->step;
  if (nth < warmup_steps)
    factor *= (double) nth / warmup_steps;
  return factor;
}
