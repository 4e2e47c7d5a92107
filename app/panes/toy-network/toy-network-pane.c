/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The network of the playground, drawn, with the buttons that train it. */

#include "app/panes/toy-network/toy-network-pane.h"

#include "app/controls.h"
#include "app/panes/toy-network/layer-heads.h"
#include "app/panes/toy-network/toy-network-files.h"
#include "app/text.h"
#include "app/toy/toy-bench.h"
#include "app/toy/toy-drawing.h"
#include "widgets/plot/legend.h"

#include <glib/gi18n-lib.h>

struct _RfToyNetworkPane
{
  RfPane parent_instance;

  RfToyBench *bench;
  GtkWidget *play, *speed, *epoch, *pace, *fewer, *more, *layers, *problem, *problem_label;
  RfNetView *net;
  guint64 epochs; /* on show, with the points of the next one */
  gsize position;
};

G_DEFINE_FINAL_TYPE (RfToyNetworkPane, rf_toy_network_pane, RF_TYPE_PANE)

const RfPaneInfo rf_toy_network_pane = {
  .id = "toy-network",
  .title = N_ ("Network"),
  .icon_name = "rf-playground-symbolic",
  .page = "playground",
  .place = RF_PLACE_MIDDLE,
  .get_type = rf_toy_network_pane_get_type,
};

/* ---- showing ---- */

static void
show_words (RfToyNetworkPane *self, const RfToyView *view)
{
  const RfToySpeed *speed = &rf_toy_speeds[rf_toy_bench_get_speed (self->bench)];
  g_autofree char *count = rf_text_count ((double) view->moment_epoch);
  g_autofree char *epoch = view->moment >= 0 ? g_strdup_printf (_ ("Epoch %s, looking back"), count)
                           : view->position > 0 ? g_strdup_printf (_ ("Epoch %s + %d points"),
                                                                   count, (int) view->position)
                                                : g_strdup_printf (_ ("Epoch %s"), count);
  g_autofree char *rate = rf_text_count (view->epochs_per_second);
  g_autofree char *time = rf_text_duration (view->seconds);
  g_autofree char *pace
      = view->running && view->epochs_per_second >= 1
            ? g_strdup_printf (_ ("%s · %s epochs/s · %s"), time, rate, _ (speed->title))
        : view->seconds > 0 ? g_strdup_printf (_ ("%s · %s"), time, _ (speed->title))
                            : g_strdup (_ (speed->title));
  gtk_label_set_label (GTK_LABEL (self->epoch), epoch);
  gtk_label_set_label (GTK_LABEL (self->pace), pace);
}

static void
view_cb (RfToyNetworkPane *self)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  if (!view)
    return;
  const RfToyUnit unit = rf_toy_speeds[rf_toy_bench_get_speed (self->bench)].unit;
  const gboolean live
      = unit == RF_TOY_POINTS && view->moment < 0 && (view->epoch > 0 || view->position > 0);
  rf_toy_drawing_show (self->net, view, live);
  const double per_second = rf_toy_speeds[rf_toy_bench_get_speed (self->bench)].per_second;
  if (live && (view->epoch != self->epochs || view->position != self->position))
    rf_net_view_pulse (self->net, view->running ? 0.8 / per_second : 1.);
  self->epochs = view->epoch;
  self->position = view->position;
  show_words (self, view);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem), view->problem != NULL);
  if (view->problem)
    gtk_label_set_label (GTK_LABEL (self->problem_label), view->problem);
}

