/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From JSON to an experiment. Everything is checked here that can be without the data and without
 * building the network: what passes has known keys, known types and numbers in range. */
#include "model/experiment/fields.h"

#include "model/augment/augment.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/layers/layer.h"
#include "model/optimizers/optimizer.h"
#include "model/schedules/schedule.h"
#include "model/spec/json.h"
#include "model/spec/option.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Registration tables, whose classes all begin with an RfSpecClass. */
#define SPEC_CLASSES(table) ((const RfSpecClass *const *) (table))

typedef struct
{
  json_t *root;
  char *folder; /* absolute; relative paths begin there */
} Source;

/* --- Data set ------------------------------------------------------------------------------- */

/* A path as it is written, and where it leads. */
static gboolean
read_path (const Source *source, const json_t *json, const char *path, char **written,
           char **absolute, GError **error)
{
  const char *text = rf_json_read_text (json, path, error);

  if (text == NULL)
    return FALSE;
  *written = g_strdup (text);
  *absolute
      = g_path_is_absolute (text) ? g_strdup (text) : g_build_filename (source->folder, text, NULL);
  if (!g_utf8_validate (*absolute, -1, NULL))
    {
      g_autofree char *shown = rf_text_for_message (*absolute);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: the path %s is not UTF-8, as a file of JSON must be; rename its folder"),
                   path, shown);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_source (const Source *source, const json_t *json, RfDatasetConfig *dataset, GError **error)
{
  guint n = 0;

  for (guint kind = 0; rf_dataset_kinds[kind]; kind++)
    if (json_object_get (json, rf_dataset_kinds[kind]))
      {
        dataset->kind = kind;
        n++;
      }
  if (n != 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   n == 0
                       ? _ ("dataset: must say where the data are: \"id\", \"folder\" or "
                            "\"safetensors\"")
                       : _ ("dataset: only one of \"id\", \"folder\" and \"safetensors\" can be"));
      return FALSE;
    }

  const char *key = rf_dataset_kinds[dataset->kind];
  g_autofree char *path = rf_json_path ("dataset", key);
  if (dataset->kind != RF_DATASET_ID)
    return read_path (source, json_object_get (json, key), path, &dataset->written,
                      &dataset->source, error);

  const char *id = rf_json_read_text (json_object_get (json, key), path, error);
  dataset->written = g_strdup (id);
  dataset->source = g_strdup (id);
  return id != NULL;
}

