/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A row of heads, one above each column of the drawn network: how many neurons a layer has, and
 * behind that its activation and dropout. */

#include "app/toy/toy-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_LAYER_HEADS (rf_layer_heads_get_type ())
G_DECLARE_FINAL_TYPE (RfLayerHeads, rf_layer_heads, RF, LAYER_HEADS, GtkBox)

GtkWidget *rf_layer_heads_new (RfToyBench *bench);

G_END_DECLS
