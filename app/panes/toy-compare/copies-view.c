/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Up to four copies of the network on the same points, from the same first weights, each with
 * penalties and dropout of its own. */

#include "app/panes/toy-compare/toy-compare-pane.h"

#include "app/controls.h"
#include "app/toy/toy-colors.h"
#include "app/toy/toy-ranges.h"
#include "widgets/toy/plane-view.h"

#include <glib/gi18n-lib.h>

#define COPIES 4
#define SIDE   50 /* of the maps */

enum
{
  L1,
  L2,
  DROPOUT,
  N_NUMBERS
};
static const RfToyNumber copy_numbers[N_NUMBERS] = { RF_TOY_L1, RF_TOY_L2, RF_TOY_DROPOUT };

/* None, each alone: what the sheet asks for. */
static const double first_numbers[COPIES][N_NUMBERS]
    = { { 0, 0, 0 }, { 0.003, 0, 0 }, { 0, 0.03, 0 }, { 0, 0, 0.1 } };

#define RF_TYPE_COPIES_VIEW (rf_copies_view_get_type ())
G_DECLARE_FINAL_TYPE (RfCopiesView, rf_copies_view, RF, COPIES_VIEW, GtkBox)

typedef struct
{
  GtkWidget *child, *numbers[N_NUMBERS], *words;
  RfPlaneView *plane;
} Copy;

struct _RfCopiesView
{
  GtkBox parent_instance;

  GtkWidget *count;
  Copy copies[COPIES];
};

G_DEFINE_FINAL_TYPE (RfCopiesView, rf_copies_view, GTK_TYPE_BOX)

static int
count (RfCopiesView *self)
{
  return gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->count));
}

static void
plan (GtkWidget *widget, RfPlayState *base, GArray *states)
{
  RfCopiesView *self = RF_COPIES_VIEW (widget);
  for (int i = 0; i < count (self); i++)
    {
      double numbers[N_NUMBERS];
      for (int j = 0; j < N_NUMBERS; j++)
        numbers[j] = rf_knob_get_value (RF_KNOB (self->copies[i].numbers[j]));
      rf_play_state_set_penalties (base, numbers[L1], numbers[L2]);
      for (int layer = 0; layer < base->n_layers; layer++)
        base->dropout[layer] = numbers[DROPOUT];
      rf_compare_plan (states, base);
    }
}

/* ---- showing ---- */

static void
show_plane (Copy *copy, const RfPlayState *state, const RfPlayNet *net)
{
  const RfPlayShape *shape = rf_play_net_get_shape (net);
  const int n_nodes = rf_play_net_count_nodes (net), n_outputs = shape->n_outputs;
  g_autofree float *outputs = g_new (float, SIDE *SIDE *n_outputs);
  g_autofree float **maps = g_new0 (float *, n_nodes);
  guint32 pixels[SIDE * SIDE];
  g_autoptr (RfPlayTable) grid = rf_play_table_new_grid (SIDE, RF_TOY_EXTENT, state->features);
  for (int i = 0; i < n_outputs; i++)
    maps[n_nodes - n_outputs + i] = outputs + SIDE * SIDE * i;
  rf_play_net_draw_maps (net, grid, maps);
  if (shape->output == RF_PLAY_OUTPUT_SOFTMAX)
    rf_toy_paint_classes (outputs, n_outputs, SIDE * SIDE, state->discretize, pixels);
  else
    rf_toy_paint_outputs (outputs, SIDE * SIDE, state->discretize, pixels);
  rf_plane_view_set_pixels (copy->plane, pixels, SIDE);
}

static void
show (GtkWidget *widget, RfToyTrials *trials)
{
  RfCopiesView *self = RF_COPIES_VIEW (widget);
  for (int i = 0; i < COPIES; i++)
    {
      Copy *copy = &self->copies[i];
      RfPlayMeasure measure;
      g_autoptr (RfPlayNet) net
          = trials && i < rf_toy_trials_count (trials) ? rf_toy_trials_get_net (trials, i) : NULL;
      if (!net || !rf_toy_trials_get_measure (trials, i, &measure))
        {
          gtk_label_set_label (GTK_LABEL (copy->words), _ ("Not trained yet"));
          continue;
        }
      g_autofree char *text = g_strdup_printf (
          _ ("Training %.4f · test %.4f\n%d of %d weights not zero"), measure.train_loss,
          measure.test_loss, measure.weights.weights - measure.weights.zero,
          measure.weights.weights);
      gtk_label_set_label (GTK_LABEL (copy->words), text);
      show_plane (copy, rf_toy_trials_get_state (trials, i), net);
    }
}

static void
count_cb (RfCopiesView *self)
{
  for (int i = 0; i < COPIES; i++)
    gtk_widget_set_visible (self->copies[i].child, i < count (self));
}

/* ---- making ---- */

static void
make_copy (RfCopiesView *self, int index, GtkWidget *row)
{
  Copy *copy = &self->copies[index];
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkBox *box = GTK_BOX (widget);
  g_autofree char *name = g_strdup_printf (_ ("Output of copy %d"), index + 1);
  copy->plane = RF_PLANE_VIEW (rf_plane_view_new (RF_TOY_EXTENT));
  rf_plane_view_set_small (copy->plane);
  rf_control_name (GTK_WIDGET (copy->plane), name);
  copy->words = rf_control_caption ();
  gtk_box_append (box, GTK_WIDGET (copy->plane));
  gtk_box_append (box, copy->words);
  for (int i = 0; i < N_NUMBERS; i++)
    {
      RfKnobRange range = rf_toy_ranges[copy_numbers[i]];
      g_autofree char *knob = g_strdup_printf (_ ("%s of copy %d"), _ (range.title), index + 1);
      range.name = knob;
      copy->numbers[i] = rf_control_knob (&range, first_numbers[index][i]);
      gtk_box_append (box, copy->numbers[i]);
    }
  copy->child = rf_compare_add (row, widget);
}

static void
rf_copies_view_class_init (RfCopiesViewClass *klass)
{
}

static void
rf_copies_view_init (RfCopiesView *self)
{
  GtkWidget *copies = rf_compare_row (COPIES);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  self->count = rf_control_spin (1, COPIES, 1, 0, _ ("Copies"), _ ("How many stand side by side"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->count), COPIES);
  g_signal_connect_swapped (self->count, "value-changed", G_CALLBACK (count_cb), self);
  gtk_box_append (GTK_BOX (row), gtk_label_new (_ ("Copies")));
  gtk_box_append (GTK_BOX (row), self->count);
  for (int i = 0; i < COPIES; i++)
    make_copy (self, i, copies);
  gtk_box_append (GTK_BOX (self), row);
  gtk_box_append (GTK_BOX (self), copies);
}

static GtkWidget *
make (RfPane *pane, RfToyBench *bench)
{
  return g_object_new (RF_TYPE_COPIES_VIEW, NULL);
}

const RfCompareView rf_copies_view = {
  .id = "copies",
  .title = N_ ("Copies"),
  .summary
  = N_ ("The same network, points and first weights, each copy with penalties of its own."),
  .epochs = 300,
  .make = make,
  .plan = plan,
  .show = show,
};
