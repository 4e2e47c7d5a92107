/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Guess the filter: a hidden kernel, or a pair of pictures, and gradient descent finds the kernel
 * before one's eyes, in the grid of the selected stage. What training a network does, for one
 * filter. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_GUESS_PANE (rf_guess_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfGuessPane, rf_guess_pane, RF, GUESS_PANE, RfPane)

extern const RfPaneInfo rf_guess_pane;

G_END_DECLS
