/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is dropped on the window: an experiment, a run, weights, a folder of pictures, and what is
 * none of these. What was there stays until the new is ready, and for good where that fails. */

#include "tests/app/lab-util.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

/* The drop itself, as the window system would bring it. */
static void
drop (RfWindow *window, const char *path)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (window));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) target = g_list_model_get_item (controllers, i);
      if (!GTK_IS_DROP_TARGET (target))
        continue;
      g_autoptr (GFile) file = g_file_new_for_path (path);
      GSList list = { file, NULL };
      GdkFileList *files = gdk_file_list_new_from_list (&list);
      g_auto (GValue) value = G_VALUE_INIT;
      gboolean taken;
      g_value_init (&value, GDK_TYPE_FILE_LIST);
      g_value_take_boxed (&value, files);
      g_signal_emit_by_name (target, "drop", &value, 1.0, 1.0, &taken);
      g_assert_true (taken);
      return;
    }
  g_error ("nothing can be dropped on the window");
}

/* Dropped, and another run is there. */
static void
drop_and_wait (RfWindow *window, const char *path)
{
  RfRun *before = get_run (window);
  drop (window, path);
  WAIT (get_run (window) != before || find_dialog ());
  if (find_dialog ())
    g_error ("%s", adw_message_dialog_get_body (find_dialog ()));
  wait_for_run (window);
}

/* Dropped, and refused with words that have @says in them; the run goes on. */
static void
drop_in_vain (RfWindow *window, const char *path, const char *says)
{
  RfRun *before = get_run (window);
  drop (window, path);
  WAIT (find_dialog ());
  g_test_message ("%s", adw_message_dialog_get_body (find_dialog ()));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (find_dialog ()), says));
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  g_assert_true (get_run (window) == before);
  WAIT (!rf_session_get_loading (rf_window_get_session (window)));
}

/* @n squares of one colour, a little different each. */
static void
draw (const char *parent, const char *class_, guint32 color, guint n)
{
  g_autofree char *dir = g_build_filename (parent, class_, NULL);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0777), ==, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 20, 20);
      gdk_pixbuf_fill (pixbuf, color + (i << 9));
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autoptr (GError) error = NULL;
      gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
      g_assert_no_error (error);
    }
}

static void
dropping (RfWindow *window)
{
  wait_for_run (window);
  train_steps (window, 20);
  g_autofree char *first = g_strdup (rf_run_get_folder (get_run (window)));
  gsize n;
  WAIT ((rf_run_get_epochs (get_run (window), &n), n >= 1));
  g_autofree char *weights = g_build_filename (first, "weights.safetensors", NULL);
  WAIT (g_file_test (weights, G_FILE_TEST_EXISTS));
  drop_in_vain (window, first, "open already");

  /* Junk, while it trains. */
  g_autofree char *text = g_build_filename (folder, "notes.txt", NULL);
  g_assert_true (g_file_set_contents (text, "Dear diary", -1, NULL));
  g_autofree char *bad = g_build_filename (folder, "bad.safetensors", NULL);
  g_assert_true (g_file_set_contents (bad, "\1\2\3", 3, NULL));
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_assert_cmpint (g_mkdir (empty, 0777), ==, 0);
  drop_in_vain (window, text, "notes.txt");
  drop_in_vain (window, bad, "bad.safetensors");
  drop_in_vain (window, empty, "empty");
  drop_in_vain (window, "/dev/null", "/dev/null");
  train_steps (window, 2);

  /* Weights that fit begin a new run of the same experiment. */
  drop_and_wait (window, weights);
  g_assert_cmpstr (rf_run_get_folder (get_run (window)), !=, first);
  g_assert_cmpint (rf_run_get_step (get_run (window)), ==, 0);
  g_assert_cmpstr (rf_run_get_experiment (get_run (window))->name, ==, "dropped");
  train_steps (window, 2);

  /* Another experiment, which they do not fit. */
  g_autofree char *other = write_experiment ("wider", "\"epochs\": 5000");
  g_autofree char *json = NULL;
  g_assert_true (g_file_get_contents (other, &json, NULL, NULL));
  g_auto (GStrv) parts = g_strsplit (json, "\"filters\": 8", 2);
  g_autofree char *wide = g_strjoinv ("\"filters\": 6", parts);
  g_assert_true (g_file_set_contents (other, wide, -1, NULL));
  drop_and_wait (window, other);
  g_assert_cmpstr (rf_run_get_experiment (get_run (window))->name, ==, "wider");
  train_steps (window, 2);
  drop_in_vain (window, weights, "weights.safetensors");

  /* A run is gone on with. */
  drop_and_wait (window, first);
  g_assert_cmpstr (rf_run_get_folder (get_run (window)), ==, first);
  g_assert_cmpint (rf_run_get_step (get_run (window)), >=, 20);
  train_steps (window, 2);

  /* Pictures: as many classes as folders, the layers as they are. */
  g_autofree char *pictures = g_build_filename (folder, "pictures", NULL);
  draw (pictures, "red", 0xc02020ff, 12);
  draw (pictures, "green", 0x20c020ff, 12);
  draw (pictures, "blue", 0x2020c0ff, 12);
  drop_and_wait (window, pictures);
  const RfDataset *dataset = rf_run_get_dataset (get_run (window));
  g_assert_cmpint (dataset->n_classes, ==, 3);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, >, 0);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, >, 0);
  train_steps (window, 3);
}

static void
test_dropping (void)
{
  g_autofree char *path = write_experiment ("dropped", "\"epochs\": 5000");
  live (path, dropping);
}

/* On a window with nothing in it. */
static void
alone (RfWindow *window)
{
  WAIT (find_dialog ());
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  g_autofree char *bad = g_build_filename (folder, "alone.safetensors", NULL);
  g_assert_true (g_file_set_contents (bad, "\1\2\3", 3, NULL));
  drop_in_vain (window, bad, "open the experiment");
  g_autofree char *path = write_experiment ("alone", "\"epochs\": 1");
  drop_and_wait (window, path);
  train_steps (window, 1);
}

static void
test_alone (void)
{
  live ("/no/such/file.json", alone);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drop/dropping", test_dropping);
  g_test_add_func ("/drop/alone", test_alone);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
