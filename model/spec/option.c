/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options one by one: types, ranges and their messages. */
#include "model/spec/option.h"

#include "model/base/error.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* --- Ranges --------------------------------------------------------------------------------- */

/* "from 0 to 1", "above 0", "at least 0 and below 1". */
static char *
describe_range (const RfOption *option)
{
  g_autofree char *low = rf_number_to_text (option->minimum);
  g_autofree char *high = rf_number_to_text (option->maximum);
  gboolean above = option->flags & RF_OPTION_ABOVE, below = option->flags & RF_OPTION_BELOW;

  if (option->maximum >= G_MAXDOUBLE)
    return g_strdup_printf (above ? _ ("above %s") : _ ("at least %s"), low);
  if (option->minimum <= -G_MAXDOUBLE)
    return g_strdup_printf (below ? _ ("below %s") : _ ("at most %s"), high);
  if (above && below)
    return g_strdup_printf (_ ("above %s and below %s"), low, high);
  if (above)
    return g_strdup_printf (_ ("above %s and at most %s"), low, high);
  if (below)
    return g_strdup_printf (_ ("at least %s and below %s"), low, high);
  return g_strdup_printf (_ ("from %s to %s"), low, high);
}

static gboolean
check_range (const RfOption *option, double value, const char *path, GError **error)
{
  gboolean high_enough
      = option->flags & RF_OPTION_ABOVE ? value > option->minimum : value >= option->minimum;
  gboolean low_enough
      = option->flags & RF_OPTION_BELOW ? value < option->maximum : value <= option->maximum;

  if (isfinite (value) && high_enough && low_enough)
    return TRUE;

  g_autofree char *shown = rf_number_to_text (value);
  g_autofree char *range = describe_range (option);
  /* Translators: a path in a file, a number, a range such as "from 0 to 1". */
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: %s is out of range, it must be %s"), path,
               shown, range);
  return FALSE;
}

static gboolean
check_whole (double value, const char *path, GError **error)
{
  if (value == floor (value))
    return TRUE;
  g_autofree char *shown = rf_number_to_text (value);
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: %s is not a whole number"), path, shown);
  return FALSE;
}

/* --- JSON to values ------------------------------------------------------------------------- */

/* A whole number in range: 3 or 3.0. Exact, because ranges of whole numbers end at 2^53. */
static gboolean
read_whole (const RfOption *option, const json_t *json, const char *path, double *value,
            GError **error)
{
  if (!json_is_number (json))
    {
      rf_json_set_type_error (error, path, _ ("a whole number"), json);
      return FALSE;
    }
  *value = json_number_value (json);
  return check_whole (*value, path, error) && check_range (option, *value, path, error);
}

static gboolean
read_pair (const RfOption *option, const json_t *json, const char *path, gint pair[2],
           GError **error)
{
  double sides[2];

  if (json_is_array (json) && json_array_size (json) == 2)
    {
      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *place = g_strdup_printf ("%s[%u]", path, i);
          if (!read_whole (option, json_array_get (json, i), place, &sides[i], error))
            return FALSE;
        }
    }
  else if (json_is_array (json))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("%s: a pair has two numbers [height, width], not %zu"), path,
                   json_array_size (json));
      return FALSE;
    }
  else if (json_is_number (json))
    {
      if (!read_whole (option, json, path, &sides[0], error))
        return FALSE;
      sides[1] = sides[0];
    }
  else
    {
      rf_json_set_type_error (error, path, _ ("a whole number or a pair [height, width]"), json);
      return FALSE;
    }
  pair[0] = sides[0];
  pair[1] = sides[1];
  return TRUE;
}

gboolean
rf_option_read_number (const RfOption *option, const json_t *json, const char *path, double *number,
                       GError **error)
{
  if (!json_is_number (json))
    {
      rf_json_set_type_error (error, path, _ ("a number"), json);
      return FALSE;
    }
  *number = rf_number_as_written (json_number_value (json));
  return check_range (option, *number, path, error);
}

