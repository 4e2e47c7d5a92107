/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Appends at the known end rather than wherever the file ends now: what a failed write may have
 * left there is written over. */

#include "model/run/log-file.h"
#include "model/base/error.h"
#include "model/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (const char *path, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: it could not be written: %s"), path,
               g_strerror (errno));
  return FALSE;
}

gboolean
rf_log_file_open (RfLogFile *log, const char *path, GError **error)
{
  struct stat info;
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return fail (path, error);
  if (fstat (fd, &info) != 0)
    {
      fail (path, error);
      close (fd);
      return FALSE;
    }
  *log = (RfLogFile){ g_strdup (path), fd, info.st_size };
  return TRUE;
}

void
rf_log_file_close (RfLogFile *log)
{
  if (!log->path)
    return;
  close (log->fd);
  g_clear_pointer (&log->path, g_free);
}

gboolean
rf_log_file_append (RfLogFile *log, const GString *text, GError **error)
{
  gsize done = 0;
  while (done < text->len)
    {
      gssize n = pwrite (log->fd, text->str + done, text->len - done, log->size + (goffset) done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          fail (log->path, error);
          if (ftruncate (log->fd, log->size) != 0)
            g_debug ("%s keeps half a line until the next append", log->path);
          return FALSE;
        }
      done += (gsize) n;
    }
  log->size += (goffset) done;
  return TRUE;
}

gboolean
rf_log_file_sync (const RfLogFile *log, GError **error)
{
  return fdatasync (log->fd) == 0 || fail (log->path, error);
}

gboolean
rf_log_file_replace (RfLogFile *log, const GString *text, GError **error)
{
  RfChunk chunk = { text->str, text->len };
  if (!rf_file_write (log->path, &chunk, 1, error))
    return FALSE;
  int fd = open (log->path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || dup3 (fd, log->fd, O_CLOEXEC) < 0)
    return fail (log->path, error);
  close (fd);
  log->size = (goffset) text->len;
  return TRUE;
}
