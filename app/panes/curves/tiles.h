/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Four figures in large type: what of a run is read from the last row of a lecture hall. */

#include "model/run/run.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_TILES (rf_tiles_get_type ())
G_DECLARE_FINAL_TYPE (RfTiles, rf_tiles, RF, TILES, GtkBox)

/* @loss, @accuracy: of the training, smoothed; NaN: none yet. @run may be NULL. */
void rf_tiles_update (RfTiles *tiles, RfRun *run, double loss, double accuracy);

G_END_DECLS
