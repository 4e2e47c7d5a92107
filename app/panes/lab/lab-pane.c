/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lab: the knobs of a run on the left, its curves on the right.
 *
 * The knobs are the run's options that may change between two steps; what they are called, what
 * they do and how far they go is read from the option tables. Turning one acts on the next step. */

#include "app/panes/lab/lab-charts.h"
#include "app/panes/lab/layer-row.h"
#include "app/panes/pane.h"
#include "model/base/error.h"
#include "model/layers/layer.h"
#include "widgets/knob/knob.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define RF_TYPE_LAB_PANE (rf_lab_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfLabPane, rf_lab_pane, RF, LAB_PANE, RfPane)

enum
{
  TILE_ACCURACY,
  TILE_TEST,
  TILE_LOSS,
  TILE_RATE,
  N_TILES
};

struct _RfLabPane
{
  RfPane parent_instance;

  GSignalGroup *run;
  RfLabCharts charts;
  GPtrArray *rows;        /* of the three groups, to be taken out when the run changes */
  GHashTable *layer_rows; /* path → row in @rows */
  gint64 told;

  AdwPreferencesGroup *data_group, *training_group, *layers_group;
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

G_DEFINE_FINAL_TYPE (RfLabPane, rf_lab_pane, RF_TYPE_PANE)

const RfPaneInfo rf_lab_pane = {
  .id = "lab",
  .title = N_ ("Lab"),
  .icon_name = "rf-lab-symbolic",
  .get_type = rf_lab_pane_get_type,
};

static RfRun *
get_run (RfLabPane *self)
{
  return rf_session_get_run (rf_pane_get_session (RF_PANE (self)));
}

static void
add_row (RfLabPane *self, AdwPreferencesGroup *group, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

/* ---- knobs ---- */

static void
turned_cb (RfKnob *knob, double value, RfLabPane *self)
{
  const char *path = g_object_get_data (G_OBJECT (knob), "path");
  g_autoptr (GError) error = NULL;
  RfRun *run = get_run (self);
  if (run && !rf_run_set_live (run, path, value, &error))
    rf_pane_say (RF_PANE (self), error->message);
}

/* The slider covers what is commonly used; the rest of the range can be typed. */
static void
choose_slider (RfKnobRange *range, const RfOption *option, double value)
{
  range->logarithmic = (option->flags & RF_OPTION_LOG) != 0;
  if (range->logarithmic)
    {
      range->low = MAX (option->minimum, 1e-5);
      range->high = MIN (option->maximum, 1);
      return;
    }
  range->low = option->minimum;
  range->high = option->maximum;
  if (option->flags & RF_OPTION_BELOW)
    range->high -= 0.01 * (option->maximum - option->minimum);
}

static GtkWidget *
make_knob (RfLabPane *self, const RfOptionPlace *place, const char *layer)
{
  const RfOption *option = place->option;
  const double value = rf_spec_get (place->spec, option);
  g_autofree char *name
      = layer ? g_strdup_printf (_ ("%s of layer %s"), _ (option->title), layer) : NULL;
  RfKnobRange range = {
    /* In the card of a layer, the layer says it. */
    .title = layer ? NULL : _ (option->title),
    .summary = option->summary ? _ (option->summary) : NULL,
    .name = name ? name : _ (option->title),
    .minimum = option->minimum,
    .maximum = option->maximum,
    .above_minimum = (option->flags & RF_OPTION_ABOVE) != 0,
    .below_maximum = (option->flags & RF_OPTION_BELOW) != 0,
  };
  choose_slider (&range, option, value);
  GtkWidget *knob = rf_knob_new (&range, value);
  g_object_set_data_full (G_OBJECT (knob), "path", g_strdup (place->path), g_free);
  g_signal_connect (knob, "turned", G_CALLBACK (turned_cb), self);
  return knob;
}

static void
add_knob (const RfOptionPlace *place, gpointer data)
{
  RfLabPane *self = data;
  static const char *const of_training[] = { "learning_rate", "momentum", NULL };
  if (!(place->option->flags & RF_OPTION_LIVE) || place->option->kind != RF_OPTION_NUMBER)
    return;

  if (g_str_has_prefix (place->path, "training.optimizer.")
      && g_strv_contains (of_training, place->option->name))
    {
      GtkWidget *row = adw_preferences_row_new ();
      GtkWidget *knob = make_knob (self, place, NULL);
      gtk_widget_add_css_class (knob, "row");
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), knob);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (place->option->title), -1);
      gtk_widget_set_focusable (row, FALSE);
      add_row (self, self->training_group, row);
    }
  else if (g_strcmp0 (place->option->name, "rate") == 0)
    {
      const char *dot = strrchr (place->path, '.');
      g_autofree char *path = g_strndup (place->path, dot ? (gsize) (dot - place->path) : 0);
      RfLayerRow *row = g_hash_table_lookup (self->layer_rows, path);
      if (row)
        rf_layer_row_add_knob (row, make_knob (self, place, rf_layer_row_get_name (row)));
    }
}

