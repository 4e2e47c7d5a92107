/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/save-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RfPane *pane; /* weak */
  char *saved;
  RfSaveFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Asked;

static void
asked_free (gpointer data, GClosure *closure)
{
  Asked *asked = data;
  g_clear_weak_pointer (&asked->pane);
  if (asked->destroy)
    asked->destroy (asked->data);
  g_free (asked->saved);
  g_free (asked);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Asked *asked)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;
  if (response == GTK_RESPONSE_ACCEPT && path && asked->pane)
    {
      if (!asked->func (path, asked->data, &error))
        rf_pane_say (asked->pane, error ? error->message : _ ("It could not be saved."));
      else if (asked->saved)
        rf_pane_say (asked->pane, asked->saved);
    }
  g_object_unref (dialog);
}

static void
ask (RfPane *pane, GtkFileChooserAction action, const char *title, const char *name,
     const char *saved, RfSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  Asked *asked = g_new0 (Asked, 1);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (pane));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action,
      action == GTK_FILE_CHOOSER_ACTION_SAVE ? _ ("_Save") : _ ("_Open"), NULL);
  g_set_weak_pointer (&asked->pane, pane);
  asked->saved = g_strdup (saved);
  asked->func = func;
  asked->data = data;
  asked->destroy = destroy;
  if (name)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asked, asked_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
rf_save_dialog (RfPane *pane, const char *title, const char *name, const char *saved,
                RfSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (RF_IS_PANE (pane) && func);
  ask (pane, GTK_FILE_CHOOSER_ACTION_SAVE, title, name, saved, func, data, destroy);
}

void
rf_open_dialog (RfPane *pane, const char *title, const char *saved, RfSaveFunc func, gpointer data,
                GDestroyNotify destroy)
{
  g_return_if_fail (RF_IS_PANE (pane) && func);
  ask (pane, GTK_FILE_CHOOSER_ACTION_OPEN, title, NULL, saved, func, data, destroy);
}
