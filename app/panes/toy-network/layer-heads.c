/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The heads stand at the middles of a homogeneous box, which is where the drawing has its columns.
 */

#include "app/panes/toy-network/layer-heads.h"

#include "app/controls.h"
#include "app/toy/toy-ranges.h"

#include <glib/gi18n-lib.h>

#define ROOMY 5 /* hidden layers that leave room for buttons beside the number */

static const char *const activation_titles[]
    = { N_ ("As the others"), N_ ("ReLU"), N_ ("Tanh"), N_ ("Sigmoid"), N_ ("Linear"), NULL };
typedef struct
{
  GtkWidget *box, *fewer, *more, *button, *units, *activation, *dropout;
} Head;

struct _RfLayerHeads
{
  GtkBox parent_instance;

  RfToyBench *bench;
  GtkWidget *inputs, *output;
  Head heads[RF_PLAY_MAX_LAYERS];
};

G_DEFINE_FINAL_TYPE (RfLayerHeads, rf_layer_heads, GTK_TYPE_BOX)

static int
get_layer (gpointer widget)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (widget), "layer"));
}

/* ---- editing ---- */

static void
set_units (RfLayerHeads *self, int layer, int units)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  if (layer >= state.n_layers || units < 1 || units > RF_PLAY_MAX_UNITS
      || units == state.units[layer])
    return;
  state.units[layer] = units;
  rf_toy_bench_set_state (self->bench, &state, _ ("Neurons"), NULL);
}

static void
fewer_cb (GtkWidget *button, RfLayerHeads *self)
{
  const int layer = get_layer (button);
  set_units (self, layer, rf_toy_bench_get_state (self->bench)->units[layer] - 1);
}

static void
more_cb (GtkWidget *button, RfLayerHeads *self)
{
  const int layer = get_layer (button);
  set_units (self, layer, rf_toy_bench_get_state (self->bench)->units[layer] + 1);
}

static void
units_cb (GtkWidget *spin, RfLayerHeads *self)
{
  set_units (self, get_layer (spin), gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (spin)));
}

static void
activation_cb (GtkDropDown *drop, GParamSpec *pspec, RfLayerHeads *self)
{
  const int layer = get_layer (drop);
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.layer_activation[layer] = (int) gtk_drop_down_get_selected (drop) - 1;
  rf_toy_bench_set_state (self->bench, &state, _ ("Activation"), NULL);
}

static void
dropout_cb (RfKnob *knob, double value, RfLayerHeads *self)
{
  const int layer = get_layer (knob);
  g_autofree char *key = g_strdup_printf ("dropout-%d", layer);
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.dropout[layer] = value;
  rf_toy_bench_set_state (self->bench, &state, _ ("Dropout"), key);
}

/* ---- showing ---- */

static void
show_head (RfLayerHeads *self, int layer, const RfPlayState *state)
{
  Head *head = &self->heads[layer];
  const gboolean there = layer < state->n_layers, roomy = state->n_layers <= ROOMY;
  gtk_widget_set_visible (head->box, there);
  if (!there)
    return;
  const int units = state->units[layer];
  const char *activation
      = _ (rf_toy_activation_titles[rf_play_state_get_activation (state, layer)]);
  g_autofree char *label = g_strdup_printf ("%d", units);
  g_autofree char *words
      = g_strdup_printf (ngettext ("Layer %d: %d neuron, %s, dropout %.0f %%",
                                   "Layer %d: %d neurons, %s, dropout %.0f %%", (gulong) units),
                         layer + 1, units, activation, state->dropout[layer] * 100);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (head->button), label);
  gtk_widget_set_tooltip_text (head->button, words);
  rf_control_name (head->button, words);
  gtk_widget_set_visible (head->fewer, roomy);
  gtk_widget_set_visible (head->more, roomy);
  gtk_widget_set_sensitive (head->fewer, units > 1);
  gtk_widget_set_sensitive (head->more, units < RF_PLAY_MAX_UNITS);
  if (state->dropout[layer] > 0 || state->layer_activation[layer] != RF_PLAY_COMMON_ACTIVATION)
    gtk_widget_add_css_class (head->button, "accent");
  else
    gtk_widget_remove_css_class (head->button, "accent");
  rf_control_set_spin (head->units, units, self);
  rf_control_set_drop (head->activation, (guint) (state->layer_activation[layer] + 1), self);
  rf_knob_set_value (RF_KNOB (head->dropout), state->dropout[layer]);
}

