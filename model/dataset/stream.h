/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The bytes of a file or of memory, one after another, unpacked where they are gzip (RFC 1952; told
 * by the first two bytes, not by the name). Nothing is allocated by what a file claims: a reader
 * asks for what it has room for, and rf_stream_bound() says how much there can be at all. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_STREAM_AS_IS,
  RF_STREAM_UNPACK, /* gzip, if it is that */
} RfStreamMode;

typedef struct _RfStream RfStream;

/* Opens a regular file. */
RfStream *rf_stream_open (const char *path, RfStreamMode mode, GError **error);
/* Over memory that the caller keeps; @origin names it in messages. */
RfStream *rf_stream_new (const void *data, gsize size, const char *origin, RfStreamMode mode);
void rf_stream_free (RfStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfStream, rf_stream_free)

const char *rf_stream_origin (const RfStream *stream);
/* Bytes that can still come: exact where nothing is unpacked; else what deflate can pack into a
 * file of this size at most, 1032 bytes into one. */
guint64 rf_stream_bound (const RfStream *stream);
gboolean rf_stream_is_gzip (const RfStream *stream);

/* Reads up to @size bytes; fewer only at the end, where gzip's checksum and length have been found
 * right. */
gboolean rf_stream_read (RfStream *stream, void *buffer, gsize size, gsize *n_read, GError **error);
/* Succeeds only where the stream ends here. */
gboolean rf_stream_expect_end (RfStream *stream, GError **error);

G_END_DECLS
