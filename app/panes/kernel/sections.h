/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parts of the pane of the kernel, one below the other. Each watches the bench and edits the
 * stage that is selected in it. */

#include "app/filters/filter-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A known kernel with its parameters, or one of the user's own. */
#define RF_TYPE_PRESET_SECTION (rf_preset_section_get_type ())
G_DECLARE_FINAL_TYPE (RfPresetSection, rf_preset_section, RF, PRESET_SECTION, GtkBox)
GtkWidget *rf_preset_section_new (RfFilterBench *bench);
/* The user's own kernels are others now. */
void rf_preset_section_reload (RfPresetSection *section);

/* The grid of cells, its pen, its size, and what can be done to it. */
#define RF_TYPE_PAINT_SECTION (rf_paint_section_get_type ())
G_DECLARE_FINAL_TYPE (RfPaintSection, rf_paint_section, RF, PAINT_SECTION, GtkBox)
GtkWidget *rf_paint_section_new (RfFilterBench *bench);

/* Where the window goes: stride, padding, dilation, border, and what size comes out. */
#define RF_TYPE_WINDOW_SECTION (rf_window_section_get_type ())
G_DECLARE_FINAL_TYPE (RfWindowSection, rf_window_section, RF, WINDOW_SECTION, GtkBox)
GtkWidget *rf_window_section_new (RfFilterBench *bench);

/* Stages that are no kernels: their numbers, and what they read. */
#define RF_TYPE_STAGE_SECTION (rf_stage_section_get_type ())
G_DECLARE_FINAL_TYPE (RfStageSection, rf_stage_section, RF, STAGE_SECTION, GtkBox)
GtkWidget *rf_stage_section_new (RfFilterBench *bench);

/* For all of them: the selected stage if it is a kernel, else NULL. */
const RfStage *rf_section_get_kernel (RfFilterBench *bench);
/* A message over the window. */
void rf_section_say (gpointer widget, const char *message);

G_END_DECLS
