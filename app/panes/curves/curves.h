/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From the rows of a run to the two charts of the lab. */

#include "model/run/run.h"
#include "widgets/plot/line-chart.h"

G_BEGIN_DECLS

typedef struct
{
  RfLineChart *loss, *accuracy;
  guint raw, training, validation, test; /* numbers of the series, the same in both */
} RfCurvesCharts;

/* Empties the charts and fills in all that @run (NULL: none) has seen so far. */
void rf_curves_begin (RfCurvesCharts *charts, RfRun *run);
/* Appends the newest rows. */
void rf_curves_append (RfCurvesCharts *charts, RfRun *run, guint n_steps, guint n_epochs);
/* Flags a live change. */
void rf_curves_flag (RfCurvesCharts *charts, RfRun *run, const RfChange *change);

/* What of the smoothed lines is newest; NaN if there is none. */
double rf_curves_get_loss (const RfCurvesCharts *charts);
double rf_curves_get_accuracy (const RfCurvesCharts *charts);

G_END_DECLS
