/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Specs: a class from a registration table and the values of its options. */
#include "model/spec/spec.h"

#include "model/base/error.h"
#include "model/spec/json.h"
#include "model/spec/option.h"

#include <glib/gi18n-lib.h>

static const char *const type_key[] = { "type", NULL };

RfSpec *
rf_spec_new (const RfSpecClass *klass)
{
  RfSpec *spec = g_new0 (RfSpec, 1);

  spec->klass = klass;
  spec->config = g_malloc0 (MAX (klass->config_size, 1));
  rf_options_reset (klass->options, spec->config);
  for (const RfOption *option = klass->options; option->name; option++)
    if (option->kind == RF_OPTION_LAYERS)
      RF_OPTION_FIELD (GPtrArray *, option, spec->config)
          = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_spec_free);
  return spec;
}

RfSpec *
rf_spec_copy (const RfSpec *spec)
{
  RfSpec *copy = g_new0 (RfSpec, 1);

  copy->klass = spec->klass;
  copy->config = g_memdup2 (spec->config, MAX (spec->klass->config_size, 1));
  for (const RfOption *option = spec->klass->options; option->name; option++)
    if (option->kind == RF_OPTION_LAYERS)
      RF_OPTION_FIELD (GPtrArray *, option, copy->config)
          = rf_specs_copy (RF_OPTION_FIELD (GPtrArray *, option, spec->config));
  return copy;
}

void
rf_spec_free (RfSpec *spec)
{
  if (spec == NULL)
    return;
  for (const RfOption *option = spec->klass->options; option->name; option++)
    if (option->kind == RF_OPTION_LAYERS)
      g_ptr_array_unref (RF_OPTION_FIELD (GPtrArray *, option, spec->config));
  g_free (spec->config);
  g_free (spec);
}

GPtrArray *
rf_specs_copy (const GPtrArray *specs)
{
  GPtrArray *copy = g_ptr_array_new_full (specs->len, (GDestroyNotify) rf_spec_free);

  for (guint i = 0; i < specs->len; i++)
    g_ptr_array_add (copy, rf_spec_copy (specs->pdata[i]));
  return copy;
}

/* --- Reading -------------------------------------------------------------------------------- */

static const RfSpecClass *
find_class (const json_t *json, const RfSpecClass *const *classes, const char *path, GError **error)
{
  g_autofree char *place = rf_json_path (path, "type");
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  const json_t *type = json_object_get (json, "type");
  const char *word = json_string_value (type);

  for (guint i = 0; classes[i]; i++)
    {
      if (word && g_str_equal (classes[i]->type, word))
        return classes[i];
      g_ptr_array_add (types, (gpointer) classes[i]->type);
    }
  g_ptr_array_add (types, NULL);

  g_autofree char *all = g_strjoinv (", ", (char **) types->pdata);
  if (type == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing, it must be one of: %s"), place,
                 all);
  else if (word == NULL)
    rf_json_set_type_error (error, place, _ ("a text"), type);
  else
    {
      const char *meant = rf_did_you_mean (word, (const char *const *) types->pdata);
      g_autofree char *shown = rf_text_for_message (word);
      if (meant)
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("%s: unknown type \"%s\", did you mean \"%s\"?"), place, shown, meant);
      else
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("%s: unknown type \"%s\", it must be one of: %s"), place, shown, all);
    }
  return NULL;
}

static GPtrArray *read_specs (json_t *json, const RfSpecClass *const *classes, const char *path,
                              guint nesting, GError **error);

