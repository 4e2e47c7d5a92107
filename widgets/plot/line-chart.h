/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A chart of lines that grow while one looks, with a crosshair.
 *
 * Points are appended in O(1) and painted at the next frame, however many came in between; a frame
 * costs pixels, not points. The colours and the font are the theme's. Pointing at the chart, or the
 * arrow keys while it has the focus, show the values at one x; charts of the same x can share it
 * through the property "crosshair" (NaN: none), and what part of it they show through "view". What
 * the lines say is told to assistive technology as the description, at most once a second.
 *
 * The wheel zooms about the pointer (with Ctrl the y axis), dragging chooses a range, or moves the
 * view if it is zoomed already (Shift: the other of both); + and − zoom, Shift and arrows move the
 * view, 0 or a double click show all again. Page Up and Page Down, or Ctrl and arrows, put the
 * crosshair on one flag after another. */

#include "widgets/plot/painters/line-chart-painter.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_LINE_CHART (rf_line_chart_get_type ())
G_DECLARE_FINAL_TYPE (RfLineChart, rf_line_chart, RF, LINE_CHART, GtkWidget)

/* A part of the x axis, in the unit that it shows. */
typedef struct
{
  double low, high;
} RfLineChartView;

#define RF_TYPE_LINE_CHART_VIEW (rf_line_chart_view_get_type ())
GType rf_line_chart_view_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfLineChartView, g_free)

typedef enum
{
  RF_LINE_CHART_BEST_NONE,
  RF_LINE_CHART_BEST_GREATEST,
  RF_LINE_CHART_BEST_LEAST
} RfLineChartBest;

/* How a series looks; the fields are those of RfChartSeries. */
typedef struct
{
  const char *label;
  guint color;
  gboolean faint, markers;
  gboolean smooth;    /* what is appended is smoothed (RfSmoother) */
  const double *dash; /* static */
  int n_dashes;
  double width, opacity; /* 0: 1 */
  guint group;           /* whose x, and removed with it; 0 is always there */
  RfLineChartBest best;  /* a ring about that point, and a word */
  guint best_unit;       /* the unit in which the word says where it is */
} RfLineChartLook;

/* Makes @look that of an earlier run, overlaid on the one that is trained: thinner and paler, with
 * a dash of its own for each @index of several. */
void rf_line_chart_look_earlier (RfLineChartLook *look, guint index);
/* Makes @look that of the second run of a pair: the hues that the first does not use, and a dash.
 */
void rf_line_chart_look_pair (RfLineChartLook *look);

/* Properties: "title", "subtitle", "x-label", "empty" (strings), "unit-range", "log-scale" (y) and
 * "log-x" (booleans), "x-unit" (number of a unit), "view" (RfLineChartView, NULL: all, following
 * the newest point), "zoomed" (boolean, read only), "crosshair" (x as shown, NaN: none), "cursor"
 * (the moment on show, as x of group 0 as appended, NaN: none), "scale" (of type and lines; 1.5 for
 * a room). Charts that share view or crosshair share "x-unit" and "log-x" too.
 *
 * Actions: "chart.export" (Ctrl+E) asks for a file, "chart.copy" (Ctrl+C) puts a picture on the
 * clipboard, "chart.copy-drawing" SVG and PDF, "chart.copy-values" CSV, "chart.menu" offers them,
 * "chart.reset-zoom" shows all, "chart.log-x" and "chart.log-y" toggle the axes. Signal "told"
 * (const char *): what became of that. */
GtkWidget *rf_line_chart_new (void);

/* Pixels at the end of the title's line on which nothing is written: buttons lie there. */
void rf_line_chart_set_title_room (RfLineChart *chart, int pixels);

/* Another unit for the x axis beside that of the points (0, named by "x-label"): returns its
 * number. Units stay when the chart is cleared. */
guint rf_line_chart_add_unit (RfLineChart *chart, const char *label, RfChartXKind kind);
/* How the x of a @group's points reads in a @unit; without, it is as in group 0, and there the
 * same. The map may go on growing. Switching costs nothing, whatever the number of points. */
void rf_line_chart_set_map (RfLineChart *chart, guint group, guint unit, RfChartMap *map);

/* A group of series that come and go together: a run. Returns its number. */
guint rf_line_chart_add_group (RfLineChart *chart);
/* Takes away its series, flags and maps. Other numbers stay as they are. */
void rf_line_chart_remove_group (RfLineChart *chart, guint group);

/* Returns the number by which points are appended to it. */
guint rf_line_chart_add_series (RfLineChart *chart, const RfLineChartLook *look);
void rf_line_chart_remove_series (RfLineChart *chart, guint series);
guint rf_line_chart_get_n_series (RfLineChart *chart);
/* x must not fall. */
void rf_line_chart_append (RfLineChart *chart, guint series, double x, double y);
/* A point with a band from @low to @high, of several seeds; for all points of a series or none. */
void rf_line_chart_append_band (RfLineChart *chart, guint series, double x, double y, double low,
                                double high);
/* Takes away its points. */
void rf_line_chart_clear_series (RfLineChart *chart, guint series);
/* Flags come in the order of their x. */
void rf_line_chart_add_flag (RfLineChart *chart, double x, const char *text);
void rf_line_chart_add_group_flag (RfLineChart *chart, guint group, double x, const char *text);
/* Takes away all series, flags and groups, and shows all of what comes. */
void rf_line_chart_clear (RfLineChart *chart);

/* The points of a series, as painted. */
const double *rf_line_chart_get_values (RfLineChart *chart, guint series, gsize *n);
guint rf_line_chart_get_n_flags (RfLineChart *chart);

/* Shows the x from @low to @high; all, unless @low < @high. */
void rf_line_chart_set_view (RfLineChart *chart, double low, double high);
/* The range of x that there is; FALSE: no points. */
gboolean rf_line_chart_get_x_range (RfLineChart *chart, double *low, double *high);

/* Writes the chart to a .png, .svg or .pdf file, or its points to a .csv file with one row for each
 * x. */
gboolean rf_line_chart_save (RfLineChart *chart, const char *path, GError **error);
void rf_line_chart_popup_menu (RfLineChart *chart);

G_END_DECLS
