/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The theme's colours and font as a painter's style. */

#include "widgets/plot/line-chart-private.h"

#include <adwaita.h>

static gboolean
lookup_color (GtkStyleContext *context, const char *name, RfColor *color)
{
  GdkRGBA rgba;
  if (!gtk_style_context_lookup_color (context, name, &rgba))
    return FALSE;
  *color = (RfColor){ rgba.red, rgba.green, rgba.blue, rgba.alpha };
  return TRUE;
}

/* @above, thinned to @share, laid over @below. */
static RfColor
over (const RfColor *above, const RfColor *below, double share)
{
  const double a = above->alpha * share, b = 1 - a;
  return (RfColor){ a * above->red + b * below->red, a * above->green + b * below->green,
                    a * above->blue + b * below->blue, 1 };
}

/* The theme's text, the card that charts lie on, and the set of line colours that suits it. */
char *
rf_line_chart_read_theme (GtkWidget *widget, RfChartStyle *style)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  RfColor text = { 0, 0, 0, 1 }, window = { 1, 1, 1, 1 }, card = { 1, 1, 1, 0 };
  lookup_color (context, "window_fg_color", &text);
  lookup_color (context, "window_bg_color", &window);
  lookup_color (context, "card_bg_color", &card);

  const RfColor background = over (&card, &window, 1);
  if (background.red + background.green + background.blue < 1.5)
    rf_chart_style_dark (style);
  else
    rf_chart_style_light (style);
  style->background = background;
  style->text = over (&text, &background, 1);
  const gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  style->axis = over (&text, &background, contrast ? 1 : 0.55);
  style->grid = over (&text, &background, contrast ? 0.35 : 0.13);
  style->line_width = contrast ? 2.5 : 2;

  PangoContext *pango = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (pango);
  char *family = g_strdup (pango_font_description_get_family (font));
  style->font = family;
  /* The painter's point is 4/3 units; the theme's depends on the resolution of text. */
  const double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  const double resolution = pango_cairo_context_get_resolution (pango);
  if (pango_font_description_get_size_is_absolute (font))
    style->font_size = 0.9 * size * 3 / 4;
  else
    style->font_size = 0.9 * size * (resolution > 0 ? resolution / 96 : 1);
  return family;
}

void
rf_line_chart_set_title_room (RfLineChart *self, int pixels)
{
  g_return_if_fail (RF_IS_LINE_CHART (self) && pixels >= 0);
  self->title_room = pixels;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
