/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON from outside. jansson parses, refuses duplicate keys and knows line and column; its nesting
 * limit is fixed, so depth is measured over the text first, which costs no stack. */
#include "model/spec/json.h"

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/spec/spec.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MESSAGE_CHARACTERS 60

/* --- Reading -------------------------------------------------------------------------------- */

static gboolean
check_depth (const char *text, gsize length, guint max_depth, GError **error)
{
  guint depth = 0, line = 1, column = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = text[i];
      if ((c & 0xC0) != 0x80)
        column++;
      if (c == '\n')
        {
          line++;
          column = 0;
        }
      if (in_string)
        {
          if (c == '\\')
            {
              i++;
              column++;
            }
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if ((c == '{' || c == '[') && ++depth > max_depth)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("line %u, column %u: nested deeper than %u levels"), line, column,
                       max_depth);
          return FALSE;
        }
      else if ((c == '}' || c == ']') && depth > 0)
        depth--;
    }
  return TRUE;
}

static void
set_parse_error (GError **error, const json_error_t *found)
{
  g_autofree char *what = rf_text_for_message (found->text);

  switch ((int) json_error_code (found))
    {
    case json_error_duplicate_key:
      {
        /* jansson's text is: duplicate object key near '"name"' */
        const char *open = strchr (found->text, '"');
        const char *close = strrchr (found->text, '"');
        if (open && close > open)
          {
            g_autofree char *raw = g_strndup (open + 1, close - open - 1);
            g_autofree char *key = rf_text_for_message (raw);
            g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                         _ ("line %d, column %d: the key \"%s\" stands twice in the same object"),
                         found->line, found->column, key);
          }
        else
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("line %d, column %d: a key stands twice in the same object"), found->line,
                       found->column);
        break;
      }
    case json_error_numeric_overflow:
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("line %d, column %d: the number is too large"), found->line, found->column);
      break;
    case json_error_invalid_utf8:
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("line %d, column %d: the text is not UTF-8"), found->line, found->column);
      break;
    default:
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("line %d, column %d: not valid JSON (%s)"),
                   found->line, found->column, what);
      break;
    }
}

json_t *
rf_json_parse_any (const char *text, gsize length, guint max_depth, GError **error)
{
  json_error_t found;
  json_t *value;

  g_return_val_if_fail (text != NULL, NULL);

  if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (!check_depth (text, length, max_depth, error))
    return NULL;
  value = json_loadb (text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &found);
  if (value == NULL)
    set_parse_error (error, &found);
  return value;
}

json_t *
rf_json_parse (const char *text, gsize length, guint max_depth, GError **error)
{
  json_t *value = rf_json_parse_any (text, length, max_depth, error);

  if (value && !json_is_object (value))
    {
      json_decref (value);
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("line 1, column 1: must be an object, in braces"));
      return NULL;
    }
  return value;
}

guint
rf_json_depth (const json_t *value)
{
  guint deepest = 0, depth;
  const char *key;
  const json_t *item;
  gsize i;

  if (json_is_object (value))
    {
      json_object_foreach ((json_t *) value, key, item)
      {
        depth = rf_json_depth (item);
        deepest = MAX (deepest, depth);
      }
    }
  else if (json_is_array (value))
    {
      json_array_foreach (value, i, item)
      {
        depth = rf_json_depth (item);
        deepest = MAX (deepest, depth);
      }
    }
  else
    return 0;
  return deepest + 1;
}

/* --- Writing -------------------------------------------------------------------------------- */

static gboolean
holds_object (const json_t *value)
{
  const char *key;
  const json_t *item;
  gsize i;

  if (json_is_object (value))
    {
      json_object_foreach ((json_t *) value, key,
                           item) if (json_is_object (item) || holds_object (item)) return TRUE;
    }
  else if (json_is_array (value))
    {
      json_array_foreach (value, i,
                          item) if (json_is_object (item) || holds_object (item)) return TRUE;
    }
  return FALSE;
}

static void
append_string (GString *text, const char *string)
{
  json_t *value = json_string (string);
  char *quoted = json_dumps (value, JSON_ENCODE_ANY);

  g_string_append (text, quoted);
  free (quoted);
  json_decref (value);
}

static void
begin_item (GString *text, gboolean first, gboolean broken, guint indent)
{
  if (!first)
    g_string_append (text, broken ? "," : ", ");
  if (broken)
    g_string_append_printf (text, "\n%*s", indent, "");
}

