/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The thin line around a picture, without which its white would run into a light window and its
 * black into a dark one. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The theme's text, faint (strong in high contrast), one unit wide. */
void rf_frame_set_color (cairo_t *cr, GtkWidget *widget);
/* A colour of the theme, or its text where there is none of that name. */
void rf_frame_lookup_color (GtkWidget *widget, const char *name, GdkRGBA *color);
/* Adds to the path a line just outside of the rectangle. */
void rf_frame_add (cairo_t *cr, double x, double y, double width, double height);

/* Strokes the path in light on dark, so that it is seen on any picture. */
void rf_frame_stroke_on_picture (cairo_t *cr);

G_END_DECLS
