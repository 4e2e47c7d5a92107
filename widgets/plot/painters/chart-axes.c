/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The axes: their ranges, ticks and numbers. */

#include "widgets/plot/painters/chart-private.h"

#define TICK        RF_CHART_TICK
#define LOG_DECADES 12 /* deepest log axis: beyond, zero is meant */

static void
take (RfChartArea *all, const RfChartExtent *extent, gboolean positive)
{
  const double low = positive ? extent->positive : extent->low;
  if (low > extent->high)
    return;
  all->y_min = MIN (all->y_min, low);
  all->y_max = MAX (all->y_max, extent->high);
}

/* First point that a logarithmic axis can show. */
static gsize
first_positive (const RfChartSeries *series, gsize begin, gsize end)
{
  begin = rf_chart_lower_bound (series, begin, end,
                                nextafter (rf_chart_map_invert (series->map, 0), INFINITY));
  while (begin < end && !(rf_chart_series_x (series, begin) > 0))
    begin++;
  return begin;
}

/* Extent of the data: x of all points, y of those that can be drawn and lie within @x_low …
 * @x_high. FALSE if there is not one. */
static gboolean
find_extent (const RfChart *chart, double x_low, double x_high, RfChartArea *all)
{
  *all = (RfChartArea){
    .x_min = INFINITY, .x_max = -INFINITY, .y_min = INFINITY, .y_max = -INFINITY
  };
  for (guint s = 0; s < chart->n_series; s++)
    {
      const RfChartSeries *series = &chart->series[s];
      gsize begin = 0, end = series->n;
      if (isfinite (x_low))
        begin = rf_chart_lower_bound (series, 0, end, rf_chart_map_invert (series->map, x_low));
      if (isfinite (x_high))
        end = rf_chart_lower_bound (
            series, begin, end, nextafter (rf_chart_map_invert (series->map, x_high), INFINITY));
      if (chart->log_x)
        begin = first_positive (series, begin, end);
      RfChartArea own = *all;
      own.y_min = INFINITY;
      own.y_max = -INFINITY;
      RfChartExtent extent;
      rf_chart_pyramid_extent (series->pyramid, series->y, begin, end, chart->log_y, &extent);
      take (&own, &extent, chart->log_y);
      if (own.y_min > own.y_max)
        continue;
      if (series->low && series->high)
        {
          rf_chart_pyramid_extent (series->low_pyramid, series->low, begin, end, chart->log_y,
                                   &extent);
          take (&own, &extent, chart->log_y);
          rf_chart_pyramid_extent (series->high_pyramid, series->high, begin, end, chart->log_y,
                                   &extent);
          take (&own, &extent, chart->log_y);
        }
      const gsize first = chart->log_x ? first_positive (series, 0, series->n) : 0;
      all->y_min = MIN (all->y_min, own.y_min);
      all->y_max = MAX (all->y_max, own.y_max);
      all->x_min = MIN (all->x_min, rf_chart_series_x (series, first));
      all->x_max = MAX (all->x_max, rf_chart_series_x (series, series->n - 1));
    }
  return all->y_min <= all->y_max && isfinite (all->x_max - all->x_min);
}

/* An axis that begins near 0 begins at 0. */
static void
round_x_range (const RfChart *chart, double *low, double *high)
{
  if (!chart->log_x && *low > 0 && *low <= 0.25 * *high)
    *low = 0;
  if (!(*high > *low))
    *high = chart->log_x ? 10 * *low : *low + MAX (1, 1e-6 * fabs (*low));
}

gboolean
rf_chart_find_x_range (const RfChart *chart, double *low, double *high)
{
  RfChartArea all;
  if (!find_extent (chart, -INFINITY, INFINITY, &all))
    return FALSE;
  *low = all.x_min;
  *high = all.x_max;
  round_x_range (chart, low, high);
  return TRUE;
}

/* Nearest of 1, 2, 5 · 10ⁿ below or above. */
static double
round_decade (double value, gboolean up)
{
  const double decade = pow (10, floor (log10 (value)));
  const double mantissa = value / decade;
  if (up)
    return decade * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
  return decade * (mantissa >= 5 ? 5 : mantissa >= 2 ? 2 : 1);
}

/* Chooses the range of both axes. Ends of the y axis are ticks, so that it moves seldom while
 * values come in. */
