/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/picture-taker.h"

#include "app/file-dialog.h"

#include <glib/gi18n-lib.h>

/* Who waits for a picture. */
typedef struct
{
  const RfPictureTaker *taker;
  GtkWidget *widget;
} Waiting;

static Waiting *
waiting_new (const RfPictureTaker *taker, GtkWidget *widget)
{
  Waiting *waiting = g_new (Waiting, 1);
  *waiting = (Waiting){ taker, g_object_ref (widget) };
  return waiting;
}

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;
  g_object_unref (waiting->widget);
  g_free (waiting);
}

/* ---- files ---- */

static void
opened_cb (const char *path, gpointer data)
{
  Waiting *waiting = data;
  waiting->taker->take_path (waiting->widget, path);
}

void
rf_picture_taker_ask (const RfPictureTaker *taker, GtkWidget *widget)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _ ("Pictures (PNG, JPEG, GIF)"));
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "image/jpeg");
  gtk_file_filter_add_mime_type (filter, "image/gif");
  rf_file_dialog_ask (widget, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Open a Picture"), NULL, filter,
                      opened_cb, waiting_new (taker, widget), waiting_free);
}

static gboolean
take_first (const RfPictureTaker *taker, GtkWidget *widget, GdkFileList *list)
{
  g_autoptr (GSList) files = list ? gdk_file_list_get_files (list) : NULL;
  g_autofree char *path = files ? g_file_get_path (files->data) : NULL;
  if (path)
    taker->take_path (widget, path);
  return path != NULL;
}

/* ---- clipboard ---- */

static void
say (GtkWidget *widget, const char *message)
{
  gtk_widget_activate_action (widget, "win.say", "s", message);
}

static void
say_nothing_there (GtkWidget *widget)
{
  say (widget, _ ("There is no picture on the clipboard."));
}

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GError) error = NULL;
  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error) > 0)
    {
      g_autoptr (GBytes) bytes
          = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
      waiting->taker->take_bytes (waiting->widget, bytes, _ ("Pasted picture"));
    }
  else if (error)
    say (waiting->widget, error->message);
  else
    say_nothing_there (waiting->widget);
  waiting_free (waiting);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GInputStream) stream
      = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  if (!stream)
    {
      say_nothing_there (waiting->widget);
      waiting_free (waiting);
      return;
    }
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (
      memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
      G_PRIORITY_DEFAULT, NULL, spliced_cb, waiting);
}

static void
files_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  if (!value || !take_first (waiting->taker, waiting->widget, g_value_get_boxed (value)))
    say_nothing_there (waiting->widget);
  waiting_free (waiting);
}

void
rf_picture_taker_paste (const RfPictureTaker *taker, GtkWidget *widget)
{
  static const char *types[] = { "image/png", "image/jpeg", "image/gif", NULL };
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  Waiting *waiting = waiting_new (taker, widget);
  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    files_cb, waiting);
  else
    gdk_clipboard_read_async (clipboard, types, G_PRIORITY_DEFAULT, NULL, read_cb, waiting);
}

/* ---- dropping ---- */

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y,
         const RfPictureTaker *taker)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return take_first (taker, widget, g_value_get_boxed (value));
  if (!G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    return FALSE;
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (g_value_get_object (value));
  taker->take_bytes (widget, png, _ ("Dropped picture"));
  return TRUE;
}

void
rf_picture_taker_accept_drops (const RfPictureTaker *taker, GtkWidget *widget)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), (gpointer) taker);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (target));
}
