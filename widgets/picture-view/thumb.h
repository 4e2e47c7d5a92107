/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture in a small place, as large as fits, to be looked at only. */

#include "widgets/picture-view/raster.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_THUMB (rf_thumb_get_type ())
G_DECLARE_FINAL_TYPE (RfThumb, rf_thumb, RF, THUMB, GtkWidget)

GtkWidget *rf_thumb_new (int width, int height);
/* NULL: none. */
void rf_thumb_set_raster (RfThumb *thumb, RfRaster *raster);
/* A part of the picture that is outlined, in its pixels; right ≤ left: none. */
void rf_thumb_set_outline (RfThumb *thumb, double top, double left, double bottom, double right);

G_END_DECLS
