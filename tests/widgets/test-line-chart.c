/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The chart by itself: used, drawn, exported and let go without a leak. */

#include "tests/widgets/screen.h"
#include "widgets/plot/line-chart.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH  640
#define HEIGHT 400

static void
test_chart (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  RfLineChart *self = RF_LINE_CHART (chart);
  g_object_set (chart, "title", "Loss", "subtitle", "of a batch", "x-label", "step", "empty",
                "None.", NULL);
  GtkWidget *window = show_at (chart, WIDTH, HEIGHT);
  g_assert_cmpuint (rf_line_chart_get_n_series (self), ==, 0);

  const guint raw = rf_line_chart_add_series (self, &(RfLineChartLook){ .faint = TRUE });
  const guint smooth
      = rf_line_chart_add_series (self, &(RfLineChartLook){ .label = "training", .smooth = TRUE });
  for (int i = 1; i <= 5000; i++)
    {
      rf_line_chart_append (self, raw, i, i == 7 ? NAN : 1.0 / i);
      rf_line_chart_append (self, smooth, i, i == 7 ? NAN : 1.0 / i);
    }
  gsize n;
  const double *values = rf_line_chart_get_values (self, smooth, &n);
  g_assert_cmpuint (n, ==, 5000);
  g_assert_cmpfloat_with_epsilon (values[1], 1 - 0.5 / (1 + 1 / 32.0), 1e-12);
  g_assert_cmpfloat (values[6], ==, values[5]);
  rf_line_chart_add_flag (self, 100, "learning rate 0.1");
  g_assert_cmpuint (rf_line_chart_get_n_flags (self), ==, 1);
  run_for (100);

  int notified = 0;
  g_signal_connect_swapped (chart, "notify::crosshair", G_CALLBACK (g_atomic_int_inc), &notified);
  g_object_set (chart, "crosshair", 50.0, NULL);
  g_object_set (chart, "crosshair", 50.0, NULL);
  g_object_set (chart, "crosshair", (double) NAN, NULL);
  g_object_set (chart, "crosshair", (double) NAN, NULL);
  g_assert_cmpint (notified, ==, 2);
  g_object_set (chart, "crosshair", 9e9, "log-scale", TRUE, NULL);
  run_for (100);

  rf_line_chart_clear (self);
  g_assert_cmpuint (rf_line_chart_get_n_series (self), ==, 0);
  run_for (50);
  destroy (window, chart);
}

static void
keep_cb (RfLineChart *chart, const char *message, char **last)
{
  g_free (*last);
  *last = g_strdup (message);
}

/* A chart as files of each kind, as a table, and on the clipboard. */
static void
test_chart_export (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  RfLineChart *self = RF_LINE_CHART (chart);
  g_object_set (chart, "title", "Loss", "x-label", "step", NULL);
  const guint batch = rf_line_chart_add_series (
      self, &(RfLineChartLook){ .label = "each \"batch\", raw", .faint = TRUE });
  const guint test = rf_line_chart_add_series (self, &(RfLineChartLook){ .label = "test" });
  for (int i = 1; i <= 4; i++)
    rf_line_chart_append (self, batch, i, i == 3 ? NAN : 1.0 / i);
  rf_line_chart_append (self, test, 2, 0.125);
  rf_line_chart_append (self, test, 5, 1e-7);
  GtkWidget *window = show_at (chart, WIDTH, HEIGHT);

  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("receptive-chart-XXXXXX", &error);
  g_assert_no_error (error);
  static const char *const files[][2] = {
    { "a.png", "\x89PNG" },
    { "a.SVG", "<?xml" },
    { "a.pdf", "%PDF" },
    { "a.csv", "step,\"each \"\"batch\"\", raw\",test\r\n1,1,\r\n2,0.5,0.125\r\n3,,\r\n4,0.25,\r\n"
               "5,,1e-07\r\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i][0], NULL);
      g_autofree char *text = NULL;
      g_assert_true (rf_line_chart_save (self, path, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &text, NULL, &error));
      g_assert_true (g_str_has_prefix (text, files[i][1]));
      g_unlink (path);
    }
  g_assert_false (rf_line_chart_save (self, "a.gif", &error));
  g_assert_nonnull (strstr (error->message, "a.gif"));
  g_clear_error (&error);
  g_assert_false (rf_line_chart_save (self, "/no/such/folder/a.png", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_rmdir (folder);

  g_autofree char *told = NULL;
  g_signal_connect (chart, "told", G_CALLBACK (keep_cb), &told);
  g_assert_true (gtk_widget_activate_action (chart, "chart.copy", NULL));
  g_assert_nonnull (told);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (chart);
  g_assert_true (
      gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_TEXTURE));
  g_assert_true (gtk_widget_activate_action (chart, "chart.copy-drawing", NULL));
  g_assert_true (gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard),
                                                        "image/svg+xml"));
  g_assert_true (gtk_widget_activate_action (chart, "chart.copy-values", NULL));
  for (int i = 0;
       i < 100
       && !gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), G_TYPE_STRING);
       i++)
    run_for (20);
  g_auto (GValue) value = G_VALUE_INIT;
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, &error));
  g_assert_true (g_str_has_prefix (g_value_get_string (&value), files[3][1]));
  rf_line_chart_popup_menu (self);
  run_for (100);
  GtkWidget *menu = gtk_widget_get_first_child (chart);
  g_assert_true (gtk_widget_get_visible (menu));
  gtk_popover_popdown (GTK_POPOVER (menu));
  run_for (100);
  destroy (window, chart);
}

