/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The frame of a line chart: texts, ranges, axes, and the order in which all is painted.
 *
 *   title  what is plotted                      A title and, dimmed, a word about the values; then
 * the (legend)                                    legend, if labels beside the lines have no room;
 * the 100 ┤        ┌ label                        data area; the numbers of the x axis, at whose
 * end its 50 ┤   ┌────┘ label                        name stands. 0 └┬────┬──── 0   200   name of x
 */

#include "widgets/plot/painters/chart-labels.h"

#define TICK        4.0 /* length of a tick mark */
#define MIN_AREA    8.0 /* a smaller data area is not worth painting */
#define LOG_DECADES 12  /* deepest log axis: beyond, zero is meant */

void
rf_chart_set_color (cairo_t *cr, const RfColor *color, double opacity)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * opacity);
}

static void
set_font (RfChartPainting *painting, double scale, gboolean bold)
{
  g_autoptr (PangoFontDescription) font
      = pango_font_description_from_string (painting->style->font);
  const double size = painting->style->font_size * scale;
  pango_font_description_set_absolute_size (font, size * 4 / 3 * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (painting->layout, font);
}

RfTextSize
rf_chart_measure (RfChartPainting *painting, const char *text, double scale, gboolean bold)
{
  int width, height;
  set_font (painting, scale, bold);
  pango_layout_set_text (painting->layout, text, -1);
  pango_layout_get_size (painting->layout, &width, &height);
  return (RfTextSize){ (double) width / PANGO_SCALE, (double) height / PANGO_SCALE };
}

void
rf_chart_text (RfChartPainting *painting, double x, double y, const char *text, double scale,
               gboolean bold, const RfColor *color, double opacity)
{
  set_font (painting, scale, bold);
  pango_layout_set_text (painting->layout, text, -1);
  rf_chart_set_color (painting->cr, color, opacity);
  cairo_move_to (painting->cr, x, y);
  pango_cairo_show_layout (painting->cr, painting->layout);
}

/* Extent of the data: x of all points, y of those that can be drawn and lie within @x_low …
 * @x_high. FALSE if there is not one. */
static gboolean
find_extent (const RfChartPainting *painting, double x_low, double x_high, RfChartArea *extent)
{
  const RfChart *chart = painting->chart;
  *extent = (RfChartArea){
    .x_min = INFINITY, .x_max = -INFINITY, .y_min = INFINITY, .y_max = -INFINITY
  };
  for (guint s = 0; s < chart->n_series; s++)
    {
      const RfChartSeries *series = &chart->series[s];
      double low = INFINITY, high = -INFINITY;
      for (gsize i = 0; i < series->n; i++)
        {
          const double y = series->y[i];
          if (!rf_chart_drawable (painting, y) || series->x[i] < x_low || series->x[i] > x_high)
            continue;
          low = MIN (low, y);
          high = MAX (high, y);
        }
      if (low > high)
        continue;
      extent->y_min = MIN (extent->y_min, low);
      extent->y_max = MAX (extent->y_max, high);
      extent->x_min = MIN (extent->x_min, series->x[0]);
      extent->x_max = MAX (extent->x_max, series->x[series->n - 1]);
    }
  return extent->y_min <= extent->y_max && isfinite (extent->x_max - extent->x_min);
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
static gboolean
choose_range (RfChartPainting *painting, guint max_ticks)
{
  const RfChart *chart = painting->chart;
  RfChartArea *area = &painting->area;
  RfChartArea extent;
  const gboolean given_x = chart->x_min != 0 || chart->x_max != 0;
  if (!find_extent (painting, given_x ? chart->x_min : -INFINITY, given_x ? chart->x_max : INFINITY,
                    &extent))
    return FALSE;

  area->x_min = given_x ? chart->x_min : extent.x_min;
  area->x_max = given_x ? chart->x_max : extent.x_max;
  if (!given_x && area->x_min > 0 && area->x_min <= 0.25 * area->x_max)
    area->x_min = 0;
  if (!(area->x_max > area->x_min))
    area->x_max = area->x_min + MAX (1, 1e-6 * fabs (area->x_min));

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
log_ticks (const RfChartArea *area, guint max, GArray *ticks)
{
  const int low = (int) floor (log10 (area->y_min) + 1e-9);
  const int high = (int) ceil (log10 (area->y_max) - 1e-9);
  const int stride = MAX (1, (high - low + (int) max) / (int) max);
  const gboolean between = 3 * (guint) (high - low) <= max;
  for (int exponent = low; exponent <= high; exponent += stride)
    for (int m = 0; m < (between ? 3 : 1); m++)
      {
        const double step = pow (10, exponent), value = step * (m == 0 ? 1 : m == 1 ? 2 : 5);
        if (value >= area->y_min * (1 - 1e-9) && value <= area->y_max * (1 + 1e-9))
          add_tick (ticks, value, rf_chart_format_tick (value, step));
      }
}

static GArray *
make_y_ticks (const RfChartPainting *painting, guint max)
{
  const RfChartArea *area = &painting->area;
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (Tick));
  g_array_set_clear_func (ticks, clear_tick);
  if (painting->chart->log_y)
    {
      log_ticks (area, max, ticks);
      return ticks;
    }
  double first, step;
  const guint n = rf_chart_ticks (area->y_min, area->y_max, max, &first, &step);
  for (guint i = 0; i < n; i++)
    {
      const double value = first + i * step;
      if (painting->chart->unit_range)
        {
          g_autofree char *number = rf_chart_format_tick (100 * value, 100 * step);
          add_tick (ticks, value, g_strconcat (number, " %", NULL));
        }
      else
        add_tick (ticks, value, rf_chart_format_tick (value, step));
    }
  return ticks;
}

static GArray *
make_x_ticks (const RfChartPainting *painting)
{
  const RfChartArea *area = &painting->area;
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (Tick));
  g_array_set_clear_func (ticks, clear_tick);
  guint max = (guint) CLAMP (area->width / (4.5 * painting->em), 2, 12);
  if (painting->chart->whole_x)
    max = (guint) MIN (max, floor (area->x_max - area->x_min) + 1);
  double first, step;
  const guint n = rf_chart_ticks (area->x_min, area->x_max, max, &first, &step);
  for (guint i = 0; i < n; i++)
    add_tick (ticks, first + i * step, rf_chart_format_tick (first + i * step, step));
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

static void
paint_axes (RfChartPainting *painting, const GArray *y_ticks, const GArray *x_ticks, double width)
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
      const double at = CLAMP (x - size.width / 2, 0, MAX (0, width - size.width));
      if (at < text_end + painting->em / 2)
        continue;
      rf_chart_text (painting, at, bottom + TICK + 1, tick->text, 1, FALSE, &style->text, 0.8);
      text_end = at + size.width;
    }
  if (!painting->chart->log_y && area->y_min > 0)
    paint_break (painting, left, bottom);
  cairo_restore (cr);
}

