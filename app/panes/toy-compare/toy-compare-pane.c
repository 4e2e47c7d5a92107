/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/toy-compare/toy-compare-pane.h"

#include "app/controls.h"

#include <glib/gi18n-lib.h>

#define LOOK_MILLISECONDS 100
#define MAX_EPOCHS        100000
#define LEAST_HEIGHT      250

static const RfCompareView *const views[] = { &rf_study_view, &rf_copies_view, &rf_seeds_view };

typedef struct
{
  GtkWidget *widget;
  RfToyTrials *trials;
  double shown; /* progress on show */
  int epochs;
} Part;

struct _RfToyComparePane
{
  RfPane parent_instance;

  RfToyBench *bench;
  GtkStack *stack;
  GtkWidget *run, *epochs, *progress, *summary;
  Part parts[G_N_ELEMENTS (views)];
  guint look_id;
};

G_DEFINE_FINAL_TYPE (RfToyComparePane, rf_toy_compare_pane, RF_TYPE_PANE)

const RfPaneInfo rf_toy_compare_pane = {
  .id = "toy-compare",
  .title = N_ ("Compare"),
  .icon_name = "rf-swap-symbolic",
  .page = "playground",
  .place = RF_PLACE_MIDDLE,
  .get_type = rf_toy_compare_pane_get_type,
};

GtkWidget *
rf_compare_row (guint most)
{
  GtkWidget *row = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (row), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (row), most);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (row), TRUE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (row), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (row), 12);
  return row;
}

/* In a row there are as many as fit at the width that they like best: which is their least. */
static GtkSizeRequestMode
get_cell_mode (GtkWidget *cell)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_cell (GtkWidget *cell, GtkOrientation orientation, int for_size, int *minimum, int *natural,
              int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (cell), orientation, for_size, minimum, natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = *minimum;
}

static void
allocate_cell (GtkWidget *cell, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (cell), width, height, baseline, NULL);
}

/* The focus goes to what is in it. */
GtkWidget *
rf_compare_add (GtkWidget *row, GtkWidget *widget)
{
  GtkWidget *child = gtk_flow_box_child_new (), *cell = adw_bin_new ();
  gtk_widget_set_layout_manager (
      cell, gtk_custom_layout_new (get_cell_mode, measure_cell, allocate_cell));
  adw_bin_set_child (ADW_BIN (cell), widget);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), cell);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (GTK_FLOW_BOX (row), child);
  return child;
}

void
rf_compare_plan (GArray *states, const RfPlayState *state)
{
  RfPlayState copy;
  rf_play_state_copy (state, &copy);
  g_array_append_val (states, copy);
}

/* Which part is on show. */
static guint
get_part (RfToyComparePane *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_strcmp0 (name, views[i]->id) == 0)
      return i;
  return 0;
}

/* All that was done has been shown before it ends. */
static gboolean
is_running (const Part *part)
{
  return part->trials && part->shown < 1;
}

/* ---- showing ---- */

static void
show_controls (RfToyComparePane *self)
{
  const guint i = get_part (self);
  const Part *part = &self->parts[i];
  const gboolean running = is_running (part);
  gtk_button_set_label (GTK_BUTTON (self->run), running ? _ ("Stop") : _ ("Run"));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), MAX (part->shown, 0));
  gtk_widget_set_opacity (self->progress, running ? 1 : 0);
  gtk_label_set_label (GTK_LABEL (self->summary), _ (views[i]->summary));
  rf_control_set_spin (self->epochs, part->epochs, self);
}

/* Shows what has come since. */
static gboolean
look_cb (gpointer data)
{
  RfToyComparePane *self = data;
  gboolean running = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      Part *part = &self->parts[i];
      const double progress = part->trials ? rf_toy_trials_get_progress (part->trials) : 0;
      if (!part->trials || progress == part->shown)
        continue;
      part->shown = progress;
      views[i]->show (part->widget, part->trials);
    }
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    running = running || is_running (&self->parts[i]);
  show_controls (self);
  if (running)
    return G_SOURCE_CONTINUE;
  self->look_id = 0;
  return G_SOURCE_REMOVE;
}

/* ---- running ---- */

static void
clear_state (gpointer state)
{
  rf_play_state_clear (state);
}

