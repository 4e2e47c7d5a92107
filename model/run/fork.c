/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forking is copying files. Those that never change are shared by hard links where the file system
 * can: everything in a run but its tables is replaced as a whole, so that neither run sees what the
 * other one writes. As in any new run experiment.json comes last; until then the folder is none. */

#include "model/run/fork.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/run/checkpoint.h"
#include "model/run/tables.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  const char *parent, *child;
  RfMoment moment;   /* where the fork is */
  GArray *epochs;    /* of the parent, of RfEpochRow */
  gboolean no_state; /* the parent has the weights of this moment alone */
} Fork;

/* --- Where -------------------------------------------------------------------------------- */

/* The end of the epoch at @step, of which no more than the weights is left. */
static gboolean
find_epoch_end (Fork *fork, gint64 step)
{
  g_autofree char *weights = rf_checkpoint_path (fork->parent, step, RF_CHECKPOINT_WEIGHTS);
  for (guint i = 0; i < fork->epochs->len; i++)
    {
      const RfEpochRow *row = &g_array_index (fork->epochs, RfEpochRow, i);
      if (row->step != step || !g_file_test (weights, G_FILE_TEST_EXISTS))
        continue;
      fork->moment = (RfMoment){ .step = step, .epoch = row->epoch + 1, .seconds = row->seconds };
      fork->no_state = TRUE;
      return TRUE;
    }
  return FALSE;
}

static gboolean
find_moment (Fork *fork, gint64 step, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, step);

  fork->epochs = rf_run_read_epochs (fork->parent, error);
  if (!fork->epochs)
    return FALSE;
  fork->moment = (RfMoment){ .epoch = 1 };
  if (step == 0 || rf_checkpoint_read_moment (fork->parent, step, &fork->moment, &why)
      || find_epoch_end (fork, step))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
               _ ("%s has no checkpoint of step %s to fork from: %s"), fork->parent, number,
               why->message);
  return FALSE;
}

/* --- What --------------------------------------------------------------------------------- */

static gboolean
same_data (const RfDatasetConfig *a, const RfDatasetConfig *b)
{
  return a->kind == b->kind && g_strcmp0 (a->source, b->source) == 0 && a->seed == b->seed
         && a->limit == b->limit && a->validation_fraction == b->validation_fraction
         && a->test_fraction == b->test_fraction;
}

static gboolean
check_changed (const Fork *fork, const RfExperiment *present, const RfExperiment *changed,
               GError **error)
{
  g_autofree char *layer = rf_experiment_find_other_layer (present, changed);
  const char *place = layer;
  if (!same_data (&present->dataset, &changed->dataset))
    place = "dataset";
  if (!place)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_CHANGED,
               _ ("%s: a fork of %s has the same network and data; begin a new run with what is "
                  "changed"),
               place, fork->parent);
  return FALSE;
}

/* How the fork goes on: as it was at its step, or else as @changed says. */
static RfExperiment *
make_experiment (const Fork *fork, RfExperiment *changed, GError **error)
{
  gint64 step = fork->moment.step;
  g_autoptr (RfExperiment) present = rf_run_read_experiment_at (fork->parent, step, error);
  if (!present || (changed && !check_changed (fork, present, changed, error)))
    return NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_copy (present);
  if (changed)
    rf_experiment_take_training (experiment, changed);
  g_free (experiment->parent_run);
  experiment->parent_run = g_canonicalize_filename (fork->parent, NULL);
  experiment->parent_step = step;
  return g_steal_pointer (&experiment);
}

/* --- Files ---------------------------------------------------------------------------------- */

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  gsize size;
  g_autofree char *bytes = rf_file_read (from, G_MAXSSIZE, &size, error);
  RfChunk chunk = { bytes, size };
  return bytes && rf_file_write (to, &chunk, 1, error);
}

/* For files that are never written again. */
static gboolean
share_file (const char *from, const char *to, GError **error)
{
  return link (from, to) == 0 || copy_file (from, to, error);
}

static gboolean
share_weights (const Fork *fork, gint64 step, GError **error)
{
  g_autofree char *from = rf_checkpoint_path (fork->parent, step, RF_CHECKPOINT_WEIGHTS);
  g_autofree char *to = rf_checkpoint_path (fork->child, step, RF_CHECKPOINT_WEIGHTS);
  return g_file_test (to, G_FILE_TEST_EXISTS) || share_file (from, to, error);
}

/* First weights, those of each epoch that are still there, and those of the checkpoint; the newest
 * epoch's are weights.safetensors as well. */
