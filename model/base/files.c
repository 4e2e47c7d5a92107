/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file is replaced as a whole: written aside in the same folder under a name nobody else uses,
 * synced, renamed over the old one, and the folder synced, without which the rename itself might
 * not survive a loss of power. */

#include "model/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/base/error.h"

/* Opens a new file in @folder; its name is returned in @aside. */
static int
open_aside (const char *folder, char **aside)
{
  static atomic_uint counter;

  for (;;)
    {
      g_autofree char *name = g_strdup_printf (".receptive-%d-%u.part", (int) getpid (),
                                               atomic_fetch_add (&counter, 1));
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

      if (fd < 0 && errno == EEXIST)
        continue;
      if (fd >= 0)
        *aside = g_steal_pointer (&path);
      return fd;
    }
}

static gboolean
write_chunk (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize written = write (fd, data, MIN (size, 1 << 30));

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      size -= (gsize) written;
    }
  return TRUE;
}

static gboolean
write_and_close (int fd, const RfChunk *chunks, gsize n_chunks)
{
  gboolean ok = TRUE;
  int saved;

  for (gsize i = 0; i < n_chunks && ok; i++)
    ok = write_chunk (fd, chunks[i].data, chunks[i].size);
  ok = ok && fsync (fd) == 0;
  saved = errno;
  if (close (fd) != 0 && ok)
    return FALSE;
  errno = saved;
  return ok;
}

/* Some file systems cannot sync a folder and say EINVAL; the file itself is safe there. */
static gboolean
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok;
  int saved;

  if (fd < 0)
    return FALSE;
  ok = fsync (fd) == 0 || errno == EINVAL;
  saved = errno;
  close (fd);
  errno = saved;
  return ok;
}

gboolean
rf_file_write (const char *path, const RfChunk *chunks, gsize n_chunks, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *aside = NULL;
  int fd = open_aside (folder, &aside);
  int saved;

  if (fd >= 0 && write_and_close (fd, chunks, n_chunks) && rename (aside, path) == 0)
    {
      g_clear_pointer (&aside, g_free);
      if (sync_folder (folder))
        return TRUE;
    }
  saved = errno;
  if (aside)
    unlink (aside);
  g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: it could not be written: %s"), path,
               g_strerror (saved));
  return FALSE;
}

gboolean
rf_file_write_text (const char *path, const char *text, GError **error)
{
  RfChunk chunk = { text, strlen (text) };

  return rf_file_write (path, &chunk, 1, error);
}

/* Reads until the end, @limit bytes and one more at most. Returns NULL with errno set. */
static char *
read_all (int fd, gsize expected, gsize limit, gsize *size)
{
  gsize capacity = MIN (expected, limit) + 2, filled = 0;
  g_autofree char *bytes = g_try_malloc (capacity);

  while (bytes && filled <= limit)
    {
      gssize got;

      if (filled + 1 == capacity)
        {
          char *larger = g_try_realloc (bytes, capacity *= 2);

          if (larger == NULL)
            break;
          g_steal_pointer (&bytes);
          bytes = larger;
        }
      got = read (fd, bytes + filled, MIN (capacity - filled - 1, 1 << 30));
      if (got < 0 && errno != EINTR)
        return NULL;
      if (got == 0)
        {
          bytes[filled] = '\0';
          *size = filled;
          return g_steal_pointer (&bytes);
        }
      filled += (gsize) MAX (got, 0);
    }
  errno = filled > limit ? EFBIG : ENOMEM;
  return NULL;
}

char *
rf_file_read (const char *path, gsize limit, gsize *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info = { 0 };
  char *bytes = NULL;
  gsize length = 0;
  int saved;

  if (fd >= 0 && fstat (fd, &info) == 0)
    {
      if (S_ISREG (info.st_mode) && (guint64) info.st_size > limit)
        errno = EFBIG;
      else
        bytes = read_all (fd, (gsize) info.st_size, limit, &length);
    }
  saved = errno;
  if (fd >= 0)
    close (fd);
  if (bytes)
    {
      if (size)
        *size = length;
      return bytes;
    }

  if (saved == EFBIG)
    {
      g_autofree char *most = g_format_size (limit);

      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("%s: it is larger than the %s that such a file may have"), path, most);
    }
  else
    g_set_error (error, RF_ERROR, saved == ENOMEM ? RF_ERROR_MEMORY : RF_ERROR_MISSING,
                 _ ("%s: it could not be read: %s"), path, g_strerror (saved));
  return NULL;
}

void
rf_append_number (GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  /* printf() would write "-nan" for some. */
  if (isnan (value))
    g_string_append (text, "nan");
  else if (isinf (value))
    g_string_append (text, value > 0 ? "inf" : "-inf");
  else
    g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.9g", value));
}
