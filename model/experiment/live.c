/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of an experiment by their paths, and those that may change during a run. */
#include "model/experiment/fields.h"

#include "model/base/error.h"
#include "model/spec/json.h"
#include "model/spec/option.h"

#include <glib/gi18n-lib.h>

/* --- Walking -------------------------------------------------------------------------------- */

static void walk_specs (const GPtrArray *specs, const char *path, RfOptionFunc func, gpointer data);

static void
walk_spec (const RfSpec *spec, const char *path, RfOptionFunc func, gpointer data)
{
  for (const RfOption *option = spec->klass->options; option->name; option++)
    {
      g_autofree char *place = rf_json_path (path, option->name);

      if (option->kind == RF_OPTION_LAYERS)
        walk_specs (RF_OPTION_FIELD (GPtrArray *, option, spec->config), place, func, data);
      else
        func (&(RfOptionPlace){ place, spec, option }, data);
    }
}

static void
walk_specs (const GPtrArray *specs, const char *path, RfOptionFunc func, gpointer data)
{
  for (guint i = 0; i < specs->len; i++)
    {
      g_autofree char *place = g_strdup_printf ("%s[%u]", path, i);
      walk_spec (specs->pdata[i], place, func, data);
    }
}

/* Options of training itself, as if it were a spec. */
static void
walk_training (const RfTrainingConfig *training, const RfOption *options, const char *path,
               RfOptionFunc func, gpointer data)
{
  const RfSpecClass klass = {
    .type = "training",
    .title = N_ ("Training"),
    .config_size = sizeof (RfTrainingConfig),
    .options = options,
  };
  const RfSpec spec = { &klass, (void *) training };
  walk_spec (&spec, path, func, data);
}

void
rf_experiment_foreach_option (const RfExperiment *experiment, RfOptionFunc func, gpointer data)
{
  walk_specs (experiment->network.layers, "network.layers", func, data);
  walk_spec (experiment->training.optimizer, "training.optimizer", func, data);
  walk_training (&experiment->training, rf_training_options, "training", func, data);
  walk_spec (experiment->training.schedule, "training.schedule", func, data);
  walk_specs (experiment->training.augment, "training.augment", func, data);
  walk_training (&experiment->training, rf_early_stopping_options, "training.early_stopping", func,
                 data);
}

/* --- Setting -------------------------------------------------------------------------------- */

typedef struct
{
  const char *path;
  void *config;
  const RfOption *option;
} Search;

static void
match_path (const RfOptionPlace *place, gpointer data)
{
  Search *search = data;

  if (g_str_equal (place->path, search->path))
    {
      search->config = place->spec->config;
      search->option = place->option;
    }
}

gboolean
rf_experiment_set_live (RfExperiment *experiment, const char *path, double value, GError **error)
{
  Search search = { .path = path };
  g_autofree char *shown = rf_text_for_message (path);

  rf_experiment_foreach_option (experiment, match_path, &search);
  if (search.option == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: the experiment has no such option"),
                   shown);
      return FALSE;
    }
  if (!(search.option->flags & RF_OPTION_LIVE))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: cannot change during a run"), shown);
      return FALSE;
    }
  return rf_option_set (search.option, search.config, value, path, error);
}

/* --- Comparing ------------------------------------------------------------------------------ */

typedef struct
{
  GArray *values; /* double: live options of the old experiment, in order */
  guint next;
  GPtrArray *changes;
} Comparison;

static void
collect_value (const RfOptionPlace *place, gpointer data)
{
  double value = rf_spec_get (place->spec, place->option);

  if (place->option->flags & RF_OPTION_LIVE)
    g_array_append_val ((GArray *) data, value);
}

static void
compare_value (const RfOptionPlace *place, gpointer data)
{
  Comparison *comparison = data;
  double value = rf_spec_get (place->spec, place->option);

  if (!(place->option->flags & RF_OPTION_LIVE))
    return;
  g_return_if_fail (comparison->next < comparison->values->len);
  if (value != g_array_index (comparison->values, double, comparison->next++))
    {
      RfChange *change = g_new0 (RfChange, 1);
      change->path = g_strdup (place->path);
      change->value = value;
      g_ptr_array_add (comparison->changes, change);
    }
}

RfChange *
rf_change_copy (const RfChange *change)
{
  RfChange *copy = g_new (RfChange, 1);
  *copy = (RfChange){ change->step, g_strdup (change->path), change->value };
  return copy;
}

void
rf_change_free (RfChange *change)
{
  g_free (change->path);
  g_free (change);
}

GPtrArray *
rf_experiment_diff_live (const RfExperiment *old, const RfExperiment *new_)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  Comparison comparison = { values, 0, NULL };

  comparison.changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free);
  rf_experiment_foreach_option (old, collect_value, values);
  rf_experiment_foreach_option (new_, compare_value, &comparison);
  return comparison.changes;
}