static gboolean
share_all_weights (const Fork *fork, GError **error)
{
  g_autofree char *newest = NULL;
  if (!share_weights (fork, 0, error))
    return FALSE;
  for (guint i = 0; i < fork->epochs->len; i++)
    {
      gint64 step = g_array_index (fork->epochs, RfEpochRow, i).step;
      g_autofree char *path = rf_checkpoint_path (fork->parent, step, RF_CHECKPOINT_WEIGHTS);
      if (step > rf_moment_epochs_until (&fork->moment) || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      if (!share_weights (fork, step, error))
        return FALSE;
      g_free (newest);
      newest = g_steal_pointer (&path);
    }
  g_autofree char *weights = g_build_filename (fork->child, "weights.safetensors", NULL);
  return share_weights (fork, fork->moment.step, error)
         && (!newest || share_file (newest, weights, error));
}

static gboolean
write_state (const Fork *fork, gboolean fresh, GError **error)
{
  gint64 step = fork->moment.step;
  g_autofree char *from = rf_checkpoint_path (fork->parent, step, RF_CHECKPOINT_STATE);
  g_autofree char *to = rf_checkpoint_path (fork->child, step, RF_CHECKPOINT_STATE);
  if (step == 0)
    return TRUE;
  return fresh ? rf_checkpoint_write_fresh (fork->child, &fork->moment, error)
               : copy_file (from, to, error);
}

static gboolean
write_changes (const Fork *fork, GError **error)
{
  g_autofree char *path = g_build_filename (fork->child, "changes.jsonl", NULL);
  g_autoptr (GPtrArray) changes = rf_run_read_changes (fork->parent, error);
  g_autoptr (GString) text = g_string_new (NULL);
  if (!changes)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    if (((RfChange *) changes->pdata[i])->step <= fork->moment.step)
      rf_append_change (text, changes->pdata[i]);
  return rf_file_write_text (path, text->str, error);
}

static gboolean
copy_tables (const Fork *fork, GError **error)
{
  static const char *const names[] = { "steps.csv", "epochs.csv" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (fork->parent, names[i], NULL);
      g_autofree char *to = g_build_filename (fork->child, names[i], NULL);
      if (!copy_file (from, to, error))
        return FALSE;
    }
  return write_changes (fork, error)
         && rf_run_cut (fork->child, fork->moment.step, rf_moment_epochs_until (&fork->moment),
                        error);
}

static gboolean
write_child (const Fork *fork, const RfExperiment *experiment, gboolean fresh, GError **error)
{
  g_autofree char *checkpoints = g_build_filename (fork->child, "checkpoints", NULL);
  g_autofree char *json = g_build_filename (fork->child, "experiment.json", NULL);
  g_autofree char *text = rf_experiment_to_text (experiment, TRUE);

  if (g_mkdir (checkpoints, 0777) != 0 && errno != EEXIST)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: the folder could not be made: %s"),
                   checkpoints, g_strerror (errno));
      return FALSE;
    }
  return share_all_weights (fork, error) && write_state (fork, fresh, error)
         && copy_tables (fork, error) && rf_file_write_text (json, text, error);
}

/* The parent keeps what was forked from, if it can be written to: one that cannot loses nothing. If
 * the parent, training meanwhile, has just pruned it, it comes back. */
static void
keep_in_parent (const Fork *fork, gboolean fresh)
{
  gint64 step = fork->moment.step;
  if (step == 0 || fork->no_state)
    return;
  rf_checkpoint_keep (fork->parent, step, NULL);
  for (RfCheckpointPart part = RF_CHECKPOINT_WEIGHTS; part <= RF_CHECKPOINT_STATE && !fresh; part++)
    {
      g_autofree char *ours = rf_checkpoint_path (fork->parent, step, part);
      g_autofree char *copy = rf_checkpoint_path (fork->child, step, part);
      if (!g_file_test (ours, G_FILE_TEST_EXISTS))
        copy_file (copy, ours, NULL);
    }
  rf_checkpoint_keep (fork->parent, step, NULL);
}

static gboolean
make_fork (Fork *fork, gint64 step, RfExperiment *changed, gboolean *fresh, GError **error)
{
  if (!find_moment (fork, step, error))
    return FALSE;
  g_autoptr (RfExperiment) experiment = make_experiment (fork, changed, error);
  g_autoptr (RfExperiment) begun
      = experiment ? rf_run_read_experiment (fork->parent, NULL, error) : NULL;
  g_autoptr (RfRunFolder) folder = begun ? rf_run_folder_create (fork->child, error) : NULL;
  if (!folder)
    return FALSE;
  gboolean other = begun->training.optimizer->klass != experiment->training.optimizer->klass;
  *fresh = step > 0 && (fork->no_state || other);
  if (!write_child (fork, experiment, *fresh, error))
    {
      rf_run_folder_empty (fork->child, NULL);
      return FALSE;
    }
  keep_in_parent (fork, *fresh);
  return TRUE;
}

gboolean
rf_run_fork (const char *parent, gint64 step, const char *folder, RfExperiment *changed,
             gboolean *fresh, GError **error)
{
  g_return_val_if_fail (parent && step >= 0 && folder, FALSE);

  Fork fork = { .parent = parent, .child = folder };
  gboolean begins_afresh = FALSE;
  if (!rf_run_folder_is_run (parent))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s is no run: it should be a folder with experiment.json and steps.csv"),
                   parent);
      return FALSE;
    }
  gboolean made = make_fork (&fork, step, changed, &begins_afresh, error);
  g_clear_pointer (&fork.epochs, g_array_unref);
  if (fresh)
    *fresh = begins_afresh;
  return made;
}
