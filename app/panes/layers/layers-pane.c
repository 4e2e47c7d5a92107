/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The layers: what is trained on, how, and by which network, with the knobs of all of it.
 *
 * The knobs are the run's options that may change between two steps; what they are called, what
 * they do and how far they go is read from the option tables. Turning one acts on the next step. */

#include "app/panes/layers/layer-row.h"
#include "app/panes/layers/option-control.h"
#include "app/panes/layers/presets.h"
#include "app/panes/pane.h"
#include "app/panes/layers/training-row.h"
#include "app/text.h"
#include "app/turn.h"
#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/layers/layer.h"
#include "widgets/knob/knob.h"
#include "widgets/rhythm.h"

#include <glib/gi18n-lib.h>

#define RF_TYPE_LAYERS_PANE (rf_layers_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfLayersPane, rf_layers_pane, RF, LAYERS_PANE, RfPane)

struct _RfLayersPane
{
  RfPane parent_instance;

  GSignalGroup *run;
  guint estimate_id;
  GPtrArray *rows;        /* of the three groups, to be taken out when the run changes */
  GHashTable *layer_rows; /* path → row in @rows */
  GHashTable *controls;   /* path, the control's own → RfOptionControl in them */

  AdwPreferencesGroup *data_group, *training_group, *layers_group;
  GtkMenuButton *presets_button;
  GtkToggleButton *options_button;
  GtkWidget *selection;
  GtkLabel *selection_label;
  GtkRevealer *plan_revealer;
};

G_DEFINE_FINAL_TYPE (RfLayersPane, rf_layers_pane, RF_TYPE_PANE)

const RfPaneInfo rf_layers_pane = {
  .id = "layers",
  .title = N_ ("Experiment"),
  .icon_name = "rf-lab-symbolic",
  .page = "lab",
  .place = RF_PLACE_START,
  .width = 330,
  .get_type = rf_layers_pane_get_type,
};

static RfRun *
get_run (RfLayersPane *self)
{
  return rf_session_get_run (rf_pane_get_session (RF_PANE (self)));
}

static void
add_row (RfLayersPane *self, AdwPreferencesGroup *group, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

/* "needs 143 MB · about 4 s an epoch" */
static void
update_estimate (RfLayersPane *self)
{
  RfRun *run = get_run (self);
  RfRunEstimate estimate;
  if (!run)
    return;
  rf_run_estimate (run, 0, &estimate);
  g_autofree char *memory = rf_format_bytes (estimate.total);
  g_autofree char *time = rf_text_duration (estimate.seconds_per_epoch);
  g_autofree char *text
      = g_strdup_printf (estimate.measured ? _ ("needs %s of memory · %s an epoch")
                                           : _ ("needs %s of memory · very roughly %s an epoch"),
                         memory, time);
  adw_preferences_group_set_description (self->training_group, text);
}

static void
estimate_cb (gpointer data)
{
  RfLayersPane *self = data;
  self->estimate_id = 0;
  update_estimate (self);
}

/* The speed is measured anew while it trains. */
static void
speed_cb (RfLayersPane *self)
{
  if (self->estimate_id == 0)
    self->estimate_id = rf_rhythm_next (estimate_cb, self);
}

/* ---- knobs ---- */

static RfLayerRow *
find_layer_row (RfLayersPane *self, const char *path)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *layer = g_strndup (path, dot ? (gsize) (dot - path) : 0);
  return g_hash_table_lookup (self->layer_rows, layer);
}

/* The cards that a turn on @row means: all that are selected, if it is one of them. */
static GPtrArray *
get_meant (RfLayersPane *self, RfLayerRow *row)
{
  GPtrArray *meant = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer other;
  g_hash_table_iter_init (&iter, self->layer_rows);
  if (rf_layer_row_get_selected (row))
    while (g_hash_table_iter_next (&iter, NULL, &other))
      if (rf_layer_row_get_selected (other))
        g_ptr_array_add (meant, other);
  if (meant->len == 0)
    g_ptr_array_add (meant, row);
  return meant;
}

