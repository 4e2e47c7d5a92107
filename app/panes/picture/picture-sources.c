/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures come from samples, the data set, files, the clipboard, and what is dropped. Whatever is
 * no file is handed over as one: the same checks, the same words. */

#include "app/panes/picture/picture-pane-private.h"

#include "app/file-dialog.h"
#include "app/pad-window.h"
#include "app/picture-taker.h"
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
take_path (GtkWidget *widget, const char *path)
{
  rf_filter_bench_open (RF_PICTURE_PANE (widget)->bench, path);
}

static void
take_bytes (GtkWidget *widget, GBytes *bytes, const char *title)
{
  rf_filter_bench_open_bytes (RF_PICTURE_PANE (widget)->bench, bytes, title);
}

static const RfPictureTaker taker = { take_path, take_bytes };

HANDLER (open_file)
{
  rf_picture_taker_ask (&taker, data);
}

HANDLER (paste)
{
  rf_picture_taker_paste (&taker, data);
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

static void
drawn_cb (guint8 *rgb, int width, int height, gpointer data)
{
  rf_filter_bench_open_rgb (data, rgb, width, height, _ ("Drawing"));
}

HANDLER (draw)
{
  RfPicturePane *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (!self->pad)
    {
      GtkWindow *pad = rf_pad_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, drawn_cb,
                                          G_OBJECT (self->bench));
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

/* ---- the menu ---- */

void
rf_picture_pane_init_sources (RfPicturePane *self)
{
  rf_picture_taker_accept_drops (&taker, GTK_WIDGET (self));
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
