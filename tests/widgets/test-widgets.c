/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The widgets by themselves: made, used, drawn and let go without a leak. */

#include "tests/widgets/screen.h"
#include "widgets/knob/knob.h"
#include "widgets/rhythm.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

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
  GtkWidget *window = show_at (knob, 640, 400);
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

/* A logarithmic slider with a zero at its left end. */
static void
test_knob_zero (void)
{
  const RfKnobRange range = {
    .title = "L2", .maximum = 1e3, .low = 1e-6, .high = 1, .logarithmic = TRUE, .zero = TRUE
  };
  GtkWidget *knob = rf_knob_new (&range, 0);
  RfKnob *self = RF_KNOB (knob);
  GtkWidget *window = show_at (knob, 640, 400);
  GtkRange *scale = GTK_RANGE (rf_knob_get_scale (self));
  GtkAdjustment *adjustment = gtk_range_get_adjustment (scale);
  double turned = NAN;
  g_signal_connect (knob, "turned", G_CALLBACK (count_turned_cb), &turned);
  g_assert_cmpfloat (gtk_range_get_value (scale), ==, gtk_adjustment_get_lower (adjustment));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (rf_knob_get_entry (self))), ==, "0");

  /* One step to the right is the smallest value, one to the left zero again. */
  gboolean handled;
  g_signal_emit_by_name (scale, "change-value", GTK_SCROLL_STEP_FORWARD, 0.0, &handled);
  g_assert_cmpfloat (turned, ==, 1e-6);
  g_signal_emit_by_name (scale, "change-value", GTK_SCROLL_STEP_BACKWARD, 0.0, &handled);
  g_assert_cmpfloat (turned, ==, 0);

  gtk_range_set_value (scale, -4);
  g_assert_cmpfloat_with_epsilon (turned, 1e-4, 1e-16);
  gtk_range_set_value (scale, gtk_adjustment_get_lower (adjustment));
  g_assert_cmpfloat (turned, ==, 0);
  g_assert_cmpfloat (rf_knob_get_value (self), ==, 0);
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

/* ---- the beat ---- */

typedef struct
{
  guint forget; /* of another; 0: none */
  guint beat;   /* on which it was called */
} Listener;

static void
listen_cb (gpointer data)
{
  Listener *self = data;
  self->beat = rf_rhythm_count ();
  if (self->forget)
    rf_rhythm_forget (self->forget);
}

static void
again_cb (gpointer data)
{
  guint *n = data;
  if (--*n > 0)
    rf_rhythm_next (again_cb, n);
}

static void
test_rhythm (void)
{
  Listener first = { 0 }, second = { 0 }, third = { 0 };
  run_for (100);
  guint count = rf_rhythm_count ();
  rf_rhythm_next (listen_cb, &first);
  rf_rhythm_next (listen_cb, &second);
  const guint unwanted = rf_rhythm_next (listen_cb, &third);
  rf_rhythm_forget (unwanted);
  run_for (20); /* after a rest it comes at once, and to all of them */
  g_assert_cmpuint (rf_rhythm_count (), ==, count + 1);
  g_assert_cmpuint (first.beat, ==, count + 1);
  g_assert_cmpuint (second.beat, ==, count + 1);
  g_assert_cmpuint (third.beat, ==, 0);
  run_for (200);
  g_assert_cmpuint (rf_rhythm_count (), ==, count + 1);

  /* One that goes before another may take it off the list, in the same beat. */
  rf_rhythm_next (listen_cb, &first);
  first.forget = rf_rhythm_next (listen_cb, &third);
  run_for (200);
  g_assert_cmpuint (third.beat, ==, 0);

  /* Who asks in a beat gets the next, an interval later. */
  rf_rhythm_set_interval (0.1);
  count = rf_rhythm_count ();
  guint n = 4;
  const gint64 begun = g_get_monotonic_time ();
  rf_rhythm_next (again_cb, &n);
  while (n > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (rf_rhythm_count (), ==, count + 4);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 290000);
  rf_rhythm_set_interval (0);
  g_assert_cmpfloat (rf_rhythm_get_interval (), >=, 0.06);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/widgets/rhythm", test_rhythm);
  g_test_add_func ("/widgets/knob", test_knob);
  g_test_add_func ("/widgets/knob/zero", test_knob_zero);
  g_test_add_func ("/widgets/knob/linear", test_knob_linear);
  return g_test_run ();
}
