/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How often to look inside while a network trains: 15 times a second, or less often, so that all
 * that it takes stays under a share of the training's time. A look holds up the trainer; painting
 * takes one of the processors on which it computes. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_INSIDE_SHORTEST (1 / 15.0) /* seconds from one look to the next */
#define RF_INSIDE_LONGEST  5.0
#define RF_INSIDE_SHARE    0.04 /* of the training's time; the promise is 0.05 */

typedef struct
{
  double look, paint; /* seconds each time, smoothed; 0: not measured yet */
} RfInsidePace;

void rf_inside_pace_looked (RfInsidePace *pace, double seconds);
/* @threads: on which the training computes. */
void rf_inside_pace_painted (RfInsidePace *pace, double seconds, int threads);
/* Seconds from the beginning of one look to the next. */
double rf_inside_pace_get_interval (const RfInsidePace *pace, gboolean training);

G_END_DECLS
