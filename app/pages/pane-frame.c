/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pane that is taken out keeps living: it is moved from the frame into a window, with its title
 * bar's tools. That window answers to the actions of the main one, whose "win" group it is given;
 * keys reach it because it belongs to the same application. */

#include "app/pages/pane-frame.h"

#include "app/pace.h"

#include <glib/gi18n-lib.h>

struct _RfPaneFrame
{
  GtkWidget parent_instance;

  const RfPaneInfo *info;
  RfPane *pane;
  gboolean maximized, presenting;
  GtkWindow *window; /* it is out */

  GtkWidget *bar, *title, *tools; /* the pane's tools are in @tools */
  GtkWidget *maximize_button, *pop_out_button;
  GtkWidget *inside; /* AdwBin: the pane, or that it is out */
};

G_DEFINE_FINAL_TYPE (RfPaneFrame, rf_pane_frame, GTK_TYPE_WIDGET)

enum
{
  PROP_MAXIMIZED = 1,
  PROP_POPPED_OUT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

const RfPaneInfo *
rf_pane_frame_get_info (RfPaneFrame *self)
{
  g_return_val_if_fail (RF_IS_PANE_FRAME (self), NULL);
  return self->info;
}

RfPane *
rf_pane_frame_get_pane (RfPaneFrame *self)
{
  g_return_val_if_fail (RF_IS_PANE_FRAME (self), NULL);
  return self->pane;
}

gboolean
rf_pane_frame_get_maximized (RfPaneFrame *self)
{
  g_return_val_if_fail (RF_IS_PANE_FRAME (self), FALSE);
  return self->maximized;
}

GtkWindow *
rf_pane_frame_get_window (RfPaneFrame *self)
{
  g_return_val_if_fail (RF_IS_PANE_FRAME (self), NULL);
  return self->window;
}

/* An icon button says what it does to assistive technology as well. */
static void
set_button (GtkWidget *button, const char *icon, const char *tooltip, const char *name)
{
  gtk_button_set_icon_name (GTK_BUTTON (button), icon);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
rf_pane_frame_set_maximized (RfPaneFrame *self, gboolean maximized)
{
  g_return_if_fail (RF_IS_PANE_FRAME (self));
  if (self->maximized == maximized)
    return;
  self->maximized = maximized;
  if (maximized)
    set_button (self->maximize_button, "rf-restore-symbolic",
                _ ("Show the other panes again (F9, or a double click on the title)"),
                _ ("Restore the panes"));
  else
    set_button (self->maximize_button, "rf-maximize-symbolic",
                _ ("Make this pane as large as the page (F9, or a double click on the title)"),
                _ ("Maximize the pane"));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAXIMIZED]);
}

static void
toggle_maximized_cb (RfPaneFrame *self)
{
  rf_pane_frame_set_maximized (self, !self->maximized);
}

static void
pressed_cb (RfPaneFrame *self, int n_press)
{
  if (n_press == 2)
    toggle_maximized_cb (self);
}

/* ---- out and back ---- */

/* Moves @widget, which stays alive, into @bin. */
static void
move (GtkWidget *widget, AdwBin *bin)
{
  g_object_ref (widget);
  GtkWidget *parent = gtk_widget_get_parent (widget);
  if (ADW_IS_BIN (parent))
    adw_bin_set_child (ADW_BIN (parent), NULL);
  adw_bin_set_child (bin, widget);
  g_object_unref (widget);
}

static GtkWidget *
make_notice (RfPaneFrame *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  GtkWidget *label = gtk_label_new (_ ("This pane is in a window of its own."));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "dim-label");
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Bring Back"));
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (rf_pane_frame_bring_back), self);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static void
show_buttons (RfPaneFrame *self)
{
  const gboolean shown = !self->window && !self->presenting;
  gtk_widget_set_visible (self->pop_out_button, shown);
  gtk_widget_set_visible (self->maximize_button, shown);
}

/* The main window has the class already; one on a projector needs it as well. */
static void
enlarge (RfPaneFrame *self)
{
  if (self->window && self->presenting)
    gtk_widget_add_css_class (GTK_WIDGET (self->window), "presenting");
  else if (self->window)
    gtk_widget_remove_css_class (GTK_WIDGET (self->window), "presenting");
}

void
rf_pane_frame_set_presenting (RfPaneFrame *self, gboolean presenting)
{
  g_return_if_fail (RF_IS_PANE_FRAME (self));
  self->presenting = presenting;
  g_object_set (self->pane, "presenting", presenting, NULL);
  show_buttons (self);
  enlarge (self);
}

static void
show_popped_out (RfPaneFrame *self)
{
  show_buttons (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_POPPED_OUT]);
}

void
rf_pane_frame_bring_back (RfPaneFrame *self)
{
  g_return_if_fail (RF_IS_PANE_FRAME (self));
  if (!self->window)
    return;
  GtkWidget *tools = rf_pane_get_tools (self->pane);
  if (tools)
    move (tools, ADW_BIN (self->tools));
  move (GTK_WIDGET (self->pane), ADW_BIN (self->inside));
  GtkWindow *window = g_steal_pointer (&self->window);
  gtk_window_destroy (window);
  show_popped_out (self);
}

