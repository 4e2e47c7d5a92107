/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is laid over the lines: flags at moments of the run, and the crosshair with its values. */

#include "widgets/plot/painters/chart-private.h"

#include <glib/gi18n-lib.h>

#define PAD 7.0

/* A slider that is dragged leaves a change at every step it passed: those closer than a pennant's
 * width share one pole, and its text is that of the last. Texts that would run into each other are
 * left out; the crosshair tells them. */
void
rf_chart_paint_flags (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  cairo_t *cr = painting->cr;
  const double pennant = 0.45 * painting->em, top = area->top - pennant;
  const double bottom = area->top + area->height;
  double text_end = -INFINITY;

  for (guint i = 0; i < chart->n_flags;)
    {
      const double pole = floor (rf_chart_map_x (painting, chart->flags[i].x)) + 0.5;
      guint last = i;
      while (last + 1 < chart->n_flags
             && rf_chart_map_x (painting, chart->flags[last + 1].x) < pole + pennant)
        last++;
      const RfChartFlag *flag = &chart->flags[last];
      i = last + 1;
      if (pole < area->left || pole > area->left + area->width)
        continue;

      cairo_save (cr);
      rf_chart_set_color (cr, &style->text, 0.45);
      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, (double[]){ 2, 3 }, 2, 0);
      cairo_move_to (cr, pole, area->top);
      cairo_line_to (cr, pole, bottom);
      cairo_stroke (cr);
      rf_chart_set_color (cr, &style->text, 0.75);
      cairo_move_to (cr, pole, top);
      cairo_line_to (cr, pole + pennant, top + pennant / 2);
      cairo_line_to (cr, pole, top + pennant);
      cairo_close_path (cr);
      cairo_fill (cr);
      cairo_restore (cr);

      if (!flag->text)
        continue;
      const RfTextSize size = rf_chart_measure (painting, flag->text, 0.88, FALSE);
      double x = pole + pennant + 3;
      const double next
          = i < chart->n_flags ? rf_chart_map_x (painting, chart->flags[i].x) : INFINITY;
      if (x + size.width > MIN (next - 2, area->left + area->width))
        x = pole - 4 - size.width;
      if (x < text_end + 4 || x < area->left)
        continue;
      text_end = MAX (x + size.width, pole + pennant);
      const double y = top + (pennant - size.height) / 2;
      rf_chart_text (painting, x, y, flag->text, 0.88, FALSE, &style->text, 0.85);
    }
}

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

static GArray *
take_readings (RfChartPainting *painting, double x)
{
  const RfChart *chart = painting->chart;
  GArray *readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  g_array_set_clear_func (readings, clear_reading);

  Reading heading = { NULL };
  heading.label = g_strdup (chart->x_label ? chart->x_label : "");
  heading.value = chart->whole_x ? g_strdup_printf ("%.0f", x) : rf_chart_format_value (x, FALSE);
  g_array_append_val (readings, heading);

  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const gssize at = series->label ? rf_chart_nearest (painting, series, x) : -1;
      if (at < 0)
        continue;
      Reading reading = { series };
      reading.label = g_strdup (series->label);
      reading.value = rf_chart_format_value (series->y[at], chart->unit_range);
      g_array_append_val (readings, reading);
    }

  const double near = 4 * (painting->area.x_max - painting->area.x_min) / painting->area.width;
  const RfChartFlag *newest = NULL;
  guint n_others = 0; /* of the same moment: of a slider that was dragged the last value counts */
  for (guint i = chart->n_flags; i-- > 0;)
    {
      const RfChartFlag *flag = &chart->flags[i];
      if (!newest && flag->text && fabs (flag->x - x) <= near)
        newest = flag;
      else if (newest && flag->x == newest->x)
        n_others++;
    }
  if (newest)
    {
      Reading reading = { NULL };
      /* Translators: a change such as "L2 0.0001 (5)", how many others there are beside it. */
      reading.label = n_others > 0 ? g_strdup_printf (_ ("%s and %u more"), newest->text, n_others)
                                   : g_strdup (newest->text);
      reading.value = g_strdup ("");
      g_array_append_val (readings, reading);
    }
  return readings;
}

