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
} RfLabCharts;

/* Empties the charts and fills in all that @run (NULL: none) has seen so far. */
void rf_lab_charts_begin (RfLabCharts *charts, RfRun *run);
/* Appends the newest rows. */
void rf_lab_charts_append (RfLabCharts *charts, RfRun *run, guint n_steps, guint n_epochs);
/* Flags a live change. */
void rf_lab_charts_flag (RfLabCharts *charts, RfRun *run, const RfChange *change);

/* What of the smoothed lines is newest; NaN if there is none. */
double rf_lab_charts_get_loss (const RfLabCharts *charts);
double rf_lab_charts_get_accuracy (const RfLabCharts *charts);

G_END_DECLS
