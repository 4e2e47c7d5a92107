/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Asking for a file over the window that a widget is in. If the widget is gone when the answer
 * comes, nothing is done. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*RfPathFunc) (const char *path, gpointer data);

/* @name: what is offered as the name of a file to be saved, or NULL; @filter: NULL for all files.
 * @data is freed with @destroy (may be NULL) in any case. */
void rf_file_dialog_ask (GtkWidget *over, GtkFileChooserAction action, const char *title,
                         const char *name, GtkFileFilter *filter, RfPathFunc func, gpointer data,
                         GDestroyNotify destroy);

/* Writes @data to @path. */
typedef gboolean (*RfSaveFunc) (const char *path, gpointer data, GError **error);

/* Asks where to save something, saves it there, and says over the window @saved or what failed. */
void rf_file_dialog_save (GtkWidget *over, const char *title, const char *name, const char *saved,
                          RfSaveFunc func, gpointer data, GDestroyNotify destroy);
/* The same for a text, which is taken over. */
void rf_file_dialog_save_text (GtkWidget *over, const char *title, const char *name,
                               const char *saved, char *text);

G_END_DECLS
