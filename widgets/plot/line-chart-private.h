/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/plot/line-chart.h"

G_BEGIN_DECLS

/* What the chart shows, without crosshair. @series: room for all of them; it and the chart last
 * until the next point. */
void rf_line_chart_describe (RfLineChart *self, RfChart *chart, RfChartSeries *series);

/* A message for the person: signal "told". */
void rf_line_chart_tell (RfLineChart *self, const char *message);

/* line-chart-theme.c: how the theme would have it. Returns the font, of which @style has a pointer;
 * free it after @style. */
char *rf_line_chart_read_theme (GtkWidget *widget, RfChartStyle *style);

/* line-chart-export.c: actions, keys and menu for taking the chart elsewhere. */
void rf_line_chart_install_export (GtkWidgetClass *widget_class);
void rf_line_chart_init_export (RfLineChart *self);
/* The menu, once made, is a child of the chart: places it. */
void rf_line_chart_allocate_menu (RfLineChart *self);
void rf_line_chart_dispose_menu (RfLineChart *self);

G_END_DECLS