static void
changed_cb (RfToyNetworkPane *self)
{
  const gboolean running = rf_toy_bench_get_running (self->bench);
  const int n = rf_toy_bench_get_state (self->bench)->n_layers;
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  g_autofree char *layers
      = g_strdup_printf (ngettext ("%d hidden layer", "%d hidden layers", (gulong) n), n);
  gtk_button_set_icon_name (GTK_BUTTON (self->play),
                            running ? "rf-pause-symbolic" : "rf-train-symbolic");
  rf_control_name (self->play, running ? _ ("Pause") : _ ("Train"));
  gtk_range_set_value (GTK_RANGE (self->speed), rf_toy_bench_get_speed (self->bench));
  gtk_label_set_label (GTK_LABEL (self->layers), layers);
  gtk_widget_set_sensitive (self->fewer, n > 0);
  gtk_widget_set_sensitive (self->more, n < RF_PLAY_MAX_LAYERS);
  if (view)
    show_words (self, view);
}

/* ---- editing ---- */

static void
add_layer (RfToyNetworkPane *self, int step)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  const int n = state.n_layers;
  if (n + step < 0 || n + step > RF_PLAY_MAX_LAYERS)
    return;
  if (step > 0)
    {
      state.units[n] = n > 0 ? MIN (state.units[n - 1], 2) : 2; /* as the original */
      state.layer_activation[n] = RF_PLAY_COMMON_ACTIVATION;
      state.dropout[n] = 0;
    }
  state.n_layers += step;
  rf_toy_bench_set_state (self->bench, &state, _ ("Layers"), NULL);
}

static void
fewer_cb (RfToyNetworkPane *self)
{
  add_layer (self, -1);
}

static void
more_cb (RfToyNetworkPane *self)
{
  add_layer (self, 1);
}

static void
edited_cb (RfToyNetworkPane *self, int column, int node, int input, double value)
{
  const RfPlayState *state = rf_toy_bench_get_state (self->bench);
  if (column == 1 && input >= 0)
    {
      /* Inputs that are off are no inputs of the network. */
      int on = 0;
      for (int f = 0; f < input; f++)
        on += state->features[f] ? 1 : 0;
      input = on;
    }
  rf_toy_bench_set_weight (self->bench, column - 1, node, input, value);
}

static void
toggled_cb (RfToyNetworkPane *self, int input)
{
  g_auto (RfPlayState) state = { 0 };
  rf_play_state_copy (rf_toy_bench_get_state (self->bench), &state);
  state.features[input] = !state.features[input];
  rf_toy_bench_set_state (self->bench, &state, _ ("Inputs"), NULL);
}

static void
pointed_cb (RfToyNetworkPane *self, int column, int node)
{
  const RfToyView *view = rf_toy_bench_get_view (self->bench);
  rf_toy_bench_point_at (self->bench, column < 0    ? -1
                                      : column == 0 ? -2 - node
                                      : view        ? rf_toy_view_find_node (view, column - 1, node)
                                                    : -1);
}

static void
speed_cb (RfToyNetworkPane *self)
{
  rf_toy_bench_set_speed (self->bench, (int) (gtk_range_get_value (GTK_RANGE (self->speed)) + 0.5));
}

/* ---- actions ---- */

static void
play (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfToyNetworkPane *self = data;
  rf_toy_bench_set_running (self->bench, !rf_toy_bench_get_running (self->bench));
}

static void
step (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_toy_bench_step (RF_TOY_NETWORK_PANE (data)->bench);
}

static void
reset (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_toy_bench_reset (RF_TOY_NETWORK_PANE (data)->bench, FALSE);
}

static void
copy_link (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfToyNetworkPane *self = data;
  g_autofree char *link = rf_toy_bench_write_link (self->bench);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), link);
  rf_pane_say (RF_PANE (self), _ ("The link is copied: TensorFlow Playground opens it."));
}

static void
open_text (RfToyNetworkPane *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = text ? g_strstrip (g_strdup (text)) : NULL;
  if (!link || !*link)
    rf_pane_say (RF_PANE (self), _ ("There is no text to paste."));
  else if (!rf_toy_bench_open_link (self->bench, link, &error))
    rf_pane_say (RF_PANE (self), error->message);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfToyNetworkPane) self = data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  open_text (self, text);
}

