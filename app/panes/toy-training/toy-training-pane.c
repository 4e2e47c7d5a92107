/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the playground learns: rates, penalties, optimizer, activation, and when it stops by itself.
 */

#include "app/panes/toy-training/toy-training-pane.h"

#include "app/controls.h"
#include "app/toy/toy-bench.h"
#include "app/toy/toy-ranges.h"

#include <glib/gi18n-lib.h>

static const char *const optimizer_titles[]
    = { N_ ("Gradient descent"), N_ ("Momentum"), N_ ("RMSprop"), N_ ("Adam"), NULL };
static const RfToyNumber pane_numbers[]
    = { RF_TOY_LEARNING_RATE, RF_TOY_L1, RF_TOY_L2, RF_TOY_MOMENTUM };
enum
{
  LEARNING_RATE,
  L1,
  L2,
  MOMENTUM,
  N_NUMBERS
};

typedef enum
{
  AS_ORIGINAL,
  REVIVE,
  INIT_ZERO,
  N_CHECKS
} Check;

static const struct
{
  const char *label, *tooltip;
} check_infos[N_CHECKS] = {
  [AS_ORIGINAL] = { N_ ("Penalties begin anew"),
                    N_ ("As in TensorFlow Playground: another batch size, or another kind or rate "
                        "of regularization, begins with new weights instead of acting at once") },
  [REVIVE] = { N_ ("Zero weights may return"),
               N_ ("A weight that L1 has set to zero stays dead in TensorFlow Playground; here it "
                   "may be learnt again") },
  [INIT_ZERO]
  = { N_ ("Begin with zero weights"), N_ ("All neurons of a layer are then alike, and stay so") },
};

struct _RfToyTrainingPane
{
  RfPane parent_instance;

  RfToyBench *bench;
  GtkWidget *numbers[N_NUMBERS], *optimizer, *activation, *checks[N_CHECKS];
  GtkWidget *end_epoch, *end_loss;
};

G_DEFINE_FINAL_TYPE (RfToyTrainingPane, rf_toy_training_pane, RF_TYPE_PANE)

const RfPaneInfo rf_toy_training_pane = {
  .id = "toy-training",
  .title = N_ ("Training"),
  .icon_name = "rf-train-symbolic",
  .page = "playground",
  .place = RF_PLACE_START,
  .width = 264,
  .get_type = rf_toy_training_pane_get_type,
};

/* ---- editing ---- */

static double
get_number (const RfPlayState *state, RfToyNumber number)
{
  double l1, l2;
  rf_play_state_get_penalties (state, &l1, &l2);
  return number == RF_TOY_LEARNING_RATE ? state->learning_rate
         : number == RF_TOY_MOMENTUM    ? state->momentum
         : number == RF_TOY_L1          ? l1
                                        : l2;
}

static void
set_number (RfPlayState *state, RfToyNumber number, double value)
{
  double l1, l2;
  rf_play_state_get_penalties (state, &l1, &l2);
  if (number == RF_TOY_LEARNING_RATE)
    state->learning_rate = value;
  else if (number == RF_TOY_MOMENTUM)
    state->momentum = value;
  else
    rf_play_state_set_penalties (state, number == RF_TOY_L1 ? value : l1,
                                 number == RF_TOY_L2 ? value : l2);
}

static void
turned_cb (RfKnob *knob, double value, RfToyTrainingPane *self)
{
  const RfToyNumber number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (knob), "number"));
  const char *title = rf_toy_ranges[number].title;
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  set_number (&state, number, value);
  rf_toy_bench_set_state (self->bench, &state, _ (title), title);
}

static void
chosen_cb (RfToyTrainingPane *self)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.optimizer = (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->optimizer));
  state.activation = (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->activation));
  if (state.activation != rf_toy_bench_get_state (self->bench)->activation)
    rf_toy_bench_set_state (self->bench, &state, _ ("Activation"), NULL);
  else
    rf_toy_bench_set_state (self->bench, &state, _ ("Optimizer"), NULL);
}

static void
checked_cb (RfToyTrainingPane *self)
{
  g_auto (RfPlayState) state = { 0 };
  gboolean on[N_CHECKS];
  for (Check i = 0; i < N_CHECKS; i++)
    on[i] = gtk_check_button_get_active (GTK_CHECK_BUTTON (self->checks[i]));
  rf_toy_bench_set_as_original (self->bench, on[AS_ORIGINAL]);
  const RfPlayState *before = rf_toy_bench_get_state (self->bench);
  if (!on[REVIVE] == !before->revive && !on[INIT_ZERO] == !before->init_zero)
    return;
  const char *label
      = !on[REVIVE] == !before->revive ? _ ("First Weights") : _ ("Return of Zero Weights");
  rf_play_state_copy (before, &state);
  state.revive = on[REVIVE];
  state.init_zero = on[INIT_ZERO];
  rf_toy_bench_set_state (self->bench, &state, label, NULL);
}

