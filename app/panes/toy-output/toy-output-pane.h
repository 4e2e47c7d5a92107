/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_OUTPUT_PANE (rf_toy_output_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfToyOutputPane, rf_toy_output_pane, RF, TOY_OUTPUT_PANE, RfPane)

G_END_DECLS
