/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A card of the lab's list of layers: what the layer is, the shape it makes, its parameters, and
 * below that the knobs that are put into it, and a line that opens on further options; closed,
 * it names those that have been touched. */

#include "app/panes/layers/option-control.h"
#include "model/run/run.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_LAYER_ROW (rf_layer_row_get_type ())
G_DECLARE_FINAL_TYPE (RfLayerRow, rf_layer_row, RF, LAYER_ROW, AdwPreferencesRow)

GtkWidget *rf_layer_row_new (const RfLayerSummary *layer);
/* The layer's name, "3.body.0". */
const char *rf_layer_row_get_name (RfLayerRow *row);
void rf_layer_row_add_knob (RfLayerRow *row, GtkWidget *knob);
void rf_layer_row_add_option (RfLayerRow *row, RfOptionControl *control);
/* Selected cards are turned together; signal "selected" when that changes. */
gboolean rf_layer_row_get_selected (RfLayerRow *row);
void rf_layer_row_set_selected (RfLayerRow *row, gboolean selected);
/* Opens or closes the further options. */
void rf_layer_row_set_expanded (RfLayerRow *row, gboolean expanded);
/* After an option of the layer has changed. */
void rf_layer_row_update (RfLayerRow *row);

G_END_DECLS
