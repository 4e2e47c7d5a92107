/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The crosshair: a line at one x, and a box with the flags of the pole that it touches and the
 * values of all lines there. The box lies inside the chart, whatever its size: what does not fit is
 * counted. */

#include "widgets/plot/painters/chart-private.h"

#include <glib/gi18n-lib.h>

#define PAD       7.0
#define MAX_FLAGS 6   /* lines for one pole */
#define TOUCH     5.0 /* units between a pole and a crosshair that touches it */

static void
rounded_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

/* A line of the crosshair's box. */
typedef struct
{
  const RfChartSeries *series; /* NULL: the heading, or a flag */
  char *label, *value;
} Reading;

static void
clear_reading (gpointer data)
{
  Reading *reading = data;
  g_free (reading->label);
  g_free (reading->value);
}

/* Takes the texts over. */
static void
add_reading (GArray *readings, const RfChartSeries *series, char *label, char *value)
{
  const Reading reading = { series, label, value };
  g_array_append_val (readings, reading);
}

/* The point of a series that is read at @x, or -1: none of a line that ended well before, or has
 * not begun. */
static gssize
point_at (const RfChartPainting *painting, const RfChartSeries *series, double x)
{
  const gssize at = rf_chart_series_nearest (series, x, painting->chart->log_y);
  if (at < 0)
    return -1;
  const double place = rf_chart_map_x (painting, x);
  const double from = rf_chart_map_x (painting, rf_chart_series_x (series, at));
  const gsize other = at > 0 ? (gsize) at - 1 : MIN (1, series->n - 1);
  const double spacing = fabs (from - rf_chart_map_x (painting, rf_chart_series_x (series, other)));
  return fabs (place - from) <= MAX (spacing, 12) ? at : -1;
}

static void
read_series (const RfChartPainting *painting, double x, GArray *readings)
{
  const RfChart *chart = painting->chart;
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const gssize at = series->label ? point_at (painting, series, x) : -1;
      if (at < 0)
        continue;
      char *value = rf_chart_format_value (series->y[at], chart->unit_range);
      if (series->low && series->high)
        {
          g_autofree char *mean = value;
          g_autofree char *low = rf_chart_format_value (series->low[at], chart->unit_range);
          g_autofree char *high = rf_chart_format_value (series->high[at], chart->unit_range);
          value = g_strdup_printf ("%s (%s – %s)", mean, low, high);
        }
      add_reading (readings, series, g_strdup (series->label), value);
    }
}

/* The flags of the pole at @x, the newest last, in at most @max lines; each with its place if that
 * is another. */
static void
read_flags (const RfChartPainting *painting, double x, guint max, GArray *readings)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const int first = rf_chart_find_pole (area, chart->flags, chart->n_flags,
                                        rf_chart_map_x (painting, x), TOUCH);
  if (first < 0)
    return;
  const guint n = rf_chart_count_pole (area, chart->flags, chart->n_flags, first);
  const guint shown = n <= max ? n : max - 1;
  if (shown < n)
    /* Translators: changes of settings that are not listed with those below it. */
    add_reading (readings, NULL,
                 g_strdup_printf (ngettext ("%u earlier change", "%u earlier changes", n - shown),
                                  n - shown),
                 g_strdup (""));
  for (guint i = first + n - shown; i < first + n; i++)
    if (chart->flags[i].text)
      add_reading (readings, NULL, g_strdup (chart->flags[i].text),
                   chart->flags[i].x == x ? g_strdup ("")
                                          : rf_chart_format_x (chart->flags[i].x, chart->x_kind));
}

/* All there is to say at @x, in at most @max lines. */
static GArray *
take_readings (const RfChartPainting *painting, double x, guint max)
{
  const RfChart *chart = painting->chart;
  GArray *readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  g_array_set_clear_func (readings, clear_reading);
  add_reading (readings, NULL, g_strdup (chart->x_label ? chart->x_label : ""),
               rf_chart_format_x (x, chart->x_kind));
  /* Flags are what one went there for, as a rule: lines give way to them. */
  read_flags (painting, x, CLAMP (max / 2, 1, MAX_FLAGS), readings);
  read_series (painting, x, readings);
  if (readings->len > max)
    {
      const guint left = readings->len - (max - 1);
      g_array_set_size (readings, max - 1);
      /* Translators: lines of a chart for which there is no room. */
      add_reading (readings, NULL, g_strdup_printf (_ ("and %u more"), left), g_strdup (""));
    }
  return readings;
}