gboolean
rf_chart_choose_range (RfChartPainting *painting, guint max_ticks)
{
  const RfChart *chart = painting->chart;
  RfChartArea *area = &painting->area;
  RfChartArea extent;
  const gboolean given_x = chart->x_min != 0 || chart->x_max != 0;
  gboolean found = find_extent (chart, given_x ? chart->x_min : -INFINITY,
                                given_x ? chart->x_max : INFINITY, &extent);
  /* A view between two points, or of nothing: the heights are those of all. */
  if (!found && given_x)
    found = find_extent (chart, -INFINITY, INFINITY, &extent);
  if (!found)
    return FALSE;

  area->log_x = chart->log_x;
  area->log_y = chart->log_y;
  area->x_min = given_x ? chart->x_min : extent.x_min;
  area->x_max = given_x ? chart->x_max : extent.x_max;
  if (!given_x)
    round_x_range (chart, &area->x_min, &area->x_max);
  if (chart->log_x && !(area->x_min > 0))
    area->x_min = MIN (MAX (extent.x_min, 1e-9), area->x_max / 10);
  if (!(area->x_max > area->x_min) || (chart->log_x && !(area->x_min > 0)))
    return FALSE;

  if (chart->unit_range)
    extent.y_min = MIN (extent.y_min, 0), extent.y_max = MAX (extent.y_max, 1);
  if (chart->y_min != 0 || chart->y_max != 0)
    {
      area->y_min = chart->y_min;
      area->y_max = chart->y_max;
    }
  else if (chart->log_y)
    {
      area->y_max = round_decade (extent.y_max, TRUE);
      area->y_min = round_decade (MAX (extent.y_min, area->y_max * pow (10, -LOG_DECADES)), FALSE);
    }
  else
    {
      area->y_min = MIN (extent.y_min, 0);
      area->y_max = MAX (extent.y_max, 0);
      double first, step;
      if (area->y_max > area->y_min
          && rf_chart_ticks (area->y_min, area->y_max, max_ticks, &first, &step) > 0)
        {
          area->y_min = floor (area->y_min / step + 1e-9) * step;
          area->y_max = ceil (area->y_max / step - 1e-9) * step;
        }
    }
  if (chart->log_y && !(area->y_min > 0))
    return FALSE;
  if (!(area->y_max > area->y_min))
    area->y_max
        = chart->log_y ? 10 * area->y_min : area->y_min + MAX (1, 1e-6 * fabs (area->y_min));
  return isfinite (area->y_max - area->y_min) && isfinite (area->x_max - area->x_min);
}

typedef struct
{
  double value;
  char *text; /* NULL: a grid line without a number */
} Tick;

static void
clear_tick (gpointer tick)
{
  g_free (((Tick *) tick)->text);
}

static void
add_tick (GArray *ticks, double value, char *text)
{
  Tick tick = { value, text };
  g_array_append_val (ticks, tick);
}

/* Powers of ten; where they are few, 2 and 5 times them too. */
static void
log_ticks (double from, double to, guint max, GArray *ticks)
{
  const int low = (int) floor (log10 (from) + 1e-9);
  const int high = (int) ceil (log10 (to) - 1e-9);
  const int stride = MAX (1, (high - low + (int) max) / (int) max);
  const gboolean between = 3 * (guint) (high - low) <= max;
  for (int exponent = low; exponent <= high; exponent += stride)
    for (int m = 0; m < (between ? 3 : 1); m++)
      {
        const double step = pow (10, exponent), value = step * (m == 0 ? 1 : m == 1 ? 2 : 5);
        if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9))
          add_tick (ticks, value, rf_chart_format_tick (value, step));
      }
}

static void
linear_ticks (double from, double to, guint max, GArray *ticks)
{
  double first, step;
  const guint n = rf_chart_ticks (from, to, max, &first, &step);
  for (guint i = 0; i < n; i++)
    add_tick (ticks, first + i * step, rf_chart_format_tick (first + i * step, step));
}

static GArray *
make_ticks (void)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (Tick));
  g_array_set_clear_func (ticks, clear_tick);
  return ticks;
}

GArray *
rf_chart_make_y_ticks (const RfChartPainting *painting, guint max)
{
  const RfChartArea *area = &painting->area;
  GArray *ticks = make_ticks ();
  if (area->log_y)
    {
      log_ticks (area->y_min, area->y_max, max, ticks);
      /* A narrow view may hold not one of them. */
      if (ticks->len < 2)
        {
          g_array_set_size (ticks, 0);
          linear_ticks (area->y_min, area->y_max, max, ticks);
        }
      return ticks;
    }
  if (!painting->chart->unit_range)
    {
      linear_ticks (area->y_min, area->y_max, max, ticks);
      return ticks;
    }
  double first, step;
  const guint n = rf_chart_ticks (area->y_min, area->y_max, max, &first, &step);
  for (guint i = 0; i < n; i++)
    {
      const double value = first + i * step;
      g_autofree char *number = rf_chart_format_tick (100 * value, 100 * step);
      add_tick (ticks, value, g_strconcat (number, " %", NULL));
    }
  return ticks;
}