/* The headings; returns their height. */
static double
paint_title (RfChartPainting *painting, double width)
{
  const RfChart *chart = painting->chart;
  const RfChartStyle *style = painting->style;
  double x = 0, height = 0;
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_END);
  if (chart->title)
    {
      const RfTextSize size = rf_chart_measure (painting, chart->title, 1.1, TRUE);
      rf_chart_text (painting, 0, 0, chart->title, 1.1, TRUE, &style->text, 1);
      x = size.width + painting->em * 0.7;
      height = size.height;
    }
  if (chart->y_label && width - x > 4 * painting->em)
    {
      const RfTextSize size = rf_chart_measure (painting, chart->y_label, 1, FALSE);
      pango_layout_set_width (painting->layout, (int) ((width - x) * PANGO_SCALE));
      rf_chart_text (painting, x, MAX (0, (height - size.height) * 0.8), chart->y_label, 1, FALSE,
                     &style->text, 0.7);
      pango_layout_set_width (painting->layout, -1);
      height = MAX (height, size.height);
    }
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_NONE);
  return height > 0 ? height + 0.5 * painting->em : 0.5 * painting->em;
}

static void
paint_empty (RfChartPainting *painting, double top, double width, double height)
{
  if (!painting->chart->empty)
    return;
  pango_layout_set_width (painting->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (painting->layout, PANGO_ALIGN_CENTER);
  const RfTextSize size = rf_chart_measure (painting, painting->chart->empty, 1, FALSE);
  rf_chart_text (painting, 0, top + MAX (0, (height - top - size.height) / 2),
                 painting->chart->empty, 1, FALSE, &painting->style->text, 0.65);
}

static double
widest (RfChartPainting *painting, const GArray *ticks)
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

/* All but the background; the state of @painting->cr is the caller's to restore. */
static void
paint_chart (RfChartPainting *painting, double width, double height)
{
  const RfChart *chart = painting->chart;
  RfChartArea *area = &painting->area;
  cairo_t *cr = painting->cr;

  double top = paint_title (painting, width);
  const double below = painting->em + TICK + 2;
  const gboolean beside = rf_chart_labels_fit (painting, width, height - top - below);
  if (!beside)
    {
      const double legend = rf_chart_paint_legend (painting, top, width, FALSE);
      if (legend < (height - top) / 3)
        top += rf_chart_paint_legend (painting, top, width, TRUE) + 0.3 * painting->em;
    }

  /* Flags stand above the lines, which are at the very top as often as not. */
  if (chart->n_flags > 0)
    top += 0.7 * painting->em;

  const RfTextSize name = chart->x_label ? rf_chart_measure (painting, chart->x_label, 1, FALSE)
                                         : (RfTextSize){ 0, 0 };
  double margin = beside ? rf_chart_labels_width (painting) : 0;
  const gboolean name_beside = name.width + 0.8 * painting->em <= margin;
  margin = MAX (margin, 0.6 * painting->em);
  area->top = top;
  area->height = height - top - below - (name.width > 0 && !name_beside ? painting->em : 0);

  const guint max_ticks = (guint) CLAMP (area->height / (1.7 * painting->em), 2, 11);
  if (area->height < MIN_AREA || !choose_range (painting, max_ticks))
    {
      area->width = area->height = 0;
      paint_empty (painting, top, width, height);
      return;
    }
  g_autoptr (GArray) y_ticks = make_y_ticks (painting, max_ticks);
  double numbers = widest (painting, y_ticks);
  if (chart->widest_tick)
    numbers = MAX (numbers, rf_chart_measure (painting, chart->widest_tick, 1, FALSE).width);
  area->left = ceil (numbers + TICK + 3);
  area->width = width - area->left - margin;
  if (area->width < MIN_AREA)
    {
      area->width = area->height = 0;
      return;
    }
  g_autoptr (GArray) x_ticks = make_x_ticks (painting);
  paint_axes (painting, y_ticks, x_ticks, width);
  if (chart->x_label)
    rf_chart_text (painting, width - name.width - (name_beside ? 2 : margin),
                   area->top + area->height + TICK + 1 + (name_beside ? 0 : painting->em),
                   chart->x_label, 1, FALSE, &painting->style->text, 0.7);

  rf_chart_paint_flags (painting);
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < chart->n_series; i++)
      if (chart->series[i].faint == (pass == 0))
        rf_chart_paint_series (painting, &chart->series[i]);
  cairo_new_path (cr);
  if (beside)
    rf_chart_paint_labels (painting);
  if (chart->crosshair)
    rf_chart_paint_crosshair (painting);
}

void
rf_line_chart_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                     const RfChart *chart, RfChartArea *area)
{
  g_return_if_fail (cr && style && chart);

  RfChartPainting painting = { .cr = cr, .style = style, .chart = chart };
  if (width > 0 && height > 0)
    {
      cairo_save (cr);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_clip_preserve (cr);
      rf_chart_set_color (cr, &style->background, 1);
      cairo_fill (cr);

      painting.layout = pango_cairo_create_layout (cr);
      /* Digits of one width, so that numbers stand still while they change. */
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (painting.layout, attributes);
      painting.em = ceil (rf_chart_measure (&painting, "0", 1, FALSE).height);
      paint_chart (&painting, width, height);
      g_object_unref (painting.layout);
      cairo_restore (cr);
    }
  if (area)
    *area = painting.area;
}
