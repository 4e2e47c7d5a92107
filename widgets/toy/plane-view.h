/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A square of the plane, coloured by what a network says there, with points on it. Points of one
 * class are discs, of the others diamonds, squares and triangles, so that colour is not all that
 * tells them apart. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  double x, y;
  guint32 color;   /* 0xrrggbb */
  int shape;       /* 0: disc, 1: diamond, 2: square, 3: triangle, and so on again */
  gboolean hollow; /* a test point */
} RfPlanePoint;

#define RF_TYPE_PLANE_VIEW (rf_plane_view_get_type ())
G_DECLARE_FINAL_TYPE (RfPlaneView, rf_plane_view, RF, PLANE_VIEW, GtkWidget)

/* @extent: of the plane, to each side of 0. Signals: "pointed" (double x, double y; NaN when the
 * pointer leaves), "pressed" (double x, double y, gboolean second: with the other button),
 * "dragged" (double from_x, double from_y, double x, double y, gboolean second): since the last
 * one. Arrow keys move a cross that is pointed with, Return presses. */
GtkWidget *rf_plane_view_new (double extent);
/* Without numbers on the axes, and down to a third of the usual size. */
void rf_plane_view_set_small (RfPlaneView *view);
/* @pixels: side², copied; the first row is on top. */
void rf_plane_view_set_pixels (RfPlaneView *view, const guint32 *pixels, int side);
void rf_plane_view_set_points (RfPlaneView *view, const RfPlanePoint *points, gsize n);
/* Writes it to a .png, .svg or .pdf file. */
gboolean rf_plane_view_save (RfPlaneView *view, const char *path, GError **error);

G_END_DECLS
