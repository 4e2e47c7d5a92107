/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Another unit for the x of a chart, as a line through given places: steps to epochs, or to
 * seconds. It never falls, so that it leads back, too. Counted by references; several charts may
 * share one. */
typedef struct _RfChartMap RfChartMap;

RfChartMap *rf_chart_map_new (void);
/* Another map with the same places. */
RfChartMap *rf_chart_map_copy (const RfChartMap *map);
RfChartMap *rf_chart_map_ref (RfChartMap *map);
void rf_chart_map_unref (RfChartMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChartMap, rf_chart_map_unref)

/* At @x the other unit says @value; O(1) amortised. What does not lie beyond the last place is
 * passed over, a value that falls is held. Before the first place the line comes from 0, 0. */
void rf_chart_map_append (RfChartMap *map, double x, double value);

/* Both are the identity for a @map that is NULL or empty. Beyond the last place the line goes on as
 * it was; where it is level, the way back leads to the first x of the value. */
double rf_chart_map_apply (const RfChartMap *map, double x);
double rf_chart_map_invert (const RfChartMap *map, double value);

G_END_DECLS
