/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The points that the playground learns from: which set, how many of them to train on, how noisy.
 * What is changed here draws new points, except for the batch size. */

#include "app/panes/toy-data/toy-data-pane.h"

#include "app/controls.h"
#include "app/toy/toy-bench.h"
#include "app/toy/toy-ranges.h"
#include "app/toy/toy-thumb.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_THUMBS RF_PLAY_N_DATASETS

static const char *const problem_titles[] = { N_ ("Classification"), N_ ("Regression"), NULL };
static const char *const set_titles[]
    = { N_ ("Circle"), N_ ("Exclusive or"), N_ ("Gaussian"), N_ ("Spiral") };
static const char *const reg_titles[] = { N_ ("Plane"), N_ ("Multi-Gaussian") };

static const RfToyNumber pane_numbers[] = { RF_TOY_TRAIN_SHARE, RF_TOY_NOISE, RF_TOY_BATCH_SIZE };
#define N_NUMBERS G_N_ELEMENTS (pane_numbers)

struct _RfToyDataPane
{
  RfPane parent_instance;

  RfToyBench *bench;
  GtkWidget *problem, *classes_row, *classes, *seed;
  GtkWidget *buttons[MAX_THUMBS], *thumbs[MAX_THUMBS], *titles[MAX_THUMBS];
  GtkWidget *numbers[N_NUMBERS];
  int thumb_problem, thumb_classes; /* that are shown */
};

G_DEFINE_FINAL_TYPE (RfToyDataPane, rf_toy_data_pane, RF_TYPE_PANE)

const RfPaneInfo rf_toy_data_pane = {
  .id = "toy-data",
  .title = N_ ("Points"),
  .icon_name = "rf-playground-symbolic",
  .page = "playground",
  .place = RF_PLACE_START,
  .width = 264,
  .get_type = rf_toy_data_pane_get_type,
};

/* ---- editing ---- */

static void
problem_cb (RfToyDataPane *self)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.problem = (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->problem));
  rf_toy_bench_set_state (self->bench, &state, _ ("Problem"), NULL);
}

static void
set_cb (GtkToggleButton *button, RfToyDataPane *self)
{
  const int set = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "set"));
  g_auto (RfPlayState) state = { 0 };
  if (!gtk_toggle_button_get_active (button))
    return;
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  *(state.problem == RF_PLAY_CLASSIFICATION ? &state.dataset : &state.reg_dataset) = set;
  rf_toy_bench_set_state (self->bench, &state, _ ("Data Set"), NULL);
}

static void
classes_cb (RfToyDataPane *self)
{
  const int n = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->classes));
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.n_classes = n > 2 ? n : 0;
  rf_toy_bench_set_state (self->bench, &state, _ ("Classes"), NULL);
}

static double *
get_number (RfPlayState *state, RfToyNumber number)
{
  return number == RF_TOY_TRAIN_SHARE ? &state->perc_train_data
         : number == RF_TOY_NOISE     ? &state->noise
                                      : &state->batch_size;
}

static void
turned_cb (RfKnob *knob, double value, RfToyDataPane *self)
{
  const RfToyNumber number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (knob), "number"));
  const char *title = rf_toy_ranges[number].title;
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  if (*get_number (&state, number) == round (value))
    return;
  *get_number (&state, number) = round (value);
  rf_toy_bench_set_state (self->bench, &state, _ (title), title);
}

static void
seed_cb (RfToyDataPane *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->seed));
  g_auto (RfPlayState) state = { 0 };
  if (g_str_equal (text, rf_toy_bench_get_state (self->bench)->seed))
    return;
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  rf_play_state_set_seed (&state, text);
  rf_toy_bench_set_state (self->bench, &state, _ ("Seed"), NULL);
}

static void
regenerate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfToyDataPane *self = data;
  rf_toy_bench_reset (self->bench, TRUE);
}

/* ---- showing ---- */

static void
show_sets (RfToyDataPane *self, const RfPlayState *state)
{
  const gboolean regression = state->problem == RF_PLAY_REGRESSION;
  const int n = regression ? RF_PLAY_N_REG_DATASETS : RF_PLAY_N_DATASETS;
  const int chosen = regression ? state->reg_dataset : state->dataset;
  const gboolean same
      = self->thumb_problem == state->problem && self->thumb_classes == state->n_classes;
  for (int i = 0; i < MAX_THUMBS; i++)
    {
      gtk_widget_set_visible (self->buttons[i], i < n);
      rf_control_set_toggle (self->buttons[i], i == chosen, self);
      if (same || i >= n)
        continue;
      g_auto (RfPlayState) shown = { 0 };
      rf_play_state_copy (state, &shown);
      shown.dataset = shown.reg_dataset = i;
      rf_toy_thumb_set_state (self->thumbs[i], &shown);
      const char *title = _ (regression ? reg_titles[i] : set_titles[i]);
      gtk_widget_set_tooltip_text (self->buttons[i], title);
      rf_control_name (self->buttons[i], title);
    }
  self->thumb_problem = state->problem;
  self->thumb_classes = state->n_classes;
}

