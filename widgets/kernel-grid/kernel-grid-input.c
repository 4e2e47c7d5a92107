/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Hands on the grid: dragging, the wheel, and keys. */

#include "widgets/kernel-grid/kernel-grid-private.h"

#include <math.h>
#include <string.h>

#define STEP      0.1
#define FINE_STEP 0.01

/* ---- pointer ---- */

static void
paint_at (RfKernelGrid *self, double at_x, double at_y)
{
  int y, x;
  if (!rf_kernel_grid_find (self, at_x, at_y, &y, &x))
    return;
  rf_kernel_grid_move_cursor (self, y, x);
  rf_kernel_grid_paint_cell (self, self->erasing ? 0 : self->value);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double at_x, double at_y, RfKernelGrid *self)
{
  int y, x;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!rf_kernel_grid_find (self, at_x, at_y, &y, &x))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  rf_kernel_grid_drop_typed (self);
  const GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  const guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (state & GDK_CONTROL_MASK)
    {
      rf_kernel_grid_move_cursor (self, y, x);
      rf_kernel_grid_pick (self);
      return;
    }
  self->erasing = (state & GDK_SHIFT_MASK) || button == GDK_BUTTON_SECONDARY;
  self->painting = TRUE;
  self->press_x = at_x;
  self->press_y = at_y;
  rf_kernel_grid_emit (self, "stroke-begun");
  paint_at (self, at_x, at_y);
}

static void
drag_update_cb (RfKernelGrid *self, double dx, double dy)
{
  if (self->painting)
    paint_at (self, self->press_x + dx, self->press_y + dy);
}

static void
drag_end_cb (RfKernelGrid *self)
{
  if (!self->painting)
    return;
  self->painting = FALSE;
  rf_kernel_grid_emit (self, "stroke-ended");
}

/* To the next multiple of the step, so that hundredths do not pile up errors. */
static void
step (RfKernelGrid *self, int direction, GdkModifierType state)
{
  const double size = state & GDK_SHIFT_MASK ? FINE_STEP : state & GDK_CONTROL_MASK ? 1 : STEP;
  const double weight = self->weights[self->y * self->width + self->x];
  const double steps = round ((weight + direction * size) * (1 / FINE_STEP) * 10) / 10;
  rf_kernel_grid_paint_cell (self, steps / (1 / FINE_STEP));
}

static void
motion_cb (RfKernelGrid *self, double at_x, double at_y)
{
  self->press_x = self->painting ? self->press_x : at_x;
  self->press_y = self->painting ? self->press_y : at_y;
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx, double dy, RfKernelGrid *self)
{
  int y, x;
  if (dy == 0 || self->painting || (self->in_page && !gtk_widget_has_focus (GTK_WIDGET (self)))
      || !rf_kernel_grid_find (self, self->press_x, self->press_y, &y, &x))
    return GDK_EVENT_PROPAGATE;
  rf_kernel_grid_drop_typed (self);
  rf_kernel_grid_move_cursor (self, y, x);
  step (self, dy < 0 ? 1 : -1,
        gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll)));
  return GDK_EVENT_STOP;
}

/* ---- keys ---- */

static gboolean
walk (RfKernelGrid *self, int dy, int dx)
{
  if (rf_kernel_grid_take_typed (self))
    rf_kernel_grid_move_cursor (self, self->y + dy, self->x + dx);
  return GDK_EVENT_STOP;
}

/* Return: takes what was typed, or begins to change what is there. */
static gboolean
edit (RfKernelGrid *self)
{
  if (self->typed)
    {
      if (rf_kernel_grid_take_typed (self) && self->x + 1 < self->width)
        rf_kernel_grid_move_cursor (self, self->y, self->x + 1);
      return GDK_EVENT_STOP;
    }
  g_autofree char *text = self->words.format (self->weights[self->y * self->width + self->x]);
  self->typed = g_string_new (text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static gboolean
type (RfKernelGrid *self, guint key, GdkModifierType state)
{
  const gunichar letter = gdk_keyval_to_unicode (key);
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
    return GDK_EVENT_PROPAGATE;
  if (letter == 0 || letter > 127
      || !(g_ascii_isalnum ((char) letter) || strchr ("+-.,/", (int) letter)))
    return GDK_EVENT_PROPAGATE;
  if (!self->typed)
    self->typed = g_string_new (NULL);
  if (self->typed->len < 24)
    g_string_append_c (self->typed, (char) letter);
  self->wrong = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static gboolean
erase (RfKernelGrid *self)
{
  if (!self->typed)
    {
      rf_kernel_grid_paint_cell (self, 0);
      return GDK_EVENT_STOP;
    }
  if (self->typed->len > 0)
    g_string_truncate (self->typed, self->typed->len - 1);
  self->wrong = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (RfKernelGrid *self, guint key, guint code, GdkModifierType state)
{
  switch (key)
    {
    case GDK_KEY_Left:
      return walk (self, 0, -1);
    case GDK_KEY_Right:
      return walk (self, 0, 1);
    case GDK_KEY_Up:
      return walk (self, -1, 0);
    case GDK_KEY_Down:
      return walk (self, 1, 0);
    case GDK_KEY_Home:
      return walk (self, 0, -self->width);
    case GDK_KEY_End:
      return walk (self, 0, self->width);
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
      rf_kernel_grid_drop_typed (self);
      step (self, key == GDK_KEY_Page_Up ? 1 : -1, state);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_F2:
      return edit (self);
    case GDK_KEY_Escape:
      if (!self->typed)
        return GDK_EVENT_PROPAGATE;
      rf_kernel_grid_drop_typed (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_space:
      rf_kernel_grid_drop_typed (self);
      rf_kernel_grid_paint_cell (self, self->value);
      return GDK_EVENT_STOP;
    case GDK_KEY_BackSpace:
    case GDK_KEY_Delete:
      return erase (self);
    default:
      return type (self, key, state);
    }
}

/* Leaving the grid takes what was typed, if it can be taken. */
static void
focus_leave_cb (RfKernelGrid *self)
{
  if (self->typed && !rf_kernel_grid_take_typed (self))
    rf_kernel_grid_drop_typed (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_kernel_grid_init_input (RfKernelGrid *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_VERTICAL | GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (gtk_widget_queue_draw), self);
  gtk_widget_add_controller (widget, focus);
}
