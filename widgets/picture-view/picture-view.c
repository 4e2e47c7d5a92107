/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pixel is a whole number of the screen's pixels wherever it is enlarged, so that none looks
 * wider than its neighbour; the zoom that is wished for is kept, and rounded when painted. */

#include "widgets/picture-view/picture-view.h"

#include "widgets/picture/frame.h"

#include <math.h>

#define MARGIN    10 /* around a picture that fits: room for imagined pixels */
#define ZOOM_STEP 1.25
#define MAX_PIXEL 96 /* size of a pixel at the greatest zoom */
#define MAX_MARKS 512

/* ---- the viewport ---- */

struct _RfViewport
{
  GObject parent_instance;
  double zoom, x, y;
};

G_DEFINE_FINAL_TYPE (RfViewport, rf_viewport, G_TYPE_OBJECT)

static guint viewport_changed;

static void
rf_viewport_class_init (RfViewportClass *klass)
{
  viewport_changed = g_signal_new ("changed", RF_TYPE_VIEWPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rf_viewport_init (RfViewport *self)
{
  self->zoom = 1;
  self->x = self->y = 0.5;
}

RfViewport *
rf_viewport_new (void)
{
  return g_object_new (RF_TYPE_VIEWPORT, NULL);
}

void
rf_viewport_set (RfViewport *self, double zoom, double x, double y)
{
  g_return_if_fail (RF_IS_VIEWPORT (self) && isfinite (zoom) && isfinite (x) && isfinite (y));
  self->zoom = MAX (zoom, 1);
  self->x = CLAMP (x, 0, 1);
  self->y = CLAMP (y, 0, 1);
  g_signal_emit (self, viewport_changed, 0);
}

double
rf_viewport_get_zoom (RfViewport *self)
{
  g_return_val_if_fail (RF_IS_VIEWPORT (self), 1);
  return self->zoom;
}

/* ---- the view ---- */

struct _RfPictureView
{
  GtkWidget parent_instance;

  gboolean in_page;

  RfViewport *viewport;
  RfRaster *raster;
  int width, height; /* of the picture that it stands for */
  RfPictureMark marks[MAX_MARKS];
  int n_marks;
  int cursor_y, cursor_x; /* moved by keys and pointer */
  double drag_x, drag_y;  /* middle when the drag began */
  gboolean dragged;
};

G_DEFINE_FINAL_TYPE (RfPictureView, rf_picture_view, GTK_TYPE_WIDGET)

enum
{
  POINTED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- geometry ---- */

static double
snap (double scale, double device)
{
  return scale * device >= 1 ? floor (scale * device + 1e-6) / device : scale;
}

double
rf_picture_view_fit (int width, int height, double room_x, double room_y, double device)
{
  const double x = (room_x - 2 * MARGIN) / width, y = (room_y - 2 * MARGIN) / height;
  return snap (MAX (MIN (x, y), 1e-4), device);
}

static double
get_device (RfPictureView *self)
{
  return gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static double
get_fit (RfPictureView *self)
{
  return rf_picture_view_fit (self->width, self->height, gtk_widget_get_width (GTK_WIDGET (self)),
                              gtk_widget_get_height (GTK_WIDGET (self)), get_device (self));
}

static double
get_scale (RfPictureView *self)
{
  return snap (get_fit (self) * self->viewport->zoom, get_device (self));
}

/* Where the picture begins along one axis: in the middle if it fits, else with no gap. */
static double
get_origin (double room, double size, double middle, double device)
{
  double origin = (room - size) / 2;
  if (size > room - 2 * MARGIN)
    origin = CLAMP (room / 2 - middle * size, room - size - MARGIN, MARGIN);
  return round (origin * device) / device;
}

static double
locate (RfPictureView *self, double *x, double *y)
{
  const double scale = get_scale (self), device = get_device (self);
  *x = get_origin (gtk_widget_get_width (GTK_WIDGET (self)), scale * self->width, self->viewport->x,
                   device);
  *y = get_origin (gtk_widget_get_height (GTK_WIDGET (self)), scale * self->height,
                   self->viewport->y, device);
  return scale;
}

double
rf_picture_view_locate (RfPictureView *self, double pixel_y, double pixel_x, double *y, double *x)
{
  g_return_val_if_fail (RF_IS_PICTURE_VIEW (self) && self->width > 0, 0);
  const double scale = locate (self, x, y);
  *x += pixel_x * scale;
  *y += pixel_y * scale;
  return scale;
}

void
rf_picture_view_reveal (RfPictureView *self, int y, int x)
{
  g_return_if_fail (RF_IS_PICTURE_VIEW (self));
  if (self->width <= 0 || self->height <= 0 || self->viewport->zoom <= 1)
    return;
  double left, top;
  const double scale = rf_picture_view_locate (self, y, x, &top, &left);
  if (left < 0 || top < 0 || left + scale > gtk_widget_get_width (GTK_WIDGET (self))
      || top + scale > gtk_widget_get_height (GTK_WIDGET (self)))
    rf_viewport_set (self->viewport, self->viewport->zoom, (x + 0.5) / self->width,
                     (y + 0.5) / self->height);
}

/* ---- painting ---- */

static void
set_rgb (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, (rgb >> 16 & 255) / 255., (rgb >> 8 & 255) / 255., (rgb & 255) / 255.,
                         alpha);
}

/* A line that is seen on any ground: dark outside, light inside. */
static void
outline (cairo_t *cr, double x, double y, double width, double height, const GdkRGBA *color,
         double line)
{
  cairo_set_line_width (cr, line + 2);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.75);
  cairo_rectangle (cr, x, y, width, height);
  cairo_stroke (cr);
  cairo_set_line_width (cr, line);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_rectangle (cr, x, y, width, height);
  cairo_stroke (cr);
}

static void
paint_mark (RfPictureView *self, cairo_t *cr, const RfPictureMark *mark, double x, double y,
            double scale)
{
  const GdkRGBA white = { 1, 1, 1, 1 }, field = { 1, 0.82f, 0.25f, 1 };
  double left = x + mark->left * scale, top = y + mark->top * scale;
  double width = (mark->right - mark->left) * scale, height = (mark->bottom - mark->top) * scale;
  if (mark->kind == RF_MARK_IMAGINED)
    {
      cairo_rectangle (cr, left, top, width, height);
      set_rgb (cr, mark->fill, 1);
      cairo_fill (cr);
      cairo_rectangle (cr, left + 0.5, top + 0.5, width - 1, height - 1);
      cairo_set_line_width (cr, 1);
      cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.9);
      if (scale >= 4)
        cairo_stroke (cr);
      cairo_new_path (cr);
      return;
    }
  /* A single pixel of a large picture would hardly be seen. */
  const double least = 5;
  if (width < least)
    {
      left -= (least - width) / 2;
      width = least;
    }
  if (height < least)
    {
      top -= (least - height) / 2;
      height = least;
    }
  outline (cr, floor (left) - 0.5, floor (top) - 0.5, ceil (width) + 1, ceil (height) + 1,
           mark->kind == RF_MARK_FIELD ? &field : &white, mark->kind == RF_MARK_PIXEL ? 1.5 : 2);
}

static void
rf_picture_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfPictureView *self = RF_PICTURE_VIEW (widget);
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  if (!self->raster || width < 2 * MARGIN || height < 2 * MARGIN)
    return;
  double x, y;
  const double scale = locate (self, &x, &y);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  rf_raster_paint (self->raster, cr, x, y, scale * self->width, scale * self->height,
                   get_device (self));
  rf_frame_set_color (cr, widget);
  rf_frame_add (cr, x, y, scale * self->width, scale * self->height);
  cairo_stroke (cr);
  for (int i = 0; i < self->n_marks; i++)
    paint_mark (self, cr, &self->marks[i], x, y, scale);
  cairo_destroy (cr);
}

