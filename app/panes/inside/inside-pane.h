/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the network makes of one picture, while it learns: its answer, the first filters, and the
 * feature maps of a layer.
 *
 * Properties, with notify: "picture" (uint), index in the split that the pictures are from, which
 * is the test split where there is one; "layer" (uint), index as of rf_run_get_layers() of the
 * layer whose maps are shown. Both begin anew with a network of other layers or data of other size,
 * and stay otherwise. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_INSIDE_PANE (rf_inside_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfInsidePane, rf_inside_pane, RF, INSIDE_PANE, RfPane)

extern const RfPaneInfo rf_inside_pane;

/* Looks at a checkpoint of the run, 0 for its first weights, and no longer follows training. Asked
 * for faster than it can be read, as by a slider, it skips some and ends at the last. */
void rf_inside_pane_show_checkpoint (RfInsidePane *pane, gint64 step);
/* Follows training again, as it does from the beginning. */
void rf_inside_pane_show_live (RfInsidePane *pane);
/* Step of the weights that are on show; -1: nothing is. */
gint64 rf_inside_pane_get_step (RfInsidePane *pane);

void rf_inside_pane_set_picture (RfInsidePane *pane, guint picture);
guint rf_inside_pane_get_picture (RfInsidePane *pane);
void rf_inside_pane_set_layer (RfInsidePane *pane, guint layer);
guint rf_inside_pane_get_layer (RfInsidePane *pane);

G_END_DECLS
