/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The picture that the network sees, to be painted on: dragging sets pixels to a colour. Arrow keys
 * move a cross, Space paints below it. */

#include "app/features/feature-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_PAINT_VIEW (rf_paint_view_get_type ())
G_DECLARE_FINAL_TYPE (RfPaintView, rf_paint_view, RF, PAINT_VIEW, GtkBox)

/* Signal "painted" (float *values): the picture of the bench, with more paint on it; the handler
 * does not own it. */
GtkWidget *rf_paint_view_new (RfFeatureBench *bench);
/* As the pointer would, at a pixel. */
void rf_paint_view_paint (RfPaintView *view, int y, int x);

G_END_DECLS
