/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the line chart share. */

#include "widgets/plot/line-chart.h"

#include <math.h>

G_BEGIN_DECLS

#define RF_LINE_CHART_MAX_UNITS 4

typedef struct
{
  RfLineChartLook look;
  char *label;
  GArray *x, *y;      /* of double */
  GArray *low, *high; /* of double, or NULL: no band */
  RfChartPyramid *pyramid, *low_pyramid, *high_pyramid;
  RfSmoother smoother;
  gsize best; /* 1 + index */
  char *best_text;
} RfLineChartSeries;

typedef struct
{
  RfChartMap *maps[RF_LINE_CHART_MAX_UNITS]; /* NULL: as appended */
} RfLineChartGroup;

typedef struct
{
  double x; /* as appended */
  char *text;
  guint group;
} RfLineChartFlag;

typedef enum
{
  RF_LINE_CHART_STILL,
  RF_LINE_CHART_SELECTING,
  RF_LINE_CHART_PANNING
} RfLineChartDrag;

struct _RfLineChart
{
  GtkWidget parent_instance;

  char *title, *subtitle, *x_label, *empty;
  gboolean unit_range, log_scale, log_x;
  double crosshair, cursor, scale;
  int title_room;

  GPtrArray *series; /* of RfLineChartSeries *, by number; NULL: removed */
  GPtrArray *groups; /* of RfLineChartGroup *, likewise */
  GArray *flags;     /* of RfLineChartFlag */
  GArray *shown;     /* of RfChartFlag: the same in the unit of the axis, in its order */

  struct
  {
    char *label;
    RfChartXKind kind;
  } units[RF_LINE_CHART_MAX_UNITS];
  guint n_units, unit;

  RfLineChartView view; /* low < high, or all */
  double y_low, y_high; /* likewise */
  RfChartArea area;     /* of the last painting */
  RfChartArea placed;   /* the area by which the button was placed */
  RfChartArea start;    /* the area as a gesture found it */
  RfLineChartDrag drag;
  double pointer_x, pointer_y;
  double select_from, select_to;
  double full_y_low, full_y_high; /* of the y axis when it was last not zoomed */
  GtkWidget *reset;               /* button, or NULL */
  guint place_id;

  RfChartStyle style; /* of the theme, kept until it changes */
  char *font;

  guint redraw_id;
  guint describe_id;
  gboolean describe_again;
};

/* What the chart shows, without crosshair. @series: room for all of them; it and the chart last
 * until the next change. */
void rf_line_chart_describe (RfLineChart *self, RfChart *chart, RfChartSeries *series);
/* Points or flags came or went: painted and told soon. */
void rf_line_chart_queue_change (RfLineChart *self);
void rf_line_chart_set_crosshair (RfLineChart *self, double x);
/* Tells listeners, those of the view if @of_x, and shows or hides the button. */
void rf_line_chart_view_changed (RfLineChart *self, gboolean of_x);

/* A message for the person: signal "told". */
void rf_line_chart_tell (RfLineChart *self, const char *message);

/* line-chart-data.c */
void rf_line_chart_init_data (RfLineChart *self);
void rf_line_chart_finalize_data (RfLineChart *self);
RfLineChartSeries *rf_line_chart_get_series (RfLineChart *self, guint series);
/* The map of a group, or else of the first, for @unit; or NULL. */
const RfChartMap *rf_line_chart_get_map (RfLineChart *self, guint group, guint unit);

/* line-chart-view.c: pointer and keys. */
void rf_line_chart_init_view (RfLineChart *self);
gboolean rf_line_chart_is_zoomed (RfLineChart *self);
void rf_line_chart_reset_view (RfLineChart *self);

/* line-chart-words.c: for those who cannot see the lines. */
void rf_line_chart_update_words (RfLineChart *self);

/* line-chart-theme.c: how the theme would have it. Returns the font, of which @style has a pointer;
 * free it after @style. */
char *rf_line_chart_read_theme (GtkWidget *widget, RfChartStyle *style);

/* line-chart-table.c: a copy of the chart's numbers, which a thread can write down. */
typedef struct _RfLineChartTable RfLineChartTable;

RfLineChartTable *rf_line_chart_table_new (const RfChart *chart);
void rf_line_chart_table_free (RfLineChartTable *table);
/* One row for each x that any series has a point at. */
char *rf_line_chart_table_format (const RfLineChartTable *table);

/* line-chart-export.c: actions, keys and menu for taking the chart elsewhere. */
void rf_line_chart_install_export (GtkWidgetClass *widget_class);
void rf_line_chart_init_export (RfLineChart *self);
/* The menu, once made, is a child of the chart: places it. */
void rf_line_chart_allocate_menu (RfLineChart *self);
void rf_line_chart_dispose_menu (RfLineChart *self);

G_END_DECLS
