/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_TRAINING_PANE (rf_toy_training_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfToyTrainingPane, rf_toy_training_pane, RF, TOY_TRAINING_PANE, RfPane)

G_END_DECLS
