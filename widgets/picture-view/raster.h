/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture of the screen with its halves, quarters and so on, so that painting costs the pixels of
 * the screen and not those of the picture. Immutable and counted by references: made in any thread,
 * painted in the main one. */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

#define RF_RASTER_MAX_SIDE 32000 /* of what Cairo can hold */

typedef struct _RfRaster RfRaster;

/* @full: RGB24, not to be written any more; taken over. */
RfRaster *rf_raster_new (cairo_surface_t *full);
RfRaster *rf_raster_ref (RfRaster *raster);
void rf_raster_unref (RfRaster *raster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRaster, rf_raster_unref)

int rf_raster_get_width (const RfRaster *raster);
int rf_raster_get_height (const RfRaster *raster);
/* 0xrrggbb */
guint32 rf_raster_get_pixel (const RfRaster *raster, int y, int x);
/* The smallest one of its sizes that has at least @n_pixels, or the full one. Borrowed. */
cairo_surface_t *rf_raster_get_level (const RfRaster *raster, gint64 n_pixels);
/* Paints it into a rectangle; @device: pixels of the screen for each unit. What is enlarged shows
 * its pixels as squares. */
void rf_raster_paint (const RfRaster *raster, cairo_t *cr, double x, double y, double width,
                      double height, double device);

G_END_DECLS
