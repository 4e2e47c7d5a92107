/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beginning and resuming.
 *
 * A new run writes experiment.json last: until it is there, nothing counts and all is begun again.
 * Resuming takes the newest checkpoint that is sound, else the weights before step 1, cuts the
 * tables back to it and removes what was written beyond. The journal of changes stays whole: those
 * up to the checkpoint are in force, later ones act again at their steps, so that a run that was
 * killed ends like one that was not. More epochs than the run began with are such a change too:
 * experiment.json stays what it began with. */

#include "model/run/begin.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/run/tables.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdint.h>

/* The experiment as it stands in the run: nothing left open that the data set or the call decided.
 */
static RfExperiment *
complete_experiment (const RfEngine *engine, const char *init)
{
  RfExperiment *copy = rf_experiment_copy (engine->experiment);
  const RfDataset *dataset = engine->dataset;
  RfDatasetConfig *config = &copy->dataset;

  /* A run that begins here is nobody's fork, whatever its experiment was written by. */
  g_clear_pointer (&copy->parent_run, g_free);
  copy->parent_step = 0;
  copy->network.input = dataset->shape;
  g_free (config->fingerprint);
  config->fingerprint = g_strdup (dataset->fingerprint);
  config->normalize = dataset->normalized ? RF_NORMALIZE_GIVEN : RF_NORMALIZE_NO;
  config->n_channels = dataset->normalized ? dataset->shape.channels : 0;
  memcpy (config->mean, dataset->mean, sizeof config->mean);
  memcpy (config->deviation, dataset->deviation, sizeof config->deviation);
  if (init)
    {
      g_free (copy->network.initial_weights);
      copy->network.initial_weights = g_canonicalize_filename (init, NULL);
      g_free (copy->network.initial_weights_written);
      copy->network.initial_weights_written = g_strdup (copy->network.initial_weights);
    }
  return copy;
}

static gboolean
write_experiment (const char *run, const RfExperiment *experiment, GError **error)
{
  g_autofree char *path = g_build_filename (run, "experiment.json", NULL);
  g_autofree char *text = rf_experiment_to_text (experiment, TRUE);
  return rf_file_write_text (path, text, error);
}

/* Removes checkpoints of steps beyond @step. */
static void
remove_checkpoints_after (const char *run, gint64 step)
{
  for (RfCheckpointPart part = RF_CHECKPOINT_WEIGHTS; part <= RF_CHECKPOINT_STATE; part++)
    {
      g_autoptr (GArray) steps = rf_checkpoints_list (run, part);
      for (guint i = 0; i < steps->len; i++)
        if (g_array_index (steps, gint64, i) > step)
          {
            g_autofree char *path
                = rf_checkpoint_path (run, g_array_index (steps, gint64, i), part);
            g_unlink (path);
          }
    }
}

static gboolean
make_checkpoints_folder (const char *run, GError **error)
{
  g_autofree char *path = g_build_filename (run, "checkpoints", NULL);
  if (g_mkdir (path, 0777) == 0 || errno == EEXIST)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: the folder could not be made: %s"), path,
               g_strerror (errno));
  return FALSE;
}

/* The changes that are to be made again, checked against the experiment before the first step. */
static gboolean
write_replayed_changes (const char *run, const RfExperiment *experiment, const char *replay,
                        GError **error)
{
  g_autofree char *path = g_build_filename (run, "changes.jsonl", NULL);
  g_autoptr (RfExperiment) trial = rf_experiment_copy (experiment);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) changes = replay ? rf_run_read_changes (replay, error) : NULL;

  if (replay && !changes)
    return FALSE;
  for (guint i = 0; changes && i < changes->len; i++)
    {
      const RfChange *change = changes->pdata[i];
      if (!rf_experiment_set_live (trial, change->path, change->value, error))
        {
          g_prefix_error (error, _ ("%s: the change at step %jd does not fit: "), replay,
                          (intmax_t) change->step);
          return FALSE;
        }
      rf_append_change (text, change);
    }
  return rf_file_write_text (path, text->str, error);
}

/* Puts the changes up to @step in force, and checks the later ones. What a fork began with has
 * those of its parent already, and may be of another kind. */
static gboolean
apply_changes (const char *run, RfEngine *engine, const RfExperiment *begun, gint64 step,
               GError **error)
{
  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, error);
  g_autoptr (RfExperiment) experiment = rf_experiment_copy (begun);
  g_autoptr (RfExperiment) now = NULL;

  if (!changes)
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = changes->pdata[i];
      if (change->step <= rf_experiment_begun_at (begun))
        continue;
      if (!now && change->step > step)
        now = rf_experiment_copy (experiment);
      if (!rf_experiment_set_live (experiment, change->path, change->value, error))
        {
          g_prefix_error (error, _ ("%s/changes.jsonl does not fit the experiment: "), run);
          return FALSE;
        }
    }
  return rf_engine_set_experiment (engine, now ? now : experiment, error);
}

