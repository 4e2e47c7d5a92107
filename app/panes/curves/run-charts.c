/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two charts have the same series, groups and maps in the same order, so that one number means
 * the same in both. */

#include "app/panes/curves/run-charts.h"

#include "app/turn.h"
#include "widgets/knob/knob.h"
#include "widgets/plot/painters/run-plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define NONE G_MAXUINT

/* The lines of one run. */
typedef struct
{
  RfRun *run;  /* NULL for one that is not open */
  guint group; /* of the series */
  guint raw, training, validation, test;
  RfChartMap *epochs, *seconds; /* of steps */
  gint64 from; /* rows before this step are left out: those of a pair's other run */
} Lines;

struct _RfCurves
{
  RfLineChart *loss, *accuracy;
  Lines front, other;
  GArray *earlier; /* of Lines */
  guint seeds;     /* group of the band; 0: none */
};

static void
clear_lines (Lines *lines)
{
  g_clear_pointer (&lines->epochs, rf_chart_map_unref);
  g_clear_pointer (&lines->seconds, rf_chart_map_unref);
  *lines = (Lines){ .raw = NONE, .training = NONE, .validation = NONE, .test = NONE };
}

static guint
add_group (RfRunCharts *self)
{
  rf_line_chart_add_group (self->loss);
  return rf_line_chart_add_group (self->accuracy);
}

static void
remove_group (RfRunCharts *self, guint group)
{
  rf_line_chart_remove_group (self->loss, group);
  rf_line_chart_remove_group (self->accuracy, group);
}

static guint
add_series (RfRunCharts *self, RfLineChartLook *look, gboolean marked)
{
  look->best = marked ? RF_LINE_CHART_BEST_LEAST : RF_LINE_CHART_BEST_NONE;
  look->best_unit = RF_RUN_CHARTS_EPOCH;
  rf_line_chart_add_series (self->loss, look);
  look->best = marked ? RF_LINE_CHART_BEST_GREATEST : RF_LINE_CHART_BEST_NONE;
  return rf_line_chart_add_series (self->accuracy, look);
}

static void
set_maps (RfRunCharts *self, const Lines *lines)
{
  RfLineChart *const charts[] = { self->loss, self->accuracy };
  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      rf_line_chart_set_map (charts[i], lines->group, RF_RUN_CHARTS_EPOCH, lines->epochs);
      rf_line_chart_set_map (charts[i], lines->group, RF_RUN_CHARTS_TIME, lines->seconds);
    }
}

static void
append_rows (RfRunCharts *self, Lines *lines, const RfStepRow *steps, gsize n_steps,
             const RfEpochRow *epochs, gsize n_epochs)
{
  for (gsize i = 0; i < n_epochs; i++)
    rf_chart_map_append (lines->epochs, (double) epochs[i].step, (double) epochs[i].epoch);
  for (gsize i = 0; i < n_steps; i++)
    {
      const RfStepRow *row = &steps[i];
      const double x = (double) row->step;
      rf_chart_map_append (lines->seconds, x, row->seconds);
      if (row->step < lines->from)
        continue;
      if (lines->raw != NONE)
        {
          rf_line_chart_append (self->loss, lines->raw, x, row->loss);
          rf_line_chart_append (self->accuracy, lines->raw, x, row->accuracy);
        }
      rf_line_chart_append (self->loss, lines->training, x, row->loss);
      rf_line_chart_append (self->accuracy, lines->training, x, row->accuracy);
    }
  for (gsize i = 0; i < n_epochs; i++)
    {
      const RfEpochRow *row = &epochs[i];
      const double x = (double) row->step;
      if (row->step < lines->from)
        continue;
      if (lines->validation != NONE)
        {
          rf_line_chart_append (self->loss, lines->validation, x, row->validation_loss);
          rf_line_chart_append (self->accuracy, lines->validation, x, row->validation_accuracy);
        }
      if (lines->test != NONE)
        {
          rf_line_chart_append (self->loss, lines->test, x, row->test_loss);
          rf_line_chart_append (self->accuracy, lines->test, x, row->test_accuracy);
        }
    }
}

