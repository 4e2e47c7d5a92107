/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a run. The data set is checked against the fingerprint that a run holds of it, by
 * rf_dataset_load(); the rest by those who own it. */

#include "model/run/open.h"

#include <gio/gio.h>

static RfRunFolder *
open_folder (const RfRunOptions *options, GError **error)
{
  return options->resume ? rf_run_folder_open (options->folder, TRUE, error)
                         : rf_run_folder_create (options->folder, error);
}

RfTrainer *
rf_run_open_trainer (RfExperiment *experiment, const RfRunOptions *options,
                     GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (options && options->folder, NULL);

  /* A new folder is made last, so that an experiment that cannot be trained leaves none. */
  gboolean begun = rf_run_folder_is_run (options->folder);
  gboolean early = begun || !experiment;
  g_autoptr (RfRunFolder) folder = early ? open_folder (options, error) : NULL;
  if (early && !folder)
    return NULL;
  g_autoptr (RfExperiment) settled
      = early ? rf_run_folder_settle (folder, experiment, error) : rf_experiment_ref (experiment);
  if (!settled)
    return NULL;

  g_auto (GStrv) folders = rf_data_folders (options->data_folder);
  g_autoptr (RfDataset) dataset
      = rf_dataset_load (&settled->dataset, settled->network.input, (const char *const *) folders,
                         options->progress, options->progress_data, cancellable, error);
  if (!dataset)
    return NULL;

  g_autoptr (RfExperiment) built = begun || options->init
                                       ? rf_experiment_copy_without_weights (settled)
                                       : rf_experiment_ref (settled);
  g_autoptr (RfEngine) engine = rf_engine_new (built, dataset, rf_kernels_path (), error);
  if (!engine || (!begun && options->init && !rf_net_load_file (engine->net, options->init, error))
      || (!folder && !(folder = open_folder (options, error))))
    return NULL;

  RfTrainerOptions trainer_options = { options->resume, options->replay, options->init };
  return rf_trainer_new (g_steal_pointer (&engine), g_steal_pointer (&folder), &trainer_options,
                         error);
}