static gboolean
read_choice (const RfOption *option, const json_t *json, const char *path, gint *choice,
             GError **error)
{
  const char *word = json_string_value (json);

  for (gint i = 0; word && option->choices[i]; i++)
    if (g_str_equal (option->choices[i], word))
      {
        *choice = i;
        return TRUE;
      }

  g_autofree char *joined = g_strjoinv ("\", \"", (char **) option->choices);
  g_autofree char *all = g_strdup_printf ("\"%s\"", joined);
  if (word == NULL)
    {
      g_autofree char *expected = g_strdup_printf (_ ("one of %s"), all);
      rf_json_set_type_error (error, path, expected, json);
      return FALSE;
    }
  g_autofree char *shown = rf_text_for_message (word);
  const char *meant = rf_did_you_mean (word, option->choices);
  if (meant)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                 _ ("%s: \"%s\" is not one of %s; did you mean \"%s\"?"), path, shown, all, meant);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: \"%s\" is not one of %s"), path, shown,
                 all);
  return FALSE;
}

gboolean
rf_option_read (const RfOption *option, void *config, const json_t *json, const char *path,
                GError **error)
{
  double value;

  switch (option->kind)
    {
    case RF_OPTION_INT:
      if (!read_whole (option, json, path, &value, error))
        return FALSE;
      RF_OPTION_FIELD (gint, option, config) = value;
      return TRUE;
    case RF_OPTION_UINT64:
      if (!read_whole (option, json, path, &value, error))
        return FALSE;
      RF_OPTION_FIELD (guint64, option, config) = value;
      return TRUE;
    case RF_OPTION_PAIR:
      return read_pair (option, json, path, &RF_OPTION_FIELD (gint, option, config), error);
    case RF_OPTION_NUMBER:
      return rf_option_read_number (option, json, path, &RF_OPTION_FIELD (double, option, config),
                                    error);
    case RF_OPTION_BOOL:
      if (!json_is_boolean (json))
        {
          rf_json_set_type_error (error, path, _ ("true or false"), json);
          return FALSE;
        }
      RF_OPTION_FIELD (gboolean, option, config) = json_is_true (json);
      return TRUE;
    case RF_OPTION_CHOICE:
      return read_choice (option, json, path, &RF_OPTION_FIELD (gint, option, config), error);
    case RF_OPTION_LAYERS:
    default:
      g_assert_not_reached ();
    }
}

void
rf_options_reset (const RfOption *options, void *config)
{
  for (const RfOption *option = options; option->name; option++)
    switch (option->kind)
      {
      case RF_OPTION_PAIR:
        (&RF_OPTION_FIELD (gint, option, config))[1] = option->fallback;
        G_GNUC_FALLTHROUGH;
      case RF_OPTION_INT:
      case RF_OPTION_BOOL:
      case RF_OPTION_CHOICE:
        RF_OPTION_FIELD (gint, option, config) = option->fallback;
        break;
      case RF_OPTION_UINT64:
        RF_OPTION_FIELD (guint64, option, config) = option->fallback;
        break;
      case RF_OPTION_NUMBER:
        RF_OPTION_FIELD (double, option, config) = option->fallback;
        break;
      case RF_OPTION_LAYERS:
        break;
      default:
        g_assert_not_reached ();
      }
}

