/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef void (*RfPaintFunc) (cairo_t *cr, double width, double height, gpointer data);

/* Writes what @paint paints to a .png, .svg or .pdf file of @width × @height units; the PNG has
 * twice as many pixels. */
gboolean rf_chart_file_write (const char *path, double width, double height, RfPaintFunc paint,
                              gpointer data, GError **error);
/* The bytes of such a file; the suffix of @name says which. */
GBytes *rf_chart_file_render (const char *name, double width, double height, RfPaintFunc paint,
                              gpointer data, GError **error);
/* The PNG's surface by itself. */
cairo_surface_t *rf_chart_paint_image (double width, double height, RfPaintFunc paint,
                                       gpointer data);

G_END_DECLS
