/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows are made anew whenever the plan or the run is another one; a live option that is turned
 * elsewhere only moves its control. */

#include "app/panes/layers/training-row.h"

#include "app/panes/layers/option-control.h"
#include "app/panes/layers/plan-edit.h"
#include "app/text.h"
#include "model/augment/augment.h"
#include "model/base/error.h"
#include "model/optimizers/optimizer.h"
#include "model/schedules/schedule.h"

#include <glib/gi18n-lib.h>

#define BATCH_SIZE "training.batch_size"
#define EPOCHS     "training.epochs"
#define PATIENCE   "training.early_stopping.patience"

struct _RfTrainingRow
{
  AdwExpanderRow parent_instance;

  RfSession *session;
  GPtrArray *rows;      /* inside */
  GHashTable *controls; /* path → RfOptionControl, live ones */
  GtkSpinButton *batch_size, *epochs, *patience;
  GtkToggleButton *endless;
  gboolean filling;
  guint refill_id;
};

G_DEFINE_FINAL_TYPE (RfTrainingRow, rf_training_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  TOLD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
tell (RfTrainingRow *self, const char *message)
{
  g_signal_emit (self, signals[TOLD], 0, message);
}

/* ---- in words ---- */

static void
summarise (RfTrainingRow *self)
{
  RfExperiment *plan = rf_session_get_plan (self->session);
  if (!plan)
    return;
  const RfTrainingConfig *training = &plan->training;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s · batches of %d"), _ (training->optimizer->klass->title),
                          training->batch_size);
  if (training->epochs >= RF_MAX_EPOCHS)
    g_string_append (text, _ (" · until stopped"));
  else
    g_string_append_printf (text, ngettext (" · %d epoch", " · %d epochs", training->epochs),
                            training->epochs);
  if (g_strcmp0 (training->schedule->klass->type, "constant") != 0)
    g_string_append_printf (text, " · %s", _ (training->schedule->klass->title));
  for (guint i = 0; i < training->augment->len; i++)
    {
      const RfSpec *augment = g_ptr_array_index (training->augment, i);
      g_string_append_printf (text, " · %s", _ (augment->klass->title));
    }
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text->str);
  g_string_free (text, TRUE);
}

/* ---- making rows ---- */

static void
add (RfTrainingRow *self, GtkWidget *row)
{
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_ptr_array_add (self->rows, row);
}

static GtkWidget *
add_action_row (RfTrainingRow *self, const char *title, const char *tooltip, GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_tooltip_text (row, tooltip);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip, -1);
  add (self, row);
  return row;
}

static GtkSpinButton *
make_spin (double low, double high, double value)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (value, low, high, 1, 10, 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, 1, 0);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 6);
  return GTK_SPIN_BUTTON (spin);
}

static void
turn (RfTrainingRow *self, const char *path, double value)
{
  g_autoptr (GError) error = NULL;
  if (self->filling || rf_session_turn (self->session, path, value, &error))
    return;
  tell (self, error->message);
  /* The control goes back to what is in force. */
  g_object_notify (G_OBJECT (self->session), "plan");
}

/* ---- batch size and epochs: of the run under way ---- */

static void
batch_size_cb (RfTrainingRow *self)
{
  turn (self, BATCH_SIZE, gtk_spin_button_get_value (self->batch_size));
}

static void
epochs_cb (RfTrainingRow *self)
{
  if (!gtk_toggle_button_get_active (self->endless))
    turn (self, EPOCHS, gtk_spin_button_get_value (self->epochs));
}

static void
endless_cb (RfTrainingRow *self)
{
  const gboolean endless = gtk_toggle_button_get_active (self->endless);
  gtk_widget_set_sensitive (GTK_WIDGET (self->epochs), !endless);
  turn (self, EPOCHS, endless ? RF_MAX_EPOCHS : gtk_spin_button_get_value (self->epochs));
}

