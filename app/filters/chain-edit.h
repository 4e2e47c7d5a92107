/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Stages put in, taken out and moved, with what reads them following. */

#include "model/filter/chain.h"

G_BEGIN_DECLS

/* @at: 0 to n_stages. FALSE: the chain is as long as can be. */
gboolean rf_chain_edit_insert (RfChain *chain, int at, const RfStage *stage);
/* What read it reads what it read. The last stage that is left becomes an identity. */
void rf_chain_edit_remove (RfChain *chain, int at);
/* Moves the stage at @from to be the one at @to. What would read a later stage reads the one before
 * it. */
void rf_chain_edit_move (RfChain *chain, int from, int to);

G_END_DECLS
