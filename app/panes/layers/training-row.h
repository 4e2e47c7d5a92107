/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How the network is trained, beyond the two knobs that are always on show: batch size and epochs,
 * which act on the run under way; optimizer, schedule, augmentation and seed, which are planned for
 * the next one; and the options of all of these. Closed, it sums them up. */

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_TRAINING_ROW (rf_training_row_get_type ())
G_DECLARE_FINAL_TYPE (RfTrainingRow, rf_training_row, RF, TRAINING_ROW, AdwExpanderRow)

/* Signal "told" (const char *): what could not be done. */
GtkWidget *rf_training_row_new (RfSession *session);

G_END_DECLS