GArray *
rf_chart_make_x_ticks (const RfChartPainting *painting)
{
  const RfChartArea *area = &painting->area;
  const RfChartXKind kind = painting->chart->x_kind;
  GArray *ticks = make_ticks ();
  guint max = (guint) CLAMP (area->width / (4.5 * painting->em), 2, 12);
  if (area->log_x)
    {
      log_ticks (area->x_min, area->x_max, max, ticks);
      if (ticks->len >= 2)
        return ticks;
      g_array_set_size (ticks, 0);
    }
  if (kind == RF_CHART_COUNT)
    max = (guint) MIN (max, floor (area->x_max - area->x_min) + 1);
  if (kind != RF_CHART_DURATION)
    {
      linear_ticks (area->x_min, area->x_max, max, ticks);
      return ticks;
    }
  double first, step;
  const guint n = rf_chart_duration_ticks (area->x_min, area->x_max, max, &first, &step);
  for (guint i = 0; i < n; i++)
    {
      const double value = first + i * step;
      const gboolean zero = fabs (value) < 1e-9 * step;
      add_tick (ticks, value, zero ? g_strdup ("0") : rf_chart_format_x (value, kind));
    }
  return ticks;
}

static void
line (cairo_t *cr, double x1, double y1, double x2, double y2)
{
  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x2, y2);
  cairo_stroke (cr);
}

/* Two strokes across the y axis: it does not begin at 0. */
static void
paint_break (RfChartPainting *painting, double x, double y)
{
  cairo_t *cr = painting->cr;
  cairo_save (cr);
  cairo_rectangle (cr, x - 4, y - 12, 8, 5);
  rf_chart_set_color (cr, &painting->style->background, 1);
  cairo_fill (cr);
  rf_chart_set_color (cr, &painting->style->axis, 1);
  line (cr, x - 4, y - 10, x + 4, y - 14);
  line (cr, x - 4, y - 5, x + 4, y - 9);
  cairo_restore (cr);
}

void
rf_chart_paint_axes (RfChartPainting *painting, const GArray *y_ticks, const GArray *x_ticks)
{
  cairo_t *cr = painting->cr;
  const RfChartStyle *style = painting->style;
  const RfChartArea *area = &painting->area;
  const double left = floor (area->left) + 0.5, right = area->left + area->width;
  const double bottom = floor (area->top + area->height) + 0.5;

  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < y_ticks->len; i++)
    {
      const Tick *tick = &g_array_index (y_ticks, Tick, i);
      const double place = rf_chart_map_y (painting, tick->value), y = floor (place) + 0.5;
      rf_chart_set_color (cr, &style->grid, 1);
      line (cr, left, y, right, y);
      const RfTextSize size = rf_chart_measure (painting, tick->text, 1, FALSE);
      rf_chart_text (painting, area->left - TICK - 3 - size.width, place - size.height / 2,
                     tick->text, 1, FALSE, &style->text, 0.8);
    }

  rf_chart_set_color (cr, &style->axis, 1);
  line (cr, left, floor (area->top) + 0.5, left, bottom);
  line (cr, left, bottom, right, bottom);
  double text_end = -INFINITY;
  for (guint i = 0; i < x_ticks->len; i++)
    {
      const Tick *tick = &g_array_index (x_ticks, Tick, i);
      const double x = rf_chart_map_x (painting, tick->value);
      rf_chart_set_color (cr, &style->axis, 1);
      line (cr, floor (x) + 0.5, bottom, floor (x) + 0.5, bottom + TICK);
      const RfTextSize size = rf_chart_measure (painting, tick->text, 1, FALSE);
      const double at = CLAMP (x - size.width / 2, 0, MAX (0, painting->width - size.width));
      if (at < text_end + painting->em / 2)
        continue;
      rf_chart_text (painting, at, bottom + TICK + 1, tick->text, 1, FALSE, &style->text, 0.8);
      text_end = at + size.width;
    }
  if (!painting->chart->log_y && area->y_min > 0)
    paint_break (painting, left, bottom);
  cairo_restore (cr);
}

double
rf_chart_widest_tick (RfChartPainting *painting, const GArray *ticks)
{
  double width = 0;
  for (guint i = 0; i < ticks->len; i++)
    {
      const Tick *tick = &g_array_index (ticks, Tick, i);
      const RfTextSize size = rf_chart_measure (painting, tick->text, 1, FALSE);
      width = MAX (width, size.width);
    }
  return width;
}
