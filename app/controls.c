/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/controls.h"

#include <glib/gi18n-lib.h>

/* Drop-downs and menu buttons are boxes around the button that has the focus. */
static GtkWidget *
get_button (GtkWidget *widget)
{
  const gboolean box = GTK_IS_DROP_DOWN (widget) || GTK_IS_MENU_BUTTON (widget);
  GtkWidget *button = box ? gtk_widget_get_first_child (widget) : NULL;
  return button && GTK_IS_ACCESSIBLE (button) ? button : NULL;
}

void
rf_control_name (GtkWidget *widget, const char *name)
{
  GtkWidget *button = get_button (widget);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (button)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
}

/* What is chosen, which the name does not say. */
static void
describe_choice (GtkDropDown *drop)
{
  GtkWidget *button = get_button (GTK_WIDGET (drop));
  GObject *item = gtk_drop_down_get_selected_item (drop);
  const char *text
      = GTK_IS_STRING_OBJECT (item) ? gtk_string_object_get_string (GTK_STRING_OBJECT (item)) : "";
  if (button)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
}

GtkWidget *
rf_control_drop (const char *const *titles, const char *name, const char *tooltip)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (guint i = 0; titles && titles[i]; i++)
    gtk_string_list_append (list, _ (titles[i]));
  GtkWidget *drop = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL);
  gtk_widget_set_tooltip_text (drop, tooltip);
  rf_control_name (drop, name);
  g_signal_connect (drop, "notify::selected-item", G_CALLBACK (describe_choice), NULL);
  describe_choice (GTK_DROP_DOWN (drop));
  return drop;
}

GtkWidget *
rf_control_spin (double low, double high, double step, guint digits, const char *name,
                 const char *tooltip)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (low, high, step);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), digits ? 5 : 3);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), digits ? 5 : 3);
  gtk_widget_add_css_class (spin, "numeric");
  gtk_widget_set_tooltip_text (spin, tooltip);
  rf_control_name (spin, name);
  return spin;
}

GtkWidget *
rf_control_knob (const RfKnobRange *range, double value)
{
  RfKnobRange translated = *range;
  translated.title = _ (range->title);
  translated.summary = _ (range->summary);
  return rf_knob_new (&translated, value);
}

GtkWidget *
rf_control_row (const char *title, GtkWidget *first, GtkWidget *second)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), first);
  if (second)
    gtk_box_append (GTK_BOX (row), second);
  return row;
}

GtkWidget *
rf_control_heading (const char *title)
{
  GtkWidget *label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

GtkWidget *
rf_control_caption (void)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

GtkWidget *
rf_control_button (const char *label, const char *name, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  gtk_widget_set_tooltip_text (button, tooltip);
  rf_control_name (button, name);
  return button;
}

GtkWidget *
rf_control_icon (const char *icon, const char *name, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  gtk_widget_set_tooltip_text (button, tooltip);
  rf_control_name (button, name);
  return button;
}

void
rf_control_add_actions (GtkWidget *pane, GtkWidget *tools, const char *prefix,
                        const GActionEntry *entries, int n)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, n, pane);
  gtk_widget_insert_action_group (pane, prefix, G_ACTION_GROUP (group));
  gtk_widget_insert_action_group (tools, prefix, G_ACTION_GROUP (group));
}

static void
block (GtkWidget *widget, gpointer data, gboolean blocked)
{
  if (blocked)
    g_signal_handlers_block_matched (widget, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, data);
  else
    g_signal_handlers_unblock_matched (widget, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, data);
}

void
rf_control_set_drop (GtkWidget *drop, guint selected, gpointer data)
{
  block (drop, data, TRUE);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  block (drop, data, FALSE);
}

void
rf_control_set_spin (GtkWidget *spin, double value, gpointer data)
{
  block (spin, data, TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  block (spin, data, FALSE);
}

void
rf_control_set_toggle (GtkWidget *toggle, gboolean active, gpointer data)
{
  block (toggle, data, TRUE);
  if (GTK_IS_SWITCH (toggle))
    gtk_switch_set_active (GTK_SWITCH (toggle), active);
  else if (GTK_IS_CHECK_BUTTON (toggle))
    gtk_check_button_set_active (GTK_CHECK_BUTTON (toggle), active);
  else
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), active);
  block (toggle, data, FALSE);
}

GtkWidget *
rf_control_scrolled (GtkWidget *child)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *viewport = gtk_viewport_new (NULL, NULL);
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (viewport), GTK_SCROLL_NATURAL);
  gtk_viewport_set_scroll_to_focus (GTK_VIEWPORT (viewport), TRUE);
  gtk_viewport_set_child (GTK_VIEWPORT (viewport), child);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), viewport);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}
