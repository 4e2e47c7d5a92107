/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parameters of a network over a whole training, in bounded memory: every epoch at first; when
 * all places are taken, every second one goes and only every second epoch is kept from then on. */

#include "model/playground/network.h"

G_BEGIN_DECLS

#define RF_PLAY_HISTORY_CAPACITY 256

typedef struct _RfPlayHistory RfPlayHistory;

RfPlayHistory *rf_play_history_new (int n_parameters);
RfPlayHistory *rf_play_history_copy (const RfPlayHistory *history);
void rf_play_history_free (RfPlayHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPlayHistory, rf_play_history_free)

/* Keeps the network at the end of @epoch if it is its turn. Epochs only rise. */
void rf_play_history_offer (RfPlayHistory *history, guint64 epoch, const RfPlayNet *net);

int rf_play_history_count (const RfPlayHistory *history);
guint64 rf_play_history_get_epoch (const RfPlayHistory *history, int index);
/* Sets the parameters of @net, a copy for looking at, to those of then. */
void rf_play_history_show (const RfPlayHistory *history, int index, RfPlayNet *net);

G_END_DECLS
