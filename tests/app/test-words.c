/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real window in another language than it was written in: every page, menu and dialog, wide and
 * narrow, has all its text translated and all of it to be read. LANGUAGE says which: German, or the
 * language of build-aux/pseudo-po.py, whose letters tell what has passed through gettext, and whose
 * words are as much longer than English as most languages get. */

#include "tests/app/label-check.h"
#include "tests/app/window-util.h"

#include "app/catalog.h"
#include "app/pages/page-info.h"
#include "model/base/locale.h"

#include <errno.h>
#include <locale.h>

/* The least that the window is made for: a projector of 1024×768. */
#define LEAST_WIDTH  1024
#define LEAST_HEIGHT 768

#define SETTLE 250 /* milliseconds for sizes to be given and pictures to come */

static gboolean pseudo;

/* ---- names that are data ---- */

/* Of the run on show: its classes and what the experiment is called; and of the examples. */
static char **
list_names (RfWindow *window)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  RfRun *run = get_run (window);
  const RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;
  g_autoptr (GPtrArray) examples = rf_catalog_list ();
  g_strv_builder_add (names, g_strerror (ENOENT));
  for (guint i = 0; i < examples->len; i++)
    g_strv_builder_add (names, ((RfExample *) examples->pdata[i])->name);
  if (run)
    g_strv_builder_add (names, rf_run_get_experiment (run)->name);
  for (int i = 0; dataset && dataset->classes && i < dataset->n_classes; i++)
    g_strv_builder_add (names, dataset->classes[i]);
  return g_strv_builder_end (names);
}

/* ---- looking ---- */

typedef struct
{
  LabelCheck *check;
  GtkWidget *root;
  gboolean is_done;
} Look;

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  Look *look = user_data;
  if (!look->is_done)
    check_tree (look->check, look->root);
  look->is_done = TRUE;
}

/* Checks between two frames: text that has just changed is measured there, at any other time it
 * may still have the place of what was said before. */
static void
check_painted (LabelCheck *check, GtkWidget *root)
{
  Look look = { check, root, FALSE };
  GdkFrameClock *clock = gtk_widget_get_frame_clock (root);
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &look);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  WAIT (look.is_done);
  g_signal_handler_disconnect (clock, handler);
}

/* The list of pages glides in and out, for as long as the machine takes. */
static void
wait_for_sidebar (RfWindow *window)
{
  GtkWidget *flap = find (GTK_WIDGET (window), ADW_TYPE_FLAP, NULL, NULL);
  g_assert_nonnull (flap);
  WAIT (adw_flap_get_reveal_progress (ADW_FLAP (flap)) == 0
        || adw_flap_get_reveal_progress (ADW_FLAP (flap)) == 1);
}

static void
look (RfWindow *window, GtkWidget *root, const char *scene, gboolean narrow, gboolean foreign)
{
  g_auto (GStrv) names = list_names (window);
  g_autoptr (GHashTable) complaints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  LabelCheck check = { .scene = scene,
                       .pseudo = pseudo,
                       .foreign = foreign,
                       .narrow = narrow,
                       .names = (const char *const *) names,
                       .complaints = complaints };
  run_for (SETTLE);
  wait_for_sidebar (window);
  check_painted (&check, root);
  if (g_hash_table_size (complaints) > 0)
    g_test_fail ();
  g_test_message ("%s: %u labels at %d×%d", scene, check.n_labels, gtk_widget_get_width (root),
                  gtk_widget_get_height (root));
  g_assert_cmpuint (check.n_labels, >, 0);
}

static void
resize (RfWindow *window, int width, int height)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  run_for (SETTLE);
}

/* Wide, then as narrow as the window lets itself be made. */
static void
look_at_sizes (RfWindow *window, const char *scene)
{
  resize (window, 1440, 900);
  WAIT (gtk_widget_get_width (GTK_WIDGET (window)) > 1400);
  look (window, GTK_WIDGET (window), scene, FALSE, FALSE);

  g_autofree char *narrow = g_strconcat (scene, ", narrow", NULL);
  resize (window, 1, 1);
  look (window, GTK_WIDGET (window), narrow, TRUE, FALSE);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, LEAST_WIDTH);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (window)), <=, LEAST_HEIGHT);
  resize (window, 1440, 900);
}

/* The newest window beside @window, once there is one. */
static GtkWidget *
wait_for_other_window (RfWindow *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  GtkWidget *other = NULL;
  while (!other)
    {
      WAIT (g_list_model_get_n_items (toplevels) > 1);
      for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
        {
          g_autoptr (GtkWidget) each = g_list_model_get_item (toplevels, i);
          if (each != GTK_WIDGET (window) && gtk_widget_get_mapped (each))
            other = each;
        }
      run_for (10);
    }
  return other;
}

static void
look_at_window (RfWindow *window, const char *action, gboolean foreign)
{
  act (window, action);
  GtkWidget *other = wait_for_other_window (window);
  look (window, other, action, FALSE, foreign);
  gtk_window_destroy (GTK_WINDOW (other));
  run_for (SETTLE);
}

