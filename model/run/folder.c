/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, locking and recognising run folders, and the experiment inside.
 *
 * The lock is flock(2) on RUN/.lock, which stays there: removing it would let two writers lock two
 * files of that name. experiment.json is the last file that a new run gets; a folder without one is
 * not yet a run, and is begun again. */

#include "model/run/folder.h"
#include "model/base/error.h"
#include "model/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_TRIES 4
#define LOCK_PAUSE 10000 /* µs */

struct _RfRunFolder
{
  char *path;
  int lock;
};

gboolean
rf_run_folder_is_run (const char *path)
{
  g_return_val_if_fail (path, FALSE);
  g_autofree char *experiment = g_build_filename (path, "experiment.json", NULL);
  g_autofree char *steps = g_build_filename (path, "steps.csv", NULL);
  return g_file_test (experiment, G_FILE_TEST_IS_REGULAR)
         && g_file_test (steps, G_FILE_TEST_IS_REGULAR);
}

const char *
rf_run_folder_path (const RfRunFolder *self)
{
  g_return_val_if_fail (self, NULL);
  return self->path;
}

/* Refuses a folder with somebody else's files in it. */
static gboolean
check_own (const char *path, GError **error)
{
  g_autofree char *other = rf_run_folder_find_other (path);
  if (!other)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_EXISTS,
               _ ("%s holds other files (%s) and is no run: choose a new or empty folder"), path,
               other);
  return FALSE;
}

/* Whoever only wants to know whether there is a lock holds one for a moment. */
static gboolean
try_lock (int fd)
{
  for (int i = 0; i < LOCK_TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK)
        return FALSE;
      if (i + 1 < LOCK_TRIES)
        g_usleep (LOCK_PAUSE);
    }
  errno = EWOULDBLOCK;
  return FALSE;
}

static gboolean
lock (RfRunFolder *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->path, ".lock", NULL);

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (self->lock < 0)
    g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: it could not be opened: %s"), path,
                 g_strerror (errno));
  else if (try_lock (self->lock))
    return TRUE;
  else if (errno == EWOULDBLOCK)
    g_set_error (error, RF_ERROR, RF_ERROR_LOCKED,
                 _ ("%s is being written by another program; wait until it has ended"), self->path);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: it could not be locked: %s"), path,
                 g_strerror (errno));
  return FALSE;
}

static RfRunFolder *
lock_folder (const char *path, GError **error)
{
  g_autoptr (RfRunFolder) self = g_new0 (RfRunFolder, 1);
  self->path = g_canonicalize_filename (path, NULL);
  self->lock = -1;
  if (!lock (self, error))
    return NULL;

  rf_run_folder_tidy (self->path);
  return g_steal_pointer (&self);
}

RfRunFolder *
rf_run_folder_create (const char *path, GError **error)
{
  g_return_val_if_fail (path, NULL);

  if (g_mkdir_with_parents (path, 0777) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: the folder could not be made: %s"), path,
                   g_strerror (errno));
      return NULL;
    }
  if (!rf_run_folder_is_run (path) && !check_own (path, error))
    return NULL;
  g_autoptr (RfRunFolder) self = lock_folder (path, error);
  if (self && rf_run_folder_is_run (path))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_EXISTS,
                   _ ("%s is a run already: go on with it (--resume) or choose another folder"),
                   path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

RfRunFolder *
rf_run_folder_open (const char *path, gboolean create_if_missing, GError **error)
{
  g_return_val_if_fail (path, NULL);

  if (rf_run_folder_is_run (path))
    return lock_folder (path, error);
  if (create_if_missing)
    return rf_run_folder_create (path, error);
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
               _ ("%s is no run: it should be a folder with experiment.json and steps.csv"), path);
  return NULL;
}

void
rf_run_folder_close (RfRunFolder *self)
{
  if (!self)
    return;
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

RfExperiment *
rf_run_read_experiment (const char *run_or_file, gboolean *is_run, GError **error)
{
  g_return_val_if_fail (run_or_file, NULL);

  gboolean folder = g_file_test (run_or_file, G_FILE_TEST_IS_DIR);
  g_autofree char *file
      = folder ? g_build_filename (run_or_file, "experiment.json", NULL) : g_strdup (run_or_file);
  if (is_run)
    *is_run = folder;
  if (folder && !g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s is no run: there is no experiment.json in it"), run_or_file);
      return NULL;
    }
  return rf_experiment_load (file, NULL, error);
}

RfExperiment *
rf_run_read_experiment_at (const char *run, gint64 step, GError **error)
{
  g_return_val_if_fail (run, NULL);

  g_autoptr (RfExperiment) experiment = rf_run_read_experiment (run, NULL, error);
  g_autoptr (GPtrArray) changes = experiment ? rf_run_read_changes (run, error) : NULL;
  if (!changes)
    return NULL;
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = changes->pdata[i];
      if (change->step > rf_experiment_begun_at (experiment) && change->step <= step
          && !rf_experiment_set_live (experiment, change->path, change->value, error))
        {
          g_prefix_error (error, _ ("%s/changes.jsonl does not fit the experiment: "), run);
          return NULL;
        }
    }
  return g_steal_pointer (&experiment);
}