/* Dots on the lines at @x; more of them in the upper half than in the lower? */
static gboolean
paint_dots (RfChartPainting *painting, double x)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  cairo_t *cr = painting->cr;
  int upper = 0;
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const gssize at = series->faint ? -1 : point_at (painting, series, x);
      if (at < 0)
        continue;
      const double place = rf_chart_map_x (painting, rf_chart_series_x (series, at));
      const double y = rf_chart_map_y (painting, series->y[at]);
      if (place < area->left - 1 || place > area->left + area->width + 1 || y < area->top - 1
          || y > area->top + area->height + 1)
        continue;
      upper += y < area->top + area->height / 2 ? 1 : -1;
      cairo_new_path (cr);
      cairo_arc (cr, place, y, 2 * style->line_width, 0, 2 * G_PI);
      rf_chart_set_color (cr, &style->background, 1);
      cairo_fill_preserve (cr);
      rf_chart_set_color (cr, rf_chart_color_of (painting, series), 1);
      cairo_set_line_width (cr, style->line_width);
      cairo_stroke (cr);
    }
  return upper > 0;
}

static void
paint_swatch (RfChartPainting *painting, const RfChartSeries *series, double x, double y,
              double length)
{
  cairo_t *cr = painting->cr;
  cairo_save (cr);
  rf_chart_dash (painting, series);
  rf_chart_set_color (cr, rf_chart_color_of (painting, series), series->faint ? 0.4 : 1);
  cairo_set_line_width (cr, rf_chart_width_of (painting, series));
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x + length, y);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
paint_readings (RfChartPainting *painting, const GArray *readings, const cairo_rectangle_t *box)
{
  const RfColor *color = &painting->style->text;
  const double swatch = painting->em;
  for (guint i = 0; i < readings->len; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);
      const double y = box->y + PAD + i * painting->em;
      if (reading->series)
        paint_swatch (painting, reading->series, box->x + PAD, y + painting->em / 2, swatch);
      const RfTextSize value = rf_chart_measure (painting, reading->value, 1, TRUE);
      const double left = box->x + PAD + swatch + PAD;
      const double end = box->x + box->width - PAD - value.width;
      rf_chart_text_within (painting, left, y, end - left - (value.width > 0 ? PAD / 2 : 0),
                            reading->label, 1, FALSE, color, 0.85);
      rf_chart_text (painting, end, y, reading->value, 1, TRUE, color, 1);
    }
}

void
rf_chart_paint_crosshair (RfChartPainting *painting)
{
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  cairo_t *cr = painting->cr;
  const double x = CLAMP (painting->chart->crosshair_x, area->x_min, area->x_max);
  const double line = floor (rf_chart_map_x (painting, x)) + 0.5;
  rf_chart_set_color (cr, &style->text, 0.5);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, line, area->top);
  cairo_line_to (cr, line, area->top + area->height);
  cairo_stroke (cr);
  const gboolean lines_above = paint_dots (painting, x);

  const double max = floor ((painting->height - 2 * PAD - 3) / painting->em);
  if (max < 1)
    return;
  g_autoptr (GArray) readings = take_readings (painting, x, (guint) max);
  double label_width = 0, value_width = 0;
  for (guint i = 0; i < readings->len; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);
      const RfTextSize label = rf_chart_measure (painting, reading->label, 1, FALSE);
      const RfTextSize value = rf_chart_measure (painting, reading->value, 1, TRUE);
      label_width = MAX (label_width, label.width + 2);
      value_width = MAX (value_width, value.width);
    }
  const double wished = PAD + painting->em + PAD + label_width + 1.5 * PAD + value_width + PAD;
  cairo_rectangle_t box = { .width = MIN (ceil (wished), painting->width - 3),
                            .height = 2 * PAD + readings->len * painting->em };
  /* On the side where there is more room, inside the data area if it fits at all, and away from the
   * lines that it tells of. */
  const double right = area->left + area->width;
  box.x = line - area->left > area->width / 2 ? line - 10 - box.width : line + 10;
  box.x = floor (CLAMP (box.x, area->left, MAX (area->left, right - box.width)));
  box.x = MAX (0, MIN (box.x, painting->width - box.width - 2));
  const double slack = MAX (0, area->height - box.height), margin = MIN (0.5 * painting->em, slack);
  box.y = floor (area->top + (lines_above ? slack - margin : margin));
  box.y = MAX (0, MIN (box.y, painting->height - box.height - 2));

  const double corner = painting->chart->corner, bottom = area->top + area->height;
  if (box.x + box.width > right - corner && box.y + box.height > bottom - corner)
    box.y = MAX (0, floor (bottom - corner - box.height));

  rounded_box (cr, box.x + 0.5, box.y + 0.5, box.width, box.height, 6);
  rf_chart_set_color (cr, &style->background, 0.94);
  cairo_fill_preserve (cr);
  rf_chart_set_color (cr, &style->axis, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  paint_readings (painting, readings, &box);
}
