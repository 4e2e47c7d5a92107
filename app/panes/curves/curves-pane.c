/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The curves: loss and accuracy as they come, the newest of both in figures, and why a run stopped
 * by itself. */

#include "app/comparison.h"
#include "app/panes/curves/compare-button.h"
#include "app/panes/curves/run-charts.h"
#include "app/panes/curves/tiles.h"
#include "app/timeline.h"
#include "app/panes/pane.h"
#include "app/seeds.h"
#include "widgets/rhythm.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define RF_TYPE_CURVES_PANE (rf_curves_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfCurvesPane, rf_curves_pane, RF, CURVES_PANE, RfPane)

struct _RfCurvesPane
{
  RfPane parent_instance;

  GSignalGroup *run, *other;
  RfRunCharts *curves;
  RfLineChart *loss_chart, *accuracy_chart;
  GtkWidget *loss_buttons, *accuracy_buttons; /* in the corners of the charts */
  gint64 told;                                /* when the tiles were last written */
  guint tell_id;

  GtkRevealer *notice_revealer;
  GtkWidget *notice, *notice_button;
  GtkLabel *notice_label;
  RfTiles *tiles;
  AdwBin *timeline;
  GtkDropDown *unit;
  AdwBin *compare;
};

G_DEFINE_FINAL_TYPE (RfCurvesPane, rf_curves_pane, RF_TYPE_PANE)

const RfPaneInfo rf_curves_pane = {
  .id = "curves",
  .title = N_ ("Curves"),
  .icon_name = "rf-lab-symbolic",
  .page = "lab",
  .place = RF_PLACE_MIDDLE,
  .get_type = rf_curves_pane_get_type,
};

static RfRun *
get_run (RfCurvesPane *self)
{
  return rf_session_get_run (rf_pane_get_session (RF_PANE (self)));
}

/* ---- what the run does ---- */

static void
update_tiles (RfCurvesPane *self)
{
  self->told = g_get_monotonic_time ();
  rf_tiles_update (self->tiles, get_run (self), rf_run_charts_get_loss (self->curves),
                   rf_run_charts_get_accuracy (self->curves));
}

static void
tell_cb (gpointer data)
{
  RfCurvesPane *self = data;
  self->tell_id = 0;
  update_tiles (self);
}

static void
rows_cb (RfCurvesPane *self, guint new_steps, guint new_epochs, RfRun *run)
{
  rf_run_charts_append (self->curves, run, new_steps, new_epochs);
  if (run != get_run (self) || self->tell_id > 0)
    return;
  if (new_epochs > 0 || g_get_monotonic_time () - self->told > G_USEC_PER_SEC / 5)
    self->tell_id = rf_rhythm_next (tell_cb, self);
}

static void
change_cb (RfCurvesPane *self, const RfChange *change, RfRun *run)
{
  rf_run_charts_flag (self->curves, run, change);
}

static void
hidden_cb (RfCurvesPane *self)
{
  if (!gtk_revealer_get_child_revealed (self->notice_revealer)
      && !gtk_revealer_get_reveal_child (self->notice_revealer))
    gtk_widget_set_visible (GTK_WIDGET (self->notice_revealer), FALSE);
}

/* A run that stopped by itself says why, and offers the way on; so does one that has something to
 * say while it goes on. */
static void
state_cb (RfCurvesPane *self)
{
  RfRun *run = get_run (self);
  const RfTrainerState state = run ? rf_run_get_state (run) : RF_TRAINER_STOPPED;
  const char *message = run ? rf_run_get_message (run) : NULL;
  const gboolean diverged = state == RF_TRAINER_DIVERGED, disk = state == RF_TRAINER_DISK;
  const gboolean shown = run && state != RF_TRAINER_STOPPED && (diverged || disk || message);
  update_tiles (self);
  if (shown)
    {
      gtk_label_set_label (self->notice_label, message ? message : "");
      gtk_widget_set_visible (self->notice_button, diverged || disk);
      gtk_button_set_label (GTK_BUTTON (self->notice_button),
                            diverged ? _ ("New Run") : _ ("Try Again"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->notice_button),
                                      diverged ? "win.reset" : "win.train");
      if (diverged)
        gtk_widget_add_css_class (self->notice, "error");
      else
        gtk_widget_remove_css_class (self->notice, "error");
      gtk_widget_set_visible (GTK_WIDGET (self->notice_revealer), TRUE);
    }
  gtk_revealer_set_reveal_child (self->notice_revealer, shown);
}

static void
moment_cb (RfCurvesPane *self)
{
  const gint64 moment = rf_session_get_moment (rf_pane_get_session (RF_PANE (self)));
  g_object_set (self->loss_chart, "cursor", moment == RF_MOMENT_LIVE ? NAN : (double) moment, NULL);
}

static void
comparison_cb (RfCurvesPane *self)
{
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  rf_run_charts_set_earlier (self->curves,
                             rf_comparison_get_curves (rf_session_get_comparison (session)));
}

static void
seeds_cb (RfCurvesPane *self)
{
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  rf_run_charts_set_seeds (self->curves, rf_seeds_get_curves (rf_session_get_seeds (session)));
}

