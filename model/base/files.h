/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of a file to be written. */
typedef struct
{
  const void *data;
  gsize size;
} RfChunk;

/* Writes the chunks aside, syncs, renames over @path and syncs the folder: after a crash at any
 * moment @path is the old file or the whole new one. */
gboolean rf_file_write (const char *path, const RfChunk *chunks, gsize n_chunks, GError **error);
gboolean rf_file_write_text (const char *path, const char *text, GError **error);

/* Reads at most @limit bytes; a larger file is RF_ERROR_UNSUPPORTED. The result is
 * zero-terminated beyond @size. */
char *rf_file_read (const char *path, gsize limit, gsize *size, GError **error);

/* %.9g in the C locale, whatever the user's: appended to @text. NaN reads "nan", infinity "inf". */
void rf_append_number (GString *text, double value);

G_END_DECLS
