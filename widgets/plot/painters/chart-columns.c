/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From points to columns: what a line covers in each column of a drawing.
 *
 * A column's extent is that of the points within, and of the pieces of the line that lead into it
 * and out of it, cut at its borders. The borders are led back through the axis to the series' own
 * x, so that the work is one search and one extent for each column, whatever lies between. */

#include "widgets/plot/painters/chart-private.h"

typedef struct
{
  const RfChartPainting *painting;
  RfChartColumns *out;
  const double *borders; /* of column c: c and c + 1, in the series' own x */
  double x, y;           /* the point before, in columns and units of the drawing; y NaN: none */
} Pen;

static inline void
cover (RfChartColumns *out, gssize column, double y)
{
  if (column < 0 || column >= (gssize) out->n)
    return;
  RfChartColumn *c = &out->columns[column];
  c->top = MIN (c->top, (float) y);
  c->bottom = MAX (c->bottom, (float) y);
}

/* The line from the pen to a point, in every column that it crosses. */
static void
draw_to (Pen *pen, double x, double y)
{
  RfChartColumns *out = pen->out;
  if (!isnan (pen->y) && x > pen->x)
    {
      const double slope = (y - pen->y) / (x - pen->x);
      const gssize to = (gssize) MIN (floor (x), out->n - 1.0);
      for (gssize c = (gssize) MAX (floor (pen->x), 0); c <= to; c++)
        {
          cover (out, c, pen->y + slope * (MAX (c, pen->x) - pen->x));
          cover (out, c, pen->y + slope * (MIN (c + 1, x) - pen->x));
        }
    }
  cover (out, (gssize) floor (x), y);
}

/* Where in its column a point lies; the axis is as good as straight there. */
static double
column_of (const Pen *pen, const RfChartSeries *series, gsize i, gssize column)
{
  if (column < 0 || column >= (gssize) pen->out->n)
    {
      const double place = rf_chart_map_x (pen->painting, rf_chart_series_x (series, i));
      return (place - pen->out->left) * pen->out->per_unit;
    }
  const double from = pen->borders[column], to = pen->borders[column + 1];
  const double share = to > from ? (series->x[i] - from) / (to - from) : 0;
  return column + CLAMP (share, 0, 0.999);
}

/* The first index at which x is at least @x: near @hint, as a rule. */
static gsize
search (const RfChartSeries *series, gsize begin, gsize end, gsize hint, double x)
{
  gsize low = begin, high = MIN (MAX (hint, begin), end);
  gsize step = 16;
  while (high < end && series->x[high] < x)
    {
      low = high + 1;
      high = MIN (high + step, end);
      step *= 2;
    }
  return rf_chart_lower_bound (series, low, high, x);
}

/* Where the points of a column end. Of a column of hundreds of points, a few on
 * the wrong side of its border do not show: so it ends where a block of the pyramid does, if there
 * is one within an eighth of a column, and the points need not be looked at. @count: of the column
 * before. */
static gsize
find_end (const Pen *pen, const RfChartSeries *series, gsize begin, gsize end, gsize count,
          gssize column)
{
  const double x = pen->borders[column + 1];
  gsize block = 1;
  while (block * RF_CHART_PYRAMID_FAN * RF_CHART_PYRAMID_FAN <= count)
    block *= RF_CHART_PYRAMID_FAN;
  if (block > 1 && column >= 0)
    {
      const double tolerance = (x - pen->borders[column]) / 8;
      gsize at = (begin + count + block / 2) / block * block;
      for (int tries = 0; tries < 8 && at > begin && at < end; tries++)
        {
          const double distance = series->x[at] - x;
          if (fabs (distance) <= tolerance)
            return at;
          at = distance < 0 ? at + block : at - block;
        }
    }
  return search (series, begin, end, begin + count, x);
}

/* Points @begin … @end−1, all of one column. */
static void
take_points (Pen *pen, const RfChartSeries *series, gsize begin, gsize end, gssize column)
{
  const RfChartPainting *painting = pen->painting;
  RfChartExtent extent;
  const gboolean first = rf_chart_drawable (painting, series->y[begin]);
  if (first && !isnan (pen->y))
    draw_to (pen, column_of (pen, series, begin, column),
             rf_chart_map_y (painting, series->y[begin]));
  rf_chart_pyramid_extent (series->pyramid, series->y, begin, end, painting->chart->log_y, &extent);
  const double low = painting->chart->log_y ? extent.positive : extent.low;
  if (low <= extent.high)
    {
      cover (pen->out, column, rf_chart_map_y (painting, low));
      cover (pen->out, column, rf_chart_map_y (painting, extent.high));
    }
  if (!rf_chart_drawable (painting, series->y[end - 1]))
    {
      pen->y = NAN;
      return;
    }
  pen->x = column_of (pen, series, end - 1, column);
  pen->y = rf_chart_map_y (painting, series->y[end - 1]);
}

static double
measure_ink (const RfChartColumns *columns)
{
  double ink = 0, middle = NAN;
  for (guint c = 0; c < columns->n; c++)
    {
      const RfChartColumn *column = &columns->columns[c];
      if (column->top > column->bottom)
        {
          middle = NAN;
          continue;
        }
      const double next = (column->top + column->bottom) / 2;
      ink += 1 / columns->per_unit
             + MAX (column->bottom - column->top, isnan (middle) ? 0 : fabs (next - middle));
      middle = next;
    }
  return ink;
}

/* The borders of columns led back to @map's own x: kept, for most series have the same. */
static const double *
find_borders (RfChartPainting *painting, const RfChartMap *map, guint n, double per_unit)
{
  RfChartBorders *kept = &painting->borders;
  if (kept->places && kept->map == map && kept->n == n && kept->per_unit == per_unit)
    return kept->places;
  g_free (kept->places);
  *kept = (RfChartBorders){ map, n, per_unit, g_new (double, n + 1) };
  for (guint c = 0; c <= n; c++)
    kept->places[c] = rf_chart_map_invert (
        map, rf_chart_area_x_at (&painting->area, painting->area.left + c / per_unit));
  return kept->places;
}

void
rf_chart_reduce (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end,
                 double per_unit, RfChartColumns *out)
{
  const RfChartArea *area = &painting->area;
  out->n = (guint) ceil (area->width * per_unit);
  out->left = area->left;
  out->per_unit = per_unit;
  out->columns = g_new (RfChartColumn, out->n + 1);
  for (guint c = 0; c < out->n; c++)
    out->columns[c] = (RfChartColumn){ INFINITY, -INFINITY };

  Pen pen = { painting, out, find_borders (painting, series->map, out->n, per_unit), NAN, NAN };
  /* What lies to the left is one column by itself, and so is what lies to the right. */
  gsize i = begin, count = 0;
  for (gssize c = -1; c <= (gssize) out->n && i < end; c++)
    {
      const gsize until = c == (gssize) out->n ? end : find_end (&pen, series, i, end, count, c);
      if (until > i)
        take_points (&pen, series, i, until, c);
      count = c < 0 ? 0 : until - i;
      i = until;
    }
  out->ink = measure_ink (out);
}