/* A menu needs a place on the screen: its button must not be scrolled away. */
static gboolean
is_in_sight (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  double x, y;
  return gtk_widget_translate_coordinates (widget, root, gtk_widget_get_width (widget) / 2.0,
                                           gtk_widget_get_height (widget) / 2.0, &x, &y)
         && gtk_widget_contains (root, x, y);
}

/* Opens each menu in turn. */
static void
look_at_menus (RfWindow *window, GtkWidget *widget, const char *scene)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_MENU_BUTTON (widget) && gtk_widget_is_sensitive (widget) && is_in_sight (widget))
    {
      gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
      GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget));
      if (popover)
        {
          look (window, GTK_WIDGET (popover), scene, FALSE, FALSE);
          gtk_popover_popdown (popover);
        }
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    look_at_menus (window, child, scene);
}

/* ---- opening everything ---- */

static gboolean
is_sidebar (GtkWidget *widget, gconstpointer what)
{
  return gtk_widget_has_css_class (widget, "navigation-sidebar");
}

static GtkListBox *
find_sidebar (RfWindow *window)
{
  return GTK_LIST_BOX (find (GTK_WIDGET (window), GTK_TYPE_LIST_BOX, is_sidebar, NULL));
}

static const char *
show_page (RfWindow *window, GtkListBoxRow *row)
{
  gtk_list_box_select_row (find_sidebar (window), row);
  run_for (SETTLE);
  return ((const RfPageInfo *) g_object_get_data (G_OBJECT (row), "page"))->id;
}

static void
show_lab (RfWindow *window)
{
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (find_sidebar (window), i)); i++)
    if (g_str_equal (show_page (window, row), "lab"))
      return;
  g_assert_not_reached ();
}

/* Opens what is folded up: rows and expanders. */
static void
unfold (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  else if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    unfold (child);
}

/* ---- the tests ---- */

static void
pages (RfWindow *window)
{
  wait_for_run (window);
  look_at_sizes (window, "at first");
  train_steps (window, 30);
  pause_run (window);

  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (find_sidebar (window), i)); i++)
    {
      const char *page = show_page (window, row);
      g_autofree char *unfolded = g_strdup_printf ("%s, unfolded", page);
      look_at_sizes (window, page);
      look_at_menus (window, GTK_WIDGET (window), page);
      unfold (GTK_WIDGET (window));
      look_at_sizes (window, unfolded);
    }
}

static void
test_pages (void)
{
  live (NULL, pages);
}

static void
fork_run (RfWindow *window)
{
  wait_for_run (window);
  show_lab (window);
  train_steps (window, 5);
  pause_run (window);
  RfRun *before = get_run (window);
  act (window, "win.fork");
  WAIT (get_run (window) && get_run (window) != before);
  wait_for_run (window);
  look_at_sizes (window, "forked");
}

static void
test_fork (void)
{
  g_autofree char *path = write_experiment ("fork", "\"epochs\": 2");
  live (path, fork_run);
}

static void
windows (RfWindow *window)
{
  wait_for_run (window);
  look_at_window (window, "win.preferences", FALSE);
  look_at_window (window, "win.several-seeds", FALSE);
  look_at_window (window, "win.show-help-overlay", FALSE);
  look_at_window (window, "app.about", TRUE);
}

static void
test_windows (void)
{
  g_autofree char *path = write_experiment ("windows", "\"epochs\": 2");
  live (path, windows);
}

static void
nothing (RfWindow *window)
{
  WAIT (find_dialog ());
  look (window, GTK_WIDGET (find_dialog ()), "a file that is not there", FALSE, FALSE);
  gtk_window_destroy (GTK_WINDOW (find_dialog ()));
  run_for (SETTLE);
  look_at_sizes (window, "no experiment");
}

static void
test_nothing (void)
{
  g_autofree char *path = g_build_filename (folder, "2.json", NULL);
  live (path, nothing);
}

/* What is shown has decimal commas, what is written has points. */
static void
numbers (RfWindow *window)
{
  wait_for_run (window);
  show_lab (window);
  train_steps (window, 10);
  pause_run (window);
  g_autofree char *path
      = g_build_filename (rf_run_get_folder (get_run (window)), "steps.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 10);
  g_auto (GStrv) heads = g_strsplit (lines[0], ",", -1);
  for (int i = 1; i <= 10; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);
      g_assert_cmpuint (g_strv_length (cells), ==, g_strv_length (heads));
      g_assert_cmpint (g_ascii_strtoll (cells[0], NULL, 10), ==, i);
    }
  if (*localeconv ()->decimal_point == ',')
    g_assert_nonnull (find_label (window, "0,"));
}

static void
test_numbers (void)
{
  g_autofree char *path = write_experiment ("numbers", "\"epochs\": 2");
  live (path, numbers);
}

int
main (int argc, char **argv)
{
  rf_thread_claim_main ();
  folder = rf_test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  rf_locale_begin ();
  pseudo = g_strcmp0 (g_getenv ("LANGUAGE"), "xx") == 0;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/pages", test_pages);
  g_test_add_func ("/words/fork", test_fork);
  g_test_add_func ("/words/windows", test_windows);
  g_test_add_func ("/words/nothing", test_nothing);
  g_test_add_func ("/words/numbers", test_numbers);
  const int status = g_test_run ();
  rf_test_remove_folder (folder);
  return status;
}
