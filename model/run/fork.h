/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A run that begins where another one was. */

#include "model/run/folder.h"

G_BEGIN_DECLS

/* Makes a new run in @folder, which begins as a copy of the run @parent up to its checkpoint of
 * @step (0: the first weights): first weights, rows, changes, the weights of each epoch so far, and
 * the checkpoint. Its experiment.json has "parent" and the live values in force at @step; opened
 * with `resume`, it goes on from there. If nothing is changed it goes on to the same bytes as the
 * parent. The parent may be training meanwhile; its checkpoint is kept for good.
 *
 * @changed: NULL, or how to go on instead: another training (optimizer, schedule, batch size, seed,
 * epochs, …) and other live options of the layers. Network and data must be the same, else it is
 * RF_ERROR_CHANGED, which names the place.
 * @fresh: set to TRUE if the optimizer begins afresh, because the parent has kept no more than the
 * weights of the end of that epoch, or because it is of another type; may be NULL.
 *
 * Reads and writes files: never on the main thread. Leaves nothing behind where it fails. */
gboolean rf_run_fork (const char *parent, gint64 step, const char *folder, RfExperiment *changed,
                      gboolean *fresh, GError **error);

G_END_DECLS
