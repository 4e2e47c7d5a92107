/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures come from samples, the data set, files, the clipboard, and what is dropped. Whatever is
 * no file is handed over as one: the same checks, the same words. */

#include "app/panes/picture/picture-pane-private.h"

#include "app/file-dialog.h"
#include "app/panes/picture/pad-window.h"
#include "model/filter/samples.h"

#include <glib/gi18n-lib.h>

#define HANDLER(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

HANDLER (open_sample)
{
  const RfSample *sample = rf_sample_find (g_variant_get_string (parameter, NULL));
  if (sample)
    rf_filter_bench_open_sample (RF_PICTURE_PANE (data)->bench, sample);
}

/* ---- files ---- */

static void
opened_cb (const char *path, gpointer data)
{
  rf_filter_bench_open (RF_PICTURE_PANE (data)->bench, path);
}

HANDLER (open_file)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _ ("Pictures (PNG, JPEG, GIF)"));
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "image/jpeg");
  gtk_file_filter_add_mime_type (filter, "image/gif");
  rf_file_dialog_ask (data, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Open a Picture"), NULL, filter,
                      opened_cb, data, NULL);
}

static void
saved_cb (gpointer data)
{
  rf_pane_say (data, _ ("The result is saved."));
}

static void
save_cb (const char *path, gpointer data)
{
  rf_filter_bench_save_png (RF_PICTURE_PANE (data)->bench, path, saved_cb, data);
}

HANDLER (save_result)
{
  rf_file_dialog_ask (data, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save the Result"), _ ("result.png"),
                      NULL, save_cb, data, NULL);
}

HANDLER (draw)
{
  RfPicturePane *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (!self->pad)
    {
      GtkWindow *pad
          = rf_pad_window_new (self->bench, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
      g_set_weak_pointer (&self->pad, pad);
    }
  gtk_window_present (self->pad);
}

/* ---- the data set ---- */

HANDLER (open_row)
{
  RfPicturePane *self = data;
  RfRun *run = rf_session_get_run (rf_pane_get_session (RF_PANE (self)));
  RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;
  if (!dataset || dataset->n == 0)
    {
      rf_pane_say (RF_PANE (self), _ ("There is no data set yet: open an experiment."));
      return;
    }
  if (!dataset->pictures)
    {
      rf_pane_say (RF_PANE (self), _ ("What is in this data set is no pictures."));
      return;
    }
  int split = RF_SPLIT_TEST;
  while (split > 0 && dataset->splits[split].n == 0)
    split--;
  const RfRows *rows = &dataset->splits[split];
  if (rows->n > 0)
    rf_filter_bench_open_row (self->bench, dataset,
                              rows->rows[g_random_int_range (0, (gint32) rows->n)]);
}

/* ---- clipboard ---- */

typedef struct
{
  RfPicturePane *pane;
  GOutputStream *memory;
} Pasting;

static void
pasting_free (Pasting *pasting)
{
  g_object_unref (pasting->pane);
  g_clear_object (&pasting->memory);
  g_free (pasting);
}

static void
say_nothing_there (RfPicturePane *self)
{
  rf_pane_say (RF_PANE (self), _ ("There is no picture on the clipboard."));
}

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Pasting *pasting = data;
  RfPicturePane *self = pasting->pane;
  g_autoptr (GError) error = NULL;
  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error) <= 0)
    {
      if (error)
        rf_pane_say (RF_PANE (self), error->message);
      else
        say_nothing_there (self);
    }
  else
    {
      g_autoptr (GBytes) bytes
          = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
      rf_filter_bench_open_bytes (self->bench, bytes, _ ("Pasted picture"));
    }
  pasting_free (pasting);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Pasting *pasting = data;
  g_autoptr (GInputStream) stream
      = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  if (!stream)
    {
      say_nothing_there (pasting->pane);
      pasting_free (pasting);
      return;
    }
  pasting->memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (pasting->memory, stream,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                    | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, spliced_cb, pasting);
}

static gboolean
open_first (RfPicturePane *self, GdkFileList *list)
{
  g_autoptr (GSList) files = list ? gdk_file_list_get_files (list) : NULL;
  g_autofree char *path = files ? g_file_get_path (files->data) : NULL;
  if (path)
    rf_filter_bench_open (self->bench, path);
  return path != NULL;
}

static void
files_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfPicturePane) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  if (!value || !open_first (self, g_value_get_boxed (value)))
    say_nothing_there (self);
}

HANDLER (paste)
{
  static const char *types[] = { "image/png", "image/jpeg", "image/gif", NULL };
  RfPicturePane *self = data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_FILE_LIST))
    {
      gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                      files_cb, g_object_ref (self));
      return;
    }
  Pasting *pasting = g_new0 (Pasting, 1);
  pasting->pane = g_object_ref (self);
  gdk_clipboard_read_async (clipboard, types, G_PRIORITY_DEFAULT, NULL, read_cb, pasting);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RfPicturePane *self)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return open_first (self, g_value_get_boxed (value));
  if (!G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    return FALSE;
  g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (g_value_get_object (value));
  rf_filter_bench_open_bytes (self->bench, png, _ ("Dropped picture"));
  return TRUE;
}

void
rf_picture_pane_init_sources (RfPicturePane *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GMenuModel *
rf_picture_pane_make_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) samples = g_menu_new ();
  for (const RfSample *sample = rf_samples; sample->name; sample++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (sample->title), NULL);
      g_menu_item_set_action_and_target (item, "picture.sample", "s", sample->name);
      g_menu_append_item (samples, item);
    }
  g_menu_append_section (menu, _ ("Samples"), G_MENU_MODEL (samples));
  g_autoptr (GMenu) others = g_menu_new ();
  g_menu_append (others, _ ("One of the _Data Set"), "picture.row");
  g_menu_append (others, _ ("_Draw One…"), "picture.draw");
  g_menu_append (others, _ ("_Open…"), "picture.open");
  g_menu_append (others, _ ("_Paste"), "picture.paste");
  g_menu_append_section (menu, _ ("Others"), G_MENU_MODEL (others));
  g_autoptr (GMenu) result = g_menu_new ();
  g_menu_append (result, _ ("_Save the Result…"), "picture.save");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (result));
  return G_MENU_MODEL (menu);
}

const GActionEntry rf_picture_pane_actions[] = {
  { "sample", open_sample, "s" },
  { "open", open_file },
  { "row", open_row },
  { "draw", draw },
  { "paste", paste },
  { "save", save_result },
};
const int rf_picture_pane_n_actions = G_N_ELEMENTS (rf_picture_pane_actions);
