/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/file-dialog.h"

#include "model/base/files.h"

#include <glib/gi18n-lib.h>

/* ---- asking ---- */

typedef struct
{
  GtkWidget *over; /* weak */
  RfPathFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;
  g_clear_weak_pointer (&question->over);
  if (question->destroy)
    question->destroy (question->data);
  g_free (question);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Question *question)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  if (response == GTK_RESPONSE_ACCEPT && path && question->over)
    question->func (path, question->data);
  g_object_unref (dialog);
}

void
rf_file_dialog_ask (GtkWidget *over, GtkFileChooserAction action, const char *title,
                    const char *name, GtkFileFilter *filter, RfPathFunc func, gpointer data,
                    GDestroyNotify destroy)
{
  g_return_if_fail (GTK_IS_WIDGET (over) && title && func);
  Question *question = g_new0 (Question, 1);
  GtkRoot *root = gtk_widget_get_root (over);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, action,
      action == GTK_FILE_CHOOSER_ACTION_SAVE ? _ ("_Save") : _ ("_Open"), NULL);
  g_set_weak_pointer (&question->over, over);
  question->func = func;
  question->data = data;
  question->destroy = destroy;
  if (name)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  if (filter)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* ---- saving ---- */

typedef struct
{
  GtkWidget *over; /* there when a path comes */
  char *saved;
  RfSaveFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;
  if (save->destroy)
    save->destroy (save->data);
  g_free (save->saved);
  g_free (save);
}

static void
path_cb (const char *path, gpointer data)
{
  const Save *save = data;
  g_autoptr (GError) error = NULL;
  const gboolean saved = save->func (path, save->data, &error);
  gtk_widget_activate_action (save->over, "win.say", "s", saved ? save->saved : error->message);
}

void
rf_file_dialog_save (GtkWidget *over, const char *title, const char *name, const char *saved,
                     RfSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (func && saved);
  Save *save = g_new (Save, 1);
  *save = (Save){ over, g_strdup (saved), func, data, destroy };
  rf_file_dialog_ask (over, GTK_FILE_CHOOSER_ACTION_SAVE, title, name, NULL, path_cb, save,
                      save_free);
}

static gboolean
write_text (const char *path, gpointer text, GError **error)
{
  return rf_file_write_text (path, text, error);
}

void
rf_file_dialog_save_text (GtkWidget *over, const char *title, const char *name, const char *saved,
                          char *text)
{
  rf_file_dialog_save (over, title, name, saved, write_text, text, g_free);
}
