/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Paints what the colours mean: a strip of the palette, with the numbers at its ends and at zero
 * below it. */

#include "widgets/plot/painters/line-chart-painter.h"
#include "widgets/plot/painters/palette.h"

G_BEGIN_DECLS

/* Height that the strip and its numbers take, in units of the drawing. */
double rf_legend_height (const RfChartStyle *style);
/* Paints into 0, 0, @width, rf_legend_height(). @mark: a value to be pointed at; NaN: none. */
void rf_legend_paint (cairo_t *cr, double width, const RfChartStyle *style,
                      const RfPaletteRange *range, double mark);

/* An end of a range as people write it: "−0.25", "1.2×10⁻⁵". */
char *rf_legend_format (double value);

G_END_DECLS
