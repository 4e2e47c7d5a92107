/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Snapshots on their way from the trainer to the main loop: one slot and a doorbell.
 *
 * The trainer gathers into a snapshot that is its own, and hands it over when the slot is empty; if
 * it is not, it gathers on. Three snapshots go round: one being gathered, one in the slot, one
 * being read. So nothing is lost, nothing piles up, and neither side waits for the other. */

#include "model/run/trainer.h"

G_BEGIN_DECLS

typedef struct _RfMailbox RfMailbox;

RfMailbox *rf_mailbox_new (void);
void rf_mailbox_free (RfMailbox *box);

/* Main loop: @func is called there for each snapshot until rf_mailbox_hang_up(). */
void rf_mailbox_listen (RfMailbox *box, RfSnapshotFunc func, gpointer data);
void rf_mailbox_hang_up (RfMailbox *box);

/* Trainer: TRUE while somebody listens. Gathering is pointless otherwise. */
gboolean rf_mailbox_is_heard (RfMailbox *box);
/* What is being gathered; say rf_mailbox_touch() after adding to it. */
RfSnapshot *rf_mailbox_pending (RfMailbox *box);
void rf_mailbox_touch (RfMailbox *box);
/* Hands over what was gathered if the slot is free. TRUE if nothing is left to hand over. */
gboolean rf_mailbox_deliver (RfMailbox *box);

G_END_DECLS