static void
rf_picture_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 96;
  *natural = 240;
}

/* ---- pointing ---- */

static gboolean
find_pixel (RfPictureView *self, double at_x, double at_y, int *y, int *x)
{
  double left, top;
  if (!self->raster)
    return FALSE;
  const double scale = locate (self, &left, &top);
  const double px = floor ((at_x - left) / scale), py = floor ((at_y - top) / scale);
  if (!(px >= 0 && py >= 0 && px < self->width && py < self->height))
    return FALSE;
  *x = (int) px;
  *y = (int) py;
  return TRUE;
}

static void
motion_cb (RfPictureView *self, double at_x, double at_y)
{
  int x, y;
  if (find_pixel (self, at_x, at_y, &y, &x))
    {
      self->cursor_x = x;
      self->cursor_y = y;
      g_signal_emit (self, signals[POINTED], 0, y, x);
    }
  else
    g_signal_emit (self, signals[POINTED], 0, -1, -1);
}

static void
leave_cb (RfPictureView *self)
{
  g_signal_emit (self, signals[POINTED], 0, -1, -1);
}

static void
released_cb (RfPictureView *self, int n_press, double at_x, double at_y)
{
  int x, y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!self->dragged && find_pixel (self, at_x, at_y, &y, &x))
    g_signal_emit (self, signals[CHOSEN], 0, y, x);
}