static void
changed_cb (RfLayerHeads *self)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  for (int layer = 0; layer < RF_PLAY_MAX_LAYERS; layer++)
    show_head (self, layer, state);
}

/* ---- making ---- */

static GtkWidget *
make_small (const char *icon, const char *name, int layer)
{
  GtkWidget *button = rf_control_icon (icon, name, name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "tight");
  g_object_set_data (G_OBJECT (button), "layer", GINT_TO_POINTER (layer));
  return button;
}

static GtkWidget *
make_popover (RfLayerHeads *self, Head *head, int layer)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *title = g_strdup_printf (_ ("Hidden layer %d"), layer + 1);
  head->units = rf_control_spin (1, RF_PLAY_MAX_UNITS, 1, 0, _ ("Neurons"),
                                 _ ("Another number begins with new weights"));
  head->activation = rf_control_drop (activation_titles, _ ("Activation"),
                                      _ ("Of this layer alone; another one begins with new "
                                         "weights"));
  head->dropout = rf_control_knob (&rf_toy_ranges[RF_TOY_DROPOUT], 0);
  GtkWidget *const controls[] = { head->units, head->activation, head->dropout };
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    g_object_set_data (G_OBJECT (controls[i]), "layer", GINT_TO_POINTER (layer));
  g_signal_connect (head->units, "value-changed", G_CALLBACK (units_cb), self);
  g_signal_connect (head->activation, "notify::selected", G_CALLBACK (activation_cb), self);
  g_signal_connect (head->dropout, "turned", G_CALLBACK (dropout_cb), self);
  gtk_box_append (GTK_BOX (box), rf_control_heading (title));
  gtk_box_append (GTK_BOX (box), rf_control_row (_ ("Neurons"), head->units, NULL));
  gtk_box_append (GTK_BOX (box), rf_control_row (_ ("Activation"), head->activation, NULL));
  gtk_box_append (GTK_BOX (box), head->dropout);
  gtk_widget_set_size_request (box, 240, -1);
  GtkWidget *popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

static void
make_head (RfLayerHeads *self, int layer)
{
  Head *head = &self->heads[layer];
  head->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_halign (head->box, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (head->box, TRUE);
  head->fewer = make_small ("list-remove-symbolic", _ ("A neuron less"), layer);
  head->more = make_small ("list-add-symbolic", _ ("A neuron more"), layer);
  head->button = gtk_menu_button_new ();
  gtk_widget_add_css_class (head->button, "flat");
  gtk_widget_add_css_class (head->button, "layer-head");
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (head->button), FALSE);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (head->button), make_popover (self, head, layer));
  g_signal_connect (head->fewer, "clicked", G_CALLBACK (fewer_cb), self);
  g_signal_connect (head->more, "clicked", G_CALLBACK (more_cb), self);
  gtk_box_append (GTK_BOX (head->box), head->fewer);
  gtk_box_append (GTK_BOX (head->box), head->button);
  gtk_box_append (GTK_BOX (head->box), head->more);
  gtk_box_append (GTK_BOX (self), head->box);
}

static GtkWidget *
make_title (const char *title)
{
  GtkWidget *label = gtk_label_new (title);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
rf_layer_heads_class_init (RfLayerHeadsClass *klass)
{
}

static void
rf_layer_heads_init (RfLayerHeads *self)
{
  gtk_box_set_homogeneous (GTK_BOX (self), TRUE);
  gtk_box_append (GTK_BOX (self), make_title (_ ("Inputs")));
  for (int layer = 0; layer < RF_PLAY_MAX_LAYERS; layer++)
    make_head (self, layer);
  gtk_box_append (GTK_BOX (self), make_title (_ ("Output")));
}

GtkWidget *
rf_layer_heads_new (RfToyBench *bench)
{
  RfLayerHeads *self = g_object_new (RF_TYPE_LAYER_HEADS, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
