/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Paints a line chart with Cairo and Pango: the same code for screen, PNG, SVG and PDF. */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double red, green, blue, alpha;
} RfColor;

#define RF_CHART_N_COLORS 8

/* How a chart looks; rf_chart_style_light() and _dark() give sets that colour-blind people can tell
 * apart. Series differ in dash as well as hue. */
typedef struct
{
  RfColor background, text, axis, grid;
  RfColor series[RF_CHART_N_COLORS];
  double font_size;  /* points, of 4/3 units of the drawing each */
  double line_width; /* units of the drawing */
  const char *font;
} RfChartStyle;

void rf_chart_style_light (RfChartStyle *style);
void rf_chart_style_dark (RfChartStyle *style);

typedef struct
{
  const char *label;
  const double *x, *y; /* x never falls; what is not finite leaves a gap */
  gsize n;
  guint color;        /* index into the style's series, taken modulo their number */
  gboolean faint;     /* raw values behind a smoothed line: no label of their own */
  gboolean markers;   /* a dot at each point: epochs */
  const double *dash; /* NULL: solid; in units of the line width */
  int n_dashes;
} RfChartSeries;

typedef struct
{
  double x;
  const char *text;
} RfChartFlag;

typedef struct
{
  const char *title, *x_label, *y_label;
  RfChartSeries *series;
  guint n_series;
  const RfChartFlag *flags; /* moments marked on the x axis, sorted */
  guint n_flags;
  gboolean whole_x;    /* x counts something: no ticks between whole numbers */
  gboolean log_y;      /* values that are not positive are left out */
  gboolean unit_range; /* y from 0 to 1: accuracies, written as per cent */
  double x_min, x_max; /* both 0: from the data */
  double y_min, y_max; /* both 0: from the data */
  gboolean crosshair;
  double crosshair_x; /* in data units */
  const char
      *widest_tick;  /* room for at least this text beside the y axis: aligns charts; or NULL */
  const char *empty; /* said in the middle where there is nothing to draw */
} RfChart;

/* Where the last painting put the data area, for hit tests. */
typedef struct
{
  double left, top, width, height;
  double x_min, x_max, y_min, y_max;
} RfChartArea;

/* Paints @chart into 0, 0, @width, @height. A linear axis of values that are never negative begins
 * at 0, unless the caller's range says otherwise; then the axis carries a break mark. @area may be
 * NULL. A series of a million points costs milliseconds: what falls into one column of pixels is
 * drawn as its extent. */
void rf_line_chart_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                          const RfChart *chart, RfChartArea *area);

/* Ticks at 1, 2, 5 · 10ⁿ within [low, high]; at most @max of them. Returns how many, the first and
 * the step; 0 where there is no such range. */
guint rf_chart_ticks (double low, double high, guint max, double *first, double *step);

/* A tick's number, with as many digits as the step between ticks needs: "0.25", "15k", "2×10⁷". */
char *rf_chart_format_tick (double value, double step);
/* A measured number to be read off: four digits; as per cent where @unit_range. */
char *rf_chart_format_value (double value, gboolean unit_range);

/* The mean of late values, by which a noisy line is read: mean ← mean + (y − mean) / window, where
 * the window is a thirty-second of the values so far. So a line lags behind by as much of the
 * chart's width at each of its lengths. What is not finite is passed over. */
typedef struct
{
  double mean;
  gsize n;
} RfSmoother;

/* The smoothed value at @y; NaN as long as there was none. A smoother begins as zeros. */
double rf_smoother_next (RfSmoother *smoother, double y);
void rf_chart_smooth (const double *y, gsize n, double *out);

G_END_DECLS
