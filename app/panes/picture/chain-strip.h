/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The chain as a row of cards, each with a small picture of its result. A press selects a stage;
 * dragging, or Alt and an arrow key, moves it; Delete takes it out. */

#include "app/filters/filter-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_CHAIN_STRIP (rf_chain_strip_get_type ())
G_DECLARE_FINAL_TYPE (RfChainStrip, rf_chain_strip, RF, CHAIN_STRIP, GtkBox)

GtkWidget *rf_chain_strip_new (RfFilterBench *bench);

G_END_DECLS