/* Takes over from the run what an experiment may leave open, or may name otherwise without being
 * another experiment. */
static RfExperiment *
fill_in_from_run (const RfExperiment *given, const RfExperiment *run)
{
  RfExperiment *copy = rf_experiment_copy (given);
  RfDatasetConfig *dataset = &copy->dataset;
  RfNormalize wish = dataset->normalize;

  g_free (copy->name);
  copy->name = g_strdup (run->name);
  g_free (dataset->fingerprint);
  dataset->fingerprint = g_strdup (run->dataset.fingerprint);
  if (wish == RF_NORMALIZE_DEFAULT
      || (wish == RF_NORMALIZE_YES && run->dataset.normalize == RF_NORMALIZE_GIVEN))
    {
      dataset->normalize = run->dataset.normalize;
      dataset->n_channels = run->dataset.n_channels;
      memcpy (dataset->mean, run->dataset.mean, sizeof dataset->mean);
      memcpy (dataset->deviation, run->dataset.deviation, sizeof dataset->deviation);
    }
  if (copy->network.input.channels == 0)
    copy->network.input = run->network.input;
  g_free (copy->network.initial_weights);
  copy->network.initial_weights = g_strdup (run->network.initial_weights);
  g_free (copy->network.initial_weights_written);
  copy->network.initial_weights_written = g_strdup (run->network.initial_weights_written);
  g_free (copy->parent_run);
  copy->parent_run = g_strdup (run->parent_run);
  copy->parent_step = run->parent_step;
  return copy;
}

static char *
json_to_short_text (json_t *json)
{
  if (!json)
    return g_strdup (_ ("absent"));
  char *text = json_dumps (json, JSON_ENCODE_ANY | JSON_REAL_PRECISION (9));
  char *copy = strlen (text) > 60 ? g_strdup ("…") : g_strdup (text);
  free (text);
  return copy;
}

/* Sets @error to the first difference; @path is the place, and is left as it was. */
static gboolean
find_difference (json_t *run, json_t *given, GString *path, const char *folder, GError **error)
{
  gsize length = path->len;
  const char *key;
  json_t *value;
  gsize i;

  if (json_equal (run, given))
    return FALSE;
  if (json_is_object (run) && json_is_object (given))
    {
      json_object_update_missing (run, given); /* so that keys of either are met */
      json_object_foreach (run, key, value)
      {
        json_t *other = json_object_get (given, key);
        g_string_append_printf (path, "%s%s", length > 0 ? "." : "", key);
        if (find_difference (other == value ? NULL : value, other, path, folder, error))
          return TRUE;
        g_string_truncate (path, length);
      }
    }
  else if (json_is_array (run) && json_array_size (run) == json_array_size (given))
    json_array_foreach (run, i, value)
    {
      g_string_append_printf (path, "[%" G_GSIZE_FORMAT "]", i);
      if (find_difference (value, json_array_get (given, i), path, folder, error))
        return TRUE;
      g_string_truncate (path, length);
    }

  g_autofree char *was = json_to_short_text (run);
  g_autofree char *is = json_to_short_text (given);
  g_set_error (error, RF_ERROR, RF_ERROR_CHANGED,
               _ ("%s was begun with another experiment: %s is %s there, but %s here; resume with "
                  "the same experiment, or train into a new folder"),
               folder, path->str, was, is);
  return TRUE;
}

RfExperiment *
rf_run_folder_settle (RfRunFolder *self, RfExperiment *given, GError **error)
{
  g_return_val_if_fail (self, NULL);

  if (!rf_run_folder_is_run (self->path))
    {
      if (given)
        return rf_experiment_ref (given);
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s holds no run yet, so an experiment is needed to begin one"), self->path);
      return NULL;
    }
  g_autoptr (RfExperiment) run = rf_run_read_experiment (self->path, NULL, error);
  if (!run || !given)
    return g_steal_pointer (&run);

  g_autoptr (RfExperiment) filled = fill_in_from_run (given, run);
  run->training.epochs = MAX (run->training.epochs, filled->training.epochs);
  g_autofree char *run_text = rf_experiment_to_text (run, TRUE);
  g_autofree char *given_text = rf_experiment_to_text (filled, TRUE);
  json_t *run_json = json_loads (run_text, 0, NULL), *given_json = json_loads (given_text, 0, NULL);
  g_autoptr (GString) path = g_string_new (NULL);
  gboolean differs = find_difference (run_json, given_json, path, self->path, error);
  json_decref (run_json);
  json_decref (given_json);
  return differs ? NULL : g_steal_pointer (&run);
}
