/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which picture is looked at: the next, any, the one with a number, or one that the network gets
 * wrong, which is looked for in the replica's thread. */

#include "app/panes/inside/inside-pane-private.h"

#include "app/text.h"

#include <glib/gi18n-lib.h>

#define SPIN_AFTER 100000 /* microseconds of a search until it is seen that there is one */
#define TELL_AFTER G_USEC_PER_SEC

static guint32
get_row (RfInsidePane *self)
{
  return rf_inside_pane_get_dataset (self)->splits[self->split].rows[self->picture];
}

int
rf_inside_pane_get_truth (RfInsidePane *self)
{
  return rf_inside_pane_get_dataset (self)->labels[get_row (self)];
}

/* ---- the picture ---- */

static char *
describe_picture (RfInsidePane *self, const char *number)
{
  switch (self->split)
    {
    case RF_SPLIT_TEST:
      return g_strdup_printf (_ ("Test picture %s"), number);
    case RF_SPLIT_VALIDATION:
      return g_strdup_printf (_ ("Validation picture %s"), number);
    default:
      return g_strdup_printf (_ ("Training picture %s"), number);
    }
}

/* What is no picture, but numbers of any size, is stretched from its smallest to its largest. */
static void
show_floats (RfInsidePane *self, const RfDataset *dataset, float *values)
{
  const gsize n = RF_SHAPE_COUNT (dataset->shape);
  float low, high;
  rf_palette_extent (values, n, &low, &high);
  if (low >= 0 && high <= 1)
    low = 0, high = 1;
  for (gsize i = 0; i < n; i++)
    values[i] = high > low ? (values[i] - low) / (high - low) : 0.5f;
  rf_picture_set_floats (self->image, values, dataset->shape.channels, dataset->shape.height,
                         dataset->shape.width);
}

void
rf_inside_pane_show_picture (RfInsidePane *self)
{
  const RfDataset *dataset = rf_inside_pane_get_dataset (self);
  const guint32 row = get_row (self);
  const int truth = rf_inside_pane_get_truth (self);
  const gsize n = RF_SHAPE_COUNT (dataset->shape);
  g_autofree float *values = g_new (float, n);
  g_autofree char *number = g_strdup_printf ("%u", self->picture);
  g_autofree char *title = describe_picture (self, number);
  g_autofree char *label = g_strdup_printf ("%s: %s", title, dataset->classes[truth]);

  gtk_label_set_label (self->picture_title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_editable_set_text (GTK_EDITABLE (self->index_entry), number);
  gtk_widget_remove_css_class (GTK_WIDGET (self->index_entry), "error");
  if (dataset->pictures)
    rf_picture_set_bytes (self->image, dataset->bytes + row * n, dataset->shape.channels,
                          dataset->shape.height, dataset->shape.width);
  else
    {
      rf_dataset_get_raw (dataset, row, values);
      show_floats (self, dataset, values);
    }
  rf_bars_set_truth (self->bars, truth);
  rf_dataset_get (dataset, row, values);
  rf_inside_feed_set_image (self->feed, values);
}

void
rf_inside_pane_set_picture (RfInsidePane *self, guint picture)
{
  g_return_if_fail (RF_IS_INSIDE_PANE (self));
  if (picture == self->picture || picture >= self->n_pictures)
    return;
  self->picture = picture;
  rf_inside_pane_show_picture (self);
  g_object_notify (G_OBJECT (self), "picture");
}

guint
rf_inside_pane_get_picture (RfInsidePane *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_PANE (self), 0);
  return self->picture;
}

static void
go (RfInsidePane *self, gint64 by)
{
  const gint64 n = self->n_pictures;
  if (n > 0)
    rf_inside_pane_set_picture (self, (guint) (((gint64) self->picture + by + n) % n));
}

static void
previous (GtkWidget *widget, const char *action, GVariant *parameter)
{
  go (RF_INSIDE_PANE (widget), -1);
}

static void
next (GtkWidget *widget, const char *action, GVariant *parameter)
{
  go (RF_INSIDE_PANE (widget), 1);
}

static void
any (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RfInsidePane *self = RF_INSIDE_PANE (widget);
  /* Another one, unless there is no other. */
  if (self->n_pictures > 1)
    go (self, g_random_int_range (1, (gint32) MIN (self->n_pictures, G_MAXINT32)));
}

static void
typed_cb (RfInsidePane *self)
{
  guint64 number;
  if (self->n_pictures > 0
      && g_ascii_string_to_unsigned (gtk_editable_get_text (GTK_EDITABLE (self->index_entry)), 10,
                                     0, self->n_pictures - 1, &number, NULL))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->index_entry), "error");
      rf_inside_pane_set_picture (self, (guint) number);
      return;
    }
  gtk_widget_add_css_class (GTK_WIDGET (self->index_entry), "error");
  gtk_widget_error_bell (GTK_WIDGET (self->index_entry));
}

