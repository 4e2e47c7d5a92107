/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The frame around a pane: a title bar with the pane's tools and two buttons, to make it as large
 * as its page and to take it out into a window of its own. While it is out the frame says so. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

#define RF_TYPE_PANE_FRAME (rf_pane_frame_get_type ())
G_DECLARE_FINAL_TYPE (RfPaneFrame, rf_pane_frame, RF, PANE_FRAME, GtkWidget)

/* Makes the pane. Property "maximized" (gboolean): asked for by the person or by
 * rf_pane_frame_set_maximized(); the page arranges for it. Property "popped-out" (gboolean), to be
 * read, with notify. */
GtkWidget *rf_pane_frame_new (const RfPaneInfo *info, RfSession *session);
const RfPaneInfo *rf_pane_frame_get_info (RfPaneFrame *frame);
RfPane *rf_pane_frame_get_pane (RfPaneFrame *frame);
gboolean rf_pane_frame_get_maximized (RfPaneFrame *frame);
void rf_pane_frame_set_maximized (RfPaneFrame *frame, gboolean maximized);

/* Tells the pane, and hides the buttons: keys do the same. */
void rf_pane_frame_set_presenting (RfPaneFrame *frame, gboolean presenting);

/* The window that the pane stands in, if it is out; else NULL. */
GtkWindow *rf_pane_frame_get_window (RfPaneFrame *frame);
void rf_pane_frame_pop_out (RfPaneFrame *frame);
/* Takes it back. */
void rf_pane_frame_bring_back (RfPaneFrame *frame);

G_END_DECLS