static gboolean
close_cb (RfPaneFrame *self)
{
  rf_pane_frame_bring_back (self);
  return TRUE;
}

void
rf_pane_frame_pop_out (RfPaneFrame *self)
{
  g_return_if_fail (RF_IS_PANE_FRAME (self));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  if (self->window || !GTK_IS_WINDOW (root))
    return;
  rf_pane_frame_set_maximized (self, FALSE);

  GtkWidget *window = adw_window_new ();
  self->window = GTK_WINDOW (window);
  rf_pace_watch (window);
  gtk_window_set_application (self->window, gtk_window_get_application (GTK_WINDOW (root)));
  gtk_window_set_title (self->window, _ (self->info->title));
  gtk_window_set_default_size (self->window, MAX (self->info->width, 760), 620);
  if (G_IS_ACTION_GROUP (root))
    gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (root));

  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *title = adw_window_title_new (_ (self->info->title), NULL);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), title);
  /* The name of the experiment, as the main window has it. */
  g_object_bind_property (root, "title", title, "subtitle", G_BINDING_SYNC_CREATE);
  GtkWidget *tools_bin = adw_bin_new (), *pane_bin = adw_bin_new ();
  gtk_widget_set_vexpand (pane_bin, TRUE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), tools_bin);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), pane_bin);
  adw_window_set_content (ADW_WINDOW (window), box);

  GtkWidget *tools = rf_pane_get_tools (self->pane);
  if (tools)
    move (tools, ADW_BIN (tools_bin));
  move (GTK_WIDGET (self->pane), ADW_BIN (pane_bin));
  adw_bin_set_child (ADW_BIN (self->inside), make_notice (self));
  g_signal_connect_swapped (window, "close-request", G_CALLBACK (close_cb), self);
  show_popped_out (self);
  enlarge (self);
  gtk_window_present (self->window);
}

/* ---- the widget ---- */

static GtkWidget *
make_button (RfPaneFrame *self, GCallback callback)
{
  GtkWidget *button = gtk_button_new ();
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "pane-button");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->bar), button);
  return button;
}

static void
fill (RfPaneFrame *self)
{
  gtk_label_set_label (GTK_LABEL (self->title), _ (self->info->title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (self->info->title), -1);
  GtkWidget *tools = rf_pane_get_tools (self->pane);
  if (tools)
    adw_bin_set_child (ADW_BIN (self->tools), tools);
  adw_bin_set_child (ADW_BIN (self->inside), GTK_WIDGET (self->pane));
}

GtkWidget *
rf_pane_frame_new (const RfPaneInfo *info, RfSession *session)
{
  g_return_val_if_fail (info && RF_IS_SESSION (session), NULL);

  RfPaneFrame *self = g_object_new (RF_TYPE_PANE_FRAME, NULL);
  self->info = info;
  self->pane = g_object_new (info->get_type (), "session", session, NULL);
  fill (self);
  return GTK_WIDGET (self);
}

static void
rf_pane_frame_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RfPaneFrame *self = RF_PANE_FRAME (object);
  if (id == PROP_MAXIMIZED)
    g_value_set_boolean (value, self->maximized);
  else if (id == PROP_POPPED_OUT)
    g_value_set_boolean (value, self->window != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_pane_frame_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MAXIMIZED)
    rf_pane_frame_set_maximized (RF_PANE_FRAME (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_pane_frame_dispose (GObject *object)
{
  RfPaneFrame *self = RF_PANE_FRAME (object);
  g_clear_pointer (&self->window, gtk_window_destroy);
  g_clear_pointer (&self->bar, gtk_widget_unparent);
  g_clear_pointer (&self->inside, gtk_widget_unparent);
  G_OBJECT_CLASS (rf_pane_frame_parent_class)->dispose (object);
}

static void
rf_pane_frame_class_init (RfPaneFrameClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rf_pane_frame_get_property;
  object_class->set_property = rf_pane_frame_set_property;
  object_class->dispose = rf_pane_frame_dispose;
  props[PROP_MAXIMIZED]
      = g_param_spec_boolean ("maximized", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_POPPED_OUT]
      = g_param_spec_boolean ("popped-out", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "paneframe");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
rf_pane_frame_init (RfPaneFrame *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);

  self->bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->bar, "pane-bar");
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "pane-title");
  gtk_box_append (GTK_BOX (self->bar), self->title);
  self->tools = adw_bin_new ();
  gtk_box_append (GTK_BOX (self->bar), self->tools);

  self->maximize_button = make_button (self, G_CALLBACK (toggle_maximized_cb));
  set_button (self->maximize_button, "rf-maximize-symbolic",
              _ ("Make this pane as large as the page (F9, or a double click on the title)"),
              _ ("Maximize the pane"));
  self->pop_out_button = make_button (self, G_CALLBACK (rf_pane_frame_pop_out));
  set_button (self->pop_out_button, "rf-pop-out-symbolic",
              _ ("Take this pane out into a window of its own (F8)"), _ ("Pop out the pane"));

  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (self->title, GTK_EVENT_CONTROLLER (click));

  self->inside = adw_bin_new ();
  gtk_widget_set_vexpand (self->inside, TRUE);
  gtk_widget_set_parent (self->inside, GTK_WIDGET (self));
}
