/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Going through a split for a picture that the network gets wrong, a batch at a time, so that a
 * trainer waits for one batch at most and other looks have their turn in between. Belongs to the
 * looker's thread. */

#include "model/inspect/looker.h"

G_BEGIN_DECLS

typedef struct _RfSearch RfSearch;

/* A network like @net with memory for a batch; RF_ERROR_MEMORY if there is too little. */
RfSearch *rf_search_new (const RfNet *net, GError **error);
void rf_search_free (RfSearch *search);

/* From the beginning. */
void rf_search_begin (RfSearch *search);
/* The next batch, with the weights of @net; @version is other if they are. TRUE when it is over:
 * then @look has the answer. */
gboolean rf_search_step (RfSearch *search, const RfNet *net, guint version, RfLook *look);
/* Share of the split that has been gone through. */
double rf_search_get_fraction (const RfSearch *search, const RfLook *look);

G_END_DECLS
