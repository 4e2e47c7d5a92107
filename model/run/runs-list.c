/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the table of steps only the end is read. Whether a run is being written is asked of its lock,
 * by taking a shared one for a moment; by whom, of the kernel's own list of locks, where the
 * process stands beside the file's number. */

#include "model/run/runs-list.h"
#include "model/base/error.h"
#include "model/train/early-stopping.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define TAIL 4096 /* bytes, more than any row has */

void
rf_run_info_free (RfRunInfo *info)
{
  if (!info)
    return;
  g_free (info->path);
  g_free (info->name);
  g_free (info->title);
  g_free (info->problem);
  g_free (info->parent_run);
  g_free (info);
}

/* --- One run -------------------------------------------------------------------------------- */

/* The step of the last whole row; 0 if there is none. */
static gint64
read_last_step (const char *run)
{
  g_autofree char *path = g_build_filename (run, "steps.csv", NULL);
  char tail[TAIL + 1];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  gssize n = -1;

  if (fd >= 0 && fstat (fd, &info) == 0)
    n = pread (fd, tail, TAIL, MAX (info.st_size - TAIL, 0));
  if (fd >= 0)
    close (fd);
  if (n <= 0)
    return 0;
  tail[n] = '\0';
  char *end = strrchr (tail, '\n');
  if (!end)
    return 0;
  *end = '\0';
  char *row = strrchr (tail, '\n');
  return row ? g_ascii_strtoll (row + 1, NULL, 10) : 0;
}

static gint64
modified (const char *run, const char *name)
{
  g_autofree char *path = g_build_filename (run, name, NULL);
  GStatBuf info;
  if (g_lstat (path, &info) != 0)
    return 0;
  return (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
}

static void
read_times (RfRunInfo *info)
{
  static const char *const names[]
      = { "experiment.json", "steps.csv", "epochs.csv", "changes.jsonl" };
  info->started = modified (info->path, names[0]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    info->modified = MAX (info->modified, modified (info->path, names[i]));
}

/* The process that holds the lock of a file, from lines like
 * "1: FLOCK  ADVISORY  WRITE 708 00:3c:1048 0 EOF"; 0 if none is found. */
static int
find_locker (const struct stat *file)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/locks", &text, NULL, NULL))
    return 0;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    {
      int pid;
      unsigned int device[2];
      unsigned long inode;
      if (sscanf (*line, "%*d: FLOCK %*s WRITE %d %x:%x:%lu", &pid, &device[0], &device[1], &inode)
              == 4
          && inode == file->st_ino && device[0] == major (file->st_dev)
          && device[1] == minor (file->st_dev))
        return MAX (pid, 0);
    }
  return 0;
}

static void
read_lock (RfRunInfo *info)
{
  g_autofree char *path = g_build_filename (info->path, ".lock", NULL);
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  struct stat file;
  if (fd < 0)
    return;
  info->locked = flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (info->locked && fstat (fd, &file) == 0)
    info->locked_by = find_locker (&file);
  close (fd);
}

static double
better (double a, double b, gboolean higher)
{
  if (isnan (a) || isnan (b))
    return isnan (a) ? b : a;
  return higher ? MAX (a, b) : MIN (a, b);
}

static void
read_epochs (RfRunInfo *info, const RfExperiment *experiment, const GArray *rows)
{
  const RfTrainingConfig *training = &experiment->training;
  const RfEpochRow *all = (const RfEpochRow *) rows->data;
  for (guint i = 0; i < rows->len; i++)
    {
      info->best_test_accuracy = better (info->best_test_accuracy, all[i].test_accuracy, TRUE);
      info->best_validation_accuracy
          = better (info->best_validation_accuracy, all[i].validation_accuracy, TRUE);
      info->best_validation_loss
          = better (info->best_validation_loss, all[i].validation_loss, FALSE);
    }
  info->epochs = rows->len;
  info->all_epochs = training->epochs;
  gboolean whole = rows->len > 0 && all[rows->len - 1].step == info->steps;
  info->stopped_early
      = whole && rf_early_stopping_is_due (all, rows->len, training->patience, NULL);
  info->finished = info->stopped_early || (whole && info->epochs >= training->epochs);
}

static gboolean
read_contents (RfRunInfo *info, GError **error)
{
  g_autoptr (RfExperiment) experiment = rf_run_read_experiment_at (info->path, G_MAXINT64, error);
  g_autoptr (GArray) rows = experiment ? rf_run_read_epochs (info->path, error) : NULL;
  if (!rows)
    return FALSE;
  info->title = g_strdup (experiment->name);
  info->parent_run = g_strdup (experiment->parent_run);
  info->parent_step = experiment->parent_step;
  info->steps = read_last_step (info->path);
  read_epochs (info, experiment, rows);
  return TRUE;
}

RfRunInfo *
rf_run_info_read (const char *path)
{
  g_return_val_if_fail (path, NULL);

  g_autoptr (GError) error = NULL;
  if (!rf_run_folder_is_run (path))
    return NULL;
  RfRunInfo *info = g_new0 (RfRunInfo, 1);
  info->path = g_canonicalize_filename (path, NULL);
  info->name = g_path_get_basename (info->path);
  info->best_test_accuracy = info->best_validation_accuracy = info->best_validation_loss = NAN;
  read_times (info);
  read_lock (info);
  info->bytes = rf_run_folder_size (info->path);
  if (!read_contents (info, &error))
    info->problem = g_strdup (error->message);
  if (!info->title)
    info->title = g_strdup ("");
  return info;
}

/* --- All of them ---------------------------------------------------------------------------- */

/* The one written last first; equal ones by name. */
static int
compare_infos (gconstpointer a, gconstpointer b)
{
  const RfRunInfo *x = *(RfRunInfo *const *) a, *y = *(RfRunInfo *const *) b;
  if (x->modified != y->modified)
    return x->modified < y->modified ? 1 : -1;
  return strcmp (y->path, x->path);
}

GPtrArray *
rf_runs_list (const char *folder, GError **error)
{
  g_return_val_if_fail (folder, NULL);

  g_autoptr (GError) why = NULL;
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_run_info_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &why);
  const char *name;

  if (!dir && !g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: the folder cannot be read: %s"), folder,
                   why->message);
      return NULL;
    }
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      RfRunInfo *info = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : rf_run_info_read (path);
      if (info)
        g_ptr_array_add (infos, info);
    }
  g_ptr_array_sort (infos, compare_infos);
  return g_steal_pointer (&infos);
}