static void
start (RfToyComparePane *self, guint i)
{
  Part *part = &self->parts[i];
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  g_auto (RfPlayState) base = { 0 };
  g_autoptr (GArray) states = g_array_new (FALSE, FALSE, sizeof (RfPlayState));
  g_array_set_clear_func (states, clear_state);
  if (!view || view->data->n_train == 0)
    {
      rf_pane_say (RF_PANE (self), _ ("There are no points to train on."));
      return;
    }
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &base);
  views[i]->plan (part->widget, &base, states);
  g_clear_pointer (&part->trials, rf_toy_trials_stop);
  part->trials = rf_toy_trials_new ((const RfPlayState *) states->data, (int) states->len,
                                    view->data, (guint64) part->epochs);
  part->shown = -1;
  if (self->look_id == 0)
    self->look_id = g_timeout_add (LOOK_MILLISECONDS, look_cb, self);
}

static void
run (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfToyComparePane *self = data;
  const guint i = get_part (self);
  Part *part = &self->parts[i];
  if (is_running (part))
    {
      g_clear_pointer (&part->trials, rf_toy_trials_stop);
      views[i]->show (part->widget, NULL);
    }
  else
    start (self, i);
  show_controls (self);
}

static void
epochs_cb (RfToyComparePane *self)
{
  self->parts[get_part (self)].epochs
      = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->epochs));
}

static const GActionEntry actions[] = { { "run", run } };

/* ---- the pane ---- */

static GtkWidget *
make_head (RfToyComparePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (_ ("Epochs"));
  GtkWidget *switcher = gtk_stack_switcher_new ();
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_add_css_class (switcher, "compact");
  self->epochs = rf_control_spin (1, MAX_EPOCHS, 50, 0, _ ("Epochs"),
                                  _ ("How long each is trained, from its first weights"));
  gtk_editable_set_width_chars (GTK_EDITABLE (self->epochs), 4);
  g_signal_connect_swapped (self->epochs, "value-changed", G_CALLBACK (epochs_cb), self);
  self->run = gtk_button_new ();
  gtk_widget_set_tooltip_text (self->run, _ ("Trains all on the points as they are, with the "
                                             "settings as they are but for what is compared"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->run), "toy-compare.run");
  gtk_widget_add_css_class (self->run, "suggested-action");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_halign (label, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), self->epochs);
  gtk_box_append (GTK_BOX (box), self->run);
  return box;
}

static GtkWidget *
make_body (RfToyComparePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (box, "pane-body");
  self->progress = gtk_progress_bar_new ();
  gtk_widget_add_css_class (self->progress, "thin");
  rf_control_name (self->progress, _ ("Progress"));
  self->summary = rf_control_caption ();
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), make_head (self));
  gtk_box_append (GTK_BOX (box), self->progress);
  gtk_box_append (GTK_BOX (box), self->summary);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  return box;
}

static void
rf_toy_compare_pane_constructed (GObject *object)
{
  RfToyComparePane *self = RF_TOY_COMPARE_PANE (object);
  G_OBJECT_CLASS (rf_toy_compare_pane_parent_class)->constructed (object);
  self->bench = rf_toy_bench_get (rf_pane_get_session (RF_PANE (self)));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      Part *part = &self->parts[i];
      part->epochs = views[i]->epochs;
      part->widget = views[i]->make (RF_PANE (self), self->bench);
      gtk_stack_add_titled (self->stack, part->widget, views[i]->id, _ (views[i]->title));
      views[i]->show (part->widget, NULL);
    }
  GtkWidget *scrolled = rf_control_scrolled (make_body (self));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LEAST_HEIGHT);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  rf_control_add_actions (GTK_WIDGET (self), scrolled, "toy-compare", actions,
                          G_N_ELEMENTS (actions));
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (show_controls), self,
                           G_CONNECT_SWAPPED);
  show_controls (self);
}

static void
rf_toy_compare_pane_dispose (GObject *object)
{
  RfToyComparePane *self = RF_TOY_COMPARE_PANE (object);
  g_clear_handle_id (&self->look_id, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    g_clear_pointer (&self->parts[i].trials, rf_toy_trials_stop);
  G_OBJECT_CLASS (rf_toy_compare_pane_parent_class)->dispose (object);
}

static void
rf_toy_compare_pane_class_init (RfToyComparePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_toy_compare_pane_constructed;
  G_OBJECT_CLASS (klass)->dispose = rf_toy_compare_pane_dispose;
}

static void
rf_toy_compare_pane_init (RfToyComparePane *self)
{
}