void
rf_chart_paint_crosshair (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  cairo_t *cr = painting->cr;
  const double x = CLAMP (chart->crosshair_x, area->x_min, area->x_max);
  const double right = area->left + area->width;

  const double line = floor (rf_chart_map_x (painting, x)) + 0.5;
  rf_chart_set_color (cr, &style->text, 0.5);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, line, area->top);
  cairo_line_to (cr, line, area->top + area->height);
  cairo_stroke (cr);

  guint n_above = 0, n_below = 0; /* dots in the upper and in the lower half */
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const gssize at = rf_chart_nearest (painting, series, x);
      if (at < 0 || series->faint || series->x[at] < area->x_min || series->x[at] > area->x_max)
        continue;
      const double y = rf_chart_map_y (painting, series->y[at]);
      if (y < area->top + area->height / 2)
        n_above++;
      else
        n_below++;
      cairo_new_path (cr);
      cairo_arc (cr, rf_chart_map_x (painting, series->x[at]), y, 2 * style->line_width, 0,
                 2 * G_PI);
      rf_chart_set_color (cr, &style->background, 1);
      cairo_fill_preserve (cr);
      rf_chart_set_color (cr, &style->series[series->color % RF_CHART_N_COLORS], 1);
      cairo_set_line_width (cr, style->line_width);
      cairo_stroke (cr);
    }

  g_autoptr (GArray) readings = take_readings (painting, x);
  double label_width = 0, value_width = 0;
  for (guint i = 0; i < readings->len; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);
      const RfTextSize label = rf_chart_measure (painting, reading->label, 1, FALSE);
      const RfTextSize value = rf_chart_measure (painting, reading->value, 1, TRUE);
      label_width = MAX (label_width, label.width);
      value_width = MAX (value_width, value.width);
    }
  const double swatch = painting->em, gap = PAD * 1.5;
  const double width = PAD + swatch + PAD + label_width + gap + value_width + PAD;
  const double height = 2 * PAD + readings->len * painting->em;
  /* On the side where there is more room, inside the data area if it fits at all, and away from the
   * lines that it tells of. */
  double box_x = line - area->left > area->width / 2 ? line - 10 - width : line + 10;
  box_x = floor (CLAMP (box_x, area->left, MAX (area->left, right - width)));
  const double slack = MAX (0, area->height - height), margin = MIN (0.5 * painting->em, slack);
  const double box_y = floor (area->top + (n_above > n_below ? slack - margin : margin));

  rounded_box (cr, box_x + 0.5, box_y + 0.5, width, height, 6);
  rf_chart_set_color (cr, &style->background, 0.94);
  cairo_fill_preserve (cr);
  rf_chart_set_color (cr, &style->axis, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);

  for (guint i = 0; i < readings->len; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);
      const double y = box_y + PAD + i * painting->em;
      if (reading->series)
        {
          const RfChartSeries *series = reading->series;
          cairo_save (cr);
          rf_chart_dash (painting, series);
          rf_chart_set_color (cr, &style->series[series->color % RF_CHART_N_COLORS],
                              series->faint ? 0.4 : 1);
          cairo_set_line_width (cr, style->line_width);
          cairo_move_to (cr, box_x + PAD, y + painting->em / 2);
          cairo_line_to (cr, box_x + PAD + swatch, y + painting->em / 2);
          cairo_stroke (cr);
          cairo_restore (cr);
        }
      const RfTextSize value = rf_chart_measure (painting, reading->value, 1, TRUE);
      rf_chart_text (painting, box_x + PAD + swatch + PAD, y, reading->label, 1, FALSE,
                     &style->text, 0.85);
      rf_chart_text (painting, box_x + width - PAD - value.width, y, reading->value, 1, TRUE,
                     &style->text, 1);
    }
}
