/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small picture, as large as its place allows, each of its pixels a square. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_PICTURE (rf_picture_get_type ())
G_DECLARE_FINAL_TYPE (RfPicture, rf_picture, RF, PICTURE, GtkWidget)

/* Property: "size" (int), the longer side that it would like to have. Its accessible label is the
 * caller's. */
GtkWidget *rf_picture_new (void);

/* Planar, [channels, height, width]: grey with one channel or two, of which the second is left out,
 * else red, green, blue. Copied. @values: from 0 to 1, beyond that as the ends. */
void rf_picture_set_bytes (RfPicture *picture, const guint8 *bytes, int channels, int height,
                           int width);
void rf_picture_set_floats (RfPicture *picture, const float *values, int channels, int height,
                            int width);
void rf_picture_clear (RfPicture *picture);

G_END_DECLS
