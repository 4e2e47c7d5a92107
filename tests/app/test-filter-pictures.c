/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of the page of filters that come from outside: pasted, dropped, very large; and kernels
 * that stay beyond the program's end. */

#include "app/filters/own-kernels.h"
#include "app/panes/kernel/sections.h"
#include "app/panes/picture/picture-pane.h"
#include "model/filter/presets.h"
#include "tests/app/filters-util.h"

#include <glib/gi18n-lib.h>

#define WAIT_WIDTH(bench, n)                                                                       \
  WAIT (rf_filter_bench_get_picture (bench)->pixels.shape.width == (n) && settled (bench))

static GdkTexture *
make_texture (int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  gdk_pixbuf_fill (pixbuf, 0x4080c0ff);
  return gdk_texture_new_for_pixbuf (pixbuf);
}

static void
paste (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  GtkWidget *pane = find_in (window, RF_TYPE_PICTURE_PANE);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (pane);
  g_autoptr (GdkTexture) texture = make_texture (37, 21);
  gdk_clipboard_set_texture (clipboard, texture);
  act_in (pane, "picture.paste");
  WAIT_WIDTH (bench, 37);
  g_assert_cmpint (rf_filter_bench_get_picture (bench)->pixels.shape.height, ==, 21);

  /* A text is no picture: the one that was there stays. */
  gdk_clipboard_set_text (clipboard, "no picture");
  act_in (pane, "picture.paste");
  run_for (300);
  g_assert_cmpint (rf_filter_bench_get_picture (bench)->pixels.shape.width, ==, 37);
  act (window, "win.undo");
  g_assert_cmpint (rf_filter_bench_get_picture (bench)->pixels.shape.width, !=, 37);
}

static void
test_paste (void)
{
  live (NULL, paste);
}

static GtkDropTarget *
find_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  g_assert_not_reached ();
}

static void
drop (GtkWidget *pane, GType type, gpointer what)
{
  gboolean taken = FALSE;
  g_auto (GValue) value = G_VALUE_INIT;
  g_value_init (&value, type);
  if (g_type_is_a (type, G_TYPE_OBJECT))
    g_value_set_object (&value, what);
  else
    g_value_set_boxed (&value, what);
  g_signal_emit_by_name (find_target (pane), "drop", &value, 5., 5., &taken);
  g_assert_true (taken);
}

static void
drops (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  GtkWidget *pane = find_in (window, RF_TYPE_PICTURE_PANE);
  g_autoptr (GdkTexture) texture = make_texture (41, 20), other = make_texture (43, 20);
  drop (pane, GDK_TYPE_TEXTURE, texture);
  WAIT_WIDTH (bench, 41);

  g_autofree char *path = g_build_filename (folder, "dropped.png", NULL);
  g_assert_true (gdk_texture_save_to_png (other, path));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GdkFileList *list = gdk_file_list_new_from_array ((GFile *[]){ file }, 1);
  drop (pane, GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  WAIT_WIDTH (bench, 43);
}

static void
test_drop (void)
{
  live (NULL, drops);
}

/* A file that says it is a picture of 30,000×30,000 pixels, and has none. */
static const guint8 huge[] = {
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49,
  0x48, 0x44, 0x52, 0x00, 0x00, 0x75, 0x30, 0x00, 0x00, 0x75, 0x30, 0x08, 0x02,
  0x00, 0x00, 0x00, 0xe9, 0x45, 0x6f, 0xed, 0x00, 0x00, 0x00, 0x08, 0x49, 0x44,
  0x41, 0x54, 0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01, 0x48, 0x06, 0x89,
  0xd2, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static void
large (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  const int width = 8000, height = 6250;
  g_autofree char *path = g_build_filename (folder, "huge.png", NULL);
  g_assert_true (g_file_set_contents (path, (const char *) huge, sizeof huge, NULL));
  g_clear_pointer (&said, g_free);
  rf_filter_bench_open (bench, path);
  WAIT (said);
  g_test_message ("%s", said);
  g_assert_nonnull (strstr (said, "huge.png"));

  rf_filter_bench_open_rgb (bench, g_malloc0 ((gsize) width * height * 3), width, height, "Large");
  WAIT_WIDTH (bench, width);
  WAIT (settled (bench) && rf_filter_bench_get_result (bench)->shape.width == width);
  g_test_message ("50 megapixels in %.0f ms", rf_filter_bench_get_result (bench)->milliseconds);
  rf_filter_bench_point (bench, 10, 10);
  WAIT (rf_filter_bench_get_trace (bench));

  /* A second stage, and there are too many values to keep them all: that is said. */
  RfChain *chain = rf_chain_copy (rf_filter_bench_get_chain (bench));
  chain->stages[1] = chain->stages[2] = chain->stages[0];
  chain->n_stages = 3;
  rf_filter_bench_set_chain (bench, chain, 2, "Three", NULL);
  WAIT (settled (bench) && rf_filter_bench_get_result (bench)->n_stages == 3
        && !rf_filter_bench_get_result (bench)->kept);
  WAIT (find_label (window, _ ("This picture is too large to keep the results of all stages, so "
                               "that no pixel can be followed. A smaller one, or fewer stages, "
                               "can.")));
}

static void
test_large (void)
{
  live (NULL, large);
}

static gboolean
is_trash (GtkWidget *button, gconstpointer what)
{
  return g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (button)), "user-trash-symbolic") == 0;
}

