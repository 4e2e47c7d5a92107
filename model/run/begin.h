/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How a run begins: as a new folder, or from what an earlier program left in it. */

#include "model/run/checkpoint.h"
#include "model/run/trainer.h"

G_BEGIN_DECLS

/* Brings @engine and the files of @folder to where training goes on, and says where that is. The
 * files are then such as if there had never been a step beyond; weights.safetensors is left to
 * rf_run_settle_weights(). */
gboolean rf_run_begin (RfRunFolder *folder, RfEngine *engine, const RfTrainerOptions *options,
                       RfMoment *moment, GError **error);

/* Makes weights.safetensors those of the epoch that ended at @step, 0 being the newest in the
 * tables: the program may have ended between the two. Where there is no epoch, there is no such
 * file; where somebody has removed the epoch's checkpoint to make room, it stays as it is. */
gboolean rf_run_settle_weights (const char *run, gint64 step, GError **error);

G_END_DECLS
