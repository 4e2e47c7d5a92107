/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_DATA_PANE (rf_toy_data_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfToyDataPane, rf_toy_data_pane, RF, TOY_DATA_PANE, RfPane)

G_END_DECLS