/* ---- what the run is ---- */

static char *
describe_data (const RfDataset *dataset)
{
  g_autofree char *shape = rf_shape_to_text (dataset->shape);
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%'d train"), (int) dataset->splits[RF_SPLIT_TRAIN].n);
  if (dataset->splits[RF_SPLIT_VALIDATION].n > 0)
    g_string_append_printf (text, _ (" · %'d validation"),
                            (int) dataset->splits[RF_SPLIT_VALIDATION].n);
  if (dataset->splits[RF_SPLIT_TEST].n > 0)
    g_string_append_printf (text, _ (" · %'d test"), (int) dataset->splits[RF_SPLIT_TEST].n);
  g_string_append_printf (text, _ ("\n%s · %d classes"), shape, dataset->n_classes);
  return g_string_free (text, FALSE);
}

static char *
describe_training (const RfTrainingConfig *training)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s · batches of %d · %d epochs"),
                          _ (training->optimizer->klass->title), training->batch_size,
                          training->epochs);
  if (g_strcmp0 (training->schedule->klass->type, "constant") != 0)
    g_string_append_printf (text, " · %s", _ (training->schedule->klass->title));
  for (guint i = 0; i < training->augment->len; i++)
    {
      const RfSpec *augment = g_ptr_array_index (training->augment, i);
      g_string_append_printf (text, " · %s", _ (augment->klass->title));
    }
  return g_string_free (text, FALSE);
}

static void
fill_sidebar (RfLabPane *self, RfRun *run)
{
  AdwPreferencesGroup *group_of_row;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      group_of_row
          = ADW_PREFERENCES_GROUP (gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP));
      adw_preferences_group_remove (group_of_row, row);
    }
  g_ptr_array_set_size (self->rows, 0);
  g_hash_table_remove_all (self->layer_rows);
  if (!run)
    return;

  const RfDataset *dataset = rf_run_get_dataset (run);
  const RfExperiment *experiment = rf_run_get_experiment (run);
  g_autofree char *data = describe_data (dataset);
  adw_preferences_group_set_title (self->data_group, dataset->title);
  adw_preferences_group_set_description (self->data_group, data);
  g_autofree char *training = describe_training (&experiment->training);
  adw_preferences_group_set_description (self->training_group, training);

  guint n_layers;
  gsize n_parameters = 0;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n_layers);
  for (guint i = 0; i < n_layers; i++)
    {
      GtkWidget *row = rf_layer_row_new (&layers[i]);
      add_row (self, self->layers_group, row);
      g_hash_table_insert (self->layer_rows, g_strdup (layers[i].path), row);
      n_parameters += layers[i].n_parameters;
    }
  g_autofree char *size = g_strdup_printf (
      ngettext ("%'u parameter", "%'u parameters", (guint) n_parameters), (guint) n_parameters);
  adw_preferences_group_set_description (self->layers_group, size);
  rf_experiment_foreach_option (experiment, add_knob, self);
}

/* ---- what the run does ---- */

