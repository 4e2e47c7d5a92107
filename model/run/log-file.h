/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A text file that only grows, by whole lines: a table or journal of a run.
 *
 * An append is taken back if it could not be written whole, so that after a full disk the next one
 * follows the last line that was complete. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *path;
  int fd;
  goffset size;
} RfLogFile;

/* Opens an existing file to go on at its end. */
gboolean rf_log_file_open (RfLogFile *log, const char *path, GError **error);
void rf_log_file_close (RfLogFile *log);

/* Appends whole lines; all of @text or, with an error, nothing. */
gboolean rf_log_file_append (RfLogFile *log, const GString *text, GError **error);
/* Waits until what was appended is on the disk. May run beside an append in another thread. */
gboolean rf_log_file_sync (const RfLogFile *log, GError **error);
/* Replaces the whole contents; a reader sees the old or the new. */
gboolean rf_log_file_replace (RfLogFile *log, const GString *text, GError **error);

G_END_DECLS
