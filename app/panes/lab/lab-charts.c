/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/lab/lab-charts.h"

#include "widgets/knob/knob.h"
#include "widgets/plot/painters/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static guint
add_series (RfLabCharts *charts, const RfLineChartLook *look)
{
  rf_line_chart_add_series (charts->loss, look);
  return rf_line_chart_add_series (charts->accuracy, look);
}

void
rf_lab_charts_begin (RfLabCharts *charts, RfRun *run)
{
  rf_line_chart_clear (charts->loss);
  rf_line_chart_clear (charts->accuracy);
  if (!run)
    return;

  const RfDataset *dataset = rf_run_get_dataset (run);
  charts->raw = add_series (
      charts, &(RfLineChartLook){ .label = _ ("each batch"), .color = 0, .faint = TRUE });
  charts->training = add_series (
      charts, &(RfLineChartLook){ .label = _ ("training"), .color = 0, .smooth = TRUE });
  charts->validation = charts->test = G_MAXUINT;
  if (dataset->splits[RF_SPLIT_VALIDATION].n > 0)
    charts->validation = add_series (charts, &(RfLineChartLook){ .label = _ ("validation"),
                                                                 .color = 2,
                                                                 .markers = TRUE,
                                                                 .dash = rf_chart_dash_validation,
                                                                 .n_dashes = 2 });
  if (dataset->splits[RF_SPLIT_TEST].n > 0)
    charts->test = add_series (charts, &(RfLineChartLook){ .label = _ ("test"),
                                                           .color = 1,
                                                           .markers = TRUE,
                                                           .dash = rf_chart_dash_test,
                                                           .n_dashes = 2 });

  gsize n_steps, n_epochs;
  rf_run_get_steps (run, &n_steps);
  rf_run_get_epochs (run, &n_epochs);
  rf_lab_charts_append (charts, run, n_steps, n_epochs);
  const GPtrArray *changes = rf_run_get_changes (run);
  for (guint i = 0; i < changes->len; i++)
    rf_lab_charts_flag (charts, run, g_ptr_array_index (changes, i));
}

void
rf_lab_charts_append (RfLabCharts *charts, RfRun *run, guint new_steps, guint new_epochs)
{
  gsize n_steps, n_epochs;
  const RfStepRow *steps = rf_run_get_steps (run, &n_steps);
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n_epochs);
  g_return_if_fail (new_steps <= n_steps && new_epochs <= n_epochs);

  for (gsize i = n_steps - new_steps; i < n_steps; i++)
    {
      const RfStepRow *row = &steps[i];
      rf_line_chart_append (charts->loss, charts->raw, row->step, row->loss);
      rf_line_chart_append (charts->loss, charts->training, row->step, row->loss);
      rf_line_chart_append (charts->accuracy, charts->raw, row->step, row->accuracy);
      rf_line_chart_append (charts->accuracy, charts->training, row->step, row->accuracy);
    }
  for (gsize i = n_epochs - new_epochs; i < n_epochs; i++)
    {
      const RfEpochRow *row = &epochs[i];
      if (charts->validation != G_MAXUINT)
        {
          rf_line_chart_append (charts->loss, charts->validation, row->step, row->validation_loss);
          rf_line_chart_append (charts->accuracy, charts->validation, row->step,
                                row->validation_accuracy);
        }
      if (charts->test != G_MAXUINT)
        {
          rf_line_chart_append (charts->loss, charts->test, row->step, row->test_loss);
          rf_line_chart_append (charts->accuracy, charts->test, row->step, row->test_accuracy);
        }
    }
}

/* The title of the option that @path leads to. */
typedef struct
{
  const char *path;
  const char *title;
} Search;

static void
match (const RfOptionPlace *place, gpointer data)
{
  Search *search = data;
  if (g_strcmp0 (place->path, search->path) == 0)
    search->title = place->option->title;
}

void
rf_lab_charts_flag (RfLabCharts *charts, RfRun *run, const RfChange *change)
{
  Search search = { change->path, NULL };
  rf_experiment_foreach_option (rf_run_get_experiment (run), match, &search);
  const char *title = search.title ? _ (search.title) : change->path;
  g_autofree char *value = rf_knob_format (change->value);
  const RfLayerSummary *layer = NULL;
  guint n_layers;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n_layers);
  for (guint i = 0; i < n_layers && !layer; i++)
    {
      const gsize length = strlen (layers[i].path);
      if (g_str_has_prefix (change->path, layers[i].path) && change->path[length] == '.'
          && !strchr (change->path + length + 1, '.'))
        layer = &layers[i];
    }
  /* Translators: an option, its new value, the number of its layer. */
  g_autofree char *text = layer ? g_strdup_printf (_ ("%s %s (%s)"), title, value, layer->name)
                                : g_strdup_printf ("%s %s", title, value);
  rf_line_chart_add_flag (charts->loss, change->step, text);
  rf_line_chart_add_flag (charts->accuracy, change->step, text);
}

static double
newest (RfLineChart *chart, guint series)
{
  if (rf_line_chart_get_n_series (chart) == 0)
    return NAN;
  gsize n;
  const double *values = rf_line_chart_get_values (chart, series, &n);
  return n > 0 ? values[n - 1] : NAN;
}

double
rf_lab_charts_get_loss (const RfLabCharts *charts)
{
  return newest (charts->loss, charts->training);
}

double
rf_lab_charts_get_accuracy (const RfLabCharts *charts)
{
  return newest (charts->accuracy, charts->training);
}