static void
changed_cb (RfToyDataPane *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  const gboolean regression = state->problem == RF_PLAY_REGRESSION;
  rf_control_set_drop (self->problem, (guint) state->problem, self);
  rf_control_set_spin (self->classes, state->n_classes > 0 ? state->n_classes : 2, self);
  gtk_widget_set_visible (self->classes_row, !regression);
  show_sets (self, state);
  for (guint i = 0; i < N_NUMBERS; i++)
    rf_knob_set_value (RF_KNOB (self->numbers[i]),
                       *get_number ((RfPlayState *) state, pane_numbers[i]));
  if (!gtk_widget_has_focus (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->seed)))))
    gtk_editable_set_text (GTK_EDITABLE (self->seed), state->seed);
}

/* ---- the pane ---- */

static GtkWidget *
make_sets (RfToyDataPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Data set"), -1);
  for (int i = 0; i < MAX_THUMBS; i++)
    {
      GtkWidget *button = self->buttons[i] = gtk_toggle_button_new ();
      self->thumbs[i] = rf_toy_thumb_new ();
      gtk_button_set_child (GTK_BUTTON (button), self->thumbs[i]);
      gtk_widget_add_css_class (button, "thumb-button");
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                     GTK_TOGGLE_BUTTON (self->buttons[0]));
      g_object_set_data (G_OBJECT (button), "set", GINT_TO_POINTER (i));
      g_signal_connect (button, "toggled", G_CALLBACK (set_cb), self);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static GtkWidget *
make_number (RfToyDataPane *self, guint index)
{
  const RfToyNumber number = pane_numbers[index];
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  GtkWidget *knob = self->numbers[index]
      = rf_control_knob (&rf_toy_ranges[number], *get_number ((RfPlayState *) state, number));
  g_object_set_data (G_OBJECT (knob), "number", GUINT_TO_POINTER (number));
  g_signal_connect (knob, "turned", G_CALLBACK (turned_cb), self);
  return knob;
}

static GtkWidget *
make_seed (RfToyDataPane *self)
{
  self->seed = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->seed), 9);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->seed), 9);
  gtk_widget_set_tooltip_text (
      self->seed, _ ("Any text; the same seed gives the same points and first weights as in "
                     "TensorFlow Playground"));
  rf_control_name (self->seed, _ ("Seed"));
  g_signal_connect_swapped (self->seed, "activate", G_CALLBACK (seed_cb), self);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (seed_cb), self);
  gtk_widget_add_controller (self->seed, focus);
  return rf_control_row (_ ("Seed"), self->seed, NULL);
}

static GtkWidget *
make_body (RfToyDataPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkBox *box = GTK_BOX (widget);
  gtk_widget_add_css_class (widget, "pane-body");
  self->problem = rf_control_drop (problem_titles, _ ("Problem"),
                                   _ ("Classes of points to tell apart, or a value of each place"));
  g_signal_connect_swapped (self->problem, "notify::selected", G_CALLBACK (problem_cb), self);
  self->classes = rf_control_spin (2, RF_PLAY_MAX_CLASSES, 1, 0, _ ("Classes"),
                                   _ ("Two have one output, as in TensorFlow Playground; more have "
                                      "one each, and softmax"));
  g_signal_connect_swapped (self->classes, "value-changed", G_CALLBACK (classes_cb), self);
  self->classes_row = rf_control_row (_ ("Classes"), self->classes, NULL);
  gtk_box_append (box, self->problem);
  gtk_box_append (box, make_sets (self));
  gtk_box_append (box, self->classes_row);
  for (guint i = 0; i < N_NUMBERS; i++)
    gtk_box_append (box, make_number (self, i));
  gtk_box_append (box, make_seed (self));
  return widget;
}

static const GActionEntry actions[] = { { "regenerate", regenerate } };

static GtkWidget *
make_tools (RfToyDataPane *self)
{
  GtkWidget *button = rf_control_icon ("view-refresh-symbolic", _ ("New points"),
                                       _ ("Draws other points of the same kind, and new weights"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "toy-data.regenerate");
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static void
rf_toy_data_pane_constructed (GObject *object)
{
  RfToyDataPane *self = RF_TOY_DATA_PANE (object);
  G_OBJECT_CLASS (rf_toy_data_pane_parent_class)->constructed (object);
  self->bench = rf_toy_bench_get (rf_pane_get_session (RF_PANE (self)));
  self->thumb_problem = -1;
  adw_bin_set_child (ADW_BIN (self), rf_control_scrolled (make_body (self)));
  GtkWidget *tools = make_tools (self);
  rf_control_add_actions (GTK_WIDGET (self), tools, "toy-data", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  g_signal_connect_object (self->bench, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
rf_toy_data_pane_class_init (RfToyDataPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_toy_data_pane_constructed;
}

static void
rf_toy_data_pane_init (RfToyDataPane *self)
{
}
