/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dataset/dataset.h"

#include <glib/gi18n-lib.h>

#include "model/base/memory.h"

/* "3×32×32" */
static char *
join_dims (json_t *dims)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (dims); i++)
    g_string_append_printf (text, "%s%" JSON_INTEGER_FORMAT, i ? "×" : "",
                            json_integer_value (json_array_get (dims, i)));
  return g_string_free (text, FALSE);
}

/* "0.491, 0.482, 0.447" */
static char *
join_numbers (json_t *numbers)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (numbers); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      json_t *value = json_array_get (numbers, i);
      g_string_append_printf (text, "%s%s", i ? ", " : "",
                              json_is_number (value) ? g_ascii_formatd (
                                  number, sizeof number, "%.4f", json_number_value (value))
                                                     : "–");
    }
  return g_string_free (text, FALSE);
}

static void
append_line (GString *text, const char *label, const char *value)
{
  g_string_append_printf (text, "  %s: %s\n", label, value);
}

static void
append_classes (GString *text, json_t *info)
{
  json_t *names = json_object_get (info, "classes");
  json_t *counts = json_object_get (info, "per_class");
  if (!counts)
    return;
  g_autoptr (GString) list = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (counts); i++)
    {
      const char *name = json_string_value (json_array_get (names, i));
      g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, i);
      g_string_append_printf (list, "%s%s (%" JSON_INTEGER_FORMAT ")", i ? ", " : "",
                              name ? name : number,
                              json_integer_value (json_array_get (counts, i)));
    }
  append_line (text, _ ("classes"), list->str);
}

static void
append_splits (GString *text, json_t *splits)
{
  const char *name;
  json_t *split;
  json_object_foreach (splits, name, split)
  {
    g_autofree char *n = g_strdup_printf ("%" JSON_INTEGER_FORMAT,
                                          json_integer_value (json_object_get (split, "n")));
    append_line (text, name, n);
  }
}

static void
append_tensors (GString *text, json_t *tensors)
{
  gsize i;
  json_t *tensor;
  json_array_foreach (tensors, i, tensor)
  {
    g_autofree char *dims = join_dims (json_object_get (tensor, "shape"));
    g_autofree char *value
        = g_strdup_printf ("%s %s", json_string_value (json_object_get (tensor, "dtype")), dims);
    append_line (text, json_string_value (json_object_get (tensor, "name")), value);
  }
}

static const char *
describe_kind (const char *kind)
{
  static const char *const kinds[]
      = { N_ ("data set"), N_ ("labels"), N_ ("picture"), N_ ("pictures"), N_ ("tensors") };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kind, kinds[i]))
      return _ (kinds[i]);
  return kind;
}

char *
rf_dataset_info_text (json_t *info)
{
  GString *text = g_string_new (NULL);
  const char *kind = json_string_value (json_object_get (info, "kind"));
  g_string_append_printf (text, "%s: ", json_string_value (json_object_get (info, "title")));
  g_string_append_printf (text, "%s, %" JSON_INTEGER_FORMAT "\n", describe_kind (kind),
                          json_integer_value (json_object_get (info, "n")));

  static const struct
  {
    const char *key, *label;
    char *(*join) (json_t *values);
  } rows[] = {
    { "shape", N_ ("shape"), join_dims },
    { "mean", N_ ("mean"), join_numbers },
    { "deviation", N_ ("deviation"), join_numbers },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      json_t *values = json_object_get (info, rows[i].key);
      g_autofree char *value = values ? rows[i].join (values) : NULL;
      if (value)
        append_line (text, _ (rows[i].label), value);
    }
  append_splits (text, json_object_get (info, "splits"));
  append_classes (text, info);
  append_tensors (text, json_object_get (info, "tensors"));

  g_autofree char *size
      = rf_format_bytes ((guint64) json_integer_value (json_object_get (info, "bytes")));
  append_line (text, _ ("size"), size);
  return g_string_free (text, FALSE);
}
