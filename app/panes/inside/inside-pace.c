/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/inside/inside-pace.h"

/* One that took unusually long, as the first may, is soon forgotten. */
static double
smooth (double before, double seconds)
{
  return before > 0 ? before + 0.25 * (seconds - before) : seconds;
}

void
rf_inside_pace_looked (RfInsidePace *pace, double seconds)
{
  pace->look = smooth (pace->look, seconds);
}

void
rf_inside_pace_painted (RfInsidePace *pace, double seconds, int threads)
{
  pace->paint = smooth (pace->paint, seconds / MAX (threads, 1));
}

double
rf_inside_pace_get_interval (const RfInsidePace *pace, gboolean training)
{
  if (!training)
    return RF_INSIDE_SHORTEST;
  return CLAMP ((pace->look + pace->paint) / RF_INSIDE_SHARE, RF_INSIDE_SHORTEST,
                RF_INSIDE_LONGEST);
}
