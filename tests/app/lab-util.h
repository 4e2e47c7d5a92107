/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The Lab page in the real window: its knobs, charts and cards. */

#include "app/panes/layers/option-control.h"
#include "tests/app/window-util.h"
#include "widgets/knob/knob.h"
#include "widgets/plot/line-chart.h"

#define DROPOUT "network.layers[3].rate"
#define RATE    "training.optimizer.learning_rate"

/* ---- finding ---- */

static inline gboolean
has_path (GtkWidget *widget, gconstpointer what)
{
  return g_strcmp0 (rf_option_control_get_path (RF_OPTION_CONTROL (widget)), what) == 0;
}

static inline gboolean
has_title (GtkWidget *widget, gconstpointer what)
{
  g_autofree char *title = NULL;
  g_object_get (widget, "title", &title, NULL);
  return g_strcmp0 (title, what) == 0;
}

static inline RfOptionControl *
find_control (RfWindow *window, const char *path)
{
  GtkWidget *control = find (GTK_WIDGET (window), RF_TYPE_OPTION_CONTROL, has_path, path);
  g_assert_nonnull (control);
  return RF_OPTION_CONTROL (control);
}

static inline RfKnob *
find_knob (RfWindow *window, const char *path)
{
  GtkWidget *knob = find (GTK_WIDGET (find_control (window, path)), RF_TYPE_KNOB, NULL, NULL);
  g_assert_nonnull (knob);
  return RF_KNOB (knob);
}

static inline RfLineChart *
find_chart (RfWindow *window, const char *title)
{
  GtkWidget *chart = find (GTK_WIDGET (window), RF_TYPE_LINE_CHART, has_title, title);
  g_assert_nonnull (chart);
  return RF_LINE_CHART (chart);
}

static inline gsize
count_points (RfWindow *window, const char *title, guint series)
{
  gsize n;
  rf_line_chart_get_values (find_chart (window, title), series, &n);
  return n;
}

/* ---- doing ---- */

static inline void
type_value (RfKnob *knob, const char *text)
{
  GtkWidget *entry = rf_knob_get_entry (knob);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "activate");
}

/* What the experiment says at a path. */
static inline double
option_of (RfWindow *window, const char *path)
{
  g_autoptr (RfExperiment) copy = rf_experiment_copy (rf_run_get_experiment (get_run (window)));
  g_autoptr (RfExperiment) zero = rf_experiment_copy (copy);
  g_autoptr (GError) error = NULL;
  rf_experiment_set_live (zero, path, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) changes = rf_experiment_diff_live (zero, copy);
  return changes->len > 0 ? ((const RfChange *) g_ptr_array_index (changes, 0))->value : 0;
}

static inline gboolean
is_closed (GtkWidget *widget, gconstpointer what)
{
  return !gtk_expander_get_expanded (GTK_EXPANDER (widget));
}

static inline void
open_cards (RfWindow *window)
{
  GtkWidget *expander;
  while ((expander = find (GTK_WIDGET (window), GTK_TYPE_EXPANDER, is_closed, NULL)))
    gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
}

static inline void
activate_preset (RfWindow *window, const char *id)
{
  GtkWidget *control = GTK_WIDGET (find_control (window, DROPOUT));
  g_assert_true (gtk_widget_activate_action (control, "layers.preset", "s", id));
}
