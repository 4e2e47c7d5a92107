/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A closer look, in one of several views: a unit and one of its values, what the answer depends on,
 * where all pictures lie, what it withstands. A view is a file here and a line in the pane's table.
 */

#include "app/features/feature-bench.h"
#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_FEATURES_CLOSER_PANE (rf_features_closer_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfFeaturesCloserPane, rf_features_closer_pane, RF, FEATURES_CLOSER_PANE,
                      RfPane)

extern const RfPaneInfo rf_features_closer_pane;

typedef struct
{
  const char *id;
  const char *title;   /* N_() */
  const char *tooltip; /* N_() */
  GtkWidget *(*create) (RfFeatureBench *bench);
} RfCloserView;

extern const RfCloserView rf_unit_view, rf_why_view, rf_space_view, rf_trial_view;

G_END_DECLS