static gboolean
begin_new (const char *run, RfEngine *engine, const RfTrainerOptions *options,
           const RfMoment *moment, GError **error)
{
  g_autoptr (RfExperiment) experiment = complete_experiment (engine, options->init);
  g_autofree char *initial = g_build_filename (run, "initial.safetensors", NULL);
  g_autofree char *weights = g_build_filename (run, "weights.safetensors", NULL);

  g_unlink (weights);
  remove_checkpoints_after (run, 0);
  if ((options->init && !rf_net_load_file (engine->net, options->init, error))
      || !make_checkpoints_folder (run, error)
      || !rf_net_save (engine->net, initial, RF_DTYPE_F32, error)
      || !write_replayed_changes (run, experiment, options->replay, error)
      || !rf_run_cut (run, 0, 0, error) || !write_experiment (run, experiment, error))
    return FALSE;
  return apply_changes (run, engine, experiment, rf_moment_changes_until (moment), error);
}

/* The newest sound checkpoint; @moment stays at the very beginning if there never was one. */
static gboolean
restore_newest (const char *run, RfEngine *engine, RfMoment *moment, GError **error)
{
  g_autoptr (GArray) steps = rf_checkpoints_list (run, RF_CHECKPOINT_STATE);
  g_autoptr (GError) why = NULL;

  for (guint i = steps->len; i > 0; i--)
    {
      gint64 step = g_array_index (steps, gint64, i - 1);
      g_clear_error (&why);
      if (rf_checkpoint_restore (run, step, engine, moment, &why))
        return TRUE;
      g_message ("%s", why->message);
    }
  if (why)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: none of its checkpoints is sound (%s); remove its folder checkpoints to "
                      "begin again with the first weights"),
                   run, why->message);
      return FALSE;
    }
  g_autofree char *initial = g_build_filename (run, "initial.safetensors", NULL);
  rf_optimizer_reset (engine->optimizer);
  rf_engine_seek (engine, 0, 1, 0);
  return rf_net_load_file (engine->net, initial, error);
}

gboolean
rf_run_settle_weights (const char *run, gint64 step, GError **error)
{
  g_autofree char *path = g_build_filename (run, "weights.safetensors", NULL);
  g_autoptr (GArray) epochs = rf_run_read_epochs (run, error);
  gsize size;

  if (!epochs)
    return FALSE;
  if (epochs->len == 0)
    {
      g_unlink (path);
      return TRUE;
    }
  if (step == 0)
    step = g_array_index (epochs, RfEpochRow, epochs->len - 1).step;
  g_autofree char *source = rf_checkpoint_path (run, step, RF_CHECKPOINT_WEIGHTS);
  if (!g_file_test (source, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autofree char *bytes = rf_file_read (source, G_MAXSSIZE, &size, error);
  RfChunk chunk = { bytes, size };
  return bytes && rf_file_write (path, &chunk, 1, error);
}

/* Writes to the journal that there are to be @epochs of them from the next step on, unless there
 * are. */
static gboolean
journal_epochs (const char *run, const RfExperiment *experiment, gint64 step, int epochs,
                GError **error)
{
  static const char where[] = "training.epochs";
  g_autofree char *path = g_build_filename (run, "changes.jsonl", NULL);
  g_autoptr (GPtrArray) changes = rf_run_read_changes (run, error);
  g_autoptr (GString) text = g_string_new (NULL);
  double known = experiment->training.epochs;

  for (guint i = 0; changes && i < changes->len; i++)
    {
      const RfChange *change = changes->pdata[i];
      gboolean ours = g_str_equal (change->path, where);
      if (ours)
        known = change->value;
      if (!ours || change->step < step)
        rf_append_change (text, change);
    }
  if (!changes || epochs <= known)
    return changes != NULL;
  rf_append_change (text, &(RfChange){ step, (char *) where, epochs });
  return rf_file_write_text (path, text->str, error);
}

static gboolean
resume (const char *run, RfEngine *engine, RfMoment *moment, GError **error)
{
  int epochs = engine->experiment->training.epochs;
  g_autoptr (RfExperiment) experiment = rf_run_read_experiment (run, NULL, error);
  if (!experiment || !make_checkpoints_folder (run, error)
      || !restore_newest (run, engine, moment, error)
      || !rf_run_cut (run, moment->step, rf_moment_epochs_until (moment), error))
    return FALSE;
  remove_checkpoints_after (run, moment->step);
  if (epochs > experiment->training.epochs
      && !journal_epochs (run, experiment, moment->step + 1, epochs, error))
    return FALSE;
  return apply_changes (run, engine, experiment, rf_moment_changes_until (moment), error);
}

gboolean
rf_run_begin (RfRunFolder *folder, RfEngine *engine, const RfTrainerOptions *options,
              RfMoment *moment, GError **error)
{
  const char *run = rf_run_folder_path (folder);
  *moment = (RfMoment){ .epoch = 1 };
  if (!rf_run_folder_is_run (run))
    return begin_new (run, engine, options, moment, error);
  if (options->resume)
    return resume (run, engine, moment, error);
  g_set_error (error, RF_ERROR, RF_ERROR_EXISTS, _ ("%s is a run already"), run);
  return FALSE;
}
