/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pixels stay in the block that gdk-pixbuf decoded into: rows are packed and blended over white
 * in place, so that the largest picture takes its size once. */
#include "model/dataset/image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/dataset/image-check.h"

#define MAX_FILE_SIZE (100 * 1000 * 1000)
#define PIECE         (64 * 1024)

/* Feeds the data to the decoder. */
static GdkPixbuf *
decode (const guint8 *data, gsize size, RfImageFormat format, GError **error)
{
  static const char *const names[] = { "png", "jpeg", "gif" };
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (names[format], error);
  if (!loader)
    return NULL;

  gboolean sound = TRUE;
  for (gsize at = 0; at < size && sound; at += PIECE)
    sound = gdk_pixbuf_loader_write (loader, data + at, MIN (size - at, PIECE), error);
  /* A loader must be closed whatever came before. */
  sound = gdk_pixbuf_loader_close (loader, sound ? error : NULL) && sound;
  GdkPixbuf *pixbuf = sound ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (sound && !pixbuf)
    g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _ ("it holds no picture"));
  return pixbuf ? g_object_ref (pixbuf) : NULL;
}

static guint8
over_white (guint8 value, guint8 alpha)
{
  return (guint8) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

/* Rows without gaps, three bytes a pixel, alpha over white. */
static void
pack (guint8 *pixels, int width, int height, int n_channels, gsize stride)
{
  guint8 *to = pixels;
  for (int y = 0; y < height; y++)
    {
      const guint8 *from = pixels + (gsize) y * stride;
      if (n_channels == 3)
        {
          memmove (to, from, (gsize) width * 3);
          to += (gsize) width * 3;
          continue;
        }
      for (int x = 0; x < width; x++, from += 4, to += 3)
        {
          guint8 alpha = from[3], r = from[0], g = from[1], b = from[2];
          to[0] = over_white (r, alpha);
          to[1] = over_white (g, alpha);
          to[2] = over_white (b, alpha);
        }
    }
}

RfImage *
rf_image_parse (const void *data, gsize size, const char *origin, GError **error)
{
  RfImageHeader header;
  if (!rf_image_check (data, size, origin, RF_IMAGE_MAX_PIXELS, &header, error))
    return NULL;

  g_autoptr (GError) problem = NULL;
  g_autoptr (GdkPixbuf) pixbuf = decode (data, size, header.format, &problem);
  if (!pixbuf)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: cannot be decoded: %s"), origin,
                   problem->message);
      return NULL;
    }

  g_autoptr (RfImage) image = g_new0 (RfImage, 1);
  image->width = gdk_pixbuf_get_width (pixbuf);
  image->height = gdk_pixbuf_get_height (pixbuf);
  image->rgb = gdk_pixbuf_get_pixels (pixbuf);
  pack (image->rgb, image->width, image->height, gdk_pixbuf_get_n_channels (pixbuf),
        (gsize) gdk_pixbuf_get_rowstride (pixbuf));
  image->owner = g_steal_pointer (&pixbuf);
  return g_steal_pointer (&image);
}

RfImage *
rf_image_load (const char *path, GError **error)
{
  gsize size;
  g_autofree char *data = rf_file_read (path, MAX_FILE_SIZE, &size, error);
  return data ? rf_image_parse (data, size, path, error) : NULL;
}

void
rf_image_free (RfImage *image)
{
  if (!image)
    return;
  g_clear_object (&image->owner);
  g_free (image);
}

gboolean
rf_image_has_name (const char *name)
{
  static const char *const extensions[] = { ".png",  ".jpg", ".jpeg", ".jpe", ".gif", ".bmp",
                                            ".webp", ".tif", ".tiff", ".ppm", ".pgm" };
  const char *dot = strrchr (name, '.');
  for (gsize i = 0; dot && i < G_N_ELEMENTS (extensions); i++)
    if (g_ascii_strcasecmp (dot, extensions[i]) == 0)
      return TRUE;
  return FALSE;
}
