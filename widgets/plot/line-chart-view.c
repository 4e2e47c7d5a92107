/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pointer and keys: what part of the chart is in view, and where the crosshair is.
 *
 * Zooming and panning reckon in places of the drawing, by the area as it was when the gesture
 * began, and only then in values: so they are the same on linear and on logarithmic axes. */

#include "widgets/plot/line-chart-private.h"

#define WHEEL   1.25 /* zoom of one notch */
#define CLICK   4.0  /* a shorter drag is none */
#define DEEPEST 1e-6 /* the narrowest view, as a share of all */

gboolean
rf_line_chart_is_zoomed (RfLineChart *self)
{
  return self->view.low < self->view.high || self->y_low < self->y_high;
}

void
rf_line_chart_reset_view (RfLineChart *self)
{
  if (!rf_line_chart_is_zoomed (self))
    return;
  self->view = (RfLineChartView){ 0, 0 };
  self->y_low = self->y_high = 0;
  rf_line_chart_view_changed (self, TRUE);
}

void
rf_line_chart_set_view (RfLineChart *self, double low, double high)
{
  g_return_if_fail (RF_IS_LINE_CHART (self));

  if (!(low < high) || !isfinite (high - low))
    {
      rf_line_chart_reset_view (self);
      return;
    }
  if (self->view.low == low && self->view.high == high)
    return;
  self->view = (RfLineChartView){ low, high };
  rf_line_chart_view_changed (self, TRUE);
}

/* The same, within what there is and not too narrow; all, if it is. */
static void
show_range (RfLineChart *self, double low, double high)
{
  double all_low, all_high;
  if (!rf_line_chart_get_x_range (self, &all_low, &all_high))
    return;
  const double narrowest = MAX (self->units[self->unit].kind == RF_CHART_COUNT ? 4 : 0,
                                DEEPEST * (all_high - all_low));
  if (high - low < narrowest)
    {
      const double middle = (low + high) / 2;
      low = middle - narrowest / 2;
      high = middle + narrowest / 2;
    }
  low = MAX (low, all_low);
  high = MIN (high, all_high);
  if (high - low < (1 - 1e-9) * (all_high - all_low))
    rf_line_chart_set_view (self, low, high);
  else if (self->y_low < self->y_high)
    {
      self->view = (RfLineChartView){ 0, 0 };
      rf_line_chart_view_changed (self, TRUE);
    }
  else
    rf_line_chart_reset_view (self);
}

/* @factor times as wide a range as @area has, with what is at @place staying there. */
static void
zoom_x (RfLineChart *self, const RfChartArea *area, double place, double factor)
{
  const double left = place - (place - area->left) * factor;
  show_range (self, rf_chart_area_x_at (area, left),
              rf_chart_area_x_at (area, left + area->width * factor));
}

static void
zoom_y (RfLineChart *self, const RfChartArea *area, double place, double factor)
{
  const double top = place - (place - area->top) * factor;
  const double low = MAX (rf_chart_area_y_at (area, top + area->height * factor), self->full_y_low);
  const double high = MIN (rf_chart_area_y_at (area, top), self->full_y_high);
  const double all = self->full_y_high - self->full_y_low;
  if (high - low >= (1 - 1e-9) * all)
    self->y_low = self->y_high = 0;
  else if (high - low > DEEPEST * all)
    {
      self->y_low = low;
      self->y_high = high;
    }
  rf_line_chart_view_changed (self, FALSE);
}

/* Moves the range of @area by @distance units of the drawing, as far as there is something. */
static void
pan_x (RfLineChart *self, const RfChartArea *area, double distance)
{
  double all_low, all_high;
  if (!rf_line_chart_get_x_range (self, &all_low, &all_high))
    return;
  const double right = area->left + area->width;
  distance = MAX (distance, MIN (0, rf_chart_area_place_of (area, all_low) - area->left));
  distance = MIN (distance, MAX (0, rf_chart_area_place_of (area, all_high) - right));
  if (self->view.low < self->view.high)
    rf_line_chart_set_view (self, rf_chart_area_x_at (area, area->left + distance),
                            rf_chart_area_x_at (area, right + distance));
}

