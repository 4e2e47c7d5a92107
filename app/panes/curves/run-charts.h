/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From the rows of runs to the two charts: the run in front, the other of a pair, earlier runs laid
 * over them, and the mean of several seeds with its band. */

#include "app/run-curves.h"
#include "model/run/run.h"
#include "widgets/plot/line-chart.h"

G_BEGIN_DECLS

/* Units of the x axis, as the charts number them. */
typedef enum
{
  RF_RUN_CHARTS_STEP,
  RF_RUN_CHARTS_EPOCH,
  RF_RUN_CHARTS_TIME,
} RfRunChartsUnit;

typedef struct _RfCurves RfRunCharts;

/* Adds the units to the charts and ties them together: one crosshair, one view, one unit. */
RfRunCharts *rf_run_charts_new (RfLineChart *loss, RfLineChart *accuracy);
void rf_run_charts_free (RfRunCharts *charts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRunCharts, rf_run_charts_free)

/* Empties the charts and fills in all that @run (NULL: none) and the @other of a pair (NULL: none)
 * have seen so far. @letter, @other_letter: what they are called beside each other, or NULL. */
void rf_run_charts_set_runs (RfRunCharts *charts, RfRun *run, const char *letter, RfRun *other,
                             const char *other_letter);
/* Appends the newest rows of one of the two. */
void rf_run_charts_append (RfRunCharts *charts, RfRun *run, guint n_steps, guint n_epochs);
/* Flags a live change of one of the two. */
void rf_run_charts_flag (RfRunCharts *charts, RfRun *run, const RfChange *change);
/* Lays these over, of RfRunCurves *, instead of what was. */
void rf_run_charts_set_earlier (RfRunCharts *charts, const GPtrArray *earlier);
/* The runs of several seeds, of RfRunCurves *: their mean per epoch, and the band from the smallest
 * to the largest. None with fewer than two. */
void rf_run_charts_set_seeds (RfRunCharts *charts, const GPtrArray *seeds);

/* What of the smoothed lines of the run in front is newest; NaN if there is none. */
double rf_run_charts_get_loss (const RfRunCharts *charts);
double rf_run_charts_get_accuracy (const RfRunCharts *charts);

G_END_DECLS
