/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The picture and what comes out of it, side by side or above each other, zoomed and moved
 * together; below them the chain of stages. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_PICTURE_PANE (rf_picture_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfPicturePane, rf_picture_pane, RF, PICTURE_PANE, RfPane)

extern const RfPaneInfo rf_picture_pane;

G_END_DECLS