static void
own (RfWindow *window)
{
  RfFilterBench *bench = open_page (window);
  RfPresetSection *section = find_in (window, RF_TYPE_PRESET_SECTION);
  GtkWidget *trash = find (GTK_WIDGET (section), GTK_TYPE_BUTTON, is_trash, NULL);
  GtkDropDown *drop = GTK_DROP_DOWN (find (GTK_WIDGET (section), GTK_TYPE_DROP_DOWN, NULL, NULL));
  g_autoptr (GError) error = NULL;
  RfKernel kernel;
  rf_preset_build (rf_preset_find ("random"), (const double[]){ 7, 5 }, &kernel);
  g_assert_true (rf_own_kernels_save ("mine", &kernel, &error));
  rf_preset_section_reload (section);
  g_assert_false (gtk_widget_get_visible (trash));
  const guint n = g_list_model_get_n_items (gtk_drop_down_get_model (drop));
  gtk_drop_down_set_selected (drop, n - 1);
  g_assert_cmpfloat_with_epsilon (
      rf_kernel_get (&rf_filter_bench_get_stage (bench)->kernel, 0, 2, 2),
      rf_kernel_get (&kernel, 0, 2, 2), 1e-9);
  g_assert_true (gtk_widget_get_visible (trash));
  g_signal_emit_by_name (trash, "clicked");
  g_assert_false (gtk_widget_get_visible (trash));
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (drop)), ==, n - 1);
  g_auto (GStrv) left = rf_own_kernels_list ();
  g_assert_null (left[0]);
}

static void
test_own (void)
{
  live (NULL, own);
}

/* While a network trains, an edit is seen as soon as without: it waits for no step. */
static void
beside_training (RfWindow *window)
{
  enum
  {
    N = 15
  };
  RfFilterBench *bench = open_page (window);
  double slowest = 0, sum = 0;
  train_steps (window, 1);
  for (int i = 0; i < N; i++)
    {
      RfKernel kernel;
      rf_preset_build (rf_preset_find ("random"), (const double[]){ i + 1, 7 }, &kernel);
      const gint64 now = g_get_monotonic_time ();
      rf_filter_bench_set_kernel (bench, &kernel, "Drag", "drag");
      WAIT_RESULT (bench, now);
      const double took = (double) (g_get_monotonic_time () - now) / 1000;
      slowest = MAX (slowest, took);
      sum += took;
      run_for (20);
    }
  g_test_message ("mean %.1f ms, slowest %.1f ms while training", sum / N, slowest);
  g_assert_cmpfloat (sum / N, <, 2000);
  if (rf_run_get_state (get_run (window)) == RF_TRAINER_RUNNING)
    pause_run (window);
}

static void
test_beside_training (void)
{
  live (NULL, beside_training);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-pictures/paste", test_paste);
  g_test_add_func ("/filter-pictures/drop", test_drop);
  g_test_add_func ("/filter-pictures/large", test_large);
  g_test_add_func ("/filter-pictures/own", test_own);
  g_test_add_func ("/filter-pictures/beside-training", test_beside_training);
  const int status = g_test_run ();
  g_free (said);
  rf_test_remove_folder (folder);
  return status;
}
