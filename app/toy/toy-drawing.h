/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The playground's network as a drawing (RfNetDrawing), and the names of its inputs. */

#include "app/toy/toy-view.h"
#include "widgets/toy/net-view.h"

G_BEGIN_DECLS

/* "x₁", "x₂", "x₁²", … */
extern const char *const rf_toy_feature_titles[RF_PLAY_N_FEATURES];

/* Shows @view; with @live the outputs of the point that was trained on last, as numbers. */
void rf_toy_drawing_show (RfNetView *net_view, const RfToyView *view, gboolean live);

G_END_DECLS