/* ---- the runs that are open ---- */

/* "test", or "B test" beside another run. */
static char *
make_label (const char *letter, const char *what)
{
  return letter ? g_strdup_printf ("%s %s", letter, what) : g_strdup (what);
}

static guint
add_line (RfRunCharts *self, const Lines *lines, RfLineChartLook *look, const char *letter,
          gboolean second, gboolean marked)
{
  g_autofree char *label = make_label (letter, look->label);
  look->label = label;
  look->group = lines->group;
  if (second)
    rf_line_chart_look_pair (look);
  return add_series (self, look, marked);
}

/* What both runs of a pair have in common is drawn once, by the one in front. */
static gint64
get_fork_step (RfRun *front, RfRun *other)
{
  RfRun *const runs[] = { front, other };
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      const RfExperiment *experiment = rf_run_get_experiment (runs[i]);
      if (g_strcmp0 (experiment->parent_run, rf_run_get_folder (runs[1 - i])) == 0)
        return experiment->parent_step;
    }
  return 0;
}

/* A run of this window: every line that it has. Of the best values of validation and test only
 * those are marked by which settings are chosen. */
static void
add_run (RfRunCharts *self, Lines *lines, RfRun *run, const char *letter, gboolean second)
{
  const RfDataset *dataset = rf_run_get_dataset (run);
  const gboolean validates = dataset->splits[RF_SPLIT_VALIDATION].n > 0;
  lines->run = run;
  lines->from = second ? get_fork_step (self->front.run, run) : 0;
  lines->group = second ? add_group (self) : 0;
  lines->epochs = rf_chart_map_new ();
  lines->seconds = rf_chart_map_new ();
  set_maps (self, lines);
  if (!second)
    lines->raw = add_line (
        self, lines, &(RfLineChartLook){ .label = _ ("each batch"), .color = 0, .faint = TRUE },
        NULL, FALSE, FALSE);
  lines->training = add_line (
      self, lines, &(RfLineChartLook){ .label = _ ("training"), .color = 0, .smooth = TRUE },
      letter, second, FALSE);
  if (validates)
    lines->validation = add_line (self, lines,
                                  &(RfLineChartLook){ .label = _ ("validation"),
                                                      .color = 2,
                                                      .markers = TRUE,
                                                      .dash = rf_chart_dash_validation,
                                                      .n_dashes = 2 },
                                  letter, second, !second);
  if (dataset->splits[RF_SPLIT_TEST].n > 0)
    lines->test = add_line (self, lines,
                            &(RfLineChartLook){ .label = _ ("test"),
                                                .color = 1,
                                                .markers = TRUE,
                                                .dash = rf_chart_dash_test,
                                                .n_dashes = 2 },
                            letter, second, !second && !validates);

  gsize n_steps, n_epochs;
  const RfStepRow *steps = rf_run_get_steps (run, &n_steps);
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n_epochs);
  append_rows (self, lines, steps, n_steps, epochs, n_epochs);
  const GPtrArray *changes = rf_run_get_changes (run);
  for (guint i = 0; i < changes->len; i++)
    rf_run_charts_flag (self, run, g_ptr_array_index (changes, i));
}

void
rf_run_charts_set_runs (RfRunCharts *self, RfRun *run, const char *letter, RfRun *other,
                        const char *other_letter)
{
  g_return_if_fail (self);
  rf_line_chart_clear (self->loss);
  rf_line_chart_clear (self->accuracy);
  clear_lines (&self->front);
  clear_lines (&self->other);
  g_array_set_size (self->earlier, 0);
  self->seeds = 0;
  if (run)
    add_run (self, &self->front, run, letter, FALSE);
  if (other)
    add_run (self, &self->other, other, other_letter, TRUE);
}

