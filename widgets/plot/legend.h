/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A strip that says which colour stands for which number; rf_legend_paint() in the theme's colours.
 */

#include "widgets/plot/painters/legend-painter.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_LEGEND (rf_legend_get_type ())
G_DECLARE_FINAL_TYPE (RfLegend, rf_legend, RF, LEGEND, GtkWidget)

GtkWidget *rf_legend_new (void);
/* Assistive technology is told of it at most once a second. */
void rf_legend_set_range (RfLegend *legend, const RfPaletteRange *range);
/* A value to be pointed at; NaN: none. */
void rf_legend_set_mark (RfLegend *legend, double value);

G_END_DECLS