static void
add_batch_size (RfTrainingRow *self, const RfExperiment *plan, RfRun *run)
{
  const gsize n = rf_run_get_dataset (run)->splits[RF_SPLIT_TRAIN].n;
  self->batch_size = make_spin (1, MIN ((double) n, RF_MAX_BATCH_SIZE), plan->training.batch_size);
  gtk_spin_button_set_increments (self->batch_size, 16, 64);
  g_signal_connect_swapped (self->batch_size, "value-changed", G_CALLBACK (batch_size_cb), self);
  add_action_row (self, _ ("Batch size"),
                  _ ("Pictures per step: the gradient is their mean. Larger batches are less noisy "
                     "and faster per picture, but take fewer steps per epoch. Acts on the next "
                     "step"),
                  GTK_WIDGET (self->batch_size));
}

static void
add_epochs (RfTrainingRow *self, const RfExperiment *plan, RfRun *run)
{
  const gboolean endless = plan->training.epochs >= RF_MAX_EPOCHS;
  const double now = endless ? MAX (rf_run_get_epoch (run) + 10, 20) : plan->training.epochs;
  self->epochs = make_spin (1, RF_MAX_EPOCHS - 1, now);
  gtk_widget_set_sensitive (GTK_WIDGET (self->epochs), !endless);
  g_signal_connect_swapped (self->epochs, "value-changed", G_CALLBACK (epochs_cb), self);
  GtkWidget *row = add_action_row (
      self, _ ("Epochs"),
      _ ("Times that each training picture is seen. More than before lets a run that is done go "
         "on. A schedule that falls towards the end stretches with it"),
      GTK_WIDGET (self->epochs));
  self->endless = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label ("∞"));
  gtk_widget_set_valign (GTK_WIDGET (self->endless), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->endless), _ ("Train until stopped"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->endless), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Train until stopped"), -1);
  gtk_toggle_button_set_active (self->endless, endless);
  g_signal_connect_swapped (self->endless, "toggled", G_CALLBACK (endless_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->endless));
}

/* ---- what is planned ---- */

static void
seed_cb (RfTrainingRow *self, GtkSpinButton *spin)
{
  if (!self->filling)
    rf_plan_seed (self->session, (guint64) gtk_spin_button_get_value (spin));
}

static void
add_seed (RfTrainingRow *self, const RfExperiment *plan)
{
  GtkSpinButton *seed = make_spin (0, 1e9, (double) plan->training.seed);
  add_action_row (self, _ ("Seed"),
                  _ ("First weights, order of the pictures, dropout and augmentation follow from "
                     "it. For the next run"),
                  GTK_WIDGET (seed));
  g_signal_connect_swapped (seed, "value-changed", G_CALLBACK (seed_cb), self);
}

static void
patience_cb (RfTrainingRow *self, GtkSpinButton *spin)
{
  RfRun *run = rf_session_get_run (self->session);
  const int patience = gtk_spin_button_get_value_as_int (spin);
  if (self->filling || !run)
    return;
  if (rf_run_get_dataset (run)->splits[RF_SPLIT_VALIDATION].n > 0)
    turn (self, PATIENCE, patience);
  else if (rf_plan_patience (self->session, patience))
    tell (self,
          _ ("A tenth of the training pictures is set apart for validation, in the next run."));
}

static void
add_patience (RfTrainingRow *self, const RfExperiment *plan)
{
  GtkSpinButton *patience = self->patience = make_spin (0, 1000, plan->training.patience);
  add_action_row (self, _ ("Early stopping"),
                  _ ("Stop when the validation loss has not become smaller for so many epochs, and "
                     "restore the weights of the best. 0: never"),
                  GTK_WIDGET (patience));
  g_signal_connect_swapped (patience, "value-changed", G_CALLBACK (patience_cb), self);
}

typedef void (*PlanFunc) (RfSession *session, const RfSpecClass *klass);

static void
selected_cb (RfTrainingRow *self, GParamSpec *pspec, AdwComboRow *row)
{
  const RfSpecClass *const *classes = g_object_get_data (G_OBJECT (row), "classes");
  PlanFunc plan = (PlanFunc) g_object_get_data (G_OBJECT (row), "plan");
  if (!self->filling)
    plan (self->session, classes[adw_combo_row_get_selected (row)]);
}