static void
pan_y (RfLineChart *self, const RfChartArea *area, double distance)
{
  if (!(self->y_low < self->y_high))
    return;
  RfChartArea full = *area;
  full.y_min = self->full_y_low;
  full.y_max = self->full_y_high;
  const double low = rf_chart_area_y_at (area, area->top + area->height + distance);
  const double high = rf_chart_area_y_at (area, area->top + distance);
  if (low < full.y_min || high > full.y_max)
    return;
  self->y_low = low;
  self->y_high = high;
  rf_line_chart_view_changed (self, FALSE);
}

/* ---- the crosshair ---- */

static gboolean
inside (const RfChartArea *area, double x, double y)
{
  return area->width > 0 && x >= area->left && x <= area->left + area->width && y >= area->flags_top
         && y <= area->top + area->height;
}

static double
round_x (RfLineChart *self, double x)
{
  return self->units[self->unit].kind == RF_CHART_COUNT ? round (x) : x;
}

/* On a pennant, the crosshair is where the flag is: all that moved there is listed. */
static void
motion_cb (RfLineChart *self, double x, double y)
{
  const RfChartArea *area = &self->area;
  self->pointer_x = x;
  self->pointer_y = y;
  if (area->width <= 0 || x < area->left || x > area->left + area->width)
    {
      rf_line_chart_set_crosshair (self, NAN);
      return;
    }
  const RfChartFlag *flags = (const RfChartFlag *) self->shown->data;
  /* A pennant lies to the right of its pole, and is small. */
  const int pole = y >= area->flags_top && y <= area->top ? rf_chart_find_pole (
                       area, flags, self->shown->len, x - area->reach / 2, 1.2 * area->reach)
                                                          : -1;
  if (pole >= 0)
    rf_line_chart_set_crosshair (self, flags[pole].x);
  else
    rf_line_chart_set_crosshair (self, round_x (self, rf_chart_area_x_at (area, x)));
}

static void
leave_cb (RfLineChart *self)
{
  rf_line_chart_set_crosshair (self, NAN);
}

/* By key: brings it into view, and tells what is there at once. */
static void
move_crosshair (RfLineChart *self, double x)
{
  const RfChartArea *area = &self->area;
  const double place = rf_chart_area_place_of (area, x), right = area->left + area->width;
  if (place < area->left)
    pan_x (self, area, place - area->left);
  else if (place > right)
    pan_x (self, area, place - right);
  rf_line_chart_set_crosshair (self, x);
  rf_line_chart_update_words (self);
}

/* To the next pole of flags, or the one before. */
static void
go_to_flag (RfLineChart *self, gboolean forward)
{
  const RfChartArea *area = &self->area;
  const RfChartFlag *flags = (const RfChartFlag *) self->shown->data;
  const guint n = self->shown->len;
  const double from = isfinite (self->crosshair) ? self->crosshair : forward ? -INFINITY : INFINITY;
  double to = NAN;
  for (guint i = 0; i < n; i += rf_chart_count_pole (area, flags, n, i))
    if (forward && flags[i].x > from)
      {
        to = flags[i].x;
        break;
      }
    else if (!forward && flags[i].x < from)
      to = flags[i].x;
  if (isfinite (to))
    move_crosshair (self, to);
}

/* By hundredths of the axis; it begins at the newest point. */
static void
step_crosshair (RfLineChart *self, int steps)
{
  const RfChartArea *area = &self->area;
  const double from = isfinite (self->crosshair) ? self->crosshair : area->x_max;
  double low, high;
  if (!rf_line_chart_get_x_range (self, &low, &high))
    return;
  const double place = rf_chart_area_place_of (area, from) + steps * area->width / 100;
  double x = round_x (self, rf_chart_area_x_at (area, place));
  if (x == from)
    x += steps;
  move_crosshair (self, CLAMP (x, low, high));
}

