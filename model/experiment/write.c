/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an experiment to its text: keys in the order of the format, every default filled in. */
#include "model/experiment/fields.h"

#include "model/spec/json.h"
#include "model/spec/option.h"

static json_t *
write_numbers (const double *numbers, gint n)
{
  json_t *json = json_array ();

  for (gint i = 0; i < n; i++)
    json_array_append_new (json, json_real (numbers[i]));
  return json;
}

static json_t *
write_dataset (const RfDatasetConfig *dataset, gboolean absolute)
{
  json_t *json = json_object ();

  json_object_set_new (json, rf_dataset_kinds[dataset->kind],
                       json_string (absolute ? dataset->source : dataset->written));
  for (const RfOption *option = rf_dataset_options; option->name; option++)
    if (rf_option_get (option, dataset) >= option->minimum) /* "limit": all cannot be written */
      json_object_set_new (json, option->name, rf_option_write (option, dataset));
  switch (dataset->normalize)
    {
    case RF_NORMALIZE_YES:
    case RF_NORMALIZE_NO:
      json_object_set_new (json, "normalize",
                           json_boolean (dataset->normalize == RF_NORMALIZE_YES));
      break;
    case RF_NORMALIZE_GIVEN:
      json_object_set_new (
          json, "normalize",
          json_pack ("{soso}", "mean", write_numbers (dataset->mean, dataset->n_channels),
                     "deviation", write_numbers (dataset->deviation, dataset->n_channels)));
      break;
    case RF_NORMALIZE_DEFAULT: /* depends on the data */
    default:
      break;
    }
  if (dataset->fingerprint)
    json_object_set_new (json, "fingerprint", json_string (dataset->fingerprint));
  return json;
}

static json_t *
write_network (const RfNetworkConfig *network, gboolean absolute)
{
  json_t *json = json_object ();
  RfShape input = network->input;

  if (input.channels > 0)
    json_object_set_new (json, "input",
                         json_pack ("[iii]", input.channels, input.height, input.width));
  if (network->initial_weights)
    json_object_set_new (
        json, "initial_weights",
        json_string (absolute ? network->initial_weights : network->initial_weights_written));
  json_object_set_new (json, "layers", rf_specs_to_json (network->layers));
  return json;
}

static json_t *
write_training (const RfTrainingConfig *training)
{
  json_t *json = json_object ();

  json_object_set_new (json, "optimizer", rf_spec_to_json (training->optimizer));
  for (const RfOption *option = rf_training_options; option->name; option++)
    json_object_set_new (json, option->name, rf_option_write (option, training));
  json_object_set_new (json, "schedule", rf_spec_to_json (training->schedule));
  json_object_set_new (json, "augment", rf_specs_to_json (training->augment));
  if (training->patience > 0)
    json_object_set_new (json, "early_stopping",
                         json_pack ("{si}", "patience", training->patience));
  return json;
}

char *
rf_experiment_to_text (const RfExperiment *experiment, gboolean absolute)
{
  json_t *root = json_object ();
  char *text;

  json_object_set_new (root, "receptive", json_integer (RF_EXPERIMENT_FORMAT));
  if (*experiment->name)
    json_object_set_new (root, "name", json_string (experiment->name));
  json_object_set_new (root, "dataset", write_dataset (&experiment->dataset, absolute));
  json_object_set_new (root, "network", write_network (&experiment->network, absolute));
  json_object_set_new (root, "training", write_training (&experiment->training));
  if (experiment->parent_run)
    json_object_set_new (root, "parent",
                         json_pack ("{sssI}", "run", experiment->parent_run, "step",
                                    (json_int_t) experiment->parent_step));
  text = rf_json_to_text (root);
  json_decref (root);
  return text;
}
