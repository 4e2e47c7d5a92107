/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/curves/curves.h"

#include "app/turn.h"
#include "widgets/knob/knob.h"
#include "widgets/plot/painters/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static guint
add_series (RfCurvesCharts *charts, const RfLineChartLook *look)
{
  rf_line_chart_add_series (charts->loss, look);
  return rf_line_chart_add_series (charts->accuracy, look);
}

void
rf_curves_begin (RfCurvesCharts *charts, RfRun *run)
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
  rf_curves_append (charts, run, n_steps, n_epochs);
  const GPtrArray *changes = rf_run_get_changes (run);
  for (guint i = 0; i < changes->len; i++)
    rf_curves_flag (charts, run, g_ptr_array_index (changes, i));
}

void
rf_curves_append (RfCurvesCharts *charts, RfRun *run, guint new_steps, guint new_epochs)
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

void
rf_curves_flag (RfCurvesCharts *charts, RfRun *run, const RfChange *change)
{
  g_autofree char *title = rf_turn_describe (run, change->path);
  g_autofree char *value = rf_knob_format (change->value);
  /* Translators: an option that was turned, its new value. */
  g_autofree char *text = g_strdup_printf (_ ("%s: %s"), title, value);
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
rf_curves_get_loss (const RfCurvesCharts *charts)
{
  return newest (charts->loss, charts->training);
}

double
rf_curves_get_accuracy (const RfCurvesCharts *charts)
{
  return newest (charts->accuracy, charts->training);
}
