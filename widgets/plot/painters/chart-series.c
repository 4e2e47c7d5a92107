/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines of a chart, each in the way that is cheapest for what it looks like.
 *
 * Where points are few, the line goes through each of them. Where there are more than columns of
 * pixels, it goes through their extents, and where these are a noise that a pen would go up and
 * down in for ages, they are filled: as pixels on a screen, as a band's outline in an SVG or PDF.
 * Strokes are thinned out first: a point that lies on the way costs Cairo as much as a corner. */

#include "widgets/plot/painters/chart-private.h"

/* Coordinates far outside would overflow Cairo's 24.8 fixed point. */
#define FAR 100000.0
/* A line longer than so many times the chart is no line to be followed. */
#define MAX_INK 3.0
/* How far, in units, a thinned line may pass by a point. */
#define TOLERANCE 0.15
/* Gaps longer than that are not looked across for a value to read. */
#define MAX_GAP 4096

double
rf_chart_area_place_of (const RfChartArea *area, double x)
{
  const double share = area->log_x ? log (x / area->x_min) / log (area->x_max / area->x_min)
                                   : (x - area->x_min) / (area->x_max - area->x_min);
  const double place = area->left + area->width * share;
  return isnan (place) ? -FAR : CLAMP (place, -FAR, FAR);
}

double
rf_chart_area_x_at (const RfChartArea *area, double place)
{
  const double share = (place - area->left) / area->width;
  return area->log_x ? area->x_min * pow (area->x_max / area->x_min, share)
                     : area->x_min + (area->x_max - area->x_min) * share;
}

double
rf_chart_area_y_at (const RfChartArea *area, double place)
{
  const double share = 1 - (place - area->top) / area->height;
  return area->log_y ? area->y_min * pow (area->y_max / area->y_min, share)
                     : area->y_min + (area->y_max - area->y_min) * share;
}

double
rf_chart_map_x (const RfChartPainting *painting, double x)
{
  return rf_chart_area_place_of (&painting->area, x);
}

static inline gboolean
drawable (double y, gboolean positive)
{
  return RF_CHART_IS_NUMBER (y) && (!positive || y > 0);
}

gboolean
rf_chart_drawable (const RfChartPainting *painting, double y)
{
  return drawable (y, painting->chart->log_y);
}

double
rf_chart_map_y (const RfChartPainting *painting, double y)
{
  const RfChartArea *area = &painting->area;
  double share;
  if (area->log_y)
    share = log (y / area->y_min) / log (area->y_max / area->y_min);
  else
    share = (y - area->y_min) / (area->y_max - area->y_min);
  return CLAMP (area->top + area->height * (1 - share), -FAR, FAR);
}

double
rf_chart_series_x (const RfChartSeries *series, gsize i)
{
  return rf_chart_map_apply (series->map, series->x[i]);
}