/* The chart's controller of a type, to be told what a person did. */
static GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) all = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (all, i);
      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

static void
press (GtkWidget *widget, guint key, GdkModifierType modifiers)
{
  gboolean handled = FALSE;
  g_signal_emit_by_name (find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed",
                         key, 0, modifiers, &handled);
  g_assert_true (handled);
}

static double
get_double (GtkWidget *widget, const char *property)
{
  double value;
  g_object_get (widget, property, &value, NULL);
  return value;
}

static void
get_view (GtkWidget *chart, double *low, double *high)
{
  g_autoptr (RfLineChartView) view = NULL;
  g_object_get (chart, "view", &view, NULL);
  *low = view ? view->low : NAN;
  *high = view ? view->high : NAN;
}

static gboolean
is_zoomed (GtkWidget *chart)
{
  gboolean zoomed;
  g_object_get (chart, "zoomed", &zoomed, NULL);
  return zoomed;
}

/* Does the description for assistive technology say @words? */
static gboolean
says (GtkWidget *chart, const char *words)
{
  g_autofree char *other = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words);
  return !other || strstr (other, words);
}

/* Two charts of the same x: what is zoomed in one is in the other, by keys, wheel and button. */
static void
test_chart_view (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *charts[2];
  for (int i = 0; i < 2; i++)
    {
      charts[i] = rf_line_chart_new ();
      g_object_set (charts[i], "vexpand", TRUE, "x-label", "step", NULL);
      gtk_box_append (GTK_BOX (box), charts[i]);
      RfLineChart *self = RF_LINE_CHART (charts[i]);
      const guint line = rf_line_chart_add_series (self, &(RfLineChartLook){ .label = "training" });
      for (int k = 0; k <= 1000; k++)
        rf_line_chart_append (self, line, k, i + k % 7);
      rf_line_chart_add_flag (self, 200, "rate 0.1");
      rf_line_chart_add_flag (self, 200, "dropout 0.5");
      rf_line_chart_add_flag (self, 600, "frozen");
    }
  g_object_bind_property (charts[0], "view", charts[1], "view", G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (charts[0], "crosshair", charts[1], "crosshair", G_BINDING_BIDIRECTIONAL);
  GtkWidget *window = show_at (box, WIDTH, HEIGHT);
  run_for (150);

  double low, high;
  get_view (charts[0], &low, &high);
  g_assert_true (isnan (low) && !is_zoomed (charts[0]));
  rf_line_chart_set_view (RF_LINE_CHART (charts[0]), 100, 300);
  get_view (charts[1], &low, &high);
  g_assert_cmpfloat (low, ==, 100);
  g_assert_cmpfloat (high, ==, 300);
  run_for (150);
  /* Arrows with Shift move it, and not beyond the end. */
  press (charts[1], GDK_KEY_Right, GDK_SHIFT_MASK);
  get_view (charts[0], &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 120, 1e-6);
  g_assert_cmpfloat_with_epsilon (high, 320, 1e-6);
  run_for (50);
  for (int i = 0; i < 9; i++, run_for (30))
    press (charts[1], GDK_KEY_Left, GDK_SHIFT_MASK);
  get_view (charts[0], &low, &high);
  g_assert_cmpfloat_with_epsilon (low, 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (high, 200, 1e-6);
  /* A flag out of sight is brought into it, and told. */
  press (charts[0], GDK_KEY_Page_Down, 0);
  g_assert_cmpfloat (get_double (charts[1], "crosshair"), ==, 200);
  g_assert_true (says (charts[0], "rate 0.1"));
  g_assert_true (says (charts[0], "dropout 0.5"));
  press (charts[0], GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpfloat (get_double (charts[0], "crosshair"), ==, 600);
  get_view (charts[0], &low, &high);
  g_assert_cmpfloat_with_epsilon (high, 600, 1e-6);
  g_assert_true (says (charts[0], "frozen"));
  run_for (50);
  press (charts[0], GDK_KEY_Page_Up, 0);
  g_assert_cmpfloat (get_double (charts[0], "crosshair"), ==, 200);

  press (charts[1], GDK_KEY_0, 0);
  g_assert_false (is_zoomed (charts[0]) || is_zoomed (charts[1]));
  run_for (100);
  press (charts[0], GDK_KEY_plus, 0);
  get_view (charts[1], &low, &high);
  g_assert_cmpfloat (high - low, <, 800);
  g_assert_cmpfloat (low, <=, 200);
  run_for (100);
  press (charts[0], GDK_KEY_minus, 0);
  g_assert_false (is_zoomed (charts[0]));
  run_for (100);
  /* The wheel, about the pointer. */
  GtkEventController *motion = find_controller (charts[0], GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *wheel = find_controller (charts[0], GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  g_signal_emit_by_name (motion, "motion", 300.0, 80.0);
  const double pointed = get_double (charts[0], "crosshair");
  g_assert_cmpfloat (pointed, >, 100);
  gboolean handled = TRUE;
  g_signal_emit_by_name (wheel, "scroll", 0.0, 1.0, &handled);
  g_assert_false (handled);
  for (int i = 0; i < 40; i++, run_for (20))
    g_signal_emit_by_name (wheel, "scroll", 0.0, -1.0, &handled);
  g_assert_true (handled);
  get_view (charts[1], &low, &high);
  g_test_message ("%g … %g about %g", low, high, pointed);
  g_assert_cmpfloat (high - low, >=, 4 - 1e-9);
  g_assert_cmpfloat (high - low, <, 6);
  g_assert_true (low <= pointed + 2 && high >= pointed - 2);
  g_assert_true (gtk_widget_activate_action (charts[1], "chart.reset-zoom", NULL));
  g_assert_false (is_zoomed (charts[0]));
  rf_line_chart_set_view (RF_LINE_CHART (charts[0]), 100, 300);
  rf_line_chart_clear (RF_LINE_CHART (charts[0]));
  g_assert_false (is_zoomed (charts[1]));
  run_for (50);
  destroy (window, box);
}

/* Runs come and go, each with its own steps an epoch; the axis is in steps, epochs or seconds. */
static void
test_chart_groups (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  RfLineChart *self = RF_LINE_CHART (chart);
  g_object_set (chart, "x-label", "step", "unit-range", TRUE, "scale", 1.5, "log-x", TRUE, NULL);
  const guint epochs = rf_line_chart_add_unit (self, "epoch", RF_CHART_NUMBER);
  const guint seconds = rf_line_chart_add_unit (self, "time", RF_CHART_DURATION);
  g_autoptr (RfChartMap) own = rf_chart_map_new ();
  g_autoptr (RfChartMap) other = rf_chart_map_new ();
  RfChartMap *const maps[2] = { own, other };
  for (int i = 0; i < 2; i++)
    for (int k = 1; k <= 10; k++)
      rf_chart_map_append (maps[i], k, (i + 1) * k);
  rf_line_chart_set_map (self, 0, epochs, maps[0]);
  const guint mean = rf_line_chart_add_series (
      self, &(RfLineChartLook){ .label = "mean", .best = RF_LINE_CHART_BEST_GREATEST });
  const guint group = rf_line_chart_add_group (self);
  RfLineChartLook look = { .label = "earlier", .group = group };
  rf_line_chart_look_earlier (&look, 1);
  g_assert_nonnull (look.dash);
  const guint earlier = rf_line_chart_add_series (self, &look);
  rf_line_chart_set_map (self, group, epochs, maps[1]);
  for (int k = 1; k <= 10; k++)
    {
      rf_line_chart_append_band (self, mean, k, 0.05 * k, 0.04 * k, 0.06 * k);
      rf_line_chart_append (self, earlier, k, 0.1);
    }
  rf_line_chart_add_flag (self, 5, "own");
  rf_line_chart_add_group_flag (self, group, 3, "of the other");
  GtkWidget *window = show_at (chart, WIDTH, HEIGHT);
  run_for (100);

  double low, high;
  g_assert_true (rf_line_chart_get_x_range (self, &low, &high));
  g_assert_cmpfloat (high, ==, 10);
  rf_line_chart_set_view (self, 2, 8);
  g_object_set (chart, "x-unit", epochs, "cursor", 4.0, NULL);
  get_view (chart, &low, &high);
  g_assert_cmpfloat_with_epsilon (high, 8, 1e-9);
  g_assert_true (rf_line_chart_get_x_range (self, &low, &high));
  g_assert_cmpfloat (high, ==, 20);
  run_for (100);

  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("receptive-chart-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "a.csv", NULL);
  g_autofree char *csv = NULL;
  g_assert_true (rf_line_chart_save (self, path, &error));
  g_assert_true (g_file_get_contents (path, &csv, NULL, &error));
  g_assert_true (g_str_has_prefix (csv, "epoch,mean,\"mean, low\",\"mean, high\",earlier\r\n"
                                        "1,0.05,0.04,0.06,\r\n2,0.1,0.08,0.12,0.1\r\n"));
  g_unlink (path);
  g_rmdir (folder);

  g_assert_cmpuint (rf_line_chart_get_n_series (self), ==, 2);
  rf_line_chart_remove_group (self, group);
  g_assert_cmpuint (rf_line_chart_get_n_series (self), ==, 1);
  g_assert_cmpuint (rf_line_chart_get_n_flags (self), ==, 1);
  run_for (100);
  gsize n;
  rf_line_chart_get_values (self, mean, &n);
  g_assert_cmpuint (n, ==, 10);
  rf_line_chart_clear_series (self, mean);
  rf_line_chart_append (self, mean, 1, 0.5);
  g_object_set (chart, "x-unit", seconds, NULL);
  run_for (100);
  rf_line_chart_remove_series (self, mean);
  g_assert_cmpuint (rf_line_chart_get_n_series (self), ==, 0);
  run_for (100);
  destroy (window, chart);
}

/* Appending must not look at what is there already. */
static void
test_chart_append (void)
{
  GtkWidget *chart = g_object_ref_sink (rf_line_chart_new ());
  const guint series = rf_line_chart_add_series (RF_LINE_CHART (chart), &(RfLineChartLook){ NULL });
  const gint64 start = g_get_monotonic_time ();
  for (int i = 0; i < 1000000; i++)
    rf_line_chart_append (RF_LINE_CHART (chart), series, i, i);
  const double milliseconds = (g_get_monotonic_time () - start) / 1000.0;
  g_test_minimized_result (milliseconds, "a million points appended in %.0f ms", milliseconds);
  g_assert_cmpfloat (milliseconds, <, 5000);
  g_object_unref (chart);
}

/* The theme turns dark under a chart that is on show. */
static void
test_themes (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  const guint series
      = rf_line_chart_add_series (RF_LINE_CHART (chart), &(RfLineChartLook){ .label = "a" });
  rf_line_chart_append (RF_LINE_CHART (chart), series, 1, 1);
  GtkWidget *window = show_at (chart, WIDTH, HEIGHT);
  AdwStyleManager *style = adw_style_manager_get_default ();
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  run_for (100);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_LIGHT);
  run_for (100);
  destroy (window, chart);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/line-chart", test_chart);
  g_test_add_func ("/line-chart/export", test_chart_export);
  g_test_add_func ("/line-chart/view", test_chart_view);
  g_test_add_func ("/line-chart/groups", test_chart_groups);
  g_test_add_func ("/line-chart/append", test_chart_append);
  g_test_add_func ("/line-chart/themes", test_themes);
  return g_test_run ();
}
