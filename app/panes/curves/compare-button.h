/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A button that opens the list of earlier runs: those that are ticked are laid over the curves. */

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_COMPARE_BUTTON (rf_compare_button_get_type ())
G_DECLARE_FINAL_TYPE (RfCompareButton, rf_compare_button, RF, COMPARE_BUTTON, AdwBin)

GtkWidget *rf_compare_button_new (RfSession *session);

G_END_DECLS
