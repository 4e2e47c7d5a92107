/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What of the playground's network is saved: its drawing, its weights, and a program for PyTorch
 * that has them. Each asks where. */

#include "app/panes/pane.h"
#include "app/toy/toy-bench.h"
#include "widgets/toy/net-view.h"

G_BEGIN_DECLS

void rf_toy_save_drawing (RfPane *pane, RfNetView *net);
void rf_toy_save_weights (RfPane *pane, RfToyBench *bench);
void rf_toy_save_source (RfPane *pane, RfToyBench *bench);

G_END_DECLS
