/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Threads, data folder, room for runs, light or dark. */
void rf_preferences_show (GtkWindow *parent);
/* Puts in force what the settings say of light or dark, now and whenever it changes. */
void rf_preferences_follow_color_scheme (void);
/* Threads to compute with, by the settings; 0: one for each processor. */
int rf_preferences_get_threads (void);

G_END_DECLS
