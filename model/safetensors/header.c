/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON header of a safetensors file, which has one shape only:
 *
 *   {"__metadata__": {"key": "text", …},
 *    "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
 *
 * It is scanned for just that, from front to back. So nothing nests, whatever a file holds, memory
 * is taken only for tensors that are spelled out, and a message can tell the byte. */
#include "model/safetensors/header.h"

#include "model/base/error.h"
#include "model/spec/json.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <string.h>

typedef struct
{
  const char *text;
  gsize length, at;
  const char *tensor; /* the one being read, for messages */
  GError **error;
} Scanner;

static gboolean fail (Scanner *scanner, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Always FALSE. */
static gboolean
fail (Scanner *scanner, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (scanner->tensor)
    {
      g_autofree char *name = rf_text_for_message (scanner->tensor);
      g_set_error (scanner->error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("tensor \"%s\": %s (byte %zu of the header)"), name, what, scanner->at);
    }
  else
    g_set_error (scanner->error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s (byte %zu of the header)"), what,
                 scanner->at);
  return FALSE;
}

/* The next byte that is not space; NUL at the end. */
static char
peek (Scanner *scanner)
{
  while (scanner->at < scanner->length && strchr (" \t\r\n", scanner->text[scanner->at])
         && scanner->text[scanner->at])
    scanner->at++;
  return scanner->at < scanner->length ? scanner->text[scanner->at] : 0;
}

static gboolean
accept (Scanner *scanner, char c)
{
  if (peek (scanner) != c)
    return FALSE;
  scanner->at++;
  return TRUE;
}

static gboolean
expect (Scanner *scanner, char c)
{
  return accept (scanner, c) || fail (scanner, _ ("a \"%c\" should stand here"), c);
}

/* A text in quotes; escapes are left to jansson. */
static char *
read_text (Scanner *scanner)
{
  gsize start;
  gboolean escaped = FALSE;

  if (!expect (scanner, '"'))
    return NULL;
  start = scanner->at;
  while (scanner->at < scanner->length && scanner->text[scanner->at] != '"')
    {
      if ((guchar) scanner->text[scanner->at] < 0x20)
        {
          fail (scanner, _ ("a control character in a text"));
          return NULL;
        }
      if (scanner->text[scanner->at] == '\\')
        {
          escaped = TRUE;
          scanner->at++;
        }
      scanner->at++;
    }
  if (scanner->at >= scanner->length)
    {
      scanner->at = scanner->length;
      fail (scanner, _ ("a text that does not end"));
      return NULL;
    }

  const char *text = scanner->text + start;
  gsize length = scanner->at - start;
  if (!g_utf8_validate_len (text, length, NULL))
    {
      scanner->at = start;
      fail (scanner, _ ("a text that is not UTF-8"));
      return NULL;
    }
  scanner->at++;
  if (!escaped)
    return g_strndup (text, length);

  json_t *json = json_loadb (text - 1, length + 2, JSON_DECODE_ANY, NULL);
  char *unescaped = g_strdup (json_string_value (json));
  json_decref (json);
  if (unescaped == NULL)
    fail (scanner, _ ("a text with an escape that JSON does not have"));
  return unescaped;
}

static gboolean
read_size (Scanner *scanner, guint64 *size)
{
  gsize start;

  *size = 0;
  if (peek (scanner) == '-')
    return fail (scanner, _ ("a negative number"));
  start = scanner->at;
  while (scanner->at < scanner->length && g_ascii_isdigit (scanner->text[scanner->at]))
    {
      if (!g_uint64_checked_mul (size, *size, 10)
          || !g_uint64_checked_add (size, *size, scanner->text[scanner->at] - '0'))
        return fail (scanner, _ ("a number beyond 64 bits"));
      scanner->at++;
    }
  if (scanner->at == start)
    return fail (scanner, _ ("a whole number should stand here"));
  if (scanner->text[start] == '0' && scanner->at > start + 1)
    return fail (scanner, _ ("a number that begins with 0"));
  return TRUE;
}

/* After an item of a list or object: TRUE if another follows, else *done or an error. */
static gboolean
next_item (Scanner *scanner, char close, gboolean *ok)
{
  if (accept (scanner, ','))
    return TRUE;
  *ok = expect (scanner, close);
  return FALSE;
}

static gboolean
read_dtype (Scanner *scanner, RfDtype *dtype)
{
  g_autofree char *name = read_text (scanner);

  if (name == NULL)
    return FALSE;
  for (RfDtype known = RF_DTYPE_BOOL; known <= RF_DTYPE_U64; known++)
    if (g_str_equal (name, rf_dtype_name (known)))
      {
        *dtype = known;
        return TRUE;
      }
  g_autofree char *shown = rf_text_for_message (name);
  return fail (scanner, _ ("unknown dtype \"%s\""), shown);
}

static gboolean
read_shape (Scanner *scanner, RfTensor *tensor)
{
  gboolean ok = TRUE;

  tensor->n_dims = 0;
  if (!expect (scanner, '['))
    return FALSE;
  if (accept (scanner, ']'))
    return TRUE;
  do
    {
      guint64 size;
      if (!read_size (scanner, &size))
        return FALSE;
      if (size > G_MAXINT64)
        return fail (scanner, _ ("a dimension beyond 63 bits"));
      if (tensor->n_dims == RF_TENSOR_MAX_DIMS)
        return fail (scanner, _ ("more than %d dimensions"), RF_TENSOR_MAX_DIMS);
      tensor->dims[tensor->n_dims++] = size;
    }
  while (next_item (scanner, ']', &ok));
  return ok;
}

static gboolean
read_offsets (Scanner *scanner, RfTensorEntry *entry)
{
  return expect (scanner, '[') && read_size (scanner, &entry->begin) && expect (scanner, ',')
         && read_size (scanner, &entry->end) && expect (scanner, ']');
}

/* {"dtype": …, "shape": …, "data_offsets": …} in any order. */
static gboolean
read_entry (Scanner *scanner, RfTensorEntry *entry)
{
  static const char *const fields[] = { "dtype", "shape", "data_offsets" };
  gboolean seen[G_N_ELEMENTS (fields)] = { FALSE }, ok = TRUE;

  if (!expect (scanner, '{'))
    return FALSE;
  if (peek (scanner) == '}')
    return fail (scanner, _ ("has no %s"), fields[0]);
  do
    {
      g_autofree char *key = read_text (scanner);
      guint field = 0;

      if (key == NULL || !expect (scanner, ':'))
        return FALSE;
      while (field < G_N_ELEMENTS (fields) && !g_str_equal (key, fields[field]))
        field++;
      if (field == G_N_ELEMENTS (fields))
        {
          g_autofree char *shown = rf_text_for_message (key);
          return fail (scanner, _ ("unknown field \"%s\""), shown);
        }
      if (seen[field])
        return fail (scanner, _ ("%s stands twice"), key);
      seen[field] = TRUE;
      ok = field == 0   ? read_dtype (scanner, &entry->tensor.dtype)
           : field == 1 ? read_shape (scanner, &entry->tensor)
                        : read_offsets (scanner, entry);
      if (!ok)
        return FALSE;
    }
  while (next_item (scanner, '}', &ok));

  for (guint field = 0; ok && field < G_N_ELEMENTS (fields); field++)
    if (!seen[field])
      return fail (scanner, _ ("has no %s"), fields[field]);
  return ok;
}

static gboolean
read_metadata (Scanner *scanner, GHashTable *metadata)
{
  gboolean ok = TRUE;

  if (!expect (scanner, '{'))
    return FALSE;
  if (accept (scanner, '}'))
    return TRUE;
  do
    {
      g_autofree char *key = read_text (scanner);
      g_autofree char *value = NULL;

      if (key == NULL || !expect (scanner, ':'))
        return FALSE;
      value = read_text (scanner);
      if (value == NULL)
        return FALSE;
      if (!g_hash_table_insert (metadata, g_steal_pointer (&key), g_steal_pointer (&value)))
        return fail (scanner, _ ("a key of __metadata__ stands twice"));
    }
  while (next_item (scanner, '}', &ok));
  return ok;
}

static gboolean
read_header (Scanner *scanner, GArray *entries, GHashTable *metadata)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean ok = TRUE;

  if (scanner->length == 0 || scanner->text[0] != '{')
    return fail (scanner, _ ("the header does not begin with \"{\""));
  scanner->at = 1;
  if (accept (scanner, '}'))
    return TRUE;
  do
    {
      char *name = read_text (scanner);

      if (name == NULL)
        return FALSE;
      if (!g_hash_table_add (names, name))
        {
          g_autofree char *shown = rf_text_for_message (name);
          return fail (scanner, _ ("the name \"%s\" stands twice"), shown);
        }
      if (!expect (scanner, ':'))
        return FALSE;
      if (g_str_equal (name, "__metadata__"))
        ok = read_metadata (scanner, metadata);
      else
        {
          RfTensorEntry entry = { 0 };
          scanner->tensor = name;
          ok = read_entry (scanner, &entry);
          scanner->tensor = NULL;
          entry.tensor.name = g_strdup (name);
          g_array_append_val (entries, entry);
        }
      if (!ok)
        return FALSE;
    }
  while (next_item (scanner, '}', &ok));
  return ok;
}

gboolean
rf_safetensors_read_header (const char *text, gsize length, GArray *entries, GHashTable *metadata,
                            GError **error)
{
  Scanner scanner = { .text = text, .length = length, .error = error };

  if (!read_header (&scanner, entries, metadata))
    return FALSE;
  peek (&scanner); /* over the padding */
  return scanner.at == length || fail (&scanner, _ ("more text after the header's last brace"));
}
