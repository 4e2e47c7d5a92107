/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A chart of lines that grow while one looks, with a crosshair.
 *
 * Points are appended in O(1) and painted at the next frame, however many came in between. The
 * colours and the font are the theme's. Pointing at the chart, or the arrow keys while it has the
 * focus, show the values at one x; charts of the same x can share it through the property
 * "crosshair" (NaN: none). What the lines say is told to assistive technology as the description,
 * at most once a second. */

#include "widgets/plot/painters/line-chart-painter.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_LINE_CHART (rf_line_chart_get_type ())
G_DECLARE_FINAL_TYPE (RfLineChart, rf_line_chart, RF, LINE_CHART, GtkWidget)

/* How a series looks; the fields are those of RfChartSeries. */
typedef struct
{
  const char *label;
  guint color;
  gboolean faint, markers;
  gboolean smooth;    /* what is appended is smoothed (RfSmoother) */
  const double *dash; /* static */
  int n_dashes;
} RfLineChartLook;

/* Properties: "title", "subtitle", "x-label", "empty" (strings), "unit-range" and "log-scale"
 * (booleans), "crosshair" (x, NaN: none). Actions: "chart.export" (Ctrl+E) asks for a file,
 * "chart.copy" (Ctrl+C) puts a picture on the clipboard, "chart.menu" offers both. Signal "told"
 * (const char *): what became of that. */
GtkWidget *rf_line_chart_new (void);

/* Returns the number by which points are appended to it. */
guint rf_line_chart_add_series (RfLineChart *chart, const RfLineChartLook *look);
guint rf_line_chart_get_n_series (RfLineChart *chart);
void rf_line_chart_append (RfLineChart *chart, guint series, double x, double y);
void rf_line_chart_add_flag (RfLineChart *chart, double x, const char *text);
/* Takes away all series and flags. */
void rf_line_chart_clear (RfLineChart *chart);

/* The points of a series, as painted. */
const double *rf_line_chart_get_values (RfLineChart *chart, guint series, gsize *n);
guint rf_line_chart_get_n_flags (RfLineChart *chart);

/* Writes the chart to a .png, .svg or .pdf file, or its points to a .csv file with one row for each
 * x. */
gboolean rf_line_chart_save (RfLineChart *chart, const char *path, GError **error);
void rf_line_chart_popup_menu (RfLineChart *chart);

G_END_DECLS
