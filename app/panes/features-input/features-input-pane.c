/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-input/features-input-pane.h"

#include "app/controls.h"
#include "app/pad-window.h"
#include "app/picture-taker.h"
#include "app/text.h"
#include "app/timeline.h"
#include "model/features/receptive-field.h"
#include "widgets/picture-view/picture-view.h"
#include "widgets/picture/bars.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define PICTURE_HEIGHT 200
#define ALL_CLASSES    12 /* as many as there is a bar for each of; of more, the likeliest */
#define TOP_CLASSES    8

struct _RfFeaturesInputPane
{
  RfPane parent_instance;

  RfFeatureBench *bench;
  RfPictureView *picture;
  GtkWidget *title, *verdict, *step, *spinner, *timeline, *draw;
  RfBars *bars;
  GtkWindow *pad; /* weak */
};

G_DEFINE_FINAL_TYPE (RfFeaturesInputPane, rf_features_input_pane, RF_TYPE_PANE)

const RfPaneInfo rf_features_input_pane = {
  .id = "features-input",
  .title = N_ ("Picture and Answer"),
  .icon_name = "rf-inside-symbolic",
  .page = "features",
  .place = RF_PLACE_START,
  .width = 300,
  .get_type = rf_features_input_pane_get_type,
};

/* ---- the picture ---- */

/* What the chosen value depends on. */
static void
show_field (RfFeaturesInputPane *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self->bench);
  int y, x;
  if (!net || !rf_feature_bench_get_place (self->bench, &y, &x))
    {
      rf_picture_view_set_marks (self->picture, NULL, 0);
      return;
    }
  RfPart part = { y, y + 1, x, x + 1 };
  rf_receptive_field (net, net->layers->pdata[rf_feature_bench_get_layer (self->bench)], &part);
  const RfPictureMark mark = { .kind = RF_MARK_FIELD,
                               .top = part.top,
                               .left = part.left,
                               .bottom = part.bottom,
                               .right = part.right };
  rf_picture_view_set_marks (self->picture, &mark, part.bottom > part.top ? 1 : 0);
}

static void
input_cb (RfFeaturesInputPane *self)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  if (!input)
    return;
  rf_picture_view_set_raster (self->picture, input->raster, input->shape.width,
                              input->shape.height);
  g_autofree char *title = input->truth >= 0
                               ? g_strdup_printf ("%s: %s", input->title,
                                                  rf_feature_net_name_class (net, input->truth))
                               : g_strdup (input->title);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  rf_control_name (GTK_WIDGET (self->picture), title);
  rf_bars_set_truth (self->bars, input->truth);
}

static void
network_cb (RfFeaturesInputPane *self)
{
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  if (!net)
    return;
  const gboolean all = net->n_classes <= ALL_CLASSES;
  g_object_set (self->bars, "top", all ? 0 : TOP_CLASSES, "sorted", !all, NULL);
  rf_bars_set_names (self->bars, (const char *const *) net->classes);
  gtk_label_set_label (GTK_LABEL (self->verdict), "");
  gtk_widget_set_visible (self->draw, rf_feature_bench_count_rows (self->bench, NULL) == 0);
  gtk_widget_set_visible (self->step, net->run != NULL);
  gtk_widget_set_visible (self->timeline, net->run != NULL);
  show_field (self);
}

/* ---- the answer ---- */

static void
view_cb (RfFeaturesInputPane *self)
{
  const RfView *view = rf_feature_bench_get_view (self->bench);
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  const int answer = rf_feature_bench_get_answer (self->bench);
  if (!view || !input || answer < 0)
    return;
  rf_bars_set_values (self->bars, view->probabilities);
  const gboolean number = !isnan (view->probabilities[answer]);
  const char *name = number ? rf_feature_net_name_class (net, answer) : _ ("nothing");
  g_autofree char *text = NULL;
  if (input->truth < 0 || !number)
    text = g_strdup (name);
  else if (input->truth == answer)
    /* Translators: the answer, which is right. */
    text = g_strdup_printf (_ ("%s: right"), name);
  else
    /* Translators: the answer, which is wrong. */
    text = g_strdup_printf (_ ("%s: wrong"), name);
  gtk_label_set_label (GTK_LABEL (self->verdict), text);
  g_autofree char *count = rf_text_count ((double) view->step);
  g_autofree char *step = g_strdup_printf (_ ("step %s"), count);
  gtk_label_set_label (GTK_LABEL (self->step), step);
}

static void
loading_cb (RfFeaturesInputPane *self)
{
  const gboolean loading = rf_feature_bench_get_loading (self->bench);
  gtk_widget_set_visible (self->spinner, loading);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), loading);
}

static void
failed_cb (RfFeaturesInputPane *self, const char *message)
{
  rf_pane_say (RF_PANE (self), message);
}

/* ---- pictures from elsewhere ---- */

static void
take_path (GtkWidget *widget, const char *path)
{
  rf_feature_bench_open (RF_FEATURES_INPUT_PANE (widget)->bench, path);
}

static void
take_bytes (GtkWidget *widget, GBytes *bytes, const char *title)
{
  rf_feature_bench_open_bytes (RF_FEATURES_INPUT_PANE (widget)->bench, bytes, title);
}

static const RfPictureTaker taker = { take_path, take_bytes };

#define HANDLER(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

HANDLER (open_file)
{
  rf_picture_taker_ask (&taker, data);
}

HANDLER (paste)
{
  rf_picture_taker_paste (&taker, data);
}

static void
drawn_cb (guint8 *rgb, int width, int height, gpointer data)
{
  rf_feature_bench_open_rgb (data, rgb, width, height, _ ("Drawing"));
}

