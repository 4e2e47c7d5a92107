/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the line chart's painter share. */

#include "widgets/plot/painters/line-chart-painter.h"

#include <math.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Borders of columns in a series' own x, as kept by chart-columns.c. */
typedef struct
{
  const RfChartMap *map;
  guint n;
  double per_unit;
  double *places;
} RfChartBorders;

/* One painting: made in rf_line_chart_paint(), gone when it returns. */
typedef struct
{
  cairo_t *cr;
  const RfChartStyle *style;
  const RfChart *chart;
  PangoLayout *layout; /* one for all texts */
  double em;           /* height of a line of text */
  double width, height;
  double pixels;   /* of the surface, per unit */
  gboolean vector; /* an SVG or PDF: nothing of pixels there */
  RfChartArea area;
  RfChartBorders borders;
} RfChartPainting;

typedef struct
{
  double width, height;
} RfTextSize;

/* chart-text.c */
void rf_chart_set_color (cairo_t *cr, const RfColor *color, double opacity);
const RfColor *rf_chart_color_of (const RfChartPainting *painting, const RfChartSeries *series);
/* Lays out @text in the painting's font, @scale times as large. */
RfTextSize rf_chart_measure (RfChartPainting *painting, const char *text, double scale,
                             gboolean bold);
/* Draws it with its upper left corner at x, y. */
void rf_chart_text (RfChartPainting *painting, double x, double y, const char *text, double scale,
                    gboolean bold, const RfColor *color, double opacity);
/* Draws it on lines: with a rim of the background. */
void rf_chart_text_on_lines (RfChartPainting *painting, double x, double y, const char *text,
                             double scale, const RfColor *color);
/* The same as rf_chart_text(), with … in the place of what is wider than @width. */
void rf_chart_text_within (RfChartPainting *painting, double x, double y, double width,
                           const char *text, double scale, gboolean bold, const RfColor *color,
                           double opacity);

/* chart-series.c */
double rf_chart_map_x (const RfChartPainting *painting, double x);
double rf_chart_map_y (const RfChartPainting *painting, double y);
/* Can @y be drawn at all? */
gboolean rf_chart_drawable (const RfChartPainting *painting, double y);
/* Place of a point of the series on the axis. */
double rf_chart_series_x (const RfChartSeries *series, gsize i);
/* First index whose x is at least @x, which is the series' own. */
gsize rf_chart_lower_bound (const RfChartSeries *series, gsize begin, gsize end, double x);
void rf_chart_dash (RfChartPainting *painting, const RfChartSeries *series);
double rf_chart_width_of (const RfChartPainting *painting, const RfChartSeries *series);
void rf_chart_paint_all_series (RfChartPainting *painting);

/* chart-columns.c: a line as its extents in columns. */
typedef struct
{
  float top, bottom; /* units of the drawing; top > bottom: nothing */
} RfChartColumn;

typedef struct
{
  RfChartColumn *columns;
  guint n;
  double left, per_unit; /* column c is at left + (c + 0.5) / per_unit */
  double ink;            /* length of a line through all of them, in units */
} RfChartColumns;

/* The points @begin … @end−1, and the lines that join them. */
void rf_chart_reduce (RfChartPainting *painting, const RfChartSeries *series, gsize begin,
                      gsize end, double per_unit, RfChartColumns *columns);

/* chart-pixels.c: columns as pixels, many series in one image. */
typedef struct _RfChartPixels RfChartPixels;

RfChartPixels *rf_chart_pixels_new (const RfChartPainting *painting);
/* Columns of one for each pixel, widened by a line of @width units. */
void rf_chart_pixels_add (RfChartPixels *pixels, const RfChartColumns *columns, double width,
                          const RfColor *color, double opacity);
/* Paints and frees it. */
void rf_chart_pixels_paint (RfChartPixels *pixels, cairo_t *cr);

/* chart-axes.c */
gboolean rf_chart_choose_range (RfChartPainting *painting, guint max_ticks);
GArray *rf_chart_make_y_ticks (const RfChartPainting *painting, guint max);
GArray *rf_chart_make_x_ticks (const RfChartPainting *painting);
double rf_chart_widest_tick (RfChartPainting *painting, const GArray *ticks);
void rf_chart_paint_axes (RfChartPainting *painting, const GArray *y_ticks, const GArray *x_ticks);
#define RF_CHART_TICK 4.0 /* length of a tick mark */

/* chart-marks.c */
void rf_chart_paint_flags (RfChartPainting *painting);
void rf_chart_paint_cursor (RfChartPainting *painting);
void rf_chart_paint_selection (RfChartPainting *painting);
void rf_chart_paint_best (RfChartPainting *painting);

/* chart-crosshair.c */
void rf_chart_paint_crosshair (RfChartPainting *painting);

G_END_DECLS
