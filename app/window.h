/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_WINDOW (rf_window_get_type ())
G_DECLARE_FINAL_TYPE (RfWindow, rf_window, RF, WINDOW, AdwApplicationWindow)

/* Shows itself empty at first; loading begins after the first frame. @path: an experiment file or
 * run folder, or NULL for the demo. */
RfWindow *rf_window_new (AdwApplication *application, const char *path);
/* Opens an experiment file or a run folder. */
void rf_window_open (RfWindow *window, const char *path);
/* Writes the experiment, with its knobs as they stand and what is planned, and says so over the
 * window; FALSE, after saying why, if it could not. */
gboolean rf_window_save_experiment (RfWindow *window, const char *path);
RfSession *rf_window_get_session (RfWindow *window);

G_END_DECLS
