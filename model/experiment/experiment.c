/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/experiment/fields.h"

RfExperiment *
rf_experiment_new (void)
{
  RfExperiment *experiment = g_new0 (RfExperiment, 1);

  g_atomic_ref_count_init (&experiment->references);
  return experiment;
}

RfExperiment *
rf_experiment_ref (RfExperiment *experiment)
{
  g_atomic_ref_count_inc (&experiment->references);
  return experiment;
}

void
rf_experiment_unref (RfExperiment *experiment)
{
  if (!g_atomic_ref_count_dec (&experiment->references))
    return;

  g_free (experiment->name);
  g_free (experiment->dataset.source);
  g_free (experiment->dataset.written);
  g_free (experiment->dataset.fingerprint);
  g_free (experiment->network.initial_weights);
  g_free (experiment->network.initial_weights_written);
  g_clear_pointer (&experiment->network.layers, g_ptr_array_unref);
  rf_spec_free (experiment->training.optimizer);
  rf_spec_free (experiment->training.schedule);
  g_clear_pointer (&experiment->training.augment, g_ptr_array_unref);
  g_free (experiment->parent_run);
  g_free (experiment);
}

RfExperiment *
rf_experiment_copy (const RfExperiment *experiment)
{
  RfExperiment *copy = g_memdup2 (experiment, sizeof *experiment);

  g_atomic_ref_count_init (&copy->references);
  copy->name = g_strdup (experiment->name);
  copy->dataset.source = g_strdup (experiment->dataset.source);
  copy->dataset.written = g_strdup (experiment->dataset.written);
  copy->dataset.fingerprint = g_strdup (experiment->dataset.fingerprint);
  copy->network.initial_weights = g_strdup (experiment->network.initial_weights);
  copy->network.initial_weights_written = g_strdup (experiment->network.initial_weights_written);
  copy->network.layers = rf_specs_copy (experiment->network.layers);
  copy->training.optimizer = rf_spec_copy (experiment->training.optimizer);
  copy->training.schedule = rf_spec_copy (experiment->training.schedule);
  copy->training.augment = rf_specs_copy (experiment->training.augment);
  copy->parent_run = g_strdup (experiment->parent_run);
  return copy;
}

RfExperiment *
rf_experiment_copy_without_weights (const RfExperiment *experiment)
{
  RfExperiment *copy = rf_experiment_copy (experiment);
  g_clear_pointer (&copy->network.initial_weights, g_free);
  g_clear_pointer (&copy->network.initial_weights_written, g_free);
  return copy;
}
