/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps.csv, epochs.csv and changes.jsonl: writing a row, reading them all, cutting them back.
 *
 * A row counts once its newline is there. What follows the last newline was being written when the
 * program or the machine ended, and is left out. */

#include "model/run/tables.h"
#include "model/base/error.h"
#include "model/base/files.h"

#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#define MAX_TABLE   (G_GUINT64_CONSTANT (4) << 30)
#define MAX_COLUMNS 10

static void
append_integer (GString *text, gint64 value)
{
  g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
}

static void
append_field (GString *text, double value)
{
  g_string_append_c (text, ',');
  rf_append_number (text, value);
}

/* Empty for what was not measured. */
static void
append_optional (GString *text, double value)
{
  g_string_append_c (text, ',');
  if (!isnan (value))
    rf_append_number (text, value);
}

void
rf_append_step_row (GString *text, const RfStepRow *row)
{
  append_integer (text, row->step);
  g_string_append_c (text, ',');
  append_integer (text, row->epoch);
  append_field (text, row->seconds);
  append_field (text, row->loss);
  append_field (text, row->data_loss);
  append_field (text, row->penalty);
  append_field (text, row->accuracy);
  append_field (text, row->learning_rate);
  g_string_append_c (text, '\n');
}

void
rf_append_epoch_row (GString *text, const RfEpochRow *row)
{
  append_integer (text, row->epoch);
  g_string_append_c (text, ',');
  append_integer (text, row->step);
  append_field (text, row->seconds);
  append_field (text, row->train_loss);
  append_field (text, row->train_accuracy);
  append_optional (text, row->test_loss);
  append_optional (text, row->test_accuracy);
  append_optional (text, row->validation_loss);
  append_optional (text, row->validation_accuracy);
  append_field (text, row->images_per_second);
  g_string_append_c (text, '\n');
}

void
rf_append_change (GString *text, const RfChange *change)
{
  json_t *json_path = json_string (change->path);
  char *path = json_dumps (json_path, JSON_ENCODE_ANY);

  g_string_append_printf (
      text, "{\"step\": %" G_GINT64_FORMAT ", \"path\": %s, \"value\": ", change->step, path);
  rf_append_number (text, change->value);
  g_string_append (text, "}\n");
  free (path);
  json_decref (json_path);
}

/* Takes one line off @rest, without its newline; FALSE at the end or before half a line. */
static gboolean
next_line (char **rest, char **line)
{
  char *end = strchr (*rest, '\n');
  if (!end)
    return FALSE;
  *end = '\0';
  *line = *rest;
  *rest = end + 1;
  return TRUE;
}

/* The fields of a row as numbers; NaN for an empty one. */
static gboolean
parse_row (const char *line, int n_columns, double *fields)
{
  for (int c = 0; c < n_columns; c++)
    {
      char *end = (char *) line;
      fields[c] = *line == ',' || *line == '\0' ? NAN : g_ascii_strtod (line, &end);
      if ((end == line && !isnan (fields[c])) || *end != (c + 1 < n_columns ? ',' : '\0'))
        return FALSE;
      line = end + 1;
    }
  return TRUE;
}

typedef void (*RowFunc) (const double *fields, GArray *rows);

static GArray *
read_table (const char *folder, const char *name, const char *header, gsize row_size,
            RowFunc add_row, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = rf_file_read (path, MAX_TABLE, NULL, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, row_size);
  char *rest = text, *line;
  int n_columns = 1;

  if (!text)
    return NULL;
  for (const char *c = header; *c; c++)
    n_columns += *c == ',';
  g_assert (n_columns <= MAX_COLUMNS);
  for (guint number = 1; next_line (&rest, &line); number++)
    {
      double fields[MAX_COLUMNS];
      gboolean good = number == 1 ? strncmp (line, header, strlen (header) - 1) == 0
                                        && strlen (line) == strlen (header) - 1
                                  : parse_row (line, n_columns, fields);
      if (!good)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: line %u should be a row of %d numbers under the heading \"%.*s\""),
                       path, number, n_columns, (int) strlen (header) - 1, header);
          return NULL;
        }
      if (number > 1)
        add_row (fields, rows);
    }
  return g_steal_pointer (&rows);
}