/* Zooms about a point of the widget: the pixel there stays where it is. */
static void
zoom_about (RfPictureView *self, double at_x, double at_y, int steps)
{
  if (!self->raster)
    return;
  double left, top;
  const double before = locate (self, &left, &top), fit = get_fit (self);
  const double px = (at_x - left) / before, py = (at_y - top) / before;
  double zoom = self->viewport->zoom, scale = before;
  /* Whole scales lie further apart than a step: go on until there is something to be seen. */
  for (int i = 0; i < 12 && (i < ABS (steps) || scale == before); i++)
    {
      zoom *= steps > 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
      zoom = CLAMP (zoom, 1, MAX (MAX_PIXEL / fit, 1));
      scale = snap (fit * zoom, get_device (self));
    }
  rf_viewport_set (
      self->viewport, zoom,
      (px - (at_x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.) / scale) / self->width,
      (py - (at_y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.) / scale) / self->height);
}

static gboolean
scroll_cb (GtkEventControllerScroll *scroll, double dx, double dy, RfPictureView *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (scroll));
  if (self->in_page && !gtk_widget_has_focus (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  double y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.;
  double surface_x, surface_y, native_x, native_y;
  if (event && gdk_event_get_position (event, &surface_x, &surface_y))
    {
      GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
      gtk_native_get_surface_transform (native, &native_x, &native_y);
      gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self),
                                        surface_x - native_x, surface_y - native_y, &x, &y);
    }
  if (dy != 0)
    zoom_about (self, x, y, dy < 0 ? 1 : -1);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (RfPictureView *self)
{
  self->drag_x = self->viewport->x;
  self->drag_y = self->viewport->y;
  self->dragged = FALSE;
}

static void
drag_update_cb (RfPictureView *self, double dx, double dy)
{
  if (fabs (dx) + fabs (dy) > 4)
    self->dragged = TRUE;
  if (!self->dragged || !self->raster)
    return;
  const double scale = get_scale (self);
  rf_viewport_set (self->viewport, self->viewport->zoom, self->drag_x - dx / (scale * self->width),
                   self->drag_y - dy / (scale * self->height));
}

/* ---- keys ---- */

/* Brings the cursor's pixel on show. */
static void
reveal (RfPictureView *self)
{
  double x, y;
  const double scale = rf_picture_view_locate (self, self->cursor_y, self->cursor_x, &y, &x);
  if (x < 0 || y < 0 || x + scale > gtk_widget_get_width (GTK_WIDGET (self))
      || y + scale > gtk_widget_get_height (GTK_WIDGET (self)))
    rf_viewport_set (self->viewport, self->viewport->zoom, (self->cursor_x + 0.5) / self->width,
                     (self->cursor_y + 0.5) / self->height);
}

