/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines of a chart.
 *
 * A line with many points in each column of pixels is reduced first to the extent of its values in
 * that column, so that the price of painting depends on the width of the chart, not on the length
 * of the run. A faint line, which is noise behind a smoothed one, is then filled as a band:
 * stroking its thousands of steep zigzags would cost ten times as much and look the same. */

#include "widgets/plot/painters/chart-private.h"

/* Half a unit a column: sharp on screens of double resolution too. */
#define COLUMNS_PER_UNIT 2

/* Coordinates far outside would overflow Cairo's 24.8 fixed point. */
#define FAR 100000.0

/* What of a series lies in one column. */
typedef struct
{
  double x, first, low, high, last; /* in drawing units; y grows downwards */
} Column;

double
rf_chart_map_x (const RfChartPainting *painting, double x)
{
  const RfChartArea *area = &painting->area;
  const double place = area->left + area->width * (x - area->x_min) / (area->x_max - area->x_min);
  return CLAMP (place, -FAR, FAR);
}

gboolean
rf_chart_drawable (const RfChartPainting *painting, double y)
{
  /* Beyond 1e300 the ends of an axis could not be reckoned with any more. */
  return fabs (y) < 1e300 && (!painting->chart->log_y || y > 0);
}

double
rf_chart_map_y (const RfChartPainting *painting, double y)
{
  const RfChartArea *area = &painting->area;
  double share;
  if (painting->chart->log_y)
    share = log (y / area->y_min) / log (area->y_max / area->y_min);
  else
    share = (y - area->y_min) / (area->y_max - area->y_min);
  return CLAMP (area->top + area->height * (1 - share), -FAR, FAR);
}

