/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the window share: window.c (the frame, and what is said about the run),
 * window-pages.c (sidebar, pages, layout), window-actions.c (what it can be told to do) and
 * window-open.c (files in and out). */

#include "app/pages/page.h"
#include "app/window.h"

G_BEGIN_DECLS

struct _RfWindow
{
  AdwApplicationWindow parent_instance;

  RfSession *session;
  GSignalGroup *run; /* signals of the session's run */
  char *path;        /* to be opened after the first frame */
  gboolean closing, presenting;
  gboolean alone;   /* the page on show has nothing to do with the run */
  gboolean greeted; /* the first run has been shown */
  gint64 told;      /* when the subtitle was last written */
  guint tell_id;

  AdwWindowTitle *title;
  GtkMenuButton *open_button;
  GtkWidget *train_button, *step_button, *reset_button, *fork_button;
  GtkWidget *sidebar_button, *swap_button;
  gboolean sidebar_wanted; /* where there is room for it */
  AdwButtonContent *swap_content;
  AdwButtonContent *train_content;
  GtkSpinner *spinner, *loading_spinner;
  GtkProgressBar *progress, *loading_progress;
  GtkLabel *loading_label;
  AdwToastOverlay *toasts;
  AdwFlap *flap;
  GtkListBox *sidebar;
  GtkStack *stack, *pages;
};

/* window.c: a short message over the window. */
void rf_window_say (RfWindow *self, const char *message);

/* Shows the controls of the run that the page and presenting leave. */
void rf_window_show_controls (RfWindow *self);

/* window-actions.c */
void rf_window_init_actions (RfWindow *self);
/* Enables what can be done now. */
void rf_window_update_actions (RfWindow *self);

/* window-open.c */
void rf_window_init_open (RfWindow *self);
void rf_window_choose_experiment (RfWindow *self);
void rf_window_choose_run (RfWindow *self);
void rf_window_choose_pictures (RfWindow *self);
void rf_window_choose_save (RfWindow *self);
void rf_window_save_weights (RfWindow *self);
/* The menu of examples; looks at the files, so not before the first frame. */
void rf_window_fill_open_menu (RfWindow *self);
void rf_window_open_demo (RfWindow *self);
/* What was asked for at the start, or else the run or experiment of the last time, or else the
 * demo. */
void rf_window_open_first (RfWindow *self);

/* window-pages.c */
void rf_window_init_pages (RfWindow *self);
RfPage *rf_window_get_page (RfWindow *self);
void rf_window_set_presenting (RfWindow *self, gboolean presenting);
void rf_window_save_layout (RfWindow *self);
/* Takes back the panes that stand in windows of their own. */
void rf_window_bring_panes_back (RfWindow *self);

G_END_DECLS