static void
append_value (GString *text, const json_t *value, gboolean broken, guint indent)
{
  gboolean first = TRUE;
  const char *key;
  const json_t *item;
  gsize i;

  switch (json_typeof (value))
    {
    case JSON_OBJECT:
      g_string_append_c (text, '{');
      json_object_foreach ((json_t *) value, key, item)
      {
        begin_item (text, first, broken, indent + 2);
        append_string (text, key);
        g_string_append (text, ": ");
        append_value (text, item, holds_object (item), indent + 2);
        first = FALSE;
      }
      if (broken && !first)
        g_string_append_printf (text, "\n%*s", indent, "");
      g_string_append_c (text, '}');
      break;
    case JSON_ARRAY:
      g_string_append_c (text, '[');
      json_array_foreach (value, i, item)
      {
        begin_item (text, first, broken, indent + 2);
        append_value (text, item, holds_object (item), indent + 2);
        first = FALSE;
      }
      if (broken && !first)
        g_string_append_printf (text, "\n%*s", indent, "");
      g_string_append_c (text, ']');
      break;
    case JSON_STRING:
      append_string (text, json_string_value (value));
      break;
    case JSON_INTEGER:
      g_string_append_printf (text, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
      break;
    case JSON_REAL:
      rf_append_number (text, json_real_value (value));
      break;
    case JSON_TRUE:
      g_string_append (text, "true");
      break;
    case JSON_FALSE:
      g_string_append (text, "false");
      break;
    case JSON_NULL:
      g_string_append (text, "null");
      break;
    default:
      g_assert_not_reached ();
    }
}

char *
rf_json_to_text (const json_t *value)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (value != NULL, NULL);

  append_value (text, value, TRUE, 0);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

double
rf_number_as_written (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  /* Adding zero turns -0 into 0, which the file cannot tell apart. */
  return g_ascii_strtod (g_ascii_formatd (buffer, sizeof buffer, "%.9g", value), NULL) + 0.0;
}

char *
rf_number_to_text (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean whole = value == floor (value) && fabs (value) <= 9007199254740992.0;

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, whole ? "%.0f" : "%.9g", value));
}

/* --- Messages ------------------------------------------------------------------------------- */

char *
rf_text_for_message (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, MIN (strlen (text), 8 * MESSAGE_CHARACTERS));
  GString *shown = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (n++ == MESSAGE_CHARACTERS)
        {
          g_string_append (shown, "…");
          break;
        }
      g_string_append_unichar (shown, g_unichar_isprint (c) ? c : 0xFFFD);
    }
  return g_string_free (shown, FALSE);
}

char *
rf_json_path (const char *path, const char *key)
{
  return *path ? g_strdup_printf ("%s.%s", path, key) : g_strdup (key);
}

static const char *
describe (const json_t *value)
{
  switch (json_typeof (value))
    {
    case JSON_OBJECT:
      return _ ("an object");
    case JSON_ARRAY:
      return _ ("a list");
    case JSON_STRING:
      return _ ("a text");
    case JSON_INTEGER:
    case JSON_REAL:
      return _ ("a number");
    case JSON_TRUE:
      return "true";
    case JSON_FALSE:
      return "false";
    case JSON_NULL:
      return "null";
    default:
      g_assert_not_reached ();
    }
}

void
rf_json_set_type_error (GError **error, const char *path, const char *expected, const json_t *found)
{
  /* Translators: a path in a file, what should be there, what is there. */
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: must be %s, not %s"), path, expected,
               describe (found));
}

gboolean
rf_json_check_object (const json_t *value, const char *path, GError **error)
{
  if (json_is_object (value))
    return TRUE;
  rf_json_set_type_error (error, path, _ ("an object"), value);
  return FALSE;
}

const char *
rf_json_read_text (const json_t *value, const char *path, GError **error)
{
  if (value == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: missing"), path);
  else if (!json_is_string (value))
    rf_json_set_type_error (error, path, _ ("a text"), value);
  else if (json_string_length (value) == 0)
    g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: must not be empty"), path);
  else
    return json_string_value (value);
  return NULL;
}

gboolean
rf_json_check_keys (const json_t *object, const char *path, const char *const *known,
                    GError **error)
{
  const char *key;
  json_t *item;

  json_object_foreach ((json_t *) object, key, item)
  {
    if (g_strv_contains (known, key))
      continue;

    g_autofree char *shown = rf_text_for_message (key);
    g_autofree char *place = rf_json_path (path, shown);
    const char *meant = rf_did_you_mean (key, known);
    if (meant)
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: unknown key, did you mean \"%s\"?"),
                   place, meant);
    else
      {
        g_autofree char *all = g_strjoinv (", ", (char **) known);
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION, _ ("%s: unknown key, known are: %s"), place,
                     all);
      }
    return FALSE;
  }
  return TRUE;
}
