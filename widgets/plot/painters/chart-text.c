/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts and colours of a chart. */

#include "widgets/plot/painters/chart-private.h"

void
rf_chart_set_color (cairo_t *cr, const RfColor *color, double opacity)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * opacity);
}

const RfColor *
rf_chart_color_of (const RfChartPainting *painting, const RfChartSeries *series)
{
  return &painting->style->series[series->color % RF_CHART_N_COLORS];
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

void
rf_chart_text_on_lines (RfChartPainting *painting, double x, double y, const char *text,
                        double scale, const RfColor *color)
{
  cairo_t *cr = painting->cr;
  cairo_save (cr);
  set_font (painting, scale, FALSE);
  pango_layout_set_text (painting->layout, text, -1);
  cairo_new_path (cr);
  cairo_move_to (cr, x, y);
  pango_cairo_layout_path (cr, painting->layout);
  rf_chart_set_color (cr, &painting->style->background, 0.85);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, 4);
  cairo_stroke (cr);
  cairo_restore (cr);
  rf_chart_text (painting, x, y, text, scale, FALSE, color, 1);
}

void
rf_chart_text_within (RfChartPainting *painting, double x, double y, double width, const char *text,
                      double scale, gboolean bold, const RfColor *color, double opacity)
{
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (painting->layout, (int) (MAX (width, 0) * PANGO_SCALE));
  rf_chart_text (painting, x, y, text, scale, bold, color, opacity);
  pango_layout_set_width (painting->layout, -1);
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_NONE);
}
