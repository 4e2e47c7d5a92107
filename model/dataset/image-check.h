/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Walks through the structure of a picture file before anything is decoded. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_IMAGE_PNG,
  RF_IMAGE_JPEG,
  RF_IMAGE_GIF,
} RfImageFormat;

typedef struct
{
  RfImageFormat format;
  guint32 width, height; /* at least 1 each; not limited otherwise */
} RfImageHeader;

/* Fails where the file is cut short or damaged, as far as that can be told without decoding: for
 * PNG the checksum of each chunk and the amount of packed pixels, for JPEG and GIF each segment up
 * to the end marker. Pixels are counted only of a picture of at most @max_pixels; a larger one is
 * refused by its header. */
gboolean rf_image_check (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
                         RfImageHeader *header, GError **error);

/* The part of the PNG format in a file of its own. */
gboolean rf_image_check_png (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
                             RfImageHeader *header, GError **error);
gboolean rf_image_check_size (const RfImageHeader *header, const char *origin, guint64 max_pixels,
                              GError **error);

G_END_DECLS
