/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An edit of the playground that can be taken back. It is carried out in the worker's thread, which
 * alone looks into it. Where settings only changed, undo changes them again and the training goes
 * on; where points or weights were made anew, undo brings back those that were. */

#include "app/toy/toy-worker.h"

G_BEGIN_DECLS

typedef struct _RfToyEdit RfToyEdit;

/* Takes over the settings in @state; @fresh: opens them as a link, with points and weights from the
 * seed. @as_original: see rf_playground_change(). */
RfToyEdit *rf_toy_edit_new_state (const RfPlayState *state, gboolean as_original, gboolean fresh);
/* A weight, or (@input −1) a bias. */
RfToyEdit *rf_toy_edit_new_weight (int layer, int unit, int input, double value);
RfToyEdit *rf_toy_edit_new_data (RfPlayData *data);
/* New weights; @points: new points too, from a new seed. */
RfToyEdit *rf_toy_edit_new_reset (gboolean points);

RfToyEdit *rf_toy_edit_ref (RfToyEdit *edit);
void rf_toy_edit_unref (gpointer edit);

/* Commands of the worker (RfToyCommand); each drops a reference by rf_toy_edit_unref(). */
void rf_toy_edit_do (RfToyWork *work, gpointer edit);
void rf_toy_edit_undo (RfToyWork *work, gpointer edit);
void rf_toy_edit_redo (RfToyWork *work, gpointer edit);

G_END_DECLS
