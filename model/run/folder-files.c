/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files are a run's, and what can be done with them all. Nothing here follows a symbolic
 * link: what one leads to is not in the run. */

#include "model/run/folder.h"
#include "model/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that a run folder may hold, but for files being written aside; the one that makes it a run
 * first. */
static const char *const own_names[] = {
  "experiment.json", "initial.safetensors", "steps.csv", "epochs.csv",
  "changes.jsonl",   "weights.safetensors", ".lock",     NULL,
};
static const char checkpoints[] = "checkpoints";

typedef gboolean (*NameFunc) (const char *name);

static gboolean
is_aside (const char *name)
{
  return g_str_has_prefix (name, ".receptive-") && g_str_has_suffix (name, ".part");
}

static gboolean
is_own (const char *name)
{
  return is_aside (name) || g_strv_contains (own_names, name);
}

static gboolean
is_checkpoint (const char *name)
{
  return is_aside (name)
         || (g_str_has_prefix (name, "step-") && g_str_has_suffix (name, ".safetensors"));
}

/* --- Walking -------------------------------------------------------------------------------- */

static gboolean
is_entry (const char *name)
{
  return !g_str_equal (name, ".") && !g_str_equal (name, "..");
}

/* A folder in a folder; NULL, with errno set, if it is a link or cannot be read. */
static DIR *
open_folder (int parent, const char *name)
{
  int fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  if (fd >= 0 && !dir)
    close (fd);
  return dir;
}

/* The first entry that is not @wanted; @skip (NULL: none) is wanted too. */
static char *
find_other (DIR *dir, NameFunc wanted, const char *skip)
{
  const struct dirent *entry;
  while (dir && (entry = readdir (dir)))
    if (is_entry (entry->d_name) && !wanted (entry->d_name) && g_strcmp0 (entry->d_name, skip) != 0)
      return g_strdup (entry->d_name);
  return NULL;
}

char *
rf_run_folder_find_other (const char *path)
{
  g_return_val_if_fail (path, NULL);

  DIR *dir = open_folder (AT_FDCWD, path);
  DIR *inside = dir ? open_folder (dirfd (dir), checkpoints) : NULL;
  char *other = find_other (dir, is_own, checkpoints);
  if (!other)
    {
      g_autofree char *name = find_other (inside, is_checkpoint, NULL);
      other = name ? g_build_filename (checkpoints, name, NULL) : NULL;
    }
  if (inside)
    closedir (inside);
  if (dir)
    closedir (dir);
  return other;
}

/* --- Removing ------------------------------------------------------------------------------- */

static void
remove_entries (DIR *dir, NameFunc wanted)
{
  const struct dirent *entry;
  while ((entry = readdir (dir)))
    if (wanted (entry->d_name))
      unlinkat (dirfd (dir), entry->d_name, 0);
}

void
rf_run_folder_tidy (const char *path)
{
  DIR *dir = open_folder (AT_FDCWD, path);
  DIR *inside = dir ? open_folder (dirfd (dir), checkpoints) : NULL;
  if (dir)
    remove_entries (dir, is_aside);
  if (inside)
    {
      remove_entries (inside, is_aside);
      closedir (inside);
    }
  if (dir)
    closedir (dir);
}

static gboolean
remove_checkpoints (DIR *run)
{
  DIR *dir = open_folder (dirfd (run), checkpoints);
  if (!dir) /* a link, or nothing */
    return unlinkat (dirfd (run), checkpoints, 0) == 0 || errno == ENOENT;
  remove_entries (dir, is_checkpoint);
  closedir (dir);
  return unlinkat (dirfd (run), checkpoints, AT_REMOVEDIR) == 0;
}

gboolean
rf_run_folder_empty (const char *path, GError **error)
{
  g_return_val_if_fail (path, FALSE);

  DIR *dir = open_folder (AT_FDCWD, path);
  gboolean removed = FALSE;
  if (dir)
    {
      unlinkat (dirfd (dir), own_names[0], 0);
      removed = remove_checkpoints (dir);
      if (removed)
        {
          remove_entries (dir, is_own);
          removed = unlinkat (AT_FDCWD, path, AT_REMOVEDIR) == 0;
        }
    }
  int code = errno;
  if (dir)
    closedir (dir);
  if (!removed)
    g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: it could not be removed: %s"), path,
                 g_strerror (code));
  return removed;
}

/* --- Counting ------------------------------------------------------------------------------- */

static guint64
add_sizes (DIR *dir, NameFunc wanted)
{
  const struct dirent *entry;
  struct stat info;
  guint64 size = 0;
  while (dir && (entry = readdir (dir)))
    if (wanted (entry->d_name)
        && fstatat (dirfd (dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0
        && S_ISREG (info.st_mode))
      size += (guint64) info.st_size;
  return size;
}

guint64
rf_run_folder_size (const char *path)
{
  g_return_val_if_fail (path, 0);

  DIR *dir = open_folder (AT_FDCWD, path);
  DIR *inside = dir ? open_folder (dirfd (dir), checkpoints) : NULL;
  guint64 size = add_sizes (dir, is_own) + add_sizes (inside, is_checkpoint);
  if (inside)
    closedir (inside);
  if (dir)
    closedir (dir);
  return size;
}

/* The checkpoint of the highest step, or NULL. Their names sort as their steps. */
static char *
find_newest_checkpoint (const char *run)
{
  g_autofree char *folder = g_build_filename (run, "checkpoints", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *newest = NULL;
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "step-") && g_str_has_suffix (name, ".safetensors")
        && !g_str_has_suffix (name, ".state.safetensors") && (!newest || strcmp (name, newest) > 0))
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  return newest ? g_build_filename (folder, newest, NULL) : NULL;
}

char *
rf_run_folder_find_weights (const char *run, gboolean *first)
{
  g_autofree char *complete = g_build_filename (run, "weights.safetensors", NULL);
  *first = FALSE;
  if (g_file_test (complete, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&complete);
  char *checkpoint = find_newest_checkpoint (run);
  if (checkpoint)
    return checkpoint;
  g_autofree char *initial = g_build_filename (run, "initial.safetensors", NULL);
  *first = TRUE;
  return g_file_test (initial, G_FILE_TEST_EXISTS) ? g_steal_pointer (&initial) : NULL;
}