/* The changes of one option in several layers; those that do not have it are left out. */
static GPtrArray *
make_changes (RfLayersPane *self, RfOptionControl *control, double value)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_change_free);
  const char *path = rf_option_control_get_path (control);
  RfLayerRow *row = find_layer_row (self, path);
  g_autoptr (GPtrArray) meant = row ? get_meant (self, row) : g_ptr_array_new ();
  GHashTableIter iter;
  gpointer other;
  g_hash_table_iter_init (&iter, self->controls);
  while (g_hash_table_iter_next (&iter, &other, NULL))
    if (g_str_equal (other, path)
        || (g_str_equal (strrchr (other, '.'), strrchr (path, '.'))
            && g_ptr_array_find (meant, find_layer_row (self, other), NULL)))
      {
        const RfChange change = { 0, other, value };
        g_ptr_array_add (changes, rf_change_copy (&change));
      }
  return changes;
}

static void
turned_cb (RfOptionControl *control, double value, RfLayersPane *self)
{
  g_autoptr (GError) error = NULL;
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  RfRun *run = get_run (self);
  if (!run)
    return;
  g_autoptr (GPtrArray) changes = make_changes (self, control, value);
  g_autofree char *title = rf_turn_describe (run, rf_option_control_get_path (control));
  /* Translators: an option, and of how many layers it was turned at once. */
  g_autofree char *label = changes->len > 1
                               ? g_strdup_printf (_ ("%s and %u more"), title, changes->len - 1)
                               : g_strdup (title);
  if (!rf_session_turn_all (session, changes, label, &error))
    rf_pane_say (RF_PANE (self), error->message);
}

/* Whoever turned it: a control here, a preset, undo. */
static void
session_turned_cb (RfLayersPane *self, const char *path, double value)
{
  RfOptionControl *control = g_hash_table_lookup (self->controls, path);
  if (control && rf_option_control_get (control) != value)
    rf_option_control_set (control, value);
  RfLayerRow *row = find_layer_row (self, path);
  if (row)
    rf_layer_row_update (row);
  update_estimate (self);
}

static void
preset (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RfLayersPane *self = RF_LAYERS_PANE (widget);
  RfRun *run = get_run (self);
  if (!run)
    return;
  const char *reason;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes
      = rf_preset_changes (g_variant_get_string (parameter, NULL), run, &reason);
  if (!changes)
    rf_pane_say (RF_PANE (self), reason);
  else if (!rf_session_turn_all (rf_pane_get_session (RF_PANE (self)), changes, _ ("Preset"),
                                 &error))
    rf_pane_say (RF_PANE (self), error->message);
}

static GtkWidget *
make_control (RfLayersPane *self, const RfOptionPlace *place, const char *layer, gboolean titled)
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
  RfLayersPane *self = data;
  static const char *const of_training[] = { "learning_rate", "momentum", NULL };
  if (!rf_option_control_fits (place->option) || !(place->option->flags & RF_OPTION_LIVE))
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

/* ---- selecting ---- */

static void
selected_cb (RfLayersPane *self)
{
  guint n = 0;
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, self->layer_rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    n += rf_layer_row_get_selected (row) ? 1 : 0;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u layer selected", "%u layers selected: one slider moves all", n), n);
  gtk_label_set_label (self->selection_label, text);
  gtk_widget_set_visible (self->selection, n > 0);
}

static void
select_none (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RfLayersPane *self = RF_LAYERS_PANE (widget);
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, self->layer_rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    rf_layer_row_set_selected (row, FALSE);
}

static void
options_cb (RfLayersPane *self)
{
  const gboolean open = gtk_toggle_button_get_active (self->options_button);
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, self->layer_rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    rf_layer_row_set_expanded (row, open);
}