static void
ends_cb (RfToyTrainingPane *self)
{
  rf_toy_bench_set_ends (self->bench,
                         (guint64) gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->end_epoch)),
                         gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->end_loss)));
}

/* ---- showing ---- */

static void
changed_cb (RfToyTrainingPane *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  for (int i = 0; i < N_NUMBERS; i++)
    rf_knob_set_value (RF_KNOB (self->numbers[i]), get_number (state, pane_numbers[i]));
  gtk_widget_set_visible (self->numbers[MOMENTUM], state->optimizer == RF_PLAY_MOMENTUM);
  rf_control_set_drop (self->optimizer, (guint) state->optimizer, self);
  rf_control_set_drop (self->activation, (guint) state->activation, self);
  rf_control_set_toggle (self->checks[AS_ORIGINAL], rf_toy_bench_get_as_original (self->bench),
                         self);
  rf_control_set_toggle (self->checks[REVIVE], state->revive, self);
  rf_control_set_toggle (self->checks[INIT_ZERO], state->init_zero, self);
}

/* ---- the pane ---- */

static GtkWidget *
make_number (RfToyTrainingPane *self, int index)
{
  const RfToyNumber number = pane_numbers[index];
  GtkWidget *knob = self->numbers[index] = rf_control_knob (
      &rf_toy_ranges[number], get_number (rf_toy_bench_get_state (self->bench), number));
  g_object_set_data (G_OBJECT (knob), "number", GUINT_TO_POINTER (number));
  g_signal_connect (knob, "turned", G_CALLBACK (turned_cb), self);
  return knob;
}

static void
make_choices (RfToyTrainingPane *self)
{
  self->optimizer = rf_control_drop (optimizer_titles, _ ("Optimizer"),
                                     _ ("How a gradient becomes a step; TensorFlow Playground has "
                                        "gradient descent only"));
  self->activation = rf_control_drop (rf_toy_activation_titles, _ ("Activation"),
                                      _ ("Of all hidden layers that have none of their own"));
  g_signal_connect_swapped (self->optimizer, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->activation, "notify::selected", G_CALLBACK (chosen_cb), self);
  for (Check i = 0; i < N_CHECKS; i++)
    {
      self->checks[i] = gtk_check_button_new_with_label (_ (check_infos[i].label));
      gtk_widget_set_tooltip_text (self->checks[i], _ (check_infos[i].tooltip));
      g_signal_connect_swapped (self->checks[i], "toggled", G_CALLBACK (checked_cb), self);
    }
}

static void
make_ends (RfToyTrainingPane *self)
{
  self->end_epoch = rf_control_spin (0, 1e9, 100, 0, _ ("Stop at epoch"),
                                     _ ("Training pauses by itself there; 0: never"));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->end_epoch), 6);
  self->end_loss = rf_control_spin (0, 100, 0.01, 3, _ ("Stop below a test loss of"),
                                    _ ("Training pauses by itself there; 0: never"));
  g_signal_connect_swapped (self->end_epoch, "value-changed", G_CALLBACK (ends_cb), self);
  g_signal_connect_swapped (self->end_loss, "value-changed", G_CALLBACK (ends_cb), self);
}

static GtkWidget *
make_body (RfToyTrainingPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkBox *box = GTK_BOX (widget);
  gtk_widget_add_css_class (widget, "pane-body");
  make_choices (self);
  make_ends (self);
  gtk_box_append (box, make_number (self, LEARNING_RATE));
  gtk_box_append (box, rf_control_row (_ ("Activation"), self->activation, NULL));
  gtk_box_append (box, make_number (self, L1));
  gtk_box_append (box, make_number (self, L2));
  gtk_box_append (box, rf_control_row (_ ("Optimizer"), self->optimizer, NULL));
  gtk_box_append (box, make_number (self, MOMENTUM));
  for (Check i = 0; i < N_CHECKS; i++)
    gtk_box_append (box, self->checks[i]);
  gtk_box_append (box, rf_control_row (_ ("Stop at epoch"), self->end_epoch, NULL));
  gtk_box_append (box, rf_control_row (_ ("Stop below loss"), self->end_loss, NULL));
  return widget;
}

static void
rf_toy_training_pane_constructed (GObject *object)
{
  RfToyTrainingPane *self = RF_TOY_TRAINING_PANE (object);
  G_OBJECT_CLASS (rf_toy_training_pane_parent_class)->constructed (object);
  self->bench = rf_toy_bench_get (rf_pane_get_session (RF_PANE (self)));
  adw_bin_set_child (ADW_BIN (self), rf_control_scrolled (make_body (self)));
  g_signal_connect_object (self->bench, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
rf_toy_training_pane_class_init (RfToyTrainingPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_toy_training_pane_constructed;
}

static void
rf_toy_training_pane_init (RfToyTrainingPane *self)
{
}
