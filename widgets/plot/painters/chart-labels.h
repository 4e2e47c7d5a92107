/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/plot/painters/chart-private.h"

G_BEGIN_DECLS

/* Width that labels beside the ends of the lines need, for every series that has one: kept free
 * even before its first point, lest the chart jump. */
double rf_chart_labels_width (RfChartPainting *painting);
/* Is there room for them in a chart of this size? */
gboolean rf_chart_labels_fit (RfChartPainting *painting, double width, double height);
void rf_chart_paint_labels (RfChartPainting *painting);

/* The legend, at @top, in at most @max_lines of @width, at whose end stands how many entries have
 * no room; returns its height. */
double rf_chart_paint_legend (RfChartPainting *painting, double top, double width, guint max_lines,
                              gboolean paint);

G_END_DECLS
