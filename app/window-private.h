/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window.h"

G_BEGIN_DECLS

struct _RfWindow
{
  AdwApplicationWindow parent_instance;

  RfSession *session;
  GSignalGroup *run; /* signals of the session's run */
  char *path;        /* to be opened after the first frame */
  gboolean closing;
  gint64 told; /* when the subtitle was last written */

  AdwWindowTitle *title;
  GtkMenuButton *open_button;
  GtkWidget *train_button, *step_button, *reset_button;
  AdwButtonContent *train_content;
  GtkSpinner *spinner, *loading_spinner;
  GtkProgressBar *progress, *loading_progress;
  GtkLabel *loading_label;
  AdwToastOverlay *toasts;
  GtkStack *stack, *panes;
};

/* window-actions.c: what can be done from menus, keys and by dropping files. */
void rf_window_install_actions (GtkWidgetClass *widget_class);
void rf_window_init_actions (RfWindow *self);
/* Enables what can be done now. */
void rf_window_update_actions (RfWindow *self);
/* The menu of examples; looks at the files, so not before the first frame. */
void rf_window_fill_open_menu (RfWindow *self);
void rf_window_open_demo (RfWindow *self);
/* What was asked for at the start, or else the experiment of the last time, or else the demo. */
void rf_window_open_first (RfWindow *self);

G_END_DECLS
