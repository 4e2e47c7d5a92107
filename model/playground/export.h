/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Taking a small network elsewhere. */

#include "model/playground/network.h"

G_BEGIN_DECLS

/* One row for each weight and bias: "layer,unit,input,value", from 1, the input "bias" or the name
 * of a feature or a number. All digits. */
char *rf_play_export_csv (const RfPlayState *state, const RfPlayNet *net);

/* A Python program with the same network in double precision as a torch.nn.Module, features and
 * weights included; run by itself it prints what the network says at some places. */
char *rf_play_export_torch (const RfPlayState *state, const RfPlayNet *net);

G_END_DECLS