/* --- Removing ------------------------------------------------------------------------------- */

static gboolean
check_removable (const char *path, GError **error)
{
  g_autofree char *other = NULL;
  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    g_set_error (error, RF_ERROR, RF_ERROR_EXISTS,
                 _ ("%s is a link to a run, not a run: remove the link, or the run it leads to"),
                 path);
  else if (!rf_run_folder_is_run (path))
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                 _ ("%s is no run: it should be a folder with experiment.json and steps.csv"),
                 path);
  else if ((other = rf_run_folder_find_other (path)))
    g_set_error (error, RF_ERROR, RF_ERROR_EXISTS,
                 _ ("%s holds another file (%s) beside those of the run: move it elsewhere first"),
                 path, other);
  else
    return TRUE;
  return FALSE;
}

gboolean
rf_runs_delete (const char *path, GError **error)
{
  g_return_val_if_fail (path, FALSE);

  g_autofree char *whole = g_canonicalize_filename (path, NULL); /* no slash at its end */
  if (!check_removable (whole, error))
    return FALSE;
  g_autoptr (RfRunFolder) folder = rf_run_folder_open (whole, FALSE, error);
  return folder && rf_run_folder_empty (whole, error);
}

static gboolean
is_kept (const RfRunInfo *info, const char *const *keep)
{
  for (; keep && *keep; keep++)
    {
      g_autofree char *path = g_canonicalize_filename (*keep, NULL);
      if (g_str_equal (path, info->path))
        return TRUE;
    }
  return info->locked;
}

GPtrArray *
rf_runs_prune (const char *folder, guint64 quota, const char *const *keep, GError **error)
{
  g_autoptr (GPtrArray) infos = rf_runs_list (folder, error);
  g_autoptr (GPtrArray) removed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_run_info_free);
  guint64 bytes = 0;

  if (!infos)
    return NULL;
  for (guint i = 0; i < infos->len; i++)
    bytes += ((RfRunInfo *) infos->pdata[i])->bytes;
  for (guint i = infos->len; i > RF_RUNS_KEPT && bytes > quota; i--)
    {
      const RfRunInfo *info = infos->pdata[i - 1];
      g_autoptr (GError) why = NULL;
      if (is_kept (info, keep))
        continue;
      if (!rf_runs_delete (info->path, &why))
        {
          g_debug ("%s", why->message);
          continue;
        }
      bytes -= info->bytes;
      g_ptr_array_add (removed, g_ptr_array_steal_index (infos, i - 1));
    }
  return g_steal_pointer (&removed);
}
