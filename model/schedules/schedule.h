/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/spec/spec.h"

G_BEGIN_DECLS

/* Where a step lies in the training, counted in steps of the batch size and the number of epochs
 * that are in force: a schedule follows the part of the training that is done, so that a change of
 * either moves its end, and not the place. */
typedef struct
{
  gint64 step; /* from 1 */
  gint64 steps_per_epoch;
  gint64 total_steps; /* epochs × steps_per_epoch */
  gint64 nth;         /* how many steps there have been with this one; 0: as many as @step says */
} RfScheduleTime;

typedef struct
{
  RfSpecClass spec; /* every class has warmup_steps */
  /* Factor of the learning rate at a step, before warm-up. */
  double (*factor) (const void *config, const RfScheduleTime *time);
  gsize warmup_steps; /* offset of a gint in the config */
} RfScheduleClass;

extern const RfScheduleClass *const rf_schedule_classes[];

/* The factor with its warm-up: rising linearly over the first warmup_steps steps, nth /
 * warmup_steps. */
double rf_schedule_factor (const RfSpec *schedule, const RfScheduleTime *time);

G_END_DECLS
