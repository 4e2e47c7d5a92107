/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pointer and keys of a grid of maps. */

#include "widgets/picture/map-grid-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static double
value_at (RfMapGrid *self, const RfMapPlace *place, guint channel)
{
  const RfMapShape *shape = &self->shape;
  const gsize plane = (gsize) shape->height * shape->width;
  return self->values[((gsize) place->map * shape->channels + channel) * plane
                      + (gsize) place->row * shape->width + place->column];
}

void
rf_map_grid_tell (RfMapGrid *self)
{
  g_autofree char *text = rf_map_grid_describe (self, self->pointing ? &self->pointed : NULL);
  double value = NAN;
  if (self->pointing && self->shape.channels == 1)
    value = value_at (self, &self->pointed, 0);
  else if (self->selected < self->shape.n && self->shape.channels == 1 && self->shape.height == 1
           && self->shape.width == 1)
    value = self->values[self->selected];
  g_signal_emit_by_name (self, "pointed", text, value);
}

static void
point (RfMapGrid *self, gboolean pointing, const RfMapPlace *place)
{
  if (!pointing && !self->pointing)
    return;
  if (pointing && self->pointing && memcmp (place, &self->pointed, sizeof *place) == 0)
    return;
  self->pointing = pointing;
  if (pointing)
    self->pointed = *place;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_map_grid_tell (self);
}

static void
motion_cb (RfMapGrid *self, double x, double y)
{
  RfMapPlace place;
  const gboolean found
      = rf_map_layout_find (&self->layout, self->shape.height, self->shape.width, x, y, &place);
  point (self, found, &place);
}

static void
leave_cb (RfMapGrid *self)
{
  point (self, FALSE, NULL);
}

static void
pressed_cb (RfMapGrid *self, int n_press, double x, double y)
{
  RfMapPlace place;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (rf_map_layout_find (&self->layout, self->shape.height, self->shape.width, x, y, &place))
    rf_map_grid_select (self, place.map == self->selected ? G_MAXUINT : place.map);
}

/* Brings the chosen map into view. */
static void
show_selected (RfMapGrid *self)
{
  double x, y, top, bottom;
  if (!self->scroll || self->selected >= self->layout.n)
    return;
  rf_map_layout_get_corner (&self->layout, self->selected, &x, &y);
  rf_map_grid_get_visible (self, &top, &bottom);
  GtkWidget *viewport = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_VIEWPORT);
  graphene_point_t corner;
  if (!gtk_widget_compute_point (GTK_WIDGET (self), viewport,
                                 &GRAPHENE_POINT_INIT ((float) x, (float) y), &corner))
    return;
  const double at = gtk_adjustment_get_value (self->scroll) + corner.y;
  gtk_adjustment_clamp_page (self->scroll, at - 6, at + self->layout.cell_height + 6);
}

/* Where a key leads to from the map @from; G_MAXUINT - 1: nowhere. */
static gint64
find_goal (RfMapGrid *self, guint key, gint64 from)
{
  const gint64 columns = self->layout.columns, n = self->layout.n;
  double top, bottom;
  rf_map_grid_get_visible (self, &top, &bottom);
  const gint64 page = columns * MAX (1, (gint64) ((bottom - top) / self->layout.step_y) - 1);
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return from - 1;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return from + 1;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return from - columns;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return from + columns;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      return from >= page ? from - page : from % columns;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      return from + page < n ? from + page : from + columns * ((n - 1 - from) / columns);
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return 0;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return n - 1;
    default:
      return G_MININT64;
    }
}

static gboolean
key_cb (RfMapGrid *self, guint key, guint code, GdkModifierType modifiers)
{
  if (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK) || self->layout.n == 0)
    return GDK_EVENT_PROPAGATE;
  const gboolean chosen = self->selected < self->layout.n;
  if (key == GDK_KEY_Escape && chosen)
    {
      rf_map_grid_select (self, G_MAXUINT);
      return GDK_EVENT_STOP;
    }
  gint64 goal = find_goal (self, key, chosen ? self->selected : 0);
  if (goal == G_MININT64)
    return GDK_EVENT_PROPAGATE;
  if (!chosen && key != GDK_KEY_End)
    goal = 0;
  if (goal >= 0 && goal < self->layout.n)
    {
      rf_map_grid_select (self, (guint) goal);
      show_selected (self);
    }
  return GDK_EVENT_STOP;
}

static gboolean
tooltip_cb (RfMapGrid *self, int x, int y, gboolean by_key, GtkTooltip *tooltip)
{
  RfMapPlace place;
  const gboolean found
      = !by_key
        && rf_map_layout_find (&self->layout, self->shape.height, self->shape.width, x, y, &place);
  g_autofree char *text
      = found || by_key ? rf_map_grid_describe (self, found ? &place : NULL) : NULL;
  if (!text)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
rf_map_grid_init_input (RfMapGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (tooltip_cb), NULL);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}
