/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the line chart's painter share. */

#include "widgets/plot/painters/line-chart-painter.h"

#include <math.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* One painting: made in rf_line_chart_paint(), gone when it returns. */
typedef struct
{
  cairo_t *cr;
  const RfChartStyle *style;
  const RfChart *chart;
  PangoLayout *layout; /* one for all texts */
  double em;           /* height of a line of text */
  RfChartArea area;
} RfChartPainting;

typedef struct
{
  double width, height;
} RfTextSize;

void rf_chart_set_color (cairo_t *cr, const RfColor *color, double opacity);

/* Lays out @text in the painting's font, @scale times as large. */
RfTextSize rf_chart_measure (RfChartPainting *painting, const char *text, double scale,
                             gboolean bold);
/* Draws it with its upper left corner at x, y. */
void rf_chart_text (RfChartPainting *painting, double x, double y, const char *text, double scale,
                    gboolean bold, const RfColor *color, double opacity);

double rf_chart_map_x (const RfChartPainting *painting, double x);
double rf_chart_map_y (const RfChartPainting *painting, double y);
/* Can @y be drawn at all? */
gboolean rf_chart_drawable (const RfChartPainting *painting, double y);

void rf_chart_dash (RfChartPainting *painting, const RfChartSeries *series);
void rf_chart_paint_series (RfChartPainting *painting, const RfChartSeries *series);
/* Index of the drawable point nearest to @x, or -1. */
gssize rf_chart_nearest (const RfChartPainting *painting, const RfChartSeries *series, double x);

void rf_chart_paint_flags (RfChartPainting *painting);
void rf_chart_paint_crosshair (RfChartPainting *painting);

G_END_DECLS
