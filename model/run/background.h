/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Slow work for the main loop, in a thread of its own, on pthread and C11 so that ThreadSanitizer
 * sees what is handed over; GTask's own threads it cannot see into. */

#include <glib.h>

G_BEGIN_DECLS

typedef void (*RfBackgroundFunc) (gpointer data);

/* Runs @work in a new thread, then @done (NULL: nothing) on the caller's thread-default main
 * context. FALSE if there is no thread to be had; then neither runs. */
gboolean rf_background_run (RfBackgroundFunc work, RfBackgroundFunc done, gpointer data);

G_END_DECLS
