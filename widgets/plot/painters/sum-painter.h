/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Paints how one pixel of a result came about: what the window sees, times the weights, is the
 * products, cell by cell; and below them the sum in words. One sheet for each stage. */

#include "widgets/plot/painters/line-chart-painter.h"

G_BEGIN_DECLS

typedef struct
{
  double value, weight;
  gboolean imagined; /* beyond the border */
  gboolean counts;   /* FALSE: is there, but not the largest of a maximum */
} RfSumTerm;

typedef struct
{
  char *title;
  int planes, rows, columns; /* of the window; 0: only words */
  RfSumTerm *terms;          /* [plane][row][column] */
  gboolean products;         /* value times weight; FALSE: candidates of a maximum or mean */
  char *words;               /* "Σ = 0.42, …"; may have several lines */
} RfSumSheet;

void rf_sum_sheet_free (RfSumSheet *sheet);

/* Paints @n sheets below each other into @width; returns the height. @cr NULL: only measures. */
double rf_sum_paint (cairo_t *cr, double width, const RfChartStyle *style,
                     RfSumSheet *const *sheets, guint n);

G_END_DECLS