static void
discard_plan (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rf_session_set_plan (rf_pane_get_session (RF_PANE (widget)), NULL, _ ("Planned settings"));
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

static void
fill_sidebar (RfLayersPane *self, RfRun *run)
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

  guint n_layers;
  gsize n_parameters = 0;
  const RfLayerSummary *layers = rf_run_get_layers (run, &n_layers);
  for (guint i = 0; i < n_layers; i++)
    {
      GtkWidget *row = rf_layer_row_new (&layers[i]);
      add_row (self, self->layers_group, row);
      g_signal_connect_swapped (row, "selected", G_CALLBACK (selected_cb), self);
      g_hash_table_insert (self->layer_rows, g_strdup (layers[i].path), row);
      n_parameters += layers[i].n_parameters;
    }
  g_autofree char *count = rf_text_count ((double) n_parameters);
  g_autofree char *size
      = g_strdup_printf (ngettext ("%s parameter", "%s parameters", n_parameters), count);
  adw_preferences_group_set_description (self->layers_group, size);
  rf_experiment_foreach_option (experiment, add_control, self);
  GtkWidget *settings = rf_training_row_new (rf_pane_get_session (RF_PANE (self)));
  g_signal_connect_swapped (settings, "told", G_CALLBACK (rf_pane_say), self);
  add_row (self, self->training_group, settings);
  options_cb (self);
  update_estimate (self);
}

static void
plan_cb (RfLayersPane *self)
{
  gtk_revealer_set_reveal_child (self->plan_revealer,
                                 rf_session_has_plan (rf_pane_get_session (RF_PANE (self))));
}

static void
run_cb (RfLayersPane *self)
{
  g_signal_group_set_target (self->run, get_run (self));
  gtk_widget_set_visible (self->selection, FALSE);
  fill_sidebar (self, get_run (self));
}

static void
rf_layers_pane_constructed (GObject *object)
{
  RfLayersPane *self = RF_LAYERS_PANE (object);
  RfSession *session = rf_pane_get_session (RF_PANE (self));
  G_OBJECT_CLASS (rf_layers_pane_parent_class)->constructed (object);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "turned", G_CALLBACK (session_turned_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::plan", G_CALLBACK (plan_cb), self, G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_layers_pane_dispose (GObject *object)
{
  g_clear_handle_id (&RF_LAYERS_PANE (object)->estimate_id, rf_rhythm_forget);
  g_clear_object (&RF_LAYERS_PANE (object)->run);
  gtk_widget_dispose_template (GTK_WIDGET (object), RF_TYPE_LAYERS_PANE);
  G_OBJECT_CLASS (rf_layers_pane_parent_class)->dispose (object);
}

static void
rf_layers_pane_finalize (GObject *object)
{
  RfLayersPane *self = RF_LAYERS_PANE (object);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->layer_rows);
  g_hash_table_unref (self->controls);
  G_OBJECT_CLASS (rf_layers_pane_parent_class)->finalize (object);
}

static void
rf_layers_pane_class_init (RfLayersPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rf_layers_pane_constructed;
  object_class->dispose = rf_layers_pane_dispose;
  object_class->finalize = rf_layers_pane_finalize;

  gtk_widget_class_install_action (widget_class, "layers.preset", "s", preset);
  gtk_widget_class_install_action (widget_class, "layers.select-none", NULL, select_none);
  gtk_widget_class_install_action (widget_class, "layers.discard-plan", NULL, discard_plan);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/receptive/Receptive/layers-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, data_group);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, training_group);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, layers_group);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, presets_button);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, options_button);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, selection);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, selection_label);
  gtk_widget_class_bind_template_child (widget_class, RfLayersPane, plan_revealer);
  gtk_widget_class_bind_template_callback (widget_class, options_cb);
}

static void
rf_layers_pane_init (RfLayersPane *self)
{
  self->run = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run, "notify::images-per-second", G_CALLBACK (speed_cb),
                                  self);
  self->rows = g_ptr_array_new ();
  self->layer_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->controls = g_hash_table_new (g_str_hash, g_str_equal);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_autoptr (GMenuModel) presets = rf_presets_menu ();
  gtk_menu_button_set_menu_model (self->presets_button, presets);
}
