/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG (ISO/IEC 15948): chunks with a length, a type, data and a CRC. The pixels are one zlib stream
 * cut into IDAT chunks; a decoder that reads as they come never says that some are missing, so they
 * are unpacked here once only to be counted. */
#include "model/dataset/image-check.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"

static guint32
big_endian (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

/* CRC-32 as in ISO 3309, half a byte at a time. */
static guint32
crc32_of (const guint8 *data, gsize size)
{
  static const guint32 table[16]
      = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
          0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
          0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
  guint32 crc = 0xffffffffu;
  for (gsize i = 0; i < size; i++)
    {
      crc = table[(crc ^ data[i]) & 15] ^ crc >> 4;
      crc = table[(crc ^ (data[i] >> 4)) & 15] ^ crc >> 4;
    }
  return ~crc;
}

/* Bytes of the unpacked rows, each with its filter byte in front. */
static guint64
packed_rows (guint64 width, guint64 height, guint bits_per_pixel)
{
  return width && height ? height * (1 + (width * bits_per_pixel + 7) / 8) : 0;
}

static guint64
expected_bytes (const guint8 *ihdr, const RfImageHeader *header)
{
  /* Samples a pixel by colour type; 0: there is no such type, which the decoder will refuse. */
  static const guint samples[] = { 1, 0, 3, 1, 2, 0, 4 };
  guint bits = ihdr[9] < G_N_ELEMENTS (samples) ? samples[ihdr[9]] * ihdr[8] : 0;
  if (!ihdr[12])
    return packed_rows (header->width, header->height, bits);

  /* Adam7: first column and row, and the steps between columns and rows, of each pass. */
  static const guint8 passes[7][4]
      = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
          { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
  guint64 total = 0;
  for (guint i = 0; i < 7; i++)
    {
      const guint8 *p = passes[i];
      total += packed_rows ((header->width + p[2] - 1 - p[0]) / p[2],
                            (header->height + p[3] - 1 - p[1]) / p[3], bits);
    }
  return total;
}

/* Unpacks @data only to count: *@count grows up to @expected. */
static gboolean
count_unpacked (GConverter *zlib, const guint8 *data, gsize size, guint64 expected, guint64 *count,
                gboolean *finished, GError **error)
{
  guint8 scratch[16 * 1024];
  while (size > 0 && !*finished && *count < expected)
    {
      gsize used, made;
      GConverterResult result = g_converter_convert (zlib, data, size, scratch, sizeof scratch,
                                                     G_CONVERTER_NO_FLAGS, &used, &made, error);
      if (result == G_CONVERTER_ERROR)
        return FALSE;
      *finished = result == G_CONVERTER_FINISHED;
      *count += made;
      data += used;
      size -= used;
    }
  return TRUE;
}

gboolean
rf_image_check_png (const guint8 *data, gsize size, const char *origin, guint64 max_pixels,
                    RfImageHeader *header, GError **error)
{
  g_autoptr (GConverter) zlib
      = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  guint64 expected = 0, count = 0;
  gboolean finished = FALSE, ended = FALSE;
  for (gsize at = 8; !ended;)
    {
      gsize length = size - at >= 12 ? big_endian (data + at) : 0;
      if (size - at < 12 || length > size - at - 12)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: is cut short: its PNG data do not come to their end"), origin);
          return FALSE;
        }
      const guint8 *type = data + at + 4, *body = data + at + 8;
      gboolean first = at == 8, is_header = memcmp (type, "IHDR", 4) == 0;
      if (first != is_header || (is_header && length != 13)
          || crc32_of (type, length + 4) != big_endian (body + length))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: its PNG data are damaged in the part at byte %zu"), origin, at);
          return FALSE;
        }

      g_autoptr (GError) problem = NULL;
      if (is_header)
        {
          header->width = big_endian (body);
          header->height = big_endian (body + 4);
          if (!rf_image_check_size (header, origin, max_pixels, error))
            return FALSE;
          expected = expected_bytes (body, header);
        }
      else if (memcmp (type, "IDAT", 4) == 0
               && !count_unpacked (zlib, body, length, expected, &count, &finished, &problem))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: its pixels are damaged: %s"),
                       origin, problem->message);
          return FALSE;
        }
      ended = memcmp (type, "IEND", 4) == 0;
      at += 12 + length;
    }
  if (count < expected)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: has pixels for only a part of its %u×%u picture"), origin, header->width,
                   header->height);
      return FALSE;
    }
  return TRUE;
}
