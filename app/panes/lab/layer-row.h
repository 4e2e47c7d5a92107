/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A card of the lab's list of layers: what the layer is, the shape it makes, its parameters, and
 * below that the knobs that are put into it. */

#include "model/run/run.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_LAYER_ROW (rf_layer_row_get_type ())
G_DECLARE_FINAL_TYPE (RfLayerRow, rf_layer_row, RF, LAYER_ROW, AdwPreferencesRow)

GtkWidget *rf_layer_row_new (const RfLayerSummary *layer);
/* The layer's name, "3.body.0". */
const char *rf_layer_row_get_name (RfLayerRow *row);
void rf_layer_row_add_knob (RfLayerRow *row, GtkWidget *knob);

G_END_DECLS