/* Leaving the entry takes what was typed, if there is such a picture. */
static void
left_cb (RfInsidePane *self)
{
  typed_cb (self);
  g_autofree char *number = g_strdup_printf ("%u", self->picture);
  gtk_editable_set_text (GTK_EDITABLE (self->index_entry), number);
  gtk_widget_remove_css_class (GTK_WIDGET (self->index_entry), "error");
}

static gboolean
entry_key_cb (RfInsidePane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key != GDK_KEY_Up && key != GDK_KEY_Down)
    return GDK_EVENT_PROPAGATE;
  go (self, key == GDK_KEY_Up ? 1 : -1);
  return GDK_EVENT_STOP;
}

/* ---- mistakes ---- */

static gboolean
search_cb (gpointer data)
{
  RfInsidePane *self = data;
  const gint64 since = g_get_monotonic_time () - self->search_begun;
  const double searched = rf_inside_feed_get_searched (self->feed);
  const gboolean searching = searched >= 0, seen = searching && since >= SPIN_AFTER;
  gtk_widget_set_visible (self->search_spinner, seen);
  gtk_spinner_set_spinning (GTK_SPINNER (self->search_spinner), seen);
  gtk_widget_set_visible (self->search_progress, searching && since >= TELL_AFTER);
  gtk_label_set_label (self->mistake_label, seen ? _ ("Stop") : _ ("A Mistake"));
  gtk_widget_set_tooltip_text (self->mistake_button,
                               seen ? _ ("Stop looking for a picture that the network gets wrong")
                                    : _ ("The next picture that the network gets wrong (Alt+M)"));
  if (searching)
    {
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->search_progress), searched);
      return G_SOURCE_CONTINUE;
    }
  self->search_id = 0;
  return G_SOURCE_REMOVE;
}

static void
searching_cb (RfInsidePane *self)
{
  g_clear_handle_id (&self->search_id, g_source_remove);
  if (search_cb (self))
    self->search_id = g_timeout_add (SPIN_AFTER / 1000, search_cb, self);
}

static void
mistake (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RfInsidePane *self = RF_INSIDE_PANE (widget);
  if (self->n_pictures == 0)
    return;
  if (rf_inside_feed_get_searched (self->feed) >= 0)
    {
      rf_inside_feed_stop_searching (self->feed);
      return;
    }
  self->search_begun = g_get_monotonic_time ();
  rf_inside_feed_find_mistake (self->feed, rf_run_get_dataset (rf_inside_pane_get_run (self)),
                               self->split, self->picture);
}

static void
mistake_cb (RfInsidePane *self, gint64 index)
{
  if (index >= 0)
    {
      rf_inside_pane_set_picture (self, (guint) index);
      return;
    }
  g_autofree char *count = rf_text_count (self->n_pictures);
  g_autofree char *message
      = g_strdup_printf (_ ("The network gets all of the %s pictures right"), count);
  rf_pane_say (RF_PANE (self), message);
}

/* ---- the controls ---- */

void
rf_inside_pane_enable_choice (RfInsidePane *self, gboolean enabled)
{
  static const char *const actions[]
      = { "inside.previous", "inside.next", "inside.random", "inside.mistake" };
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], enabled);
}

void
rf_inside_pane_install_choice (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
    guint key, keypad;
  } actions[] = { { "inside.previous", previous, GDK_KEY_Left, GDK_KEY_KP_Left },
                  { "inside.next", next, GDK_KEY_Right, GDK_KEY_KP_Right },
                  { "inside.random", any, GDK_KEY_r, 0 },
                  { "inside.mistake", mistake, GDK_KEY_m, 0 } };
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
      gtk_widget_class_add_binding_action (widget_class, actions[i].key, GDK_ALT_MASK,
                                           actions[i].name, NULL);
      if (actions[i].keypad)
        gtk_widget_class_add_binding_action (widget_class, actions[i].keypad, GDK_ALT_MASK,
                                             actions[i].name, NULL);
    }
}

void
rf_inside_pane_init_choice (RfInsidePane *self)
{
  g_signal_connect_swapped (self->index_entry, "activate", G_CALLBACK (typed_cb), self);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->index_entry), focus);
  GtkEventController *key = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (entry_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->index_entry), key);

  g_signal_connect_swapped (self->feed, "mistake", G_CALLBACK (mistake_cb), self);
  g_signal_connect_swapped (self->feed, "searching", G_CALLBACK (searching_cb), self);
  searching_cb (self);
}