static Lines *
find_lines (RfRunCharts *self, RfRun *run)
{
  if (run == self->front.run)
    return &self->front;
  return run == self->other.run ? &self->other : NULL;
}

void
rf_run_charts_append (RfRunCharts *self, RfRun *run, guint new_steps, guint new_epochs)
{
  g_return_if_fail (self && run);
  Lines *lines = find_lines (self, run);
  gsize n_steps, n_epochs;
  const RfStepRow *steps = rf_run_get_steps (run, &n_steps);
  const RfEpochRow *epochs = rf_run_get_epochs (run, &n_epochs);
  g_return_if_fail (lines && new_steps <= n_steps && new_epochs <= n_epochs);
  append_rows (self, lines, steps + n_steps - new_steps, new_steps, epochs + n_epochs - new_epochs,
               new_epochs);
}

void
rf_run_charts_flag (RfRunCharts *self, RfRun *run, const RfChange *change)
{
  g_return_if_fail (self && run && change);
  const Lines *lines = find_lines (self, run);
  g_autofree char *title = rf_turn_describe (run, change->path);
  g_autofree char *value
      = change->value >= RF_MAX_EPOCHS ? g_strdup ("∞") : rf_knob_format (change->value);
  /* Translators: an option that was turned, its new value. */
  g_autofree char *text = g_strdup_printf (_ ("%s: %s"), title, value);
  if (!lines)
    return;
  rf_line_chart_add_group_flag (self->loss, lines->group, (double) change->step, text);
  rf_line_chart_add_group_flag (self->accuracy, lines->group, (double) change->step, text);
}

/* ---- runs of earlier days ---- */

static void
add_earlier (RfRunCharts *self, const RfRunCurves *curves, guint index)
{
  Lines lines;
  lines = (Lines){ .raw = NONE, .validation = NONE, .test = NONE };
  lines.group = add_group (self);
  lines.epochs = rf_chart_map_new ();
  lines.seconds = rf_chart_map_new ();
  set_maps (self, &lines);
  const RfEpochRow *epochs = (const RfEpochRow *) curves->epochs->data;
  const gsize n_epochs = curves->epochs->len;
  RfLineChartLook look = { .label = NULL, .color = 0, .smooth = TRUE, .group = lines.group };
  rf_line_chart_look_earlier (&look, index);
  lines.training = add_series (self, &look, FALSE);
  /* The line that says how good it was bears the name. */
  look = (RfLineChartLook){
    .label = curves->name, .color = 1, .markers = TRUE, .group = lines.group
  };
  rf_line_chart_look_earlier (&look, index);
  if (n_epochs > 0 && !isnan (epochs[n_epochs - 1].validation_loss))
    {
      look.color = 2;
      lines.validation = add_series (self, &look, FALSE);
    }
  else
    lines.test = add_series (self, &look, FALSE);
  append_rows (self, &lines, (const RfStepRow *) curves->steps->data, curves->steps->len, epochs,
               n_epochs);
  g_array_append_val (self->earlier, lines);
}

void
rf_run_charts_set_earlier (RfRunCharts *self, const GPtrArray *earlier)
{
  g_return_if_fail (self && earlier);
  for (guint i = 0; i < self->earlier->len; i++)
    remove_group (self, g_array_index (self->earlier, Lines, i).group);
  g_array_set_size (self->earlier, 0);
  for (guint i = 0; i < earlier->len; i++)
    add_earlier (self, g_ptr_array_index (earlier, i), i);
}

/* ---- several seeds ---- */

static const RfEpochRow *
get_epoch (const GPtrArray *seeds, guint seed, guint epoch)
{
  const RfRunCurves *curves = g_ptr_array_index (seeds, seed);
  return epoch < curves->epochs->len ? &g_array_index (curves->epochs, RfEpochRow, epoch) : NULL;
}