static void
paste_link (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (data)), NULL, pasted_cb,
                                 g_object_ref (data));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RfToyNetworkPane *self)
{
  open_text (self, g_value_get_string (value));
  return TRUE;
}

static void
save_drawing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_toy_save_drawing (RF_PANE (data), RF_TOY_NETWORK_PANE (data)->net);
}

static void
save_weights (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_toy_save_weights (RF_PANE (data), RF_TOY_NETWORK_PANE (data)->bench);
}

static void
save_source (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_toy_save_source (RF_PANE (data), RF_TOY_NETWORK_PANE (data)->bench);
}

static const GActionEntry actions[] = {
  { "play", play },
  { "step", step },
  { "reset", reset },
  { "copy-link", copy_link },
  { "paste-link", paste_link },
  { "save-drawing", save_drawing },
  { "save-weights", save_weights },
  { "save-source", save_source },
};

/* ---- the pane ---- */

static GtkWidget *
make_menu_button (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) links = g_menu_new ();
  g_autoptr (GMenu) files = g_menu_new ();
  g_menu_append (links, _ ("_Copy Link"), "toy.copy-link");
  g_menu_append (links, _ ("_Paste Link"), "toy.paste-link");
  g_menu_append (files, _ ("Save _Drawing…"), "toy.save-drawing");
  g_menu_append (files, _ ("Save _Weights…"), "toy.save-weights");
  g_menu_append (files, _ ("Save as Py_Torch Source…"), "toy.save-source");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (links));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Links of TensorFlow Playground, and files"));
  rf_control_name (button, _ ("Links and files"));
  return button;
}

static GtkWidget *
make_tool (const char *icon, const char *action, const char *name, const char *tooltip)
{
  GtkWidget *button = rf_control_icon (icon, name, tooltip);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
make_tools (RfToyNetworkPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkBox *box = GTK_BOX (widget);
  int n_speeds = 0;
  while (rf_toy_speeds[n_speeds].title)
    n_speeds++;
  self->play = make_tool ("rf-train-symbolic", "toy.play", _ ("Train"),
                          _ ("Train or pause (P in the drawing)"));
  self->speed = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, n_speeds - 1, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->speed), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (self->speed), 0);
  gtk_widget_set_size_request (self->speed, 96, -1);
  gtk_widget_set_tooltip_text (self->speed, _ ("Speed: from one point at a time, with the numbers "
                                               "that flow, to as fast as it goes"));
  rf_control_name (self->speed, _ ("Speed"));
  g_signal_connect_swapped (self->speed, "value-changed", G_CALLBACK (speed_cb), self);
  gtk_box_append (box, make_tool ("rf-reset-symbolic", "toy.reset", _ ("New weights"),
                                  _ ("Begin again with new weights (R in the drawing)")));
  gtk_box_append (box, self->play);
  gtk_box_append (box, make_tool ("rf-step-symbolic", "toy.step", _ ("Step"),
                                  _ ("One point, batch or epoch, as the speed counts (S in the "
                                     "drawing)")));
  gtk_box_append (box, self->speed);
  gtk_box_append (box, make_menu_button ());
  return widget;
}

static GtkWidget *
make_status (RfToyNetworkPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkBox *box = GTK_BOX (widget);
  self->epoch = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->epoch, "heading");
  gtk_widget_add_css_class (self->epoch, "numeric");
  self->pace = rf_control_caption ();
  gtk_label_set_wrap (GTK_LABEL (self->pace), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (self->pace), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->pace, TRUE);
  gtk_widget_set_margin_start (self->pace, 6);
  self->fewer = rf_control_icon ("list-remove-symbolic", _ ("A layer less"), _ ("A layer less"));
  self->more = rf_control_icon ("list-add-symbolic", _ ("A layer more"), _ ("A layer more"));
  self->layers = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->fewer, "flat");
  gtk_widget_add_css_class (self->more, "flat");
  g_signal_connect_swapped (self->fewer, "clicked", G_CALLBACK (fewer_cb), self);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_cb), self);
  gtk_box_append (box, self->epoch);
  gtk_box_append (box, self->pace);
  gtk_box_append (box, self->fewer);
  gtk_box_append (box, self->layers);
  gtk_box_append (box, self->more);
  return widget;
}

