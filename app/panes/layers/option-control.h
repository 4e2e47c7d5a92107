/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One option of an experiment as a control: a knob for a number, a spin button for a whole one, a
 * switch for yes or no. What it is called, what it does and how far it goes is read from the
 * option's row in its table. */

#include "model/experiment/experiment.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_OPTION_CONTROL (rf_option_control_get_type ())
G_DECLARE_FINAL_TYPE (RfOptionControl, rf_option_control, RF, OPTION_CONTROL, AdwBin)

/* TRUE for an option of one of these kinds. */
gboolean rf_option_control_fits (const RfOption *option);

/* @layer: name of the layer it belongs to, or NULL; @titled: with the option's title above it.
 * Signal "turned" (double): by the person, not by rf_option_control_set(). */
GtkWidget *rf_option_control_new (const RfOptionPlace *place, const char *layer, gboolean titled);
/* "network.layers[3].rate" */
const char *rf_option_control_get_path (RfOptionControl *control);
/* "rate" */
const char *rf_option_control_get_name (RfOptionControl *control);
/* TRUE if it may change between two steps of a run. */
gboolean rf_option_control_is_live (RfOptionControl *control);
void rf_option_control_set (RfOptionControl *control, double value);
double rf_option_control_get (RfOptionControl *control);
/* "L2 0.0001", "frozen"; NULL as long as it is what it would be if nobody had touched it, unless it
 * is a penalty. */
char *rf_option_control_describe (RfOptionControl *control);

G_END_DECLS
