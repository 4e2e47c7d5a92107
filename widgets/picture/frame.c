/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture/frame.h"

#include <adwaita.h>

void
rf_frame_lookup_color (GtkWidget *widget, const char *name, GdkRGBA *color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  if (!gtk_style_context_lookup_color (context, name, color))
    gtk_style_context_get_color (context, color);
}

void
rf_frame_set_color (cairo_t *cr, GtkWidget *widget)
{
  const gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  GdkRGBA text;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  cairo_set_source_rgba (cr, text.red, text.green, text.blue, contrast ? 0.9 : 0.3);
  cairo_set_line_width (cr, 1);
}

void
rf_frame_add (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_rectangle (cr, x - 0.5, y - 0.5, width + 1, height + 1);
}

void
rf_frame_stroke_on_picture (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}