static void
set_tile (RfLabPane *self, int tile, const char *caption, char *value)
{
  gtk_label_set_label (self->tile[tile].caption, caption);
  gtk_label_set_label (self->tile[tile].value, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tile[tile].box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, caption,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
  g_free (value);
}

static void
update_tiles (RfLabPane *self)
{
  RfRun *run = get_run (self);
  gsize n_steps = 0, n_epochs = 0;
  const RfStepRow *steps = run ? rf_run_get_steps (run, &n_steps) : NULL;
  const RfEpochRow *epochs = run ? rf_run_get_epochs (run, &n_epochs) : NULL;
  const RfDataset *dataset = run ? rf_run_get_dataset (run) : NULL;

  self->told = g_get_monotonic_time ();
  set_tile (self, TILE_ACCURACY, _ ("Training accuracy"),
            rf_chart_format_value (rf_lab_charts_get_accuracy (&self->charts), TRUE));
  const gboolean validates = dataset && dataset->splits[RF_SPLIT_VALIDATION].n > 0;
  double held_out = NAN;
  if (n_epochs > 0)
    held_out
        = validates ? epochs[n_epochs - 1].validation_accuracy : epochs[n_epochs - 1].test_accuracy;
  g_autofree char *caption
      = n_epochs > 0 ? g_strdup_printf (validates ? _ ("Validation accuracy, epoch %d")
                                                  : _ ("Test accuracy, epoch %d"),
                                        (int) epochs[n_epochs - 1].epoch)
                     : g_strdup (validates ? _ ("Validation accuracy") : _ ("Test accuracy"));
  set_tile (self, TILE_TEST, caption, rf_chart_format_value (held_out, TRUE));
  set_tile (self, TILE_LOSS, _ ("Loss"),
            rf_chart_format_value (rf_lab_charts_get_loss (&self->charts), FALSE));
  g_autofree char *step
      = n_steps > 0 ? g_strdup_printf (_ ("Rate at step %'d"), (int) steps[n_steps - 1].step)
                    : g_strdup (_ ("Rate"));
  set_tile (self, TILE_RATE, step,
            n_steps > 0 ? rf_knob_format (steps[n_steps - 1].learning_rate) : g_strdup ("–"));
}

static void
rows_cb (RfLabPane *self, guint new_steps, guint new_epochs, RfRun *run)
{
  rf_lab_charts_append (&self->charts, run, new_steps, new_epochs);
  if (new_epochs > 0 || g_get_monotonic_time () - self->told > G_USEC_PER_SEC / 5)
    update_tiles (self);
}

static void
change_cb (RfLabPane *self, const RfChange *change, RfRun *run)
{
  rf_lab_charts_flag (&self->charts, run, change);
}

static void
hidden_cb (RfLabPane *self)
{
  if (!gtk_revealer_get_child_revealed (self->notice_revealer)
      && !gtk_revealer_get_reveal_child (self->notice_revealer))
    gtk_widget_set_visible (GTK_WIDGET (self->notice_revealer), FALSE);
}

/* A run that stopped by itself says why, and offers the way on. */
static void
state_cb (RfLabPane *self)
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
run_cb (RfLabPane *self)
{
  RfRun *run = get_run (self);
  g_signal_group_set_target (self->run, run);
  rf_lab_charts_begin (&self->charts, run);
  fill_sidebar (self, run);
  state_cb (self);
}

static gboolean
chart_key_cb (RfLabPane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_space || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
}

static void
make_tile (RfLabPane *self, int tile, const char *tooltip)
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
rf_lab_pane_constructed (GObject *object)
{
  RfLabPane *self = RF_LAB_PANE (object);
  G_OBJECT_CLASS (rf_lab_pane_parent_class)->constructed (object);
  g_signal_connect_object (rf_pane_get_session (RF_PANE (self)), "notify::run", G_CALLBACK (run_cb),
                           self, G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_lab_pane_dispose (GObject *object)
{
  RfLabPane *self = RF_LAB_PANE (object);
  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), RF_TYPE_LAB_PANE);
  G_OBJECT_CLASS (rf_lab_pane_parent_class)->dispose (object);
}

static void
rf_lab_pane_finalize (GObject *object)
{
  RfLabPane *self = RF_LAB_PANE (object);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->layer_rows);
  G_OBJECT_CLASS (rf_lab_pane_parent_class)->finalize (object);
}

static void
rf_lab_pane_class_init (RfLabPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rf_lab_pane_constructed;
  object_class->dispose = rf_lab_pane_dispose;
  object_class->finalize = rf_lab_pane_finalize;

  g_type_ensure (RF_TYPE_LINE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/lab-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, data_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, training_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, layers_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, notice);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, notice_button);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, notice_label);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, tiles);
  gtk_widget_class_bind_template_child_full (widget_class, "loss_chart", FALSE,
                                             G_STRUCT_OFFSET (RfLabPane, charts.loss));
  gtk_widget_class_bind_template_child_full (widget_class, "accuracy_chart", FALSE,
                                             G_STRUCT_OFFSET (RfLabPane, charts.accuracy));
}

static void
rf_lab_pane_init (RfLabPane *self)
{
  self->rows = g_ptr_array_new ();
  self->layer_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
    }
}
