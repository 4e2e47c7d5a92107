/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The stage that is selected: a kernel to be painted, with all that can be done to it, or the
 * numbers of another stage. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_KERNEL_PANE (rf_kernel_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfKernelPane, rf_kernel_pane, RF, KERNEL_PANE, RfPane)

extern const RfPaneInfo rf_kernel_pane;

G_END_DECLS
