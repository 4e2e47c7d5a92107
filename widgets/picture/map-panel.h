/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A grid of maps with the legend of its colours below, and a line that says at what one points. */

#include "widgets/picture/map-grid.h"

G_BEGIN_DECLS

#define RF_TYPE_MAP_PANEL (rf_map_panel_get_type ())
G_DECLARE_FINAL_TYPE (RfMapPanel, rf_map_panel, RF, MAP_PANEL, GtkWidget)

/* Properties: "noun", as of the grid; "label" (string), the grid's name for assistive technology.
 */
GtkWidget *rf_map_panel_new (void);
RfMapGrid *rf_map_panel_get_grid (RfMapPanel *panel);

G_END_DECLS
