/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what an experiment says to a data set ready for training: find, read, split, normalise,
 * compare with the fingerprint. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/spec/json.h"

char **
rf_data_folders (const char *data_folder)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  const char *variable = g_getenv ("RECEPTIVE_DATA");
  if (data_folder)
    g_strv_builder_add (folders, data_folder);
  if (variable && *variable)
    g_strv_builder_add (folders, variable);
  g_autofree char *mine = g_build_filename (g_get_user_data_dir (), "receptive", "datasets", NULL);
  g_strv_builder_add (folders, mine);
  for (const char *const *dir = g_get_system_data_dirs (); *dir; dir++)
    {
      g_autofree char *shared = g_build_filename (*dir, "receptive", "datasets", NULL);
      g_strv_builder_add (folders, shared);
    }
  return g_strv_builder_end (folders);
}

const RfSourceClass *
rf_source_find (const char *id)
{
  for (const RfSourceClass *const *klass = rf_source_classes; *klass; klass++)
    if (g_strcmp0 ((*klass)->id, id) == 0)
      return *klass;
  return NULL;
}

static void
unknown_source (const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GString) list = g_string_new (NULL);
  for (const RfSourceClass *const *klass = rf_source_classes; *klass; klass++)
    {
      g_ptr_array_add (ids, (gpointer) (*klass)->id);
      g_string_append_printf (list, "%s%s", list->len ? ", " : "", (*klass)->id);
    }
  g_ptr_array_add (ids, NULL);
  const char *meant = rf_did_you_mean (id, (const char *const *) ids->pdata);
  if (meant)
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                 _ ("dataset: there is no data set “%s”, did you mean “%s”?"), id, meant);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                 _ ("dataset: there is no data set “%s”; there are %s"), id, list->str);
}

static RfDataset *
load_source (const char *id, const char *const *folders, RfProgressFunc progress, gpointer data,
             GCancellable *cancellable, GError **error)
{
  const RfSourceClass *klass = rf_source_find (id);
  if (!klass)
    {
      unknown_source (id, error);
      return NULL;
    }
  g_autofree char *folder = klass->find (folders);
  if (!folder)
    {
      g_autofree char *list = g_strjoinv (", ", (char **) folders);
      g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                   _ ("%s is not here: its files were looked for in %s; put them there, or name "
                      "their folder with --data or RECEPTIVE_DATA"),
                   klass->title, list);
      return NULL;
    }
  RfDataset *dataset = klass->load (folder, progress, data, cancellable, error);
  if (dataset)
    dataset->id = g_strdup (id);
  return dataset;
}

static gboolean
normalize (RfDataset *dataset, const RfDatasetConfig *config, GError **error)
{
  gint n_channels = dataset->shape.channels;
  if (config->normalize == RF_NORMALIZE_GIVEN)
    {
      if (config->n_channels != n_channels)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                       _ ("dataset.normalize: mean and deviation have %d values; the pictures of "
                          "%s have %d channels"),
                       config->n_channels, dataset->title, n_channels);
          return FALSE;
        }
      memcpy (dataset->mean, config->mean, (gsize) n_channels * sizeof (double));
      memcpy (dataset->deviation, config->deviation, (gsize) n_channels * sizeof (double));
      dataset->normalized = TRUE;
      return TRUE;
    }

  dataset->normalized = config->normalize == RF_NORMALIZE_YES
                        || (config->normalize == RF_NORMALIZE_DEFAULT && dataset->pictures);
  if (!dataset->normalized)
    return TRUE;
  rf_dataset_statistics (dataset, &dataset->splits[RF_SPLIT_TRAIN], dataset->mean,
                         dataset->deviation);
  for (gint c = 0; c < n_channels; c++)
    {
      if (!isfinite (dataset->mean[c]) || !isfinite (dataset->deviation[c]))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: channel %d has values that are not finite, so it cannot be "
                          "normalised; correct them or set dataset.normalize to false"),
                       dataset->title, c);
          return FALSE;
        }
      if (dataset->deviation[c] == 0)
        dataset->deviation[c] = 1;
      /* As the run's experiment.json will have it: a resumed run must see the same inputs. */
      dataset->mean[c] = rf_number_as_written (dataset->mean[c]);
      dataset->deviation[c] = rf_number_as_written (dataset->deviation[c]);
    }
  return TRUE;
}

RfDataset *
rf_dataset_load (const RfDatasetConfig *config, RfShape input, const char *const *folders,
                 RfProgressFunc progress, gpointer data, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (config != NULL && folders != NULL, NULL);

  g_autoptr (RfDataset) dataset = NULL;
  switch (config->kind)
    {
    case RF_DATASET_ID:
      dataset = load_source (config->source, folders, progress, data, cancellable, error);
      break;
    case RF_DATASET_FOLDER:
      dataset = rf_dataset_load_folder (config->source, input, progress, data, cancellable, error);
      break;
    case RF_DATASET_SAFETENSORS:
      dataset = rf_dataset_load_tensors (config->source, error);
      break;
    }
  if (!dataset)
    return NULL;

  dataset->fingerprint = rf_dataset_compute_fingerprint (dataset);
  if (config->fingerprint && strcmp (config->fingerprint, dataset->fingerprint) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CHANGED,
                   _ ("%s has changed since the run began: its fingerprint is %s and was %s"),
                   config->source, dataset->fingerprint, config->fingerprint);
      return NULL;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !rf_dataset_split (dataset, config, error) || !normalize (dataset, config, error))
    return NULL;
  return g_steal_pointer (&dataset);
}
