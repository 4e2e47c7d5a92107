/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/playground/points-csv.h"

#include "model/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define COLUMNS 4

/* ---- writing ---- */

static void
append_number (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
  g_string_append_c (text, ',');
}

static void
append_points (GString *text, const RfPlayPoint *points, gsize n, const char *set)
{
  for (gsize i = 0; i < n; i++)
    {
      append_number (text, points[i].x);
      append_number (text, points[i].y);
      append_number (text, points[i].label);
      g_string_append (text, set);
      g_string_append_c (text, '\n');
    }
}

char *
rf_play_points_write_csv (const RfPlayData *data)
{
  g_return_val_if_fail (data, NULL);
  GString *text = g_string_new ("x,y,label,set\n");
  append_points (text, data->train, data->n_train, "train");
  append_points (text, data->test, data->n_test, "test");
  return g_string_free (text, FALSE);
}

/* ---- reading ---- */

static gboolean
parse_number (const char *field, double *value)
{
  char *end;
  *value = g_ascii_strtod (field, &end);
  return end != field && *end == '\0' && isfinite (*value);
}

static gboolean
is_headings (char *const *fields)
{
  double value;
  return !parse_number (fields[0], &value) && fields[1] && !parse_number (fields[1], &value);
}

/* What is wrong with the label, or NULL. */
static const char *
set_label (const RfPlayState *state, double label, RfPlayPoint *point)
{
  point->label = label;
  if (state->problem == RF_PLAY_REGRESSION)
    return NULL;
  if (state->n_classes == 0)
    point->label = label > 0 ? 1 : -1;
  else if (label != floor (label) || label < 0 || label >= state->n_classes)
    return _ ("the label is not the number of a class");
  return NULL;
}

/* What is wrong, or NULL. */
static const char *
parse_fields (const RfPlayState *state, char *const *fields, RfPlayPoint *point, gboolean *test)
{
  double label;
  const guint n = g_strv_length ((char **) fields);
  if (n < 3 || n > COLUMNS)
    return _ ("there should be x, y, label and perhaps the set");
  if (!parse_number (fields[0], &point->x) || !parse_number (fields[1], &point->y)
      || !parse_number (fields[2], &label))
    return _ ("x, y and label should be numbers");
  *test = n == COLUMNS && g_ascii_strcasecmp (fields[3], "test") == 0;
  if (n == COLUMNS && !*test && g_ascii_strcasecmp (fields[3], "train") != 0)
    return _ ("the set should be train or test");
  return set_label (state, label, point);
}

static char **
split (const char *line)
{
  const char *separator = strchr (line, '\t') ? "\t" : strchr (line, ';') ? ";" : ",";
  char **fields = g_strsplit (line, separator, COLUMNS + 1);
  for (guint i = 0; fields[i]; i++)
    g_strstrip (fields[i]);
  return fields;
}

static gboolean
parse_lines (const RfPlayState *state, char *const *lines, const char *name, GArray *const sets[2],
             GError **error)
{
  gboolean first = TRUE;
  for (guint i = 0; lines[i]; i++)
    {
      RfPlayPoint point = { 0 };
      gboolean test = FALSE;
      g_strstrip (lines[i]);
      if (lines[i][0] == '\0')
        continue;
      g_auto (GStrv) fields = split (lines[i]);
      const gboolean headings = first && is_headings (fields);
      first = FALSE;
      if (headings)
        continue;
      const char *wrong = sets[0]->len + sets[1]->len >= RF_PLAY_MAX_POINTS
                              ? _ ("there are more points than can be shown")
                              : parse_fields (state, fields, &point, &test);
      if (wrong)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: line %u: %s"), name, i + 1, wrong);
          return FALSE;
        }
      g_array_append_val (sets[test ? 1 : 0], point);
    }
  return TRUE;
}

RfPlayData *
rf_play_points_parse_csv (const RfPlayState *state, const char *text, gsize length,
                          const char *name, GError **error)
{
  g_return_val_if_fail (state && text && name, NULL);
  g_autofree char *copy = g_utf8_make_valid (text, (gssize) length);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  g_autoptr (GArray) train = g_array_new (FALSE, FALSE, sizeof (RfPlayPoint));
  g_autoptr (GArray) test = g_array_new (FALSE, FALSE, sizeof (RfPlayPoint));
  GArray *const sets[2] = { train, test };
  if (!parse_lines (state, lines, name, sets, error))
    return NULL;
  if (train->len == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: no points to train on"), name);
      return NULL;
    }
  return rf_play_data_new ((const RfPlayPoint *) train->data, train->len,
                           (const RfPlayPoint *) test->data, test->len);
}