/* @classes: a registration table; its entries begin with an RfSpecClass. */
static void
add_choice (RfTrainingRow *self, const char *title, const char *tooltip,
            const RfSpecClass *const *classes, const RfSpecClass *present, PlanFunc plan)
{
  GtkWidget *row = adw_combo_row_new ();
  GtkStringList *titles = gtk_string_list_new (NULL);
  guint chosen = 0;
  for (guint i = 0; classes[i]; i++)
    {
      gtk_string_list_append (titles, _ (classes[i]->title));
      if (classes[i] == present)
        chosen = i;
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  g_object_unref (titles);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), chosen);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_tooltip_text (row, tooltip);
  g_object_set_data (G_OBJECT (row), "classes", (gpointer) classes);
  g_object_set_data (G_OBJECT (row), "plan", (gpointer) plan);
  g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (selected_cb), self);
  add (self, row);
}

static void
augment_cb (RfTrainingRow *self, GParamSpec *pspec, GtkSwitch *toggle)
{
  const RfSpecClass *klass = g_object_get_data (G_OBJECT (toggle), "class");
  if (!self->filling)
    rf_plan_augment (self->session, klass, gtk_switch_get_active (toggle));
}

static gboolean
has_augment (const RfExperiment *plan, const RfSpecClass *klass)
{
  for (guint i = 0; i < plan->training.augment->len; i++)
    if (((RfSpec *) g_ptr_array_index (plan->training.augment, i))->klass == klass)
      return TRUE;
  return FALSE;
}

/* ---- options of optimizer, schedule and augmentations ---- */

static void
turned_cb (RfTrainingRow *self, double value, RfOptionControl *control)
{
  const char *path = rf_option_control_get_path (control);
  g_autoptr (GError) error = NULL;
  gboolean done;
  if (rf_option_control_is_live (control) && !rf_plan_is_new (self->session, path))
    done = rf_session_turn (self->session, path, value, &error);
  else
    done = rf_plan_option (self->session, path, value, &error);
  if (!done)
    tell (self, error->message);
}

typedef struct
{
  RfTrainingRow *self;
  const char *prefix;
} Adding;

static void
add_option (const RfOptionPlace *place, gpointer data)
{
  Adding *adding = data;
  RfTrainingRow *self = adding->self;
  static const char *const elsewhere[] = { "learning_rate", "momentum", NULL };
  if (!g_str_has_prefix (place->path, adding->prefix) || !rf_option_control_fits (place->option)
      || (g_str_has_prefix (place->path, "training.optimizer.")
          && g_strv_contains (elsewhere, place->option->name)))
    return;
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *control = rf_option_control_new (place, NULL, TRUE);
  gtk_widget_add_css_class (control, "option-row");
  gtk_widget_add_css_class (control, "inner");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), control);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (place->option->title));
  g_signal_connect_swapped (control, "turned", G_CALLBACK (turned_cb), self);
  g_hash_table_insert (self->controls,
                       (char *) rf_option_control_get_path (RF_OPTION_CONTROL (control)), control);
  add (self, row);
}

static void
add_options (RfTrainingRow *self, RfExperiment *plan, const char *prefix)
{
  Adding adding = { self, prefix };
  rf_experiment_foreach_option (plan, add_option, &adding);
}

static void
add_augment (RfTrainingRow *self, RfExperiment *plan)
{
  for (guint i = 0; rf_augment_classes[i]; i++)
    {
      const RfSpecClass *klass = &rf_augment_classes[i]->spec;
      GtkWidget *toggle = gtk_switch_new ();
      gtk_switch_set_active (GTK_SWITCH (toggle), has_augment (plan, klass));
      g_object_set_data (G_OBJECT (toggle), "class", (gpointer) klass);
      g_signal_connect_swapped (toggle, "notify::active", G_CALLBACK (augment_cb), self);
      /* Translators: the name of an augmentation of pictures. */
      g_autofree char *title = g_strdup_printf (_ ("Augment: %s"), _ (klass->title));
      add_action_row (self, title, _ (klass->summary), toggle);
      for (guint j = 0; j < plan->training.augment->len; j++)
        if (((RfSpec *) g_ptr_array_index (plan->training.augment, j))->klass == klass)
          {
            g_autofree char *prefix = g_strdup_printf ("training.augment[%u].", j);
            add_options (self, plan, prefix);
          }
    }
}

