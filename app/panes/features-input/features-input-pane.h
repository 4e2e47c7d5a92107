/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Which network is looked into, the picture that it is shown, and its answer. What a chosen value
 * depends on is outlined on the picture. */

#include "app/features/feature-bench.h"
#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_FEATURES_INPUT_PANE (rf_features_input_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfFeaturesInputPane, rf_features_input_pane, RF, FEATURES_INPUT_PANE, RfPane)

extern const RfPaneInfo rf_features_input_pane;

/* net-row.c: a choice of networks. */
#define RF_TYPE_NET_ROW (rf_net_row_get_type ())
G_DECLARE_FINAL_TYPE (RfNetRow, rf_net_row, RF, NET_ROW, GtkBox)
GtkWidget *rf_net_row_new (RfFeatureBench *bench);

/* browse-row.c: controls for going through the data set; hidden where there is none. */
#define RF_TYPE_BROWSE_ROW (rf_browse_row_get_type ())
G_DECLARE_FINAL_TYPE (RfBrowseRow, rf_browse_row, RF, BROWSE_ROW, GtkBox)
GtkWidget *rf_browse_row_new (RfFeatureBench *bench);

G_END_DECLS