static double
pick (const RfEpochRow *row, gboolean loss)
{
  const gboolean validates = !isnan (row->validation_loss);
  if (loss)
    return validates ? row->validation_loss : row->test_loss;
  return validates ? row->validation_accuracy : row->test_accuracy;
}

/* Mean, least and greatest of all seeds that came as far as that epoch; FALSE if one did not. */
static gboolean
sum_up (const GPtrArray *seeds, guint epoch, gboolean loss, double *mean, double *low, double *high)
{
  *mean = 0;
  *low = INFINITY;
  *high = -INFINITY;
  for (guint i = 0; i < seeds->len; i++)
    {
      const RfEpochRow *row = get_epoch (seeds, i, epoch);
      if (!row)
        return FALSE;
      const double value = pick (row, loss);
      *mean += value / seeds->len;
      *low = MIN (*low, value);
      *high = MAX (*high, value);
    }
  return TRUE;
}

static void
fill_band (RfLineChart *chart, guint series, const GPtrArray *seeds, gboolean loss)
{
  double mean, low, high;
  for (guint epoch = 0; sum_up (seeds, epoch, loss, &mean, &low, &high); epoch++)
    rf_line_chart_append_band (chart, series, (double) get_epoch (seeds, 0, epoch)->step, mean, low,
                               high);
}

void
rf_run_charts_set_seeds (RfRunCharts *self, const GPtrArray *seeds)
{
  g_return_if_fail (self && seeds);
  if (self->seeds)
    remove_group (self, self->seeds);
  self->seeds = 0;
  if (seeds->len < 2)
    return;
  self->seeds = add_group (self);
  if (self->front.epochs)
    {
      Lines lines = self->front;
      lines.group = self->seeds;
      set_maps (self, &lines);
    }
  g_autofree char *label = g_strdup_printf (_ ("mean of %u seeds"), seeds->len);
  RfLineChartLook look = { .label = label, .color = 3, .markers = TRUE, .group = self->seeds };
  const guint series = add_series (self, &look, FALSE);
  fill_band (self->loss, series, seeds, TRUE);
  fill_band (self->accuracy, series, seeds, FALSE);
}

/* ---- the newest ---- */

static double
get_newest (RfLineChart *chart, guint series)
{
  if (series == NONE)
    return NAN;
  gsize n;
  const double *values = rf_line_chart_get_values (chart, series, &n);
  return n > 0 ? values[n - 1] : NAN;
}

double
rf_run_charts_get_loss (const RfRunCharts *self)
{
  return get_newest (self->loss, self->front.training);
}

double
rf_run_charts_get_accuracy (const RfRunCharts *self)
{
  return get_newest (self->accuracy, self->front.training);
}

/* ---- both charts ---- */

RfRunCharts *
rf_run_charts_new (RfLineChart *loss, RfLineChart *accuracy)
{
  g_return_val_if_fail (RF_IS_LINE_CHART (loss) && RF_IS_LINE_CHART (accuracy), NULL);
  static const char *const shared[] = { "x-unit", "log-x", "view", "crosshair", "cursor", "scale" };

  RfRunCharts *self = g_new0 (RfRunCharts, 1);
  self->loss = loss;
  self->accuracy = accuracy;
  self->earlier = g_array_new (FALSE, TRUE, sizeof (Lines));
  g_array_set_clear_func (self->earlier, (GDestroyNotify) clear_lines);
  clear_lines (&self->front);
  clear_lines (&self->other);
  RfLineChart *const charts[] = { loss, accuracy };
  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      rf_line_chart_add_unit (charts[i], _ ("epoch"), RF_CHART_NUMBER);
      rf_line_chart_add_unit (charts[i], _ ("time"), RF_CHART_DURATION);
    }
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    g_object_bind_property (loss, shared[i], accuracy, shared[i], G_BINDING_BIDIRECTIONAL);
  return self;
}

void
rf_run_charts_free (RfRunCharts *self)
{
  clear_lines (&self->front);
  clear_lines (&self->other);
  g_array_unref (self->earlier);
  g_free (self);
}