/* One value per channel. @n is 0 while their number is open. */
static gboolean
read_channels (const json_t *json, const char *path, const RfOption *range, gint *n, double *values,
               GError **error)
{
  json_t *item;
  gsize i;

  if (!json_is_array (json))
    {
      rf_json_set_type_error (error, path, _ ("a list with a number per channel"), json);
      return FALSE;
    }
  if (*n == 0 && json_array_size (json) >= 1 && json_array_size (json) <= RF_MAX_CHANNELS)
    *n = json_array_size (json);
  if (*n == 0 || json_array_size (json) != (gsize) *n)
    {
      g_autofree char *wanted = *n == 0 ? g_strdup_printf (_ ("from 1 to %d"), RF_MAX_CHANNELS)
                                        : g_strdup_printf ("%d", *n);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: has %zu numbers, one per channel makes %s"), path,
                   json_array_size (json), wanted);
      return FALSE;
    }
  json_array_foreach (json, i, item)
  {
    g_autofree char *place = g_strdup_printf ("%s[%zu]", path, i);
    if (!rf_option_read_number (range, item, place, &values[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_normalize (const json_t *json, gint channels, RfDatasetConfig *dataset, GError **error)
{
  static const char *const keys[] = { "mean", "deviation", NULL };
  /* What floats can have. */
  static const RfOption mean = { .minimum = -1e39, .maximum = 1e39 };
  static const RfOption deviation = { .minimum = 1e-38, .maximum = 1e39 };

  dataset->normalize = RF_NORMALIZE_DEFAULT;
  if (json == NULL)
    return TRUE;
  if (json_is_boolean (json))
    {
      dataset->normalize = json_is_true (json) ? RF_NORMALIZE_YES : RF_NORMALIZE_NO;
      return TRUE;
    }
  if (!json_is_object (json))
    {
      rf_json_set_type_error (error, "dataset.normalize",
                              _ ("true, false or {\"mean\": […], \"deviation\": […]}"), json);
      return FALSE;
    }
  if (!rf_json_check_keys (json, "dataset.normalize", keys, error))
    return FALSE;
  for (guint i = 0; keys[i]; i++)
    if (json_object_get (json, keys[i]) == NULL)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("dataset.normalize.%s: missing"),
                     keys[i]);
        return FALSE;
      }
  if (channels > RF_MAX_CHANNELS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("dataset.normalize: inputs of %d channels cannot be normalised, at most %d "
                      "can be"),
                   channels, RF_MAX_CHANNELS);
      return FALSE;
    }
  dataset->normalize = RF_NORMALIZE_GIVEN;
  dataset->n_channels = channels;
  return read_channels (json_object_get (json, "mean"), "dataset.normalize.mean", &mean,
                        &dataset->n_channels, dataset->mean, error)
         && read_channels (json_object_get (json, "deviation"), "dataset.normalize.deviation",
                           &deviation, &dataset->n_channels, dataset->deviation, error);
}

static gboolean
read_dataset (const Source *source, RfExperiment *experiment, GError **error)
{
  static const char *const others[]
      = { "id", "folder", "safetensors", "normalize", "fingerprint", NULL };
  RfDatasetConfig *dataset = &experiment->dataset;
  const json_t *json = json_object_get (source->root, "dataset"), *fingerprint;

  if (!rf_json_check_object (json, "dataset", error)
      || !rf_options_check_keys (rf_dataset_options, others, json, "dataset", error)
      || !read_source (source, json, dataset, error))
    return FALSE;
  rf_options_reset (rf_dataset_options, dataset);
  if (!rf_options_read (rf_dataset_options, dataset, json, "dataset", error))
    return FALSE;
  if (dataset->validation_fraction + dataset->test_fraction >= 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("dataset: validation_fraction and test_fraction must be below 1 together, to "
                      "leave samples to train with"));
      return FALSE;
    }
  if (!read_normalize (json_object_get (json, "normalize"), experiment->network.input.channels,
                       dataset, error))
    return FALSE;

  fingerprint = json_object_get (json, "fingerprint");
  if (fingerprint)
    dataset->fingerprint = g_strdup (rf_json_read_text (fingerprint, "dataset.fingerprint", error));
  return fingerprint == NULL || dataset->fingerprint != NULL;
}

/* --- Network -------------------------------------------------------------------------------- */

static gboolean
read_input (json_t *json, RfShape *input, GError **error)
{
  static const RfOption options[] = {
    { .name = "network.input[0]",
      .offset = G_STRUCT_OFFSET (RfShape, channels),
      .minimum = 1,
      .maximum = RF_MAX_EXTENT },
    { .name = "network.input[1]",
      .offset = G_STRUCT_OFFSET (RfShape, height),
      .minimum = 1,
      .maximum = RF_MAX_EXTENT },
    { .name = "network.input[2]",
      .offset = G_STRUCT_OFFSET (RfShape, width),
      .minimum = 1,
      .maximum = RF_MAX_EXTENT },
  };

  if (!json_is_array (json) || json_array_size (json) != G_N_ELEMENTS (options))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("network.input: must be three numbers [channels, height, width]"));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (!rf_option_read (&options[i], input, json_array_get (json, i), options[i].name, error))
      return FALSE;
  if ((double) input->channels * input->height * input->width > RF_MAX_INPUT)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("network.input: %d×%d×%d are more than the %d values that an input can have"),
                   input->channels, input->height, input->width, RF_MAX_INPUT);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_network (const Source *source, RfNetworkConfig *network, GError **error)
{
  static const char *const keys[] = { "input", "initial_weights", "layers", NULL };
  json_t *json = json_object_get (source->root, "network");
  json_t *input, *weights, *layers;

  if (!rf_json_check_object (json, "network", error)
      || !rf_json_check_keys (json, "network", keys, error))
    return FALSE;
  input = json_object_get (json, "input");
  weights = json_object_get (json, "initial_weights");
  layers = json_object_get (json, "layers");
  if (input && !read_input (input, &network->input, error))
    return FALSE;
  if (weights
      && !read_path (source, weights, "network.initial_weights", &network->initial_weights_written,
                     &network->initial_weights, error))
    return FALSE;
  if (layers == NULL || (json_is_array (layers) && json_array_size (layers) == 0))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   layers ? _ ("network.layers: must not be empty")
                          : _ ("network.layers: missing"));
      return FALSE;
    }
  network->layers
      = rf_specs_from_json (layers, SPEC_CLASSES (rf_layer_classes), "network.layers", error);
  return network->layers != NULL;
}

