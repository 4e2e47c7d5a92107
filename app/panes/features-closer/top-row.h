/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The pictures that excite the chosen unit most, with what excites it outlined in each. A press
 * shows the picture to the network. */

#include "app/features/feature-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_TOP_ROW (rf_top_row_get_type ())
G_DECLARE_FINAL_TYPE (RfTopRow, rf_top_row, RF, TOP_ROW, GtkBox)

GtkWidget *rf_top_row_new (RfFeatureBench *bench);

G_END_DECLS
