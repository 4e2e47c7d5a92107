/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lab: the knobs of a run on the left, its curves on the right.
 *
 * The knobs are the run's options that may change between two steps; what they are called, what
 * they do and how far they go is read from the option tables. Turning one acts on the next step. */

#include "app/panes/lab/lab-charts.h"
#include "app/panes/lab/lab-presets.h"
#include "app/panes/lab/layer-row.h"
#include "app/panes/lab/option-control.h"
#include "app/panes/pane.h"
#include "app/text.h"
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
  GHashTable *controls;   /* path, the control's own → RfOptionControl in them */
  gint64 told;

  AdwPreferencesGroup *data_group, *training_group, *layers_group;
  GtkRevealer *notice_revealer;
  GtkMenuButton *presets_button;
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

static RfLayerRow *
find_layer_row (RfLabPane *self, const char *path)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *layer = g_strndup (path, dot ? (gsize) (dot - path) : 0);
  return g_hash_table_lookup (self->layer_rows, layer);
}

static gboolean
set_live (RfLabPane *self, const char *path, double value)
{
  g_autoptr (GError) error = NULL;
  RfRun *run = get_run (self);
  if (!run || !rf_run_set_live (run, path, value, &error))
    {
      if (error)
        rf_pane_say (RF_PANE (self), error->message);
      return FALSE;
    }
  RfLayerRow *row = find_layer_row (self, path);
  if (row)
    rf_layer_row_update (row);
  return TRUE;
}

static void
turned_cb (RfOptionControl *control, double value, RfLabPane *self)
{
  set_live (self, rf_option_control_get_path (control), value);
}

static void
preset (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RfLabPane *self = RF_LAB_PANE (widget);
  RfRun *run = get_run (self);
  if (!run)
    return;
  const char *reason;
  g_autoptr (GPtrArray) changes
      = rf_lab_preset_changes (g_variant_get_string (parameter, NULL), run, &reason);
  if (!changes)
    {
      rf_pane_say (RF_PANE (self), reason);
      return;
    }
  for (guint i = 0; i < changes->len; i++)
    {
      const RfChange *change = g_ptr_array_index (changes, i);
      RfOptionControl *control = g_hash_table_lookup (self->controls, change->path);
      if (control)
        rf_option_control_set (control, change->value);
      if (!set_live (self, change->path, change->value))
        return;
    }
}

static GtkWidget *
make_control (RfLabPane *self, const RfOptionPlace *place, const char *layer, gboolean titled)
{
  GtkWidget *control = rf_option_control_new (place, layer, titled);
  g_hash_table_insert (self->controls,
                       (char *) rf_option_control_get_path (RF_OPTION_CONTROL (control)), control);
  g_signal_connect (control, "turned", G_CALLBACK (turned_cb), self);
  return control;
}

static void
add_control (const RfOptionPlace *place, gpointer data)
{
  RfLabPane *self = data;
  static const char *const of_training[] = { "learning_rate", "momentum", NULL };
  if (!rf_option_control_fits (place->option))
    return;

  if (g_str_has_prefix (place->path, "training.optimizer.")
      && g_strv_contains (of_training, place->option->name))
    {
      GtkWidget *row = adw_preferences_row_new ();
      GtkWidget *control = make_control (self, place, NULL, TRUE);
      gtk_widget_add_css_class (control, "option-row");
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), control);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (place->option->title), -1);
      gtk_widget_set_focusable (row, FALSE);
      add_row (self, self->training_group, row);
      return;
    }

  RfLayerRow *row = find_layer_row (self, place->path);
  if (!row)
    return;
  /* The rate is what such a layer is there for, and its card is its title. */
  const gboolean rate = g_str_equal (place->option->name, "rate");
  GtkWidget *control = make_control (self, place, rf_layer_row_get_name (row), !rate);
  if (rate)
    rf_layer_row_add_knob (row, control);
  else
    rf_layer_row_add_option (row, RF_OPTION_CONTROL (control));
}

/* ---- what the run is ---- */

static char *
describe_data (const RfDataset *dataset)
{
  g_autofree char *shape = rf_shape_to_text (dataset->shape);
  GString *text = g_string_new (NULL);
  g_autofree char *train = rf_text_count ((double) dataset->splits[RF_SPLIT_TRAIN].n);
  g_autofree char *validation = rf_text_count ((double) dataset->splits[RF_SPLIT_VALIDATION].n);
  g_autofree char *test = rf_text_count ((double) dataset->splits[RF_SPLIT_TEST].n);
  g_string_append_printf (text, _ ("%s train"), train);
  if (dataset->splits[RF_SPLIT_VALIDATION].n > 0)
    g_string_append_printf (text, _ (" · %s validation"), validation);
  if (dataset->splits[RF_SPLIT_TEST].n > 0)
    g_string_append_printf (text, _ (" · %s test"), test);
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
  g_hash_table_remove_all (self->layer_rows);
  g_hash_table_remove_all (self->controls);
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      group_of_row
          = ADW_PREFERENCES_GROUP (gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP));
      adw_preferences_group_remove (group_of_row, row);
    }
  g_ptr_array_set_size (self->rows, 0);
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
  g_autofree char *count = rf_text_count ((double) n_parameters);
  g_autofree char *size
      = g_strdup_printf (ngettext ("%s parameter", "%s parameters", n_parameters), count);
  adw_preferences_group_set_description (self->layers_group, size);
  rf_experiment_foreach_option (experiment, add_control, self);
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
      = n_epochs > 0
            ? g_strdup_printf (validates ? _ ("Validation, epoch %d") : _ ("Test, epoch %d"),
                               (int) epochs[n_epochs - 1].epoch)
            : g_strdup (validates ? _ ("Validation accuracy") : _ ("Test accuracy"));
  set_tile (self, TILE_TEST, caption, rf_chart_format_value (held_out, TRUE));
  set_tile (self, TILE_LOSS, _ ("Loss"),
            rf_chart_format_value (rf_lab_charts_get_loss (&self->charts), FALSE));
  g_autofree char *count = n_steps > 0 ? rf_text_count ((double) steps[n_steps - 1].step) : NULL;
  g_autofree char *step
      = count ? g_strdup_printf (_ ("Rate at step %s"), count) : g_strdup (_ ("Rate"));
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
  g_hash_table_unref (self->controls);
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

  gtk_widget_class_install_action (widget_class, "lab.preset", "s", preset);
  g_type_ensure (RF_TYPE_LINE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/lab-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, data_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, training_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, layers_group);
  gtk_widget_class_bind_template_child (widget_class, RfLabPane, presets_button);
  gtk_widget_class_bind_template_callback (widget_class, rf_line_chart_popup_menu);
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
  self->controls = g_hash_table_new (g_str_hash, g_str_equal);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GMenuModel) presets = rf_lab_presets_menu ();
  gtk_menu_button_set_menu_model (self->presets_button, presets);

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
