/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/plot/painters/line-chart-painter.h"

G_BEGIN_DECLS

/* One run's curves as plain arrays (this library knows no runs). */
typedef struct
{
  const char *name;
  const double *step, *loss, *accuracy;
  gsize n_steps;
  const double *epoch; /* numbers of the epochs; NULL: 1, 2 … */
  const double *epoch_step, *train_loss, *test_loss, *validation_loss;
  const double *train_accuracy, *test_accuracy, *validation_accuracy;
  gsize n_epochs;
  const RfChartFlag *flags;
  guint n_flags;
} RfCurves;

/* Loss above, accuracy below, of one or several runs: what `receptive-cli plot` writes. */
void rf_run_plot_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                        const RfCurves *curves, guint n_runs);

/* Writes it to a .png, .svg or .pdf file: 900 × 640, the PNG in twice as many pixels. */
gboolean rf_run_plot_save (const char *path, const RfCurves *curves, guint n_runs, GError **error);

G_END_DECLS
