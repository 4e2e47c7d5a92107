/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Two widgets of equal size, beside or above each other, whichever leaves them squarer. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_TWIN_BOX (rf_twin_box_get_type ())
G_DECLARE_FINAL_TYPE (RfTwinBox, rf_twin_box, RF, TWIN_BOX, GtkWidget)

GtkWidget *rf_twin_box_new (GtkWidget *first, GtkWidget *second);
/* Width by height of what they show; 1 at first. */
void rf_twin_box_set_aspect (RfTwinBox *box, double aspect);

G_END_DECLS
