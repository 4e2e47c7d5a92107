/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dataset/idx.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>

#include "model/base/error.h"

#define TYPE_UNSIGNED_BYTE 0x08

static const char *
type_name (guint8 type)
{
  switch (type)
    {
    case 0x09:
      return "signed bytes";
    case 0x0b:
      return "16-bit integers";
    case 0x0c:
      return "32-bit integers";
    case 0x0d:
      return "32-bit floats";
    case 0x0e:
      return "64-bit floats";
    default:
      return NULL;
    }
}

static gboolean
read_exactly (RfIdx *idx, guint8 *out, gsize size, const char *what, GError **error)
{
  gsize n;
  if (!rf_stream_read (idx->stream, out, size, &n, error))
    return FALSE;
  if (n == size)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _ ("%s: is cut short: its %s take %zu bytes and there are %zu"),
               rf_stream_origin (idx->stream), what, size, n);
  return FALSE;
}

/* The four leading bytes: zero, zero, type, number of dimensions. */
static gboolean
read_magic (RfIdx *idx, GError **error)
{
  const char *origin = rf_stream_origin (idx->stream);
  guint8 magic[4];
  if (!read_exactly (idx, magic, sizeof magic, "leading numbers", error))
    return FALSE;
  if (magic[0] != 0 || magic[1] != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: is not an IDX file: it begins with %02x %02x instead of 00 00"), origin,
                   magic[0], magic[1]);
      return FALSE;
    }
  if (magic[2] != TYPE_UNSIGNED_BYTE)
    {
      const char *name = type_name (magic[2]);
      if (name)
        g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                     _ ("%s: holds %s; only IDX files of unsigned bytes (type 08) are read"),
                     origin, name);
      else
        g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                     _ ("%s: has the element type %02x, which IDX does not know"), origin,
                     magic[2]);
      return FALSE;
    }
  if (magic[3] < 1 || magic[3] > RF_IDX_MAX_DIMS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("%s: has %u dimensions; IDX files with 1 to %d are read"), origin, magic[3],
                   RF_IDX_MAX_DIMS);
      return FALSE;
    }
  idx->n_dims = magic[3];
  return TRUE;
}

static gboolean
read_dims (RfIdx *idx, GError **error)
{
  const char *origin = rf_stream_origin (idx->stream);
  guint8 dims[4 * RF_IDX_MAX_DIMS];
  if (!read_exactly (idx, dims, 4 * idx->n_dims, "dimensions", error))
    return FALSE;

  /* At most four factors below 2³²: each product is compared with what there can be before the next
   * factor comes, so that nothing wraps. */
  guint64 bound = rf_stream_bound (idx->stream), count = 1;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean fits = TRUE, empty = FALSE;
  for (guint i = 0; i < idx->n_dims; i++)
    {
      const guint8 *d = dims + 4 * i;
      guint64 dim = (guint64) d[0] << 24 | (guint64) d[1] << 16 | (guint64) d[2] << 8 | d[3];
      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i ? "×" : "", dim);
      idx->dims[i] = dim;
      empty |= dim == 0;
      fits = fits && (dim == 0 || count <= bound / dim);
      count = fits ? count * dim : 0;
    }
  if (empty)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: holds nothing: its size is %s"),
                   origin, text->str);
      return FALSE;
    }
  if (!fits)
    {
      g_set_error (
          error, RF_ERROR, RF_ERROR_FORMAT,
          rf_stream_is_gzip (idx->stream)
              ? _ ("%s: claims %s values, more than %ju bytes, the most its gzip data could hold")
              : _ ("%s: claims %s values and has %ju bytes for them"),
          origin, text->str, (uintmax_t) bound);
      return FALSE;
    }
  idx->count = count;
  return TRUE;
}

static RfIdx *
idx_new (RfStream *stream, GError **error)
{
  if (!stream)
    return NULL;
  g_autoptr (RfIdx) idx = g_new0 (RfIdx, 1);
  idx->stream = stream;
  if (!read_magic (idx, error) || !read_dims (idx, error))
    return NULL;
  return g_steal_pointer (&idx);
}

RfIdx *
rf_idx_open (const char *path, GError **error)
{
  return idx_new (rf_stream_open (path, RF_STREAM_UNPACK, error), error);
}

RfIdx *
rf_idx_parse (const void *data, gsize size, const char *origin, GError **error)
{
  return idx_new (rf_stream_new (data, size, origin, RF_STREAM_UNPACK), error);
}

void
rf_idx_free (RfIdx *idx)
{
  if (!idx)
    return;
  rf_stream_free (idx->stream);
  g_free (idx);
}

const char *
rf_idx_origin (const RfIdx *idx)
{
  return rf_stream_origin (idx->stream);
}

gboolean
rf_idx_read (RfIdx *idx, guint8 *out, GError **error)
{
  g_return_val_if_fail (idx != NULL && out != NULL, FALSE);
  return read_exactly (idx, out, idx->count, "values", error)
         && rf_stream_expect_end (idx->stream, error);
}

gboolean
rf_idx_read_labels (RfIdx *idx, gint n_classes, gint32 *out, GError **error)
{
  g_return_val_if_fail (idx != NULL && out != NULL, FALSE);

  const char *origin = rf_stream_origin (idx->stream);
  if (idx->n_dims != 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: has %u dimensions; a file of labels has one"), origin, idx->n_dims);
      return FALSE;
    }
  /* The bytes are read into the upper quarter and widened from the front: byte i is read before
   * label i is written over it. */
  guint8 *bytes = (guint8 *) out + 3 * idx->count;
  if (!rf_idx_read (idx, bytes, error))
    return FALSE;
  for (gsize i = 0; i < idx->count; i++)
    {
      gint32 label = bytes[i];
      if (label >= n_classes)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: label %zu of %zu is %d; there are %d classes, 0 to %d"), origin, i,
                       idx->count, label, n_classes, n_classes - 1);
          return FALSE;
        }
      out[i] = label;
    }
  return TRUE;
}
