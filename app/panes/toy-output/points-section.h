/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a press on the plane does: points of one's own are set, brushed, moved and erased; and the
 * menu that reads, writes and clears them. */

#include "app/toy/toy-bench.h"
#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_POINTS_SECTION (rf_points_section_get_type ())
G_DECLARE_FINAL_TYPE (RfPointsSection, rf_points_section, RF, POINTS_SECTION, GtkBox)

GtkWidget *rf_points_section_new (RfPane *pane, RfToyBench *bench);

/* A press and a drag on the plane. @second: with the other button, which erases. */
void rf_points_section_press (RfPointsSection *section, double x, double y, gboolean second);
void rf_points_section_drag (RfPointsSection *section, double from_x, double from_y, double x,
                             double y, gboolean second);

G_END_DECLS