/* Why there are no numbers any more, and the way out. */
static GtkWidget *
make_problem (RfToyNetworkPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *button = gtk_button_new_with_label (_ ("New Weights"));
  gtk_widget_add_css_class (box, "notice");
  gtk_widget_add_css_class (box, "error");
  gtk_widget_set_margin_bottom (box, 6);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "toy.reset");
  self->problem_label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem_label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem_label), 0);
  gtk_widget_set_hexpand (self->problem_label, TRUE);
  gtk_box_append (GTK_BOX (box), self->problem_label);
  gtk_box_append (GTK_BOX (box), button);
  self->problem = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->problem), box);
  return self->problem;
}

static GtkWidget *
make_legend (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *legend = rf_legend_new (), *words = rf_control_caption ();
  const RfPaletteRange range = { RF_PALETTE_DIVERGING, -1, 1 };
  rf_legend_set_range (RF_LEGEND (legend), &range);
  gtk_widget_set_size_request (legend, 160, -1);
  gtk_label_set_label (
      GTK_LABEL (words),
      _ ("Colour: outputs and signs of weights. Width: size of a weight; dotted: zero; "
         "of very many the strongest. Press a line or a neuron to set its weight or "
         "bias, an input to switch it."));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (box), legend);
  gtk_box_append (GTK_BOX (box), words);
  return box;
}

static void
add_keys (RfToyNetworkPane *self)
{
  static const struct
  {
    guint key;
    const char *action;
  } keys[] = { { GDK_KEY_p, "toy.play" }, { GDK_KEY_s, "toy.step" }, { GDK_KEY_r, "toy.reset" } };
  GtkEventController *controller = gtk_shortcut_controller_new ();
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, 0),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self->net), controller);
}

static GtkWidget *
make_body (RfToyNetworkPane *self)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkBox *box = GTK_BOX (widget);
  gtk_widget_add_css_class (widget, "pane-body");
  self->net = RF_NET_VIEW (rf_net_view_new ());
  rf_control_name (GTK_WIDGET (self->net), _ ("The network"));
  gtk_widget_set_vexpand (GTK_WIDGET (self->net), TRUE);
  g_signal_connect_swapped (self->net, "edited", G_CALLBACK (edited_cb), self);
  g_signal_connect_swapped (self->net, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect_swapped (self->net, "pointed", G_CALLBACK (pointed_cb), self);
  gtk_box_append (box, make_status (self));
  gtk_box_append (box, make_problem (self));
  gtk_box_append (box, rf_layer_heads_new (self->bench));
  gtk_box_append (box, GTK_WIDGET (self->net));
  gtk_box_append (box, make_legend ());
  return widget;
}

static void
rf_toy_network_pane_constructed (GObject *object)
{
  RfToyNetworkPane *self = RF_TOY_NETWORK_PANE (object);
  G_OBJECT_CLASS (rf_toy_network_pane_parent_class)->constructed (object);
  self->bench = rf_toy_bench_get (rf_pane_get_session (RF_PANE (self)));
  adw_bin_set_child (ADW_BIN (self), make_body (self));
  GtkWidget *tools = make_tools (self);
  rf_control_add_actions (GTK_WIDGET (self), tools, "toy", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  add_keys (self);
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (self->bench, "view", G_CALLBACK (view_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bench, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bench, "failed", G_CALLBACK (rf_pane_say), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
  view_cb (self);
}

static void
rf_toy_network_pane_class_init (RfToyNetworkPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_toy_network_pane_constructed;
}

static void
rf_toy_network_pane_init (RfToyNetworkPane *self)
{
}