static gboolean
zoom_key (RfLineChart *self, guint key)
{
  const RfChartArea *area = &self->area;
  const double place = isfinite (self->crosshair) ? rf_chart_area_place_of (area, self->crosshair)
                                                  : area->left + area->width / 2;
  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_x (self, area, place, 1 / (WHEEL * WHEEL));
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_x (self, area, place, WHEEL * WHEEL);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      rf_line_chart_reset_view (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
key_cb (RfLineChart *self, guint key, guint code, GdkModifierType modifiers)
{
  const RfChartArea *area = &self->area;
  if (modifiers & (GDK_ALT_MASK | GDK_SUPER_MASK) || area->width <= 0)
    return GDK_EVENT_PROPAGATE;
  const gboolean control = (modifiers & GDK_CONTROL_MASK) != 0;
  const gboolean shift = (modifiers & GDK_SHIFT_MASK) != 0;
  const gboolean right = key == GDK_KEY_Right || key == GDK_KEY_KP_Right;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      if (control)
        go_to_flag (self, right);
      else if (shift)
        pan_x (self, area, (right ? 0.1 : -0.1) * area->width);
      else
        step_crosshair (self, right ? 1 : -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Down:
    case GDK_KEY_Page_Up:
      if (control)
        return GDK_EVENT_PROPAGATE;
      go_to_flag (self, key == GDK_KEY_Page_Down);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_End:
      move_crosshair (self, key == GDK_KEY_Home ? area->x_min : area->x_max);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->drag == RF_LINE_CHART_STILL && isnan (self->crosshair))
        return GDK_EVENT_PROPAGATE;
      self->drag = RF_LINE_CHART_STILL;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      rf_line_chart_set_crosshair (self, NAN);
      return GDK_EVENT_STOP;
    default:
      return control ? GDK_EVENT_PROPAGATE : zoom_key (self, key);
    }
}

/* ---- wheel and dragging ---- */

static gboolean
scroll_cb (RfLineChart *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  const RfChartArea *area = &self->area;
  const GdkModifierType modifiers
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  if (!inside (area, self->pointer_x, self->pointer_y))
    return GDK_EVENT_PROPAGATE;
  if (modifiers & GDK_SHIFT_MASK && dx == 0)
    {
      dx = dy;
      dy = 0;
    }
  /* What cannot be shown any wider is for the page around it. */
  if (!rf_line_chart_is_zoomed (self) && (dy > 0 || dy == 0))
    return GDK_EVENT_PROPAGATE;
  if (dx != 0)
    pan_x (self, area, dx * area->width / 12);
  if (dy != 0 && modifiers & GDK_CONTROL_MASK)
    zoom_y (self, area, self->pointer_y, pow (WHEEL, dy));
  else if (dy != 0)
    zoom_x (self, area, self->pointer_x, pow (WHEEL, dy));
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (RfLineChart *self, double x, double y, GtkGesture *gesture)
{
  self->drag = RF_LINE_CHART_STILL;
  if (!inside (&self->area, x, y))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->start = self->area;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (RfLineChart *self, double dx, double dy, GtkGestureDrag *gesture)
{
  const RfChartArea *area = &self->start;
  double x, y;
  if (!gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;
  if (self->drag == RF_LINE_CHART_STILL)
    {
      if (hypot (dx, dy) < CLICK)
        return;
      const GdkModifierType modifiers
          = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
      const gboolean other = (modifiers & GDK_SHIFT_MASK) != 0;
      self->drag = rf_line_chart_is_zoomed (self) == other ? RF_LINE_CHART_SELECTING
                                                           : RF_LINE_CHART_PANNING;
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    }
  if (self->drag == RF_LINE_CHART_PANNING)
    {
      pan_x (self, area, -dx);
      pan_y (self, area, -dy);
      return;
    }
  const double right = area->left + area->width;
  self->select_from = rf_chart_area_x_at (area, x);
  self->select_to = rf_chart_area_x_at (area, CLAMP (x + dx, area->left, right));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (RfLineChart *self, double dx, double dy)
{
  const RfLineChartDrag drag = self->drag;
  self->drag = RF_LINE_CHART_STILL;
  if (drag != RF_LINE_CHART_SELECTING)
    return;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (fabs (dx) >= CLICK)
    show_range (self, MIN (self->select_from, self->select_to),
                MAX (self->select_from, self->select_to));
}

static void
cancel_cb (RfLineChart *self)
{
  self->drag = RF_LINE_CHART_STILL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pressed_cb (RfLineChart *self, int n, double x, double y)
{
  if (n == 2 && inside (&self->area, x, y))
    rf_line_chart_reset_view (self);
}

static void
pinch_begin_cb (RfLineChart *self)
{
  self->start = self->area;
}

static void
pinch_cb (RfLineChart *self, double scale, GtkGesture *gesture)
{
  double x, y;
  if (scale > 0 && self->start.width > 0 && gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    zoom_x (self, &self->start, x, 1 / scale);
}

void
rf_line_chart_init_view (RfLineChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, focus);
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);

  GtkGesture *drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), GDK_BUTTON_PRIMARY);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (cancel_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}