static void
add_step_row (const double *f, GArray *rows)
{
  RfStepRow row = { (gint64) f[0], (gint64) f[1], f[2], f[3], f[4], f[5], f[6], f[7] };
  g_array_append_val (rows, row);
}

static void
add_epoch_row (const double *f, GArray *rows)
{
  RfEpochRow row = { (gint64) f[0], (gint64) f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9] };
  g_array_append_val (rows, row);
}

GArray *
rf_run_read_steps (const char *path, GError **error)
{
  g_return_val_if_fail (path, NULL);
  return read_table (path, "steps.csv", RF_STEPS_HEADER, sizeof (RfStepRow), add_step_row, error);
}

GArray *
rf_run_read_epochs (const char *path, GError **error)
{
  g_return_val_if_fail (path, NULL);
  return read_table (path, "epochs.csv", RF_EPOCHS_HEADER, sizeof (RfEpochRow), add_epoch_row,
                     error);
}

static RfChange *
parse_change (const char *line)
{
  json_t *json = json_loads (line, JSON_REJECT_DUPLICATES, NULL);
  json_t *step = json_object_get (json, "step"), *value = json_object_get (json, "value");
  json_t *path = json_object_get (json, "path");
  RfChange *change = NULL;

  if (json_is_integer (step) && json_integer_value (step) > 0 && json_is_string (path)
      && (json_is_number (value) || json_is_boolean (value)))
    {
      change = g_new0 (RfChange, 1);
      change->step = json_integer_value (step);
      change->path = g_strdup (json_string_value (path));
      change->value = json_is_boolean (value) ? json_is_true (value) : json_number_value (value);
    }
  json_decref (json);
  return change;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const RfChange *x = *(RfChange *const *) a, *y = *(RfChange *const *) b;
  return (x->step > y->step) - (x->step < y->step);
}

GPtrArray *
rf_run_read_changes (const char *folder, GError **error)
{
  g_return_val_if_fail (folder, NULL);

  g_autofree char *path = g_build_filename (folder, "changes.jsonl", NULL);
  g_autofree char *text = rf_file_read (path, MAX_TABLE, NULL, error);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free);
  char *rest = text, *line;

  if (!text)
    return NULL;
  for (guint number = 1; next_line (&rest, &line); number++)
    {
      RfChange *change = parse_change (line);
      if (!change)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: line %u should read {\"step\": 1203, \"path\": "
                          "\"training.optimizer.learning_rate\", \"value\": 0.01}"),
                       path, number);
          return NULL;
        }
      g_ptr_array_add (changes, change);
    }
  g_ptr_array_sort (changes, compare_steps); /* keeps the order of equal ones */
  return g_steal_pointer (&changes);
}

/* Rewrites a file to its whole lines, of a table those alone whose @column is at most @step.
 * Nothing happens where there is nothing to cut. */
static gboolean
cut (const char *folder, const char *name, const char *header, int column, gint64 step,
     GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) kept = g_string_new (header);
  gsize size = 0;

  if (g_file_test (path, G_FILE_TEST_EXISTS)
      && !(text = rf_file_read (path, MAX_TABLE, &size, error)))
    return FALSE;
  char *rest = text, *line;
  while (text && next_line (&rest, &line))
    {
      const char *field = line;
      for (int c = 0; c < column && field; c++)
        if ((field = strchr (field, ',')))
          field++;
      if (*header
          && (!field || !g_ascii_isdigit (*field) || g_ascii_strtoll (field, NULL, 10) > step))
        continue;
      g_string_append (kept, line);
      g_string_append_c (kept, '\n');
    }
  if (text && kept->len == size)
    return TRUE;
  RfChunk chunk = { kept->str, kept->len };
  return rf_file_write (path, &chunk, 1, error);
}

gboolean
rf_run_cut (const char *path, gint64 step, gint64 epochs_until, GError **error)
{
  return cut (path, "steps.csv", RF_STEPS_HEADER, 0, step, error)
         && cut (path, "epochs.csv", RF_EPOCHS_HEADER, 1, epochs_until, error)
         && cut (path, "changes.jsonl", "", 0, step, error);
}