static RfSpec *
read_spec (json_t *json, const RfSpecClass *const *classes, const char *path, guint nesting,
           GError **error)
{
  const RfSpecClass *klass;
  g_autoptr (RfSpec) spec = NULL;

  if (!rf_json_check_object (json, path, error))
    return NULL;
  klass = find_class (json, classes, path, error);
  if (klass == NULL || !rf_options_check_keys (klass->options, type_key, json, path, error))
    return NULL;
  spec = rf_spec_new (klass);
  if (!rf_options_read (klass->options, spec->config, json, path, error))
    return NULL;

  for (const RfOption *option = klass->options; option->name; option++)
    {
      json_t *list = json_object_get (json, option->name);
      if (option->kind != RF_OPTION_LAYERS || list == NULL)
        continue;

      g_autofree char *place = rf_json_path (path, option->name);
      GPtrArray *specs = read_specs (list, classes, place, nesting + 1, error);
      if (specs == NULL)
        return NULL;
      g_ptr_array_unref (RF_OPTION_FIELD (GPtrArray *, option, spec->config));
      RF_OPTION_FIELD (GPtrArray *, option, spec->config) = specs;
    }
  if (klass->complete)
    klass->complete (spec->config);
  return g_steal_pointer (&spec);
}

static GPtrArray *
read_specs (json_t *json, const RfSpecClass *const *classes, const char *path, guint nesting,
            GError **error)
{
  g_autoptr (GPtrArray) specs = NULL;
  json_t *item;
  gsize i;

  if (!json_is_array (json))
    {
      rf_json_set_type_error (error, path, _ ("a list"), json);
      return NULL;
    }
  if (nesting > RF_SPEC_MAX_NESTING)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: nested deeper than %d layers"), path,
                   RF_SPEC_MAX_NESTING);
      return NULL;
    }
  if (json_array_size (json) > RF_SPEC_MAX_LAYERS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: %zu entries are too many, at most %d can be"), path,
                   json_array_size (json), RF_SPEC_MAX_LAYERS);
      return NULL;
    }
  specs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_spec_free);
  json_array_foreach (json, i, item)
  {
    g_autofree char *place = g_strdup_printf ("%s[%zu]", path, i);
    RfSpec *spec = read_spec (item, classes, place, nesting, error);
    if (spec == NULL)
      return NULL;
    g_ptr_array_add (specs, spec);
  }
  return g_steal_pointer (&specs);
}

RfSpec *
rf_spec_from_json (json_t *json, const RfSpecClass *const *classes, const char *path,
                   GError **error)
{
  g_return_val_if_fail (json != NULL && classes != NULL && path != NULL, NULL);

  return read_spec (json, classes, path, 0, error);
}

GPtrArray *
rf_specs_from_json (json_t *json, const RfSpecClass *const *classes, const char *path,
                    GError **error)
{
  g_return_val_if_fail (json != NULL && classes != NULL && path != NULL, NULL);

  return read_specs (json, classes, path, 0, error);
}

/* --- Writing -------------------------------------------------------------------------------- */

json_t *
rf_spec_to_json (const RfSpec *spec)
{
  json_t *json = json_object ();

  json_object_set_new (json, "type", json_string (spec->klass->type));
  for (const RfOption *option = spec->klass->options; option->name; option++)
    json_object_set_new (json, option->name,
                         option->kind == RF_OPTION_LAYERS ? rf_specs_to_json (
                             RF_OPTION_FIELD (GPtrArray *, option, spec->config))
                                                          : rf_option_write (option, spec->config));
  return json;
}

json_t *
rf_specs_to_json (const GPtrArray *specs)
{
  json_t *json = json_array ();

  for (guint i = 0; i < specs->len; i++)
    json_array_append_new (json, rf_spec_to_json (specs->pdata[i]));
  return json;
}

/* --- Options by number and name ------------------------------------------------------------- */

double
rf_spec_get (const RfSpec *spec, const RfOption *option)
{
  return rf_option_get (option, spec->config);
}

gboolean
rf_spec_set (RfSpec *spec, const RfOption *option, double value, const char *path, GError **error)
{
  return rf_option_set (option, spec->config, value, path, error);
}

const RfOption *
rf_spec_find_option (const RfSpec *spec, const char *name)
{
  for (const RfOption *option = spec->klass->options; option->name; option++)
    if (g_str_equal (option->name, name))
      return option;
  return NULL;
}
