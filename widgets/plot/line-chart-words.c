/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chart in words, for those who cannot see the lines: the newest values, or those at the
 * crosshair with the flags that are there. */

#include "widgets/plot/line-chart-private.h"

#include <glib/gi18n-lib.h>

static void
say_value (GString *text, const RfChart *chart, const RfChartSeries *series, gsize at)
{
  g_autofree char *value = rf_chart_format_value (series->y[at], chart->unit_range);
  g_autofree char *place
      = rf_chart_format_x (rf_chart_map_apply (series->map, series->x[at]), chart->x_kind);
  /* Translators: a line of a chart, its value, "step", a number. */
  g_string_append_printf (text, _ ("%s %s at %s %s; "), series->label, value,
                          chart->x_label ? chart->x_label : "", place);
  if (series->best_text && series->best != at + 1)
    g_string_append_printf (text, "%s; ", series->best_text);
}

static void
say_flags (GString *text, const RfChart *chart, const RfChartArea *area, double x)
{
  const int first = area->width > 0 ? rf_chart_find_pole (area, chart->flags, chart->n_flags,
                                                          rf_chart_area_place_of (area, x), 1)
                                    : -1;
  if (first < 0)
    return;
  const guint n = rf_chart_count_pole (area, chart->flags, chart->n_flags, first);
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *place = rf_chart_format_x (chart->flags[i].x, chart->x_kind);
      /* Translators: a change of a setting, "step", a number. */
      g_string_append_printf (text, _ ("changed: %s at %s %s; "),
                              chart->flags[i].text ? chart->flags[i].text : "",
                              chart->x_label ? chart->x_label : "", place);
    }
}

void
rf_line_chart_update_words (RfLineChart *self)
{
  g_autofree RfChartSeries *series = g_new (RfChartSeries, self->series->len + 1);
  RfChart chart;
  rf_line_chart_describe (self, &chart, series);
  g_autoptr (GString) text = g_string_new (NULL);
  const gboolean crosshair = isfinite (self->crosshair);
  if (crosshair)
    say_flags (text, &chart, &self->area, self->crosshair);
  for (guint i = 0; i < chart.n_series; i++)
    {
      if (series[i].faint || !series[i].label || series[i].n == 0)
        continue;
      const gssize at = crosshair
                            ? rf_chart_series_nearest (&series[i], self->crosshair, chart.log_y)
                            : (gssize) series[i].n - 1;
      if (at >= 0)
        say_value (text, &chart, &series[i], at);
    }
  if (text->len > 2)
    g_string_truncate (text, text->len - 2);
  else
    g_string_assign (text, self->empty ? self->empty : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}
