/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The small controls that panes are made of, each with a name and a tooltip. */

#include "widgets/knob/knob.h"
#include <adwaita.h>

G_BEGIN_DECLS

/* @titles: N_(), NULL-terminated. */
GtkWidget *rf_control_drop (const char *const *titles, const char *name, const char *tooltip);
/* A spin button for whole numbers, or with @digits behind the point. */
GtkWidget *rf_control_spin (double low, double high, double step, guint digits, const char *name,
                            const char *tooltip);
/* @range: with N_() in title and summary. */
GtkWidget *rf_control_knob (const RfKnobRange *range, double value);
/* A title and the controls that it is about, in one line. */
GtkWidget *rf_control_row (const char *title, GtkWidget *first, GtkWidget *second);
GtkWidget *rf_control_heading (const char *title);
GtkWidget *rf_control_caption (void); /* dim, small, wrapped */
GtkWidget *rf_control_button (const char *label, const char *name, const char *tooltip);
GtkWidget *rf_control_icon (const char *icon, const char *name, const char *tooltip);
void rf_control_name (GtkWidget *widget, const char *name);

/* @child at its natural height, scrolling where there is less. */
GtkWidget *rf_control_scrolled (GtkWidget *child);

/* Actions @prefix.NAME of a pane, for what is in it and for its tools, which stand elsewhere. Their
 * data is the pane. */
void rf_control_add_actions (GtkWidget *pane, GtkWidget *tools, const char *prefix,
                             const GActionEntry *entries, int n);

/* Sets without the handlers of @data hearing of it. */
void rf_control_set_drop (GtkWidget *drop, guint selected, gpointer data);
void rf_control_set_spin (GtkWidget *spin, double value, gpointer data);
void rf_control_set_toggle (GtkWidget *toggle, gboolean active, gpointer data);

G_END_DECLS
