/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How the pixel that is pointed at came about, and the kernel sliding over the picture. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_SUM_PANE (rf_sum_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfSumPane, rf_sum_pane, RF, SUM_PANE, RfPane)

extern const RfPaneInfo rf_sum_pane;

G_END_DECLS