/* --- Training ------------------------------------------------------------------------------- */

static RfSpec *
read_schedule (json_t *json, GError **error)
{
  json_t *constant = json ? NULL : json_pack ("{ss}", "type", "constant");
  RfSpec *schedule = rf_spec_from_json (json ? json : constant, SPEC_CLASSES (rf_schedule_classes),
                                        "training.schedule", error);

  json_decref (constant);
  return schedule;
}

static GPtrArray *
read_augment (json_t *json, GError **error)
{
  if (json == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) rf_spec_free);
  return rf_specs_from_json (json, SPEC_CLASSES (rf_augment_classes), "training.augment", error);
}

/* The patience is required where there is early stopping, and at least 1. */
static gboolean
read_early_stopping (const json_t *json, RfTrainingConfig *training, GError **error)
{
  static const char path[] = "training.early_stopping";
  static const char *const keys[] = { "patience", NULL };
  RfOption options[] = { rf_early_stopping_options[0], { NULL } };

  options[0].flags |= RF_OPTION_REQUIRED;
  options[0].minimum = 1;
  return json == NULL
         || (rf_json_check_object (json, path, error)
             && rf_json_check_keys (json, path, keys, error)
             && rf_options_read (options, training, json, path, error));
}

static gboolean
read_training (const Source *source, RfTrainingConfig *training, GError **error)
{
  static const char *const others[]
      = { "optimizer", "schedule", "augment", "early_stopping", NULL };
  json_t *json = json_object_get (source->root, "training"), *optimizer;

  if (!rf_json_check_object (json, "training", error)
      || !rf_options_check_keys (rf_training_options, others, json, "training", error))
    return FALSE;
  rf_options_reset (rf_training_options, training);
  if (!rf_options_read (rf_training_options, training, json, "training", error)
      || !read_early_stopping (json_object_get (json, "early_stopping"), training, error))
    return FALSE;

  optimizer = json_object_get (json, "optimizer");
  if (optimizer == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("training.optimizer: missing, such as {\"type\": \"sgd\", "
                      "\"learning_rate\": 0.05}"));
      return FALSE;
    }
  training->optimizer = rf_spec_from_json (optimizer, SPEC_CLASSES (rf_optimizer_classes),
                                           "training.optimizer", error);
  if (training->optimizer)
    training->schedule = read_schedule (json_object_get (json, "schedule"), error);
  if (training->schedule)
    training->augment = read_augment (json_object_get (json, "augment"), error);
  return training->augment != NULL;
}

/* --- The whole ------------------------------------------------------------------------------ */

/* Before all else, so that a newer file is not blamed for its new keys. */
static gboolean
check_format (const json_t *root, GError **error)
{
  const json_t *json = json_object_get (root, "receptive");

  if (json == NULL)
    return TRUE;
  if (json_is_number (json) && json_number_value (json) > RF_EXPERIMENT_FORMAT)
    {
      g_autofree char *format = rf_number_to_text (json_number_value (json));
      g_set_error (
          error, RF_ERROR, RF_ERROR_UNSUPPORTED,
          _ ("receptive: the file is of format %s and was written by a newer version; this "
             "one reads format %d"),
          format, RF_EXPERIMENT_FORMAT);
      return FALSE;
    }
  if (json_is_number (json) && json_number_value (json) == RF_EXPERIMENT_FORMAT)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("receptive: must be %d, the format's number"),
               RF_EXPERIMENT_FORMAT);
  return FALSE;
}

