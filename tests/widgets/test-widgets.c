/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widgets by themselves: made, used, drawn and let go without a leak. */

#include "widgets/knob/knob.h"
#include "widgets/plot/line-chart.h"

#include <adwaita.h>
#include <math.h>

/* Shows @child in a window, runs until it has been painted, and checks that nothing but the window
 * held it. */
static GtkWidget *
show (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 640, 400);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (child) || gtk_widget_get_width (child) == 0)
    g_main_context_iteration (NULL, TRUE);
  return window;
}

static void
run_for (guint milliseconds)
{
  const gint64 end = g_get_monotonic_time () + 1000 * (gint64) milliseconds;
  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

static void
destroy (GtkWidget *window, GtkWidget *child)
{
  gpointer left = child;
  g_object_add_weak_pointer (G_OBJECT (child), &left);
  gtk_window_destroy (GTK_WINDOW (window));
  run_for (50);
  g_assert_null (left);
}

static void
test_chart (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  RfLineChart *self = RF_LINE_CHART (chart);
  g_object_set (chart, "title", "Loss", "subtitle", "of a batch", "x-label", "step", "empty",
                "None.", NULL);
  GtkWidget *window = show (chart);
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

static void
count_turned_cb (RfKnob *knob, double value, double *last)
{
  *last = value;
}

static void
test_knob (void)
{
  const RfKnobRange range = {
    .title = "Learning rate",
    .summary = "How far a step goes",
    .minimum = 0,
    .maximum = 1e6,
    .low = 1e-5,
    .high = 1,
    .logarithmic = TRUE,
  };
  GtkWidget *knob = rf_knob_new (&range, 0.02);
  RfKnob *self = RF_KNOB (knob);
  GtkWidget *window = show (knob);
  GtkEditable *entry = GTK_EDITABLE (rf_knob_get_entry (self));
  GtkRange *scale = GTK_RANGE (rf_knob_get_scale (self));
  double turned = NAN;
  g_signal_connect (knob, "turned", G_CALLBACK (count_turned_cb), &turned);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "0.02");
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (scale), log10 (0.02), 1e-9);

  /* The slider leads: to two digits, told once. */
  gtk_range_set_value (scale, -3.29);
  g_assert_cmpfloat (turned, ==, 0.00051);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "0.00051");
  g_assert_cmpfloat (rf_knob_get_value (self), ==, 0.00051);

  /* What is set from outside is shown, not told. */
  turned = NAN;
  rf_knob_set_value (self, 0.3);
  g_assert_true (isnan (turned));
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (scale), log10 (0.3), 1e-9);

  /* Typing goes beyond the slider; what cannot be is marked and told to nobody. */
  gtk_editable_set_text (entry, "1e6");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpfloat (turned, ==, 1e6);
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (scale), 0, 1e-9);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "1000000");
  turned = NAN;
  static const char *const wrong[] = { "", "fast", "-1", "2e6", "nan", "inf", "1 2", "0x" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gtk_editable_set_text (entry, wrong[i]);
      g_signal_emit_by_name (entry, "activate");
      g_assert_true (isnan (turned));
      g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
      g_assert_cmpfloat (rf_knob_get_value (self), ==, 1e6);
    }
  gtk_editable_set_text (entry, " 0,25 ");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpfloat (turned, ==, 0.25);
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
  run_for (50);
  destroy (window, knob);
}

static void
test_knob_linear (void)
{
  const RfKnobRange range
      = { .title = "Dropout", .maximum = 1, .below_maximum = TRUE, .high = 0.99 };
  GtkWidget *knob = g_object_ref_sink (rf_knob_new (&range, 0.5));
  GtkEditable *entry = GTK_EDITABLE (rf_knob_get_entry (RF_KNOB (knob)));
  double turned = NAN;
  g_signal_connect (knob, "turned", G_CALLBACK (count_turned_cb), &turned);
  gtk_editable_set_text (entry, "1");
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (isnan (turned));
  gtk_editable_set_text (entry, "0");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpfloat (turned, ==, 0);
  gtk_editable_set_text (entry, "0.999");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpfloat (turned, ==, 0.999);
  gtk_range_set_value (GTK_RANGE (rf_knob_get_scale (RF_KNOB (knob))), 0.2871);
  g_assert_cmpfloat_with_epsilon (turned, 0.29, 0.006);
  g_object_unref (knob);
}

/* The theme turns dark under a chart that is on show. */
static void
test_themes (void)
{
  GtkWidget *chart = rf_line_chart_new ();
  const guint series
      = rf_line_chart_add_series (RF_LINE_CHART (chart), &(RfLineChartLook){ .label = "a" });
  rf_line_chart_append (RF_LINE_CHART (chart), series, 1, 1);
  GtkWidget *window = show (chart);
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
  g_test_add_func ("/widgets/chart", test_chart);
  g_test_add_func ("/widgets/chart/append", test_chart_append);
  g_test_add_func ("/widgets/chart/themes", test_themes);
  g_test_add_func ("/widgets/knob", test_knob);
  g_test_add_func ("/widgets/knob/linear", test_knob_linear);
  return g_test_run ();
}