gsize
rf_chart_lower_bound (const RfChartSeries *series, gsize low, gsize high, double x)
{
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
rf_chart_series_nearest (const RfChartSeries *series, double x, gboolean positive)
{
  const double own = rf_chart_map_invert (series->map, x);
  const gssize n = (gssize) series->n;
  const gssize after = (gssize) rf_chart_lower_bound (series, 0, series->n, own);
  gssize left = after - 1, right = after;
  while (left >= 0 && !drawable (series->y[left], positive))
    left = after - left < MAX_GAP ? left - 1 : -1;
  while (right < n && !drawable (series->y[right], positive))
    right = right - after < MAX_GAP ? right + 1 : n;
  if (right >= n)
    return left;
  if (left < 0
      || fabs (rf_chart_series_x (series, right) - x) < fabs (rf_chart_series_x (series, left) - x))
    return right;
  return left;
}

double
rf_chart_width_of (const RfChartPainting *painting, const RfChartSeries *series)
{
  const double width = painting->style->line_width * (series->width > 0 ? series->width : 1);
  return series->faint ? MAX (1, width / 2) : width;
}

static double
opacity_of (const RfChartSeries *series)
{
  return (series->opacity > 0 ? series->opacity : 1) * (series->faint ? 0.3 : 1);
}

void
rf_chart_dash (RfChartPainting *painting, const RfChartSeries *series)
{
  double dash[8];
  const double width = rf_chart_width_of (painting, series);
  const int n = MIN (series->n_dashes, (int) G_N_ELEMENTS (dash));
  for (int i = 0; i < n; i++)
    dash[i] = series->dash[i] * width;
  cairo_set_dash (painting->cr, dash, series->dash ? n : 0, 0);
}

/* ---- strokes ---- */

/* Passes on the corners of a line. The directions from the last corner that pass
 * all points since within the tolerance are a wedge; a point outside of it makes the point before a
 * corner. */
typedef struct
{
  cairo_t *cr;
  double x, y;           /* the last corner */
  double last_x, last_y; /* the last point */
  double low, high;      /* the wedge, as slopes */
  gboolean begun, back;  /* from right to left */
} Thinner;

/* From the last corner, in the line's direction; NaN: straight up or down. */
static double
slope_to (const Thinner *line, double x, double y)
{
  const double run = line->back ? line->x - x : x - line->x;
  return run > 0 ? (y - line->y) / run : NAN;
}

static void
end_line (Thinner *line)
{
  if (line->begun && (line->last_x != line->x || line->last_y != line->y))
    cairo_line_to (line->cr, line->last_x, line->last_y);
  line->begun = FALSE;
}

static void
put_corner (Thinner *line, double x, double y)
{
  line->x = x;
  line->y = y;
  line->low = -INFINITY;
  line->high = INFINITY;
}

static void
put_point (Thinner *line, double x, double y)
{
  if (!line->begun)
    {
      (line->back ? cairo_line_to : cairo_move_to) (line->cr, x, y);
      put_corner (line, x, y);
      line->begun = TRUE;
    }
  else
    {
      double slope = slope_to (line, x, y);
      if (!(slope >= line->low && slope <= line->high))
        {
          if (line->last_x != line->x || line->last_y != line->y)
            cairo_line_to (line->cr, line->last_x, line->last_y);
          put_corner (line, line->last_x, line->last_y);
          slope = slope_to (line, x, y);
        }
      if (isnan (slope)) /* straight up or down: a corner of its own */
        {
          cairo_line_to (line->cr, x, y);
          put_corner (line, x, y);
        }
      else
        {
          const double play = TOLERANCE / fabs (x - line->x);
          line->low = MAX (line->low, slope - play);
          line->high = MIN (line->high, slope + play);
        }
    }
  line->last_x = x;
  line->last_y = y;
}

static void
stroke_points (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  Thinner line = { painting->cr };
  for (gsize i = begin; i < end; i++)
    if (rf_chart_drawable (painting, series->y[i]))
      put_point (&line, rf_chart_map_x (painting, rf_chart_series_x (series, i)),
                 rf_chart_map_y (painting, series->y[i]));
    else
      end_line (&line);
  end_line (&line);
  cairo_stroke (painting->cr);
}

static void
stroke_columns (RfChartPainting *painting, const RfChartColumns *columns, double width)
{
  Thinner line = { painting->cr };
  double before = NAN;
  for (guint i = 0; i < columns->n; i++)
    {
      const RfChartColumn *c = &columns->columns[i];
      if (c->top > c->bottom)
        {
          end_line (&line);
          before = NAN;
          continue;
        }
      const double x = columns->left + (i + 0.5) / columns->per_unit;
      const double middle = (c->top + c->bottom) / 2;
      /* Where a column's values lie within a line's width, one point says it all. */
      if (c->bottom - c->top < width)
        put_point (&line, x, middle);
      else
        {
          const gboolean falling = before < middle;
          put_point (&line, x, falling ? c->top : c->bottom);
          put_point (&line, x, falling ? c->bottom : c->top);
        }
      before = middle;
    }
  end_line (&line);
  cairo_stroke (painting->cr);
}

static void
paint_dot (cairo_t *cr, double x, double y, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
}

/* A dot at each point, where they are asked for and have room, and where a point has no neighbour
 * to be joined to. */
static void
paint_dots (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  const double width = rf_chart_width_of (painting, series);
  const gboolean roomy = painting->area.width / MAX (end - begin, 1) > 4 * width;
  for (gsize i = begin; i < end; i++)
    {
      if (!rf_chart_drawable (painting, series->y[i]))
        continue;
      const gboolean alone
          = (i == 0 || !rf_chart_drawable (painting, series->y[i - 1]))
            && (i + 1 == series->n || !rf_chart_drawable (painting, series->y[i + 1]));
      if (alone || (series->markers && roomy))
        paint_dot (painting->cr, rf_chart_map_x (painting, rf_chart_series_x (series, i)),
                   rf_chart_map_y (painting, series->y[i]), 1.4 * width);
    }
  cairo_fill (painting->cr);
}

/* ---- strips ---- */

/* From @tops there and @bottoms back, stretch by stretch. */
static void
fill_strip (RfChartPainting *painting, const RfChartColumns *tops, const RfChartColumns *bottoms,
            double half)
{
  cairo_t *cr = painting->cr;
  for (guint c = 0; c < tops->n;)
    {
      Thinner line = { cr };
      guint end = c;
      for (; end < tops->n && tops->columns[end].top <= bottoms->columns[end].bottom; end++)
        put_point (&line, tops->left + (end + 0.5) / tops->per_unit, tops->columns[end].top - half);
      end_line (&line);
      line.back = TRUE;
      for (guint back = end; back-- > c;)
        put_point (&line, bottoms->left + (back + 0.5) / bottoms->per_unit,
                   bottoms->columns[back].bottom + half);
      end_line (&line);
      if (end > c)
        cairo_close_path (cr);
      c = end + 1;
    }
  cairo_fill (cr);
}

/* The band about a line: from the least of the low values to the greatest of the high ones. */
static void
paint_band (RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  RfChartSeries low = *series, high = *series;
  low.y = series->low;
  low.pyramid = series->low_pyramid;
  high.y = series->high;
  high.pyramid = series->high_pyramid;
  RfChartColumns bottoms, tops;
  rf_chart_reduce (painting, &low, begin, end, 1, &bottoms);
  rf_chart_reduce (painting, &high, begin, end, 1, &tops);
  rf_chart_set_color (painting->cr, rf_chart_color_of (painting, series), 0.18);
  fill_strip (painting, &tops, &bottoms, 0);
  g_free (bottoms.columns);
  g_free (tops.columns);
}

/* ---- one after the other ---- */

/* The points in sight and one to each side, for the lines that leave the picture. */
static gboolean
find_in_sight (const RfChartPainting *painting, const RfChartSeries *series, gsize *begin,
               gsize *end)
{
  const RfChartArea *area = &painting->area;
  *begin
      = rf_chart_lower_bound (series, 0, series->n, rf_chart_map_invert (series->map, area->x_min));
  *end
      = rf_chart_lower_bound (series, *begin, series->n,
                              nextafter (rf_chart_map_invert (series->map, area->x_max), INFINITY));
  *begin -= *begin > 0;
  *end += *end < series->n;
  return *begin < *end;
}

/* Every point by itself, if that is a line one can follow. */
static gboolean
is_sparse (const RfChartPainting *painting, const RfChartSeries *series, gsize begin, gsize end)
{
  const RfChartArea *area = &painting->area;
  if (end - begin > (series->faint ? area->width / 4 : area->width))
    return FALSE;
  double ink = 0, before = NAN;
  for (gsize i = begin; i < end; i++)
    {
      const double y = rf_chart_drawable (painting, series->y[i])
                           ? rf_chart_map_y (painting, series->y[i])
                           : NAN;
      ink += isnan (y - before) ? 0 : fabs (y - before);
      before = y;
    }
  return ink < 2 * MAX_INK * (area->width + area->height);
}

/* What a series is going to be painted as. */
typedef enum
{
  NOT_IN_SIGHT,
  POINTS,
  COLUMNS,
  STRIP
} Manner;

typedef struct
{
  Manner manner;
  gsize begin, end;
  RfChartColumns columns;
} Plan;

static Plan
make_plan (RfChartPainting *painting, const RfChartSeries *series)
{
  const RfChartArea *area = &painting->area;
  Plan plan = { NOT_IN_SIGHT };
  if (series->n == 0 || !find_in_sight (painting, series, &plan.begin, &plan.end))
    return plan;
  if (is_sparse (painting, series, plan.begin, plan.end))
    {
      plan.manner = POINTS;
      return plan;
    }
  rf_chart_reduce (painting, series, plan.begin, plan.end, painting->vector ? 1 : painting->pixels,
                   &plan.columns);
  const gboolean followed = plan.columns.ink < MAX_INK * (area->width + area->height);
  plan.manner = followed && !series->faint ? COLUMNS : STRIP;
  return plan;
}

static void
paint_strip (RfChartPainting *painting, const RfChartSeries *series, const Plan *plan,
             RfChartPixels **image)
{
  const double width = rf_chart_width_of (painting, series);
  const RfColor *color = rf_chart_color_of (painting, series);
  if (painting->vector)
    {
      rf_chart_set_color (painting->cr, color, opacity_of (series));
      fill_strip (painting, &plan->columns, &plan->columns, width / 2);
      return;
    }
  if (!*image)
    *image = rf_chart_pixels_new (painting);
  rf_chart_pixels_add (*image, &plan->columns, width, color, opacity_of (series));
}

static void
paint_stroke (RfChartPainting *painting, const RfChartSeries *series, const Plan *plan)
{
  cairo_t *cr = painting->cr;
  const double width = rf_chart_width_of (painting, series);
  rf_chart_set_color (cr, rf_chart_color_of (painting, series), opacity_of (series));
  cairo_set_line_width (cr, width);
  rf_chart_dash (painting, series);
  if (plan->manner == POINTS)
    stroke_points (painting, series, plan->begin, plan->end);
  else
    stroke_columns (painting, &plan->columns, width);
  cairo_set_dash (cr, NULL, 0, 0);
  if (plan->manner == POINTS)
    paint_dots (painting, series, plan->begin, plan->end);
}

/* From the back: bands, noise behind lines, dense lines, lines. */
static void
paint_plans (RfChartPainting *painting, const Plan *plans)
{
  const RfChart *chart = painting->chart;
  for (guint i = 0; i < chart->n_series; i++)
    if (chart->series[i].low && chart->series[i].high && plans[i].manner != NOT_IN_SIGHT)
      paint_band (painting, &chart->series[i], plans[i].begin, plans[i].end);
  RfChartPixels *image = NULL;
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < chart->n_series; i++)
      if (chart->series[i].faint != (pass == 0))
        continue;
      else if (plans[i].manner == STRIP)
        paint_strip (painting, &chart->series[i], &plans[i], &image);
      else if (pass == 0 && plans[i].manner == POINTS)
        paint_stroke (painting, &chart->series[i], &plans[i]);
  if (image)
    rf_chart_pixels_paint (image, painting->cr);
  for (guint i = 0; i < chart->n_series; i++)
    if (!chart->series[i].faint && (plans[i].manner == POINTS || plans[i].manner == COLUMNS))
      paint_stroke (painting, &chart->series[i], &plans[i]);
}

void
rf_chart_paint_all_series (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  cairo_t *cr = painting->cr;
  g_autofree Plan *plans = g_new (Plan, chart->n_series + 1);
  for (guint i = 0; i < chart->n_series; i++)
    plans[i] = make_plan (painting, &chart->series[i]);

  cairo_save (cr);
  /* Dots at the ends of the axes are whole, lines that go on outside of a view are cut. */
  const double margin = 2 * painting->style->line_width;
  const gboolean given_x = chart->x_min != 0 || chart->x_max != 0;
  const gboolean given_y = chart->y_min != 0 || chart->y_max != 0;
  const double sideways = given_x ? 0.5 : margin, upwards = given_y ? 0.5 : margin;
  cairo_rectangle (cr, area->left - sideways, area->top - upwards, area->width + 2 * sideways,
                   area->height + 2 * upwards);
  cairo_clip (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path (cr);
  paint_plans (painting, plans);
  cairo_restore (cr);

  for (guint i = 0; i < chart->n_series; i++)
    g_free (plans[i].columns.columns);
}