static void
run_cb (RfCurvesPane *self)
{
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  RfRun *run = get_run (self), *other = rf_session_get_other (session);
  g_signal_group_set_target (self->run, run);
  g_signal_group_set_target (self->other, other);
  rf_run_charts_set_runs (self->curves, run, run ? rf_session_get_letter (session, run) : NULL,
                          other, other ? rf_session_get_letter (session, other) : NULL);
  comparison_cb (self);
  seeds_cb (self);
  moment_cb (self);
  state_cb (self);
}

static void
unit_cb (RfCurvesPane *self)
{
  g_object_set (self->loss_chart, "x-unit", gtk_drop_down_get_selected (self->unit), NULL);
}

/* The headings of a chart end before its buttons, as wide as these are in the user's language. */
static void
leave_room (RfCurvesPane *self)
{
  int loss, accuracy;
  gtk_widget_measure (self->loss_buttons, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &loss, NULL, NULL);
  gtk_widget_measure (self->accuracy_buttons, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &accuracy, NULL,
                      NULL);
  rf_line_chart_set_title_room (self->loss_chart, loss);
  rf_line_chart_set_title_room (self->accuracy_chart, accuracy);
}

static void
rf_curves_pane_map (GtkWidget *widget)
{
  leave_room (RF_CURVES_PANE (widget));
  GTK_WIDGET_CLASS (rf_curves_pane_parent_class)->map (widget);
}

static void
presenting_cb (RfCurvesPane *self)
{
  gboolean presenting;
  g_object_get (self, "presenting", &presenting, NULL);
  /* The type of the whole window grows already; this is for the lines, and a little more. */
  g_object_set (self->loss_chart, "scale", presenting ? 1.15 : 1.0, NULL);
  leave_room (self);
}

static gboolean
chart_key_cb (RfCurvesPane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_space || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
}

static void
rf_curves_pane_constructed (GObject *object)
{
  RfCurvesPane *self = RF_CURVES_PANE (object);
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  G_OBJECT_CLASS (rf_curves_pane_parent_class)->constructed (object);
  adw_bin_set_child (self->timeline, rf_timeline_new (session));
  adw_bin_set_child (self->compare, rf_compare_button_new (session));
  g_signal_connect_object (session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::other", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::moment", G_CALLBACK (moment_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (rf_session_get_comparison (session), "changed",
                           G_CALLBACK (comparison_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rf_session_get_comparison (session), "failed", G_CALLBACK (rf_pane_say),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rf_session_get_seeds (session), "changed", G_CALLBACK (seeds_cb), self,
                           G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_curves_pane_dispose (GObject *object)
{
  RfCurvesPane *self = RF_CURVES_PANE (object);
  g_clear_handle_id (&self->tell_id, rf_rhythm_forget);
  g_clear_object (&self->run);
  g_clear_object (&self->other);
  g_clear_pointer (&self->curves, rf_run_charts_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), RF_TYPE_CURVES_PANE);
  G_OBJECT_CLASS (rf_curves_pane_parent_class)->dispose (object);
}

static void
rf_curves_pane_class_init (RfCurvesPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rf_curves_pane_constructed;
  object_class->dispose = rf_curves_pane_dispose;
  widget_class->map = rf_curves_pane_map;

  g_type_ensure (RF_TYPE_LINE_CHART);
  g_type_ensure (RF_TYPE_TILES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/curves-pane.ui");
  gtk_widget_class_bind_template_callback (widget_class, rf_line_chart_popup_menu);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_button);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_label);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, tiles);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, loss_chart);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, accuracy_chart);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, loss_buttons);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, accuracy_buttons);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, timeline);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, unit);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, compare);
  gtk_widget_class_bind_template_callback (widget_class, unit_cb);
}

static void
rf_curves_pane_init (RfCurvesPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->curves = rf_run_charts_new (self->loss_chart, self->accuracy_chart);
  self->run = g_signal_group_new (RF_TYPE_RUN);
  self->other = g_signal_group_new (RF_TYPE_RUN);
  GSignalGroup *const groups[] = { self->run, self->other };
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_signal_group_connect_swapped (groups[i], "rows", G_CALLBACK (rows_cb), self);
      g_signal_group_connect_swapped (groups[i], "change", G_CALLBACK (change_cb), self);
    }
  g_signal_group_connect_swapped (self->run, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_group_connect_swapped (self->run, "notify::message", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (self->notice_revealer, "notify::child-revealed", G_CALLBACK (hidden_cb),
                            self);
  g_signal_connect (self, "notify::presenting", G_CALLBACK (presenting_cb), NULL);

  rf_pane_name_drop_down (self->unit, _ ("Horizontal axis"));
  RfLineChart *const charts[] = { self->loss_chart, self->accuracy_chart };
  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      GtkEventController *key = gtk_event_controller_key_new ();
      g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (chart_key_cb), self);
      gtk_widget_add_controller (GTK_WIDGET (charts[i]), key);
      g_signal_connect_swapped (charts[i], "told", G_CALLBACK (rf_pane_say), self);
    }
}
