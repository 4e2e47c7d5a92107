/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The curves: loss and accuracy as they come, the newest of both in figures, and why a run stopped
 * by itself. */

#include "app/panes/curves/curves.h"
#include "app/panes/pane.h"
#include "app/text.h"
#include "widgets/knob/knob.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define RF_TYPE_CURVES_PANE (rf_curves_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfCurvesPane, rf_curves_pane, RF, CURVES_PANE, RfPane)

enum
{
  TILE_ACCURACY,
  TILE_TEST,
  TILE_LOSS,
  TILE_RATE,
  N_TILES
};

struct _RfCurvesPane
{
  RfPane parent_instance;

  GSignalGroup *run;
  RfCurvesCharts charts;
  gint64 told;

  GtkRevealer *notice_revealer;
  GtkWidget *notice, *notice_button;
  GtkLabel *notice_label;
  GtkBox *tiles;
  struct
  {
    GtkLabel *caption, *value;
    GtkWidget *box;
  } tile[N_TILES];
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
set_tile (RfCurvesPane *self, int tile, const char *caption, char *value)
{
  gtk_label_set_label (self->tile[tile].caption, caption);
  gtk_label_set_label (self->tile[tile].value, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tile[tile].box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, caption,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
  g_free (value);
}

static void
update_tiles (RfCurvesPane *self)
{
  RfRun *run = get_run (self);
  gsize n_steps = 0, n_epochs = 0;
  const RfStepRow *steps = run ? rf_run_get_steps (run, &n_steps) : NULL;
  const RfEpochRow *epochs = run ? rf_run_get_epochs (run, &n_epochs) : NULL;
  const RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;

  self->told = g_get_monotonic_time ();
  set_tile (self, TILE_ACCURACY, _ ("Training accuracy"),
            rf_chart_format_value (rf_curves_get_accuracy (&self->charts), TRUE));
  const gboolean validates = dataset && dataset->splits[RF_SPLIT_VALIDATION].n > 0;
  double held_out = NAN;
  if (n_epochs > 0)
    held_out
        = validates ? epochs[n_epochs - 1].validation_accuracy : epochs[n_epochs - 1].test_accuracy;
  g_autofree char *caption
      = n_epochs > 0
            ? g_strdup_printf (validates ? _ ("Validation, epoch %d") : _ ("Test, epoch %d"),
                               (int) epochs[n_epochs - 1].epoch)
            : g_strdup (validates ? _ ("Validation accuracy") : _ ("Test accuracy"));
  set_tile (self, TILE_TEST, caption, rf_chart_format_value (held_out, TRUE));
  set_tile (self, TILE_LOSS, _ ("Loss"),
            rf_chart_format_value (rf_curves_get_loss (&self->charts), FALSE));
  g_autofree char *count = n_steps > 0 ? rf_text_count ((double) steps[n_steps - 1].step) : NULL;
  g_autofree char *step
      = count ? g_strdup_printf (_ ("Rate at step %s"), count) : g_strdup (_ ("Rate"));
  set_tile (self, TILE_RATE, step,
            n_steps > 0 ? rf_knob_format (steps[n_steps - 1].learning_rate) : g_strdup ("–"));
}

static void
rows_cb (RfCurvesPane *self, guint new_steps, guint new_epochs, RfRun *run)
{
  rf_curves_append (&self->charts, run, new_steps, new_epochs);
  if (new_epochs > 0 || g_get_monotonic_time () - self->told > G_USEC_PER_SEC / 5)
    update_tiles (self);
}

static void
change_cb (RfCurvesPane *self, const RfChange *change, RfRun *run)
{
  rf_curves_flag (&self->charts, run, change);
}

static void
hidden_cb (RfCurvesPane *self)
{
  if (!gtk_revealer_get_child_revealed (self->notice_revealer)
      && !gtk_revealer_get_reveal_child (self->notice_revealer))
    gtk_widget_set_visible (GTK_WIDGET (self->notice_revealer), FALSE);
}

/* A run that stopped by itself says why, and offers the way on. */
static void
state_cb (RfCurvesPane *self)
{
  RfRun *run = get_run (self);
  const RfTrainerState state = run ? rf_run_get_state (run) : RF_TRAINER_STOPPED;
  const char *message = run ? rf_run_get_message (run) : NULL;
  const gboolean diverged = state == RF_TRAINER_DIVERGED, disk = state == RF_TRAINER_DISK;
  update_tiles (self);
  if (diverged || disk)
    {
      gtk_label_set_label (self->notice_label, message ? message : "");
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
  gtk_revealer_set_reveal_child (self->notice_revealer, diverged || disk);
}

static void
run_cb (RfCurvesPane *self)
{
  RfRun *run = get_run (self);
  g_signal_group_set_target (self->run, run);
  rf_curves_begin (&self->charts, run);
  state_cb (self);
}

static gboolean
chart_key_cb (RfCurvesPane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_space || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
}

static void
make_tile (RfCurvesPane *self, int tile, const char *tooltip)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "tile");
  gtk_widget_set_tooltip_text (box, tooltip);
  GtkWidget *value = gtk_label_new (NULL), *caption = gtk_label_new (NULL);
  gtk_widget_add_css_class (value, "value");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (self->tiles, box);
  self->tile[tile].box = box;
  self->tile[tile].value = GTK_LABEL (value);
  self->tile[tile].caption = GTK_LABEL (caption);
}

static void
rf_curves_pane_constructed (GObject *object)
{
  RfCurvesPane *self = RF_CURVES_PANE (object);
  G_OBJECT_CLASS (rf_curves_pane_parent_class)->constructed (object);
  g_signal_connect_object (rf_pane_get_session (RF_PANE (self)), "notify::run", G_CALLBACK (run_cb),
                           self, G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_curves_pane_dispose (GObject *object)
{
  RfCurvesPane *self = RF_CURVES_PANE (object);
  g_clear_object (&self->run);
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

  g_type_ensure (RF_TYPE_LINE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/curves-pane.ui");
  gtk_widget_class_bind_template_callback (widget_class, rf_line_chart_popup_menu);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_button);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, notice_label);
  gtk_widget_class_bind_template_child (widget_class, RfCurvesPane, tiles);
  gtk_widget_class_bind_template_child_full (widget_class, "loss_chart", FALSE,
                                             G_STRUCT_OFFSET (RfCurvesPane, charts.loss));
  gtk_widget_class_bind_template_child_full (widget_class, "accuracy_chart", FALSE,
                                             G_STRUCT_OFFSET (RfCurvesPane, charts.accuracy));
}

static void
rf_curves_pane_init (RfCurvesPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  make_tile (self, TILE_ACCURACY,
             _ ("Share of right answers on the batches it learns from, in training mode with "
                "dropout on, smoothed"));
  make_tile (self, TILE_TEST,
             _ ("Share of right answers on pictures it does not learn from, measured after each "
                "epoch with dropout off. Choose between settings by a validation split; the test "
                "set is for the end"));
  make_tile (self, TILE_LOSS, _ ("Mean cross entropy of a batch and the penalties, smoothed"));
  make_tile (self, TILE_RATE, _ ("Learning rate of the newest step, after the schedule"));

  self->run = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run, "rows", G_CALLBACK (rows_cb), self);
  g_signal_group_connect_swapped (self->run, "change", G_CALLBACK (change_cb), self);
  g_signal_group_connect_swapped (self->run, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (self->notice_revealer, "notify::child-revealed", G_CALLBACK (hidden_cb),
                            self);

  /* One crosshair through both charts. */
  g_object_bind_property (self->charts.loss, "crosshair", self->charts.accuracy, "crosshair",
                          G_BINDING_BIDIRECTIONAL);
  RfLineChart *const charts[] = { self->charts.loss, self->charts.accuracy };
  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      GtkEventController *key = gtk_event_controller_key_new ();
      g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (chart_key_cb), self);
      gtk_widget_add_controller (GTK_WIDGET (charts[i]), key);
      g_signal_connect_swapped (charts[i], "told", G_CALLBACK (rf_pane_say), self);
    }
}