HANDLER (draw)
{
  RfFeaturesInputPane *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (!self->pad)
    {
      GtkWindow *pad = rf_pad_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, drawn_cb,
                                          G_OBJECT (self->bench));
      g_set_weak_pointer (&self->pad, pad);
    }
  gtk_window_present (self->pad);
}

static const GActionEntry actions[]
    = { { "open", open_file }, { "paste", paste }, { "draw", draw } };

/* ---- the pane ---- */

static GtkWidget *
make_tools (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_menu_append (menu, _ ("_Draw One…"), "input.draw");
  g_menu_append (menu, _ ("_Open…"), "input.open");
  g_menu_append (menu, _ ("_Paste"), "input.paste");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "list-add-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Show the network another picture: drawn, from a file, "
                                          "or from the clipboard"));
  rf_control_name (button, _ ("Another picture"));
  return button;
}

static GtkWidget *
make_answer (RfFeaturesInputPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->verdict = rf_control_heading ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->verdict), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->verdict, TRUE);
  self->step = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->step, "dim-label");
  gtk_widget_add_css_class (self->step, "caption");
  gtk_widget_add_css_class (self->step, "numeric");
  self->bars = RF_BARS (rf_bars_new ());
  rf_control_name (GTK_WIDGET (self->bars), _ ("Answer of the network"));
  gtk_box_append (GTK_BOX (line), self->verdict);
  gtk_box_append (GTK_BOX (line), self->step);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bars));
  return box;
}

static GtkWidget *
make_content (RfFeaturesInputPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  g_autoptr (RfViewport) viewport = rf_viewport_new ();
  self->picture = RF_PICTURE_VIEW (rf_picture_view_new (viewport));
  rf_picture_view_set_in_page (self->picture, TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, PICTURE_HEIGHT);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->title = rf_control_caption ();
  gtk_widget_set_hexpand (self->title, TRUE);
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  rf_control_name (self->spinner, _ ("Loading"));
  gtk_box_append (GTK_BOX (line), self->title);
  gtk_box_append (GTK_BOX (line), self->spinner);
  gtk_box_append (GTK_BOX (box), rf_net_row_new (self->bench));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), rf_browse_row_new (self->bench));
  self->draw = rf_control_button (_ ("Draw a Picture"), _ ("Draw a picture"),
                                  _ ("Opens the drawing pad; the network answers to each stroke"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->draw), "input.draw");
  gtk_widget_set_visible (self->draw, FALSE);
  gtk_box_append (GTK_BOX (box), self->draw);
  /* It hides what is in it as long as there is nothing to go back to. */
  self->timeline = adw_bin_new ();
  gtk_widget_set_visible (self->timeline, FALSE);
  GtkWidget *timeline = rf_timeline_new (rf_pane_get_session (RF_PANE (self)));
  rf_timeline_set_narrow (RF_TIMELINE (timeline));
  adw_bin_set_child (ADW_BIN (self->timeline), timeline);
  gtk_box_append (GTK_BOX (box), make_answer (self));
  gtk_box_append (GTK_BOX (box), self->timeline);
  return box;
}

static void
rf_features_input_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (rf_features_input_pane_parent_class)->map (widget);
  rf_feature_bench_hold (RF_FEATURES_INPUT_PANE (widget)->bench);
}

static void
rf_features_input_pane_unmap (GtkWidget *widget)
{
  rf_feature_bench_release (RF_FEATURES_INPUT_PANE (widget)->bench);
  GTK_WIDGET_CLASS (rf_features_input_pane_parent_class)->unmap (widget);
}

static void
watch (RfFeaturesInputPane *self, const char *signal, GCallback callback)
{
  g_signal_connect_object (self->bench, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
rf_features_input_pane_constructed (GObject *object)
{
  RfFeaturesInputPane *self = RF_FEATURES_INPUT_PANE (object);
  G_OBJECT_CLASS (rf_features_input_pane_parent_class)->constructed (object);
  self->bench = rf_feature_bench_get (rf_pane_get_session (RF_PANE (self)));
  adw_bin_set_child (ADW_BIN (self), rf_control_scrolled (make_content (self)));
  GtkWidget *tools = make_tools ();
  rf_control_add_actions (GTK_WIDGET (self), tools, "input", actions, G_N_ELEMENTS (actions));
  g_object_set (self, "tools", tools, NULL);
  rf_picture_taker_accept_drops (&taker, GTK_WIDGET (self));
  watch (self, "network", G_CALLBACK (network_cb));
  watch (self, "input", G_CALLBACK (input_cb));
  watch (self, "view", G_CALLBACK (view_cb));
  watch (self, "choice", G_CALLBACK (show_field));
  watch (self, "loading", G_CALLBACK (loading_cb));
  watch (self, "failed", G_CALLBACK (failed_cb));
}

static void
rf_features_input_pane_dispose (GObject *object)
{
  RfFeaturesInputPane *self = RF_FEATURES_INPUT_PANE (object);
  if (self->pad)
    gtk_window_destroy (self->pad);
  g_clear_weak_pointer (&self->pad);
  G_OBJECT_CLASS (rf_features_input_pane_parent_class)->dispose (object);
}

static void
rf_features_input_pane_class_init (RfFeaturesInputPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = rf_features_input_pane_constructed;
  G_OBJECT_CLASS (klass)->dispose = rf_features_input_pane_dispose;
  GTK_WIDGET_CLASS (klass)->map = rf_features_input_pane_map;
  GTK_WIDGET_CLASS (klass)->unmap = rf_features_input_pane_unmap;
}

static void
rf_features_input_pane_init (RfFeaturesInputPane *self)
{
}
