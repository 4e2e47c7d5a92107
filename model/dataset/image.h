/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pictures from files: PNG, JPEG and the first frame of GIF, decoded by gdk-pixbuf, checked by us.
 * Its decoders accept truncated and damaged files and allocate by the header; so each file is
 * walked to its end, its size limited, before it is decoded. */

#include "model/experiment/experiment.h"

G_BEGIN_DECLS

/* Interleaved RGB, 8 bits, alpha blended over white. */
typedef struct
{
  int width, height;
  guint8 *rgb; /* height × width × 3 */
  /*< private >*/
  gpointer owner; /* of the pixels */
} RfImage;

#define RF_IMAGE_MAX_PIXELS (50 * 1000 * 1000)

/* Sixteen-bit samples keep their upper byte. */
RfImage *rf_image_load (const char *path, GError **error);
/* The same from memory; @origin names it in messages. */
RfImage *rf_image_parse (const void *data, gsize size, const char *origin, GError **error);
void rf_image_free (RfImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfImage, rf_image_free)

/* A name that pictures have, by its extension. */
gboolean rf_image_has_name (const char *name);

/* Whether pictures can become an input of this shape: one channel or three. */
gboolean rf_image_check_input (RfShape shape, GError **error);

/* A picture as the input of a network: grey to RGB by copying, RGB to grey by Rec. 601, shorter
 * side scaled to the target, centre crop; planar bytes [c, h, w] into @out. Areas are averaged
 * where it shrinks, neighbours blended (bilinear) where it grows; all in integers, so the same
 * bytes anywhere. */
gboolean rf_image_to_input (const RfImage *image, RfShape shape, guint8 *out, GError **error);

G_END_DECLS
