/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Asking where to save something, and saving it there. */

#include "app/panes/pane.h"

G_BEGIN_DECLS

/* Writes @data to @path. */
typedef gboolean (*RfSaveFunc) (const char *path, gpointer data, GError **error);

/* Asks over the window of @pane; @title and @saved, what is said afterwards, are translated, @name
 * is offered as the file's. @data is freed with @destroy (may be NULL) in any case. */
void rf_save_dialog (RfPane *pane, const char *title, const char *name, const char *saved,
                     RfSaveFunc func, gpointer data, GDestroyNotify destroy);

/* Likewise for one to be opened; @func is said to "write", but reads. @saved may be NULL. */
void rf_open_dialog (RfPane *pane, const char *title, const char *saved, RfSaveFunc func,
                     gpointer data, GDestroyNotify destroy);

G_END_DECLS
