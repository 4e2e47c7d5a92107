/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip is unpacked by GLib's GZlibDecompressor, that is zlib, which checks each member's CRC and
 * length. Members may follow each other; anything else after one is an error. */
#include "model/dataset/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/base/error.h"

#define PIECE (64 * 1024)
/* Deflate codes at most 258 bytes in two bits. */
#define MAX_DEFLATE_RATIO 1032

struct _RfStream
{
  char *origin;
  int fd;             /* -1: all of it is in memory */
  guint64 size;       /* of it all, as it is */
  guint64 left;       /* bytes not yet read from the file into the buffer */
  guint8 *buffer;     /* PIECE bytes, for files */
  const guint8 *next; /* bytes read but not yet used */
  gsize n;
  GConverter *gzip; /* NULL: as they are */
  gboolean ended;   /* the last member of a gzip ended */
};

/* Fills the buffer if all of it is used. */
static gboolean
fill (RfStream *stream, GError **error)
{
  if (stream->n > 0 || stream->left == 0)
    return TRUE;

  gssize got;
  do
    got = read (stream->fd, stream->buffer, MIN (stream->left, PIECE));
  while (got < 0 && errno == EINTR);
  if (got < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: reading failed: %s"), stream->origin,
                   g_strerror (errno));
      return FALSE;
    }
  if (got == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: became shorter while being read"),
                   stream->origin);
      return FALSE;
    }
  stream->next = stream->buffer;
  stream->n = (gsize) got;
  stream->left -= (guint64) got;
  return TRUE;
}

static void
begin (RfStream *stream, RfStreamMode mode)
{
  if (mode == RF_STREAM_UNPACK && stream->n >= 2 && stream->next[0] == 0x1f
      && stream->next[1] == 0x8b)
    stream->gzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

RfStream *
rf_stream_open (const char *path, RfStreamMode mode, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  if (fd < 0 || fstat (fd, &status) < 0)
    {
      int code = errno;
      g_set_error (error, RF_ERROR, code == ENOENT ? RF_ERROR_MISSING : RF_ERROR_FORMAT,
                   _ ("%s: cannot be opened: %s"), path, g_strerror (code));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: is not a regular file"), path);
      close (fd);
      return NULL;
    }

  g_autoptr (RfStream) stream = g_new0 (RfStream, 1);
  stream->origin = g_strdup (path);
  stream->fd = fd;
  stream->size = stream->left = (guint64) status.st_size;
  stream->buffer = g_malloc (PIECE);
  if (!fill (stream, error))
    return NULL;
  begin (stream, mode);
  return g_steal_pointer (&stream);
}

RfStream *
rf_stream_new (const void *data, gsize size, const char *origin, RfStreamMode mode)
{
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  RfStream *stream = g_new0 (RfStream, 1);
  stream->origin = g_strdup (origin);
  stream->fd = -1;
  stream->next = data;
  stream->size = stream->n = size;
  begin (stream, mode);
  return stream;
}

void
rf_stream_free (RfStream *stream)
{
  if (!stream)
    return;
  if (stream->fd >= 0)
    close (stream->fd);
  g_clear_object (&stream->gzip);
  g_free (stream->buffer);
  g_free (stream->origin);
  g_free (stream);
}

const char *
rf_stream_origin (const RfStream *stream)
{
  return stream->origin;
}

guint64
rf_stream_bound (const RfStream *stream)
{
  return stream->gzip ? MIN (stream->size, G_MAXUINT64 / MAX_DEFLATE_RATIO) * MAX_DEFLATE_RATIO
                      : stream->n + stream->left;
}

gboolean
rf_stream_is_gzip (const RfStream *stream)
{
  return stream->gzip != NULL;
}

static gboolean
read_as_is (RfStream *stream, guint8 *out, gsize size, gsize *n_read, GError **error)
{
  while (*n_read < size && stream->n + stream->left > 0)
    {
      if (!fill (stream, error))
        return FALSE;
      gsize n = MIN (stream->n, size - *n_read);
      memcpy (out + *n_read, stream->next, n);
      stream->next += n;
      stream->n -= n;
      *n_read += n;
    }
  return TRUE;
}

/* After the end of a member: the next one, or the end of the file. */
static gboolean
next_member (RfStream *stream, GError **error)
{
  if (!fill (stream, error))
    return FALSE;
  if (stream->n == 0)
    {
      stream->ended = TRUE;
      return TRUE;
    }
  if (stream->next[0] != 0x1f)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: has bytes after the end of its gzip data"), stream->origin);
      return FALSE;
    }
  g_converter_reset (stream->gzip);
  return TRUE;
}

static gboolean
read_gzip (RfStream *stream, guint8 *out, gsize size, gsize *n_read, GError **error)
{
  while (*n_read < size && !stream->ended)
    {
      if (!fill (stream, error))
        return FALSE;

      g_autoptr (GError) problem = NULL;
      gsize used = 0, made = 0;
      GConverterResult result = g_converter_convert (
          stream->gzip, stream->next, stream->n, out + *n_read, size - *n_read,
          stream->left == 0 ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &used, &made,
          &problem);
      if (result == G_CONVERTER_ERROR)
        {
          if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && stream->left == 0)
            g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                         _ ("%s: is cut short: its gzip data does not end"), stream->origin);
          else
            g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: its gzip data is damaged: %s"),
                         stream->origin, problem->message);
          return FALSE;
        }
      stream->next += used;
      stream->n -= used;
      *n_read += made;
      if (result == G_CONVERTER_FINISHED && !next_member (stream, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
rf_stream_read (RfStream *stream, void *buffer, gsize size, gsize *n_read, GError **error)
{
  *n_read = 0;
  return stream->gzip ? read_gzip (stream, buffer, size, n_read, error)
                      : read_as_is (stream, buffer, size, n_read, error);
}

gboolean
rf_stream_expect_end (RfStream *stream, GError **error)
{
  guint8 byte;
  gsize n;
  if (!rf_stream_read (stream, &byte, 1, &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: goes on after its last value"),
               stream->origin);
  return FALSE;
}
