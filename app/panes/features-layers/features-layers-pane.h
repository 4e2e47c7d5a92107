/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The network as a row of layers with thumbnails, and below it the feature maps of the chosen one,
 * or the filters that they come from. */

#include "app/features/feature-bench.h"
#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_FEATURES_LAYERS_PANE (rf_features_layers_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfFeaturesLayersPane, rf_features_layers_pane, RF, FEATURES_LAYERS_PANE,
                      RfPane)

extern const RfPaneInfo rf_features_layers_pane;

/* layer-strip.c: a card with a thumbnail for each layer. */
#define RF_TYPE_LAYER_STRIP (rf_layer_strip_get_type ())
G_DECLARE_FINAL_TYPE (RfLayerStrip, rf_layer_strip, RF, LAYER_STRIP, GtkBox)
GtkWidget *rf_layer_strip_new (RfFeatureBench *bench);

/* maps-view.c: the outputs of the chosen layer. */
#define RF_TYPE_MAPS_VIEW (rf_maps_view_get_type ())
G_DECLARE_FINAL_TYPE (RfMapsView, rf_maps_view, RF, MAPS_VIEW, GtkBox)
GtkWidget *rf_maps_view_new (RfFeatureBench *bench);

/* filters-view.c: the kernels that they come from. */
#define RF_TYPE_FILTERS_VIEW (rf_filters_view_get_type ())
G_DECLARE_FINAL_TYPE (RfFiltersView, rf_filters_view, RF, FILTERS_VIEW, GtkBox)
GtkWidget *rf_filters_view_new (RfFeatureBench *bench, RfSession *session);

G_END_DECLS
