/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* When what changes by itself comes on show: on a common beat, so that all of it is painted in one
 * frame. A frame has a price of its own, and four widgets that each follow a training 15 times a
 * second would otherwise make 60 of them.
 *
 * What a person does is painted at once and has no use for this. Main thread only. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_RHYTHM_SHORTEST (1 / 15.0) /* seconds */

/* Calls @func once, on the next beat: an interval after the last one, or with the next turn of the
 * main loop if that is over. Returns a number for rf_rhythm_forget(). */
guint rf_rhythm_next (GSourceOnceFunc func, gpointer data);
void rf_rhythm_forget (guint id);

/* Seconds from one beat to the next; RF_RHYTHM_SHORTEST at first, and at least. */
void rf_rhythm_set_interval (double seconds);
double rf_rhythm_get_interval (void);
/* Beats so far; there is none while nobody waits for it. */
guint rf_rhythm_count (void);

G_END_DECLS
