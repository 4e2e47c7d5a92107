/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PATH=VALUE: a place in an experiment, written as in messages (training.optimizer.learning_rate,
 * network.layers[3].rate), and what shall stand there: JSON, or else a text. Objects on the way
 * that are missing are made; whether their keys exist is checked with the rest of the experiment.
 */
#include "model/experiment/fields.h"

#include "model/base/error.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One step of a path: into an object by key, or into a list by index. */
typedef struct
{
  char *key; /* NULL: by index */
  gsize index;
  const char *end; /* of this step, in the path */
} Step;

/* Takes the step at @p; FALSE if none can be read there. */
static gboolean
parse_step (const char *p, gboolean first, Step *step)
{
  if (*p == '[' && !first)
    {
      char *end;
      if (!g_ascii_isdigit (p[1]))
        return FALSE;
      step->index = g_ascii_strtoull (p + 1, &end, 10);
      step->end = end + 1;
      return *end == ']';
    }
  if (!first && *p++ != '.')
    return FALSE;

  gsize length = strcspn (p, ".[]");
  step->key = g_strndup (p, length);
  step->end = p + length;
  return length > 0;
}

static gboolean
set_wrong_container (const char *place, const char *expected, const json_t *found, GError **error)
{
  g_autofree char *shown = rf_text_for_message (place);

  rf_json_set_type_error (error, shown, expected, found);
  return FALSE;
}

/* Walks to the object or list that holds the last step, and puts @value there. */
static gboolean
assign (json_t *root, const char *path, json_t *value, GError **error)
{
  json_t *place = root;
  const char *p = path;
  guint n_steps = 0;

  do
    {
      Step step = { NULL };
      gboolean ok = parse_step (p, p == path, &step);
      g_autofree char *key = step.key;
      g_autofree char *before = g_strndup (path, p - path);
      json_t *next;

      if (!ok || ++n_steps > RF_EXPERIMENT_MAX_DEPTH)
        {
          g_autofree char *shown = rf_text_for_message (path);
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                       _ ("%s: not a path such as training.epochs or network.layers[3].rate"),
                       shown);
          return FALSE;
        }
      if (key ? !json_is_object (place) : !json_is_array (place))
        return set_wrong_container (before, key ? _ ("an object") : _ ("a list"), place, error);
      if (key == NULL && step.index >= json_array_size (place))
        {
          g_autofree char *shown = rf_text_for_message (path);
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                       _ ("%s: there is no entry %zu, the list has %zu, counted from 0"), shown,
                       step.index, json_array_size (place));
          return FALSE;
        }

      p = step.end;
      if (*p == '\0')
        {
          if (key)
            json_object_set (place, key, value);
          else
            json_array_set (place, step.index, value);
          return TRUE;
        }
      next = key ? json_object_get (place, key) : json_array_get (place, step.index);
      if (next == NULL)
        {
          next = json_object ();
          json_object_set_new (place, key, next);
        }
      place = next;
    }
  while (TRUE);
}

static json_t *
parse_value (const char *text, GError **error)
{
  g_autoptr (GError) local = NULL;
  json_t *value = rf_json_parse_any (text, strlen (text), RF_EXPERIMENT_MAX_DEPTH, &local);

  if (value == NULL && (*text == '{' || *text == '['))
    g_propagate_error (error, g_steal_pointer (&local));
  else if (value == NULL && (value = json_string (text)) == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("the value is not UTF-8"));
  return value;
}

gboolean
rf_experiment_override (json_t *root, const char *assignment, GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *path = equals ? g_strndup (assignment, equals - assignment) : NULL;
  g_autofree char *shown = rf_text_for_message (path ? path : assignment);
  json_t *value;
  gboolean ok;

  if (path == NULL || !g_utf8_validate (path, -1, NULL))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: a change is written PATH=VALUE, such as training.epochs=5"), shown);
      return FALSE;
    }
  value = parse_value (equals + 1, error);
  if (value == NULL)
    {
      g_prefix_error (error, "%s: ", shown);
      return FALSE;
    }
  ok = assign (root, path, value, error);
  json_decref (value);
  if (ok && rf_json_depth (root) > RF_EXPERIMENT_MAX_DEPTH)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: nested deeper than %d levels"), shown,
                   RF_EXPERIMENT_MAX_DEPTH);
      return FALSE;
    }
  return ok;
}