gboolean
rf_options_read (const RfOption *options, void *config, const json_t *object, const char *path,
                 GError **error)
{
  for (const RfOption *option = options; option->name; option++)
    {
      const json_t *value = json_object_get (object, option->name);
      g_autofree char *place = rf_json_path (path, option->name);

      if (value == NULL && option->flags & RF_OPTION_REQUIRED)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing, it has no default"),
                       place);
          return FALSE;
        }
      if (value && option->kind != RF_OPTION_LAYERS
          && !rf_option_read (option, config, value, place, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
rf_options_check_keys (const RfOption *options, const char *const *others, const json_t *object,
                       const char *path, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; others[i]; i++)
    g_ptr_array_add (known, (gpointer) others[i]);
  for (const RfOption *option = options; option->name; option++)
    g_ptr_array_add (known, (gpointer) option->name);
  g_ptr_array_add (known, NULL);
  return rf_json_check_keys (object, path, (const char *const *) known->pdata, error);
}

/* --- Values to JSON and to controls --------------------------------------------------------- */

json_t *
rf_option_write (const RfOption *option, const void *config)
{
  switch (option->kind)
    {
    case RF_OPTION_INT:
      return json_integer (RF_OPTION_FIELD (const gint, option, config));
    case RF_OPTION_UINT64:
      return json_integer (RF_OPTION_FIELD (const guint64, option, config));
    case RF_OPTION_PAIR:
      {
        const gint *pair = &RF_OPTION_FIELD (const gint, option, config);
        return pair[0] == pair[1] ? json_integer (pair[0]) : json_pack ("[ii]", pair[0], pair[1]);
      }
    case RF_OPTION_NUMBER:
      return json_real (RF_OPTION_FIELD (const double, option, config));
    case RF_OPTION_BOOL:
      return json_boolean (RF_OPTION_FIELD (const gboolean, option, config));
    case RF_OPTION_CHOICE:
      return json_string (option->choices[RF_OPTION_FIELD (const gint, option, config)]);
    case RF_OPTION_LAYERS:
    default:
      g_assert_not_reached ();
    }
}

double
rf_option_get (const RfOption *option, const void *config)
{
  switch (option->kind)
    {
    case RF_OPTION_INT:
    case RF_OPTION_PAIR:
    case RF_OPTION_CHOICE:
      return RF_OPTION_FIELD (const gint, option, config);
    case RF_OPTION_BOOL:
      return RF_OPTION_FIELD (const gboolean, option, config) ? 1 : 0;
    case RF_OPTION_UINT64:
      return RF_OPTION_FIELD (const guint64, option, config);
    case RF_OPTION_NUMBER:
      return RF_OPTION_FIELD (const double, option, config);
    case RF_OPTION_LAYERS:
    default:
      g_return_val_if_reached (0);
    }
}

static guint
count_choices (const RfOption *option)
{
  return option->choices ? g_strv_length ((char **) option->choices) : 0;
}

gboolean
rf_option_set (const RfOption *option, void *config, double value, const char *path, GError **error)
{
  RfOption range = *option;

  g_return_val_if_fail (option->kind != RF_OPTION_LAYERS, FALSE);

  if (option->kind == RF_OPTION_BOOL || option->kind == RF_OPTION_CHOICE)
    {
      range.flags = RF_OPTION_PLAIN;
      range.minimum = 0;
      range.maximum = option->kind == RF_OPTION_BOOL ? 1 : count_choices (option) - 1;
    }
  if (option->kind == RF_OPTION_NUMBER)
    value = rf_number_as_written (value);
  if (!check_range (&range, value, path, error)
      || (option->kind != RF_OPTION_NUMBER && !check_whole (value, path, error)))
    return FALSE;

  switch (option->kind)
    {
    case RF_OPTION_PAIR:
      (&RF_OPTION_FIELD (gint, option, config))[1] = value;
      G_GNUC_FALLTHROUGH;
    case RF_OPTION_INT:
    case RF_OPTION_BOOL:
    case RF_OPTION_CHOICE:
      RF_OPTION_FIELD (gint, option, config) = value;
      break;
    case RF_OPTION_UINT64:
      RF_OPTION_FIELD (guint64, option, config) = value;
      break;
    case RF_OPTION_NUMBER:
    default:
      RF_OPTION_FIELD (double, option, config) = value;
      break;
    }
  return TRUE;
}
