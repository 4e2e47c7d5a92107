/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Settings of the regularisation of all layers at once. */

#include "model/run/run.h"

G_BEGIN_DECLS

/* The menu; its items activate "layers.preset" with the preset's id. */
GMenuModel *rf_presets_menu (void);
/* What the preset sets, as RfChange * with step 0, whether it is so already or not; NULL, with the
 * reason as a sentence, where the network has nothing that it could set. */
GPtrArray *rf_preset_changes (const char *id, RfRun *run, const char **reason);

G_END_DECLS