static gboolean
read_parent (const json_t *json, RfExperiment *experiment, GError **error)
{
  static const char *const keys[] = { "run", "step", NULL };
  static const RfOption step[] = {
    { .name = "step",
      .kind = RF_OPTION_UINT64,
      .flags = RF_OPTION_REQUIRED,
      .offset = G_STRUCT_OFFSET (RfExperiment, parent_step),
      .maximum = 1e15 },
    { NULL },
  };

  if (json == NULL)
    return TRUE;
  if (!rf_json_check_object (json, "parent", error)
      || !rf_json_check_keys (json, "parent", keys, error))
    return FALSE;
  experiment->parent_run
      = g_strdup (rf_json_read_text (json_object_get (json, "run"), "parent.run", error));
  return experiment->parent_run && rf_options_read (step, experiment, json, "parent", error);
}

static gboolean
read_name (const json_t *json, RfExperiment *experiment, GError **error)
{
  if (json && !json_is_string (json))
    {
      rf_json_set_type_error (error, "name", _ ("a text"), json);
      return FALSE;
    }
  experiment->name = g_strdup (json ? json_string_value (json) : "");
  return TRUE;
}

static gboolean
read_experiment (const Source *source, RfExperiment *experiment, GError **error)
{
  static const char *const keys[]
      = { "receptive", "name", "dataset", "network", "training", "parent", NULL };
  static const char *const required[] = { "dataset", "network", "training", NULL };

  if (!check_format (source->root, error) || !rf_json_check_keys (source->root, "", keys, error))
    return FALSE;
  for (guint i = 0; required[i]; i++)
    if (json_object_get (source->root, required[i]) == NULL)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing"), required[i]);
        return FALSE;
      }
  return read_name (json_object_get (source->root, "name"), experiment, error)
         && read_network (source, &experiment->network, error)
         && read_dataset (source, experiment, error)
         && read_training (source, &experiment->training, error)
         && read_parent (json_object_get (source->root, "parent"), experiment, error);
}

static json_t *
parse_and_override (const char *text, gsize length, const char *const *overrides, GError **error)
{
  json_t *root = rf_json_parse (text, length, RF_EXPERIMENT_MAX_DEPTH, error);

  for (guint i = 0; root && overrides && overrides[i]; i++)
    if (!rf_experiment_override (root, overrides[i], error))
      g_clear_pointer (&root, json_decref);
  return root;
}

RfExperiment *
rf_experiment_parse (const char *text, gssize length, const char *origin, const char *folder,
                     const char *const *overrides, GError **error)
{
  g_autoptr (RfExperiment) experiment = rf_experiment_new ();
  Source source = { NULL };
  gboolean ok;

  g_return_val_if_fail (text != NULL, NULL);

  source.root
      = parse_and_override (text, length < 0 ? strlen (text) : (gsize) length, overrides, error);
  source.folder = g_canonicalize_filename (folder ? folder : ".", NULL);
  ok = source.root && read_experiment (&source, experiment, error);
  json_decref (source.root);
  g_free (source.folder);
  if (ok)
    return g_steal_pointer (&experiment);
  if (origin)
    g_prefix_error (error, "%s: ", origin);
  return NULL;
}

RfExperiment *
rf_experiment_load (const char *file, const char *const *overrides, GError **error)
{
  g_autofree char *folder = NULL, *text = NULL;
  gsize length;

  g_return_val_if_fail (file != NULL, NULL);

  text = rf_file_read (file, RF_EXPERIMENT_MAX_BYTES, &length, error);
  if (text == NULL)
    return NULL;
  folder = g_path_get_dirname (file);
  return rf_experiment_parse (text, length, file, folder, overrides, error);
}