/* ---- keeping up ---- */

static void
fill (RfTrainingRow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  RfExperiment *plan = rf_session_get_plan (self->session);
  self->filling = TRUE;
  g_hash_table_remove_all (self->controls);
  self->batch_size = self->epochs = self->patience = NULL;
  self->endless = NULL;
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self), run != NULL);
  if (run)
    {
      add_batch_size (self, plan, run);
      add_epochs (self, plan, run);
      add_patience (self, plan);
      add_choice (self, _ ("Optimizer"), _ ("How a gradient becomes a step. For the next run"),
                  (const RfSpecClass *const *) rf_optimizer_classes,
                  plan->training.optimizer->klass, rf_plan_optimizer);
      add_options (self, plan, "training.optimizer.");
      add_choice (self, _ ("Schedule"),
                  _ ("How the learning rate changes in the course of the training: the rate of a "
                     "step is the learning rate times its factor. For the next run"),
                  (const RfSpecClass *const *) rf_schedule_classes, plan->training.schedule->klass,
                  rf_plan_schedule);
      add_options (self, plan, "training.schedule.");
      add_augment (self, plan);
      add_seed (self, plan);
      summarise (self);
    }
  self->filling = FALSE;
}

static void
refill (gpointer data)
{
  RfTrainingRow *self = data;
  self->refill_id = 0;
  fill (self);
}

/* Not at once: the row whose signal led here goes too. */
static void
refill_cb (RfTrainingRow *self)
{
  if (self->refill_id == 0)
    self->refill_id = g_idle_add_once (refill, self);
}

static void
session_turned_cb (RfTrainingRow *self, const char *path, double value)
{
  self->filling = TRUE;
  if (g_str_equal (path, BATCH_SIZE) && self->batch_size)
    gtk_spin_button_set_value (self->batch_size, value);
  else if (g_str_equal (path, EPOCHS) && self->epochs)
    {
      gtk_toggle_button_set_active (self->endless, value >= RF_MAX_EPOCHS);
      if (value < RF_MAX_EPOCHS)
        gtk_spin_button_set_value (self->epochs, value);
    }
  else if (g_str_equal (path, PATIENCE) && self->patience)
    gtk_spin_button_set_value (self->patience, value);
  RfOptionControl *control = g_hash_table_lookup (self->controls, path);
  if (control && rf_option_control_get (control) != value)
    rf_option_control_set (control, value);
  self->filling = FALSE;
  summarise (self);
}

static void
rf_training_row_dispose (GObject *object)
{
  RfTrainingRow *self = RF_TRAINING_ROW (object);
  g_clear_handle_id (&self->refill_id, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (rf_training_row_parent_class)->dispose (object);
}

static void
rf_training_row_finalize (GObject *object)
{
  RfTrainingRow *self = RF_TRAINING_ROW (object);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->controls);
  G_OBJECT_CLASS (rf_training_row_parent_class)->finalize (object);
}

static void
rf_training_row_class_init (RfTrainingRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rf_training_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = rf_training_row_finalize;
  signals[TOLD] = g_signal_new ("told", RF_TYPE_TRAINING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rf_training_row_init (RfTrainingRow *self)
{
  self->rows = g_ptr_array_new ();
  self->controls = g_hash_table_new (g_str_hash, g_str_equal);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Settings"));
}

GtkWidget *
rf_training_row_new (RfSession *session)
{
  g_return_val_if_fail (RF_IS_SESSION (session), NULL);

  RfTrainingRow *self = g_object_new (RF_TYPE_TRAINING_ROW, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (refill_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::plan", G_CALLBACK (refill_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "turned", G_CALLBACK (session_turned_cb), self,
                           G_CONNECT_SWAPPED);
  fill (self);
  return GTK_WIDGET (self);
}
