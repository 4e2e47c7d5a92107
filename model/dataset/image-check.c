/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG (ITU-T T.81, annex B) and GIF (GIF89a specification): both are segments that tell their
 * length, and an end marker. The decoders fill what is missing before it with grey or black,
 * without a word. */
#include "model/dataset/image-check.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>

#include "model/base/error.h"

/* Pixels that a byte can hold: of JPEG a block of 8×8 for each bit, of GIF a string of up to 4096
 * for each code; both in round numbers above. */
#define MAX_JPEG_DENSITY 1024
#define MAX_GIF_DENSITY  4096

/* A JPEG of several scans is kept in memory as coefficients, two bytes each, beside its pixels. */
#define MAX_BUFFERED_PIXELS (25 * 1000 * 1000)

gboolean
rf_image_check_size (const RfImageHeader *header, const char *origin, guint64 max_pixels,
                     GError **error)
{
  if (header->width == 0 || header->height == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: is a picture of %u×%u pixels"), origin,
                   header->width, header->height);
      return FALSE;
    }
  if ((guint64) header->width * header->height > max_pixels)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("%s: claims %u×%u pixels; pictures of at most %ju million are read"), origin,
                   header->width, header->height, (uintmax_t) (max_pixels / 1000000));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_density (const RfImageHeader *header, gsize size, guint64 density, const char *origin,
               GError **error)
{
  if ((guint64) header->width * header->height <= size * density)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _ ("%s: claims %u×%u pixels, more than its %zu bytes can hold"), origin,
               header->width, header->height, size);
  return FALSE;
}

static gboolean
cut_short (const char *origin, const char *format, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _ ("%s: is cut short: its %s data do not come to their end"), origin, format);
  return FALSE;
}

static gboolean
damaged (const char *origin, const char *format, gsize place, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: its %s data are damaged at byte %zu"),
               origin, format, place);
  return FALSE;
}

static gboolean
is_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* First byte after entropy-coded data at @at: the 0xff of a marker that is neither a stuffed zero
 * nor a restart. */
static gsize
skip_scan (const guint8 *data, gsize size, gsize at)
{
  while (at + 1 < size)
    {
      const guint8 *found = memchr (data + at, 0xff, size - 1 - at);
      if (!found)
        return size;
      at = (gsize) (found - data);
      guint8 marker = data[at + 1];
      if (marker != 0 && marker != 0xff && (marker < 0xd0 || marker > 0xd7))
        return at;
      at += marker == 0xff ? 1 : 2;
    }
  return size;
}

static gboolean
check_jpeg (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
            RfImageHeader *header, GError **error)
{
  gboolean framed = FALSE, scanned = FALSE, progressive = FALSE;
  guint8 n_components = 0;
  gsize at = 2;
  for (;;)
    {
      if (at + 2 > size)
        return cut_short (origin, "JPEG", error);
      if (data[at] != 0xff)
        return damaged (origin, "JPEG", at, error);
      guint8 marker = data[at + 1];
      if (marker == 0xff) /* fill byte */
        {
          at++;
          continue;
        }
      if (marker == 0xd9)
        break;
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
        {
          at += 2;
          continue;
        }
      if (at + 4 > size)
        return cut_short (origin, "JPEG", error);
      gsize length = (gsize) data[at + 2] << 8 | data[at + 3];
      if (length < 2)
        return damaged (origin, "JPEG", at, error);
      if (length > size - at - 2)
        return cut_short (origin, "JPEG", error);
      if (is_frame (marker))
        {
          if (length < 8 || framed)
            return damaged (origin, "JPEG", at, error);
          framed = TRUE;
          header->height = (guint32) data[at + 5] << 8 | data[at + 6];
          header->width = (guint32) data[at + 7] << 8 | data[at + 8];
          if (!rf_image_check_size (header, origin, max_pixels, error)
              || !check_density (header, size, MAX_JPEG_DENSITY, origin, error))
            return FALSE;
          n_components = data[at + 9];
          progressive = marker == 0xc2;
        }
      if (marker == 0xda)
        {
          if (!framed || length < 3)
            return damaged (origin, "JPEG", at, error);
          if ((progressive || data[at + 4] < n_components)
              && !rf_image_check_size (header, origin, MIN (max_pixels, MAX_BUFFERED_PIXELS),
                                       error))
            return FALSE;
          scanned = TRUE;
          at = skip_scan (data, size, at + 2 + length);
        }
      else
        at += 2 + length;
    }
  return scanned || damaged (origin, "JPEG", at, error);
}

/* Sub-blocks of GIF: a length, so many bytes, …, a zero. */
static gboolean
skip_sub_blocks (const guint8 *data, gsize size, gsize *at)
{
  while (*at < size && data[*at] != 0)
    *at += 1 + (gsize) data[*at];
  return ++*at <= size;
}

static gsize
color_table_size (guint8 flags)
{
  return flags & 0x80 ? (gsize) 3 << ((flags & 7) + 1) : 0;
}

static gboolean
check_gif (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
           RfImageHeader *header, GError **error)
{
  if (size < 13)
    return cut_short (origin, "GIF", error);
  header->width = (guint32) data[6] | (guint32) data[7] << 8;
  header->height = (guint32) data[8] | (guint32) data[9] << 8;
  if (!rf_image_check_size (header, origin, max_pixels, error)
      || !check_density (header, size, MAX_GIF_DENSITY, origin, error))
    return FALSE;

  gboolean pictured = FALSE;
  gsize at = 13 + color_table_size (data[10]);
  while (at < size && data[at] != 0x3b)
    {
      if (data[at] == 0x21) /* extension, label */
        at += 2;
      else if (data[at] == 0x2c) /* picture: place, size, flags; smallest code */
        {
          if (size - at < 11)
            return cut_short (origin, "GIF", error);
          at += 11 + color_table_size (data[at + 9]);
          pictured = TRUE;
        }
      else
        return damaged (origin, "GIF", at, error);
      if (!skip_sub_blocks (data, size, &at))
        return cut_short (origin, "GIF", error);
    }
  if (at >= size)
    return cut_short (origin, "GIF", error);
  return pictured || damaged (origin, "GIF", at, error);
}

gboolean
rf_image_check (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
                RfImageHeader *header, GError **error)
{
  if (size >= 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    {
      header->format = RF_IMAGE_PNG;
      return rf_image_check_png (data, size, origin, max_pixels, header, error);
    }
  if (size >= 2 && data[0] == 0xff && data[1] == 0xd8)
    {
      header->format = RF_IMAGE_JPEG;
      return check_jpeg (data, size, origin, max_pixels, header, error);
    }
  if (size >= 6 && (memcmp (data, "GIF87a", 6) == 0 || memcmp (data, "GIF89a", 6) == 0))
    {
      header->format = RF_IMAGE_GIF;
      return check_gif (data, size, origin, max_pixels, header, error);
    }
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               size ? _ ("%s: is not a PNG, JPEG or GIF picture") : _ ("%s: is empty"), origin);
  return FALSE;
}
