/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RUN|EXPERIMENT: what to compute with and whose weights. */

#include "cli/cli.h"
#include "model/base/error.h"
#include "model/run/folder.h"

#include <glib/gi18n-lib.h>
#include <stdint.h>
#include <string.h>

static char *
weights_of_run (const char *run, char **remark)
{
  gboolean first;
  char *weights = rf_run_folder_find_weights (run, &first);
  if (weights && first)
    *remark = g_strdup_printf (_ ("%s has no trained weights yet: using those it began with"), run);
  return weights;
}

gboolean
rf_model_source_open (RfModelSource *source, const char *run_or_file, const char *weights,
                      GError **error)
{
  memset (source, 0, sizeof *source);
  gboolean is_run = FALSE;
  source->experiment = rf_run_read_experiment (run_or_file, &is_run, error);
  if (!source->experiment)
    return FALSE;

  source->weights = weights  ? g_strdup (weights)
                    : is_run ? weights_of_run (run_or_file, &source->remark)
                             : NULL;
  if (source->weights)
    {
      RfExperiment *copy = rf_experiment_copy_without_weights (source->experiment);
      rf_experiment_unref (source->experiment);
      source->experiment = copy;
    }
  else if (!source->experiment->network.initial_weights)
    source->remark = g_strdup_printf (_ ("no weights given: using the untrained ones of seed %ju"),
                                      (uintmax_t) source->experiment->training.seed);
  return TRUE;
}

void
rf_model_source_clear (RfModelSource *source)
{
  g_clear_pointer (&source->experiment, rf_experiment_unref);
  g_clear_pointer (&source->weights, g_free);
  g_clear_pointer (&source->remark, g_free);
}

void
rf_model_source_say_remark (const RfModelSource *source)
{
  if (source->remark)
    rf_cli_note ("%s", source->remark);
}

RfDataset *
rf_model_source_load_data (const RfModelSource *source, const char *data_folder, GError **error)
{
  g_auto (GStrv) folders = rf_data_folders (data_folder);
  g_autoptr (RfProgressBar) bar = rf_progress_bar_new ();
  return rf_dataset_load (&source->experiment->dataset, source->experiment->network.input,
                          (const char *const *) folders, rf_progress_bar_loading, bar, NULL, error);
}

RfNet *
rf_model_source_load_net (const RfModelSource *source, RfShape input, int capacity, GError **error)
{
  const RfExperiment *experiment = source->experiment;
  const char *weights = source->weights ? source->weights : experiment->network.initial_weights;
  g_autoptr (RfNet) net = rf_net_new (source->experiment, input, rf_kernels_path (), error);
  if (!net || !rf_net_plan (net, MAX (1, capacity), FALSE, error))
    return NULL;
  rf_net_reset (net, experiment->training.seed);
  if (weights && !rf_net_load_file (net, weights, error))
    return NULL;
  return g_steal_pointer (&net);
}
