/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Paints a line chart with Cairo and Pango: the same code for screen, PNG, SVG and PDF. */

#include "widgets/plot/painters/chart-map.h"
#include "widgets/plot/painters/chart-pyramid.h"

#include <cairo.h>

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
  double pixels;     /* of the screen, per unit, where the surface does not know; 0: 1 */
  const char *font;
} RfChartStyle;

void rf_chart_style_light (RfChartStyle *style);
void rf_chart_style_dark (RfChartStyle *style);
/* Larger type and wider lines, for a room: @scale 1.5 is legible from the last row. */
void rf_chart_style_scale (RfChartStyle *style, double scale);

/* Dashes, in line widths: of the splits (training is solid), and of a second run beside a first. */
extern const double rf_chart_dash_test[2], rf_chart_dash_validation[2], rf_chart_dash_pair[4];

typedef struct
{
  const char *label;
  const double *x, *y;      /* x never falls; what is not finite leaves a gap */
  const double *low, *high; /* a band about the line, or NULL */
  gsize n;
  const RfChartMap *map;         /* from x to the unit of the chart's axis; NULL: the same */
  const RfChartPyramid *pyramid; /* of y; NULL: each value is looked at. */
  const RfChartPyramid *low_pyramid, *high_pyramid;
  guint color;        /* index into the style's series, taken modulo their number */
  gboolean faint;     /* raw values behind a smoothed line: no label of their own */
  gboolean markers;   /* a dot at each point: epochs */
  double width;       /* of the line, in line widths; 0: 1 */
  double opacity;     /* 0: 1 */
  const double *dash; /* NULL: solid; in units of the line width */
  int n_dashes;
  gsize best;            /* 1 + index of a point that is marked with a ring; 0: none */
  const char *best_text; /* said beside it, where there is room */
} RfChartSeries;

typedef struct
{
  double x; /* in the unit of the axis */
  const char *text;
} RfChartFlag;

typedef enum
{
  RF_CHART_NUMBER,
  RF_CHART_COUNT,   /* no ticks between whole numbers */
  RF_CHART_DURATION /* seconds, written as minutes and hours where they are many */
} RfChartXKind;

typedef struct
{
  const char *title, *x_label, *y_label;
  RfChartSeries *series;
  guint n_series;
  const RfChartFlag *flags; /* moments marked on the x axis, sorted */
  guint n_flags;
  RfChartXKind x_kind;
  gboolean log_x, log_y; /* what is not positive is left out */
  gboolean unit_range;   /* y from 0 to 1: accuracies, written as per cent */
  double x_min, x_max;   /* both 0: from the data */
  double y_min, y_max;   /* both 0: from the data */
  gboolean crosshair, cursor;
  double crosshair_x; /* values are read off there; in the unit of the axis, as all x of a chart */
  double cursor_x;    /* the moment of the run that is on show */
  double select_from, select_to; /* a range being chosen; equal: none */
  double title_room;             /* at the end of the title's line, for buttons */
  double corner; /* side of a square, at the lower right of the data area, that is covered */
  const char
      *widest_tick;  /* room for at least this text beside the y axis: aligns charts; or NULL */
  const char *empty; /* said in the middle where there is nothing to draw */
} RfChart;

/* Where the last painting put the data area, for hit tests. */
typedef struct
{
  double left, top, width, height;
  double x_min, x_max, y_min, y_max;
  gboolean log_x, log_y;
  double flags_top; /* flags stand between here and the top */
  double reach;     /* flags closer than this share a pole */
} RfChartArea;

/* Paints @chart into 0, 0, @width, @height. A linear axis of values that are never negative begins
 * at 0, unless the caller's range says otherwise; then the axis carries a break mark. @area may be
 * NULL.
 *
 * A frame costs pixels, not points: a line that is dense is drawn as the extents of its values in
 * the columns of pixels, which pyramids give at once. On a screen they are written as pixels; in
 * SVG and PDF they are the outline of a band. */
void rf_line_chart_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                          const RfChart *chart, RfChartArea *area);

/* Between places in a drawing and values of the axes. */
double rf_chart_area_x_at (const RfChartArea *area, double place);
double rf_chart_area_place_of (const RfChartArea *area, double x);
double rf_chart_area_y_at (const RfChartArea *area, double place);

/* The range of x that the data have, FALSE if there are none. */
gboolean rf_chart_find_x_range (const RfChart *chart, double *low, double *high);
/* Index of the point nearest to @x (in the unit of the axis) that can be drawn, or -1. */
gssize rf_chart_series_nearest (const RfChartSeries *series, double x, gboolean positive);
/* Flags that are too close to stand by themselves share a pole, that of the first: how many do from
 * @first on. */
guint rf_chart_count_pole (const RfChartArea *area, const RfChartFlag *flags, guint n, guint first);
/* The first flag of the pole nearest to @place, if that is within @reach; or -1. */
int rf_chart_find_pole (const RfChartArea *area, const RfChartFlag *flags, guint n, double place,
                        double reach);

/* Ticks at 1, 2, 5 · 10ⁿ within [low, high]; at most @max of them. Returns how many, the first and
 * the step; 0 where there is no such range. */
guint rf_chart_ticks (double low, double high, guint max, double *first, double *step);
/* The same at seconds, minutes and hours as clocks have them. */
guint rf_chart_duration_ticks (double low, double high, guint max, double *first, double *step);

/* A tick's number, with as many digits as the step between ticks needs: "0.25", "15k", "2×10⁷". */
char *rf_chart_format_tick (double value, double step);
/* A measured number to be read off: four digits; as per cent where @unit_range. */
char *rf_chart_format_value (double value, gboolean unit_range);
/* A place on the x axis: "1200", "2.50", "3:05". */
char *rf_chart_format_x (double x, RfChartXKind kind);

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