/* First index whose x is at least @x. */
static gsize
lower_bound (const RfChartSeries *series, double x)
{
  gsize low = 0, high = series->n;
  while (low < high)
    {
      const gsize middle = low + (high - low) / 2;
      if (series->x[middle] < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gssize
rf_chart_nearest (const RfChartPainting *painting, const RfChartSeries *series, double x)
{
  const gsize after = lower_bound (series, x);
  gssize left = (gssize) after - 1, right = (gssize) after;
  while (left >= 0 && !rf_chart_drawable (painting, series->y[left]))
    left--;
  while (right < (gssize) series->n && !rf_chart_drawable (painting, series->y[right]))
    right++;
  if (right >= (gssize) series->n)
    return left;
  if (left < 0 || fabs (series->x[right] - x) < fabs (series->x[left] - x))
    return right;
  return left;
}

void
rf_chart_dash (RfChartPainting *painting, const RfChartSeries *series)
{
  double dash[8];
  const int n = MIN (series->n_dashes, (int) G_N_ELEMENTS (dash));
  for (int i = 0; i < n; i++)
    dash[i] = series->dash[i] * painting->style->line_width;
  cairo_set_dash (painting->cr, dash, series->dash ? n : 0, 0);
}

static void
paint_dot (cairo_t *cr, double x, double y, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
}

/* Every point by itself: a line, and a dot where a point has no neighbours to be joined to. */
static void
paint_points (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  cairo_t *cr = painting->cr;
  gsize run = 0;
  for (gsize i = begin; i < end; i++)
    {
      if (!rf_chart_drawable (painting, series->y[i]))
        {
          run = 0;
          continue;
        }
      const double x = rf_chart_map_x (painting, series->x[i]);
      const double y = rf_chart_map_y (painting, series->y[i]);
      if (run++ > 0)
        cairo_line_to (cr, x, y);
      else
        cairo_move_to (cr, x, y);
    }
  cairo_stroke (cr);

  cairo_set_dash (cr, NULL, 0, 0);
  const double spacing = painting->area.width / MAX (end - begin, 1);
  const gboolean roomy = spacing > 4 * painting->style->line_width;
  for (gsize i = begin; i < end; i++)
    {
      if (!rf_chart_drawable (painting, series->y[i]))
        continue;
      const gboolean alone = (i == begin || !rf_chart_drawable (painting, series->y[i - 1]))
                             && (i + 1 == end || !rf_chart_drawable (painting, series->y[i + 1]));
      if (alone || (series->markers && roomy))
        paint_dot (cr, rf_chart_map_x (painting, series->x[i]),
                   rf_chart_map_y (painting, series->y[i]), 1.4 * painting->style->line_width);
    }
  cairo_fill (cr);
}

static void
paint_band (RfChartPainting *painting, const Column *columns, guint n)
{
  cairo_t *cr = painting->cr;
  const double half = 0.5;
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, columns[i].x, columns[i].low - half);
  for (guint i = n; i-- > 0;)
    cairo_line_to (cr, columns[i].x, columns[i].high + half);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_columns (RfChartPainting *painting, const Column *columns, guint n)
{
  cairo_t *cr = painting->cr;
  for (guint i = 0; i < n; i++)
    {
      const Column *c = &columns[i];
      /* Where a column's values lie within a line's width, one point says it all. */
      if (c->high - c->low < painting->style->line_width)
        {
          cairo_line_to (cr, c->x, (c->low + c->high) / 2);
          continue;
        }
      const gboolean falling = c->last < c->first;
      cairo_line_to (cr, c->x, falling ? c->high : c->low);
      cairo_line_to (cr, c->x, falling ? c->low : c->high);
    }
  cairo_stroke (cr);
}

static void
paint_dense (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  const RfChartArea *area = &painting->area;
  const guint n_columns = (guint) ceil (area->width * COLUMNS_PER_UNIT);
  g_autofree Column *columns = g_new (Column, n_columns + 1);
  guint n = 0;
  gsize i = begin;
  for (guint c = 0; c <= n_columns && i < end; c++)
    {
      const double x_end = area->x_min + (area->x_max - area->x_min) * (c + 1.0) / n_columns;
      gsize until = i;
      double low = INFINITY, high = -INFINITY, first = NAN, last = NAN;
      while (until < end && (series->x[until] < x_end || c == n_columns))
        {
          const double y = series->y[until++];
          if (!rf_chart_drawable (painting, y))
            continue;
          if (isnan (first))
            first = y;
          last = y;
          low = MIN (low, y);
          high = MAX (high, y);
        }
      if (!isnan (first))
        columns[n++] = (Column){
          .x = MIN (area->left + (c + 0.5) / COLUMNS_PER_UNIT, area->left + area->width),
          .first = rf_chart_map_y (painting, first),
          .low = rf_chart_map_y (painting, high),
          .high = rf_chart_map_y (painting, low),
          .last = rf_chart_map_y (painting, last),
        };
      /* A column without a single value is a gap, unless the points are just far apart there. */
      else if (until > i && n > 0)
        {
          (series->faint ? paint_band : paint_columns) (painting, columns, n);
          n = 0;
        }
      i = until;
    }
  if (n > 0)
    (series->faint ? paint_band : paint_columns) (painting, columns, n);
}

void
rf_chart_paint_series (RfChartPainting *painting, const RfChartSeries *series)
{
  if (series->n == 0)
    return;
  cairo_t *cr = painting->cr;
  const RfChartStyle *style = painting->style;
  const RfChartArea *area = &painting->area;

  /* The points in sight and one to each side, for the lines that leave the picture. */
  gsize begin = lower_bound (series, area->x_min);
  gsize end = lower_bound (series, nextafter (area->x_max, INFINITY));
  begin -= begin > 0;
  end += end < series->n;

  cairo_save (cr);
  const double margin = 2 * style->line_width;
  cairo_rectangle (cr, area->left - margin, area->top - margin, area->width + 2 * margin,
                   area->height + 2 * margin);
  cairo_clip (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, series->faint ? MAX (1, style->line_width / 2) : style->line_width);
  rf_chart_set_color (cr, &style->series[series->color % RF_CHART_N_COLORS],
                      series->faint ? 0.3 : 1);
  rf_chart_dash (painting, series);
  if (end - begin > 4 * COLUMNS_PER_UNIT * area->width)
    paint_dense (painting, series, begin, end);
  else
    paint_points (painting, series, begin, end);
  cairo_restore (cr);
}
