/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers of a chart as comma-separated values (RFC 4180). A million rows take a second to
 * write, so they are copied first, and written down by a thread. */

#include "widgets/plot/line-chart-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char *label;
  double *x, *y;
  gsize n;
  RfChartMap *map;
} Column;

struct _RfLineChartTable
{
  char *x_label;
  GArray *columns;
};

static void
clear_column (gpointer data)
{
  Column *column = data;
  g_free (column->label);
  g_free (column->x);
  g_free (column->y);
  rf_chart_map_unref (column->map);
}

/* Takes @label over. */
static void
add_column (RfLineChartTable *table, const RfChartSeries *series, const double *y, char *label)
{
  const Column column = {
    .label = label,
    .x = g_memdup2 (series->x, series->n * sizeof *series->x),
    .y = g_memdup2 (y, series->n * sizeof *y),
    .n = series->n,
    /* Of its own: that of the chart goes on growing. */
    .map = series->map ? rf_chart_map_copy (series->map) : NULL,
  };
  g_array_append_val (table->columns, column);
}

RfLineChartTable *
rf_line_chart_table_new (const RfChart *chart)
{
  RfLineChartTable *table = g_new (RfLineChartTable, 1);
  table->x_label = g_strdup (chart->x_label ? chart->x_label : "x");
  table->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (table->columns, clear_column);
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const char *label = series->label ? series->label : "";
      add_column (table, series, series->y, g_strdup (label));
      if (!series->low || !series->high)
        continue;
      /* Translators: the lower and the upper border of the band about a line. */
      add_column (table, series, series->low, g_strdup_printf (_ ("%s, low"), label));
      add_column (table, series, series->high, g_strdup_printf (_ ("%s, high"), label));
    }
  return table;
}

void
rf_line_chart_table_free (RfLineChartTable *table)
{
  g_free (table->x_label);
  g_array_unref (table->columns);
  g_free (table);
}

static void
append_text (GString *csv, const char *text)
{
  if (!strpbrk (text, ",\"\r\n"))
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  for (const char *c = text; *c; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append_c (csv, '"');
}

static void
append_number (GString *csv, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite (number))
    g_string_append (csv, g_ascii_formatd (text, sizeof text, "%.9g", number));
}

char *
rf_line_chart_table_format (const RfLineChartTable *table)
{
  const Column *columns = (const Column *) table->columns->data;
  const guint n = table->columns->len;
  GString *csv = g_string_new (NULL);
  append_text (csv, table->x_label);
  for (guint i = 0; i < n; i++)
    {
      g_string_append_c (csv, ',');
      append_text (csv, columns[i].label);
    }
  g_string_append (csv, "\r\n");

  g_autofree gsize *at = g_new0 (gsize, n + 1);
  g_autofree double *next = g_new (double, n + 1); /* x of each column's next point */
  for (guint i = 0; i < n; i++)
    next[i] = columns[i].n > 0 ? rf_chart_map_apply (columns[i].map, columns[i].x[0]) : INFINITY;
  for (;;)
    {
      double x = INFINITY;
      for (guint i = 0; i < n; i++)
        x = MIN (x, next[i]);
      if (!isfinite (x))
        return g_string_free (csv, FALSE);
      append_number (csv, x);
      for (guint i = 0; i < n; i++)
        {
          const Column *column = &columns[i];
          g_string_append_c (csv, ',');
          if (next[i] != x)
            continue;
          append_number (csv, column->y[at[i]++]);
          next[i]
              = at[i] < column->n ? rf_chart_map_apply (column->map, column->x[at[i]]) : INFINITY;
        }
      g_string_append (csv, "\r\n");
    }
}