static void
move (RfPictureView *self, int dx, int dy, GdkModifierType modifiers)
{
  if (modifiers & GDK_SHIFT_MASK)
    {
      const double share = 0.1 / self->viewport->zoom;
      rf_viewport_set (self->viewport, self->viewport->zoom, self->viewport->x + dx * share,
                       self->viewport->y + dy * share);
      return;
    }
  const int far = modifiers & GDK_CONTROL_MASK ? 10 : 1;
  self->cursor_x = CLAMP (self->cursor_x + dx * far, 0, self->width - 1);
  self->cursor_y = CLAMP (self->cursor_y + dy * far, 0, self->height - 1);
  reveal (self);
  g_signal_emit (self, signals[POINTED], 0, self->cursor_y, self->cursor_x);
}

static gboolean
key_cb (RfPictureView *self, guint key, guint code, GdkModifierType modifiers)
{
  if (!self->raster)
    return GDK_EVENT_PROPAGATE;
  const double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  const double y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      move (self, key == GDK_KEY_Left ? -1 : 1, 0, modifiers);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      move (self, 0, key == GDK_KEY_Up ? -1 : 1, modifiers);
      return GDK_EVENT_STOP;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_about (self, x, y, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_about (self, x, y, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      rf_viewport_set (self->viewport, 1, 0.5, 0.5);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      g_signal_emit (self, signals[CHOSEN], 0, self->cursor_y, self->cursor_x);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* ---- the object ---- */

static void
rf_picture_view_finalize (GObject *object)
{
  RfPictureView *self = RF_PICTURE_VIEW (object);
  g_clear_object (&self->viewport);
  g_clear_pointer (&self->raster, rf_raster_unref);
  G_OBJECT_CLASS (rf_picture_view_parent_class)->finalize (object);
}

static void
rf_picture_view_class_init (RfPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = rf_picture_view_finalize;
  widget_class->snapshot = rf_picture_view_snapshot;
  widget_class->measure = rf_picture_view_measure;
  signals[POINTED] = g_signal_new ("pointed", RF_TYPE_PICTURE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  signals[CHOSEN] = g_signal_new ("chosen", RF_TYPE_PICTURE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  gtk_widget_class_set_css_name (widget_class, "pictureview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add (RfPictureView *self, GtkEventController *controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
rf_picture_view_init (RfPictureView *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  add (self, motion);
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  add (self, scroll);
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  add (self, GTK_EVENT_CONTROLLER (drag));
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  add (self, GTK_EVENT_CONTROLLER (click));
  gtk_gesture_group (click, drag);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  add (self, key);
}

GtkWidget *
rf_picture_view_new (RfViewport *viewport)
{
  g_return_val_if_fail (RF_IS_VIEWPORT (viewport), NULL);
  RfPictureView *self = g_object_new (RF_TYPE_PICTURE_VIEW, NULL);
  self->viewport = g_object_ref (viewport);
  g_signal_connect_object (viewport, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
rf_picture_view_set_raster (RfPictureView *self, RfRaster *raster, int width, int height)
{
  g_return_if_fail (RF_IS_PICTURE_VIEW (self) && (!raster || (width > 0 && height > 0)));
  if (raster)
    rf_raster_ref (raster);
  g_clear_pointer (&self->raster, rf_raster_unref);
  self->raster = raster;
  self->width = width;
  self->height = height;
  self->cursor_x = CLAMP (self->cursor_x, 0, MAX (width - 1, 0));
  self->cursor_y = CLAMP (self->cursor_y, 0, MAX (height - 1, 0));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_picture_view_set_in_page (RfPictureView *self, gboolean in_page)
{
  g_return_if_fail (RF_IS_PICTURE_VIEW (self));
  self->in_page = in_page;
}

RfRaster *
rf_picture_view_get_raster (RfPictureView *self)
{
  g_return_val_if_fail (RF_IS_PICTURE_VIEW (self), NULL);
  return self->raster;
}

void
rf_picture_view_set_marks (RfPictureView *self, const RfPictureMark *marks, int n)
{
  g_return_if_fail (RF_IS_PICTURE_VIEW (self) && n >= 0);
  self->n_marks = MIN (n, MAX_MARKS);
  for (int i = 0; i < self->n_marks; i++)
    self->marks[i] = marks[i];
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
rf_picture_view_get_n_marks (RfPictureView *self)
{
  g_return_val_if_fail (RF_IS_PICTURE_VIEW (self), 0);
  return self->n_marks;
}
