/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_NETWORK_PANE (rf_toy_network_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfToyNetworkPane, rf_toy_network_pane, RF, TOY_NETWORK_PANE, RfPane)

G_END_DECLS
