/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How a run begins: as a new folder, or from what an earlier program left in it. */

#include "model/run/checkpoint.h"
#include "model/run/trainer.h"

G_BEGIN_DECLS

/* Brings @engine and the files of @folder to where training goes on, and says where that is. The
 * files are then such as if there had never been a step beyond. */
gboolean rf_run_begin (RfRunFolder *folder, RfEngine *engine, const RfTrainerOptions *options,
                       RfMoment *moment, GError **error);

G_END_DECLS
