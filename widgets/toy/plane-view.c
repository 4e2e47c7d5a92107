/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/toy/plane-view.h"

#include "widgets/plot/painters/chart-file.h"
#include "widgets/plot/painters/class-mark.h"

#include <math.h>

#define EDGE      24. /* for the numbers on the left and below */
#define MARGIN    6.
#define STEP_KEYS 0.25
/* Sides, in pixels. */
#define SMALL     110
#define LEAST     180
#define USUAL     300
#define MOST      420
#define FILE_SIDE 640

struct _RfPlaneView
{
  GtkWidget parent_instance;

  double extent;
  gboolean small; /* without axes */
  guint32 *pixels;
  int side;
  RfPlanePoint *points;
  gsize n_points;
  double cross_x, cross_y; /* moved by keys; NaN: none */
  double last_x, last_y;   /* of a drag */
};

G_DEFINE_FINAL_TYPE (RfPlaneView, rf_plane_view, GTK_TYPE_WIDGET)

enum
{
  POINTED,
  PRESSED,
  DRAGGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- geometry ---- */

static void
get_square (RfPlaneView *self, double width, double height, double *x, double *y, double *side)
{
  const double edge = self->small ? MARGIN : EDGE;
  *side = floor (MAX (MIN (width - edge - MARGIN, height - edge - MARGIN), 1));
  *x = floor (edge + (width - edge - MARGIN - *side) / 2);
  *y = floor (MARGIN + (height - edge - MARGIN - *side) / 2);
}

/* From the widget's place to the plane's; FALSE outside. */
static gboolean
to_plane (RfPlaneView *self, double at_x, double at_y, double *x, double *y)
{
  double left, top, side;
  get_square (self, gtk_widget_get_width (GTK_WIDGET (self)),
              gtk_widget_get_height (GTK_WIDGET (self)), &left, &top, &side);
  *x = ((at_x - left) / side * 2 - 1) * self->extent;
  *y = (1 - (at_y - top) / side * 2) * self->extent;
  return fabs (*x) <= self->extent && fabs (*y) <= self->extent;
}

/* ---- painting ---- */

static void
paint_points (RfPlaneView *self, cairo_t *cr, double left, double top, double side)
{
  const double r = CLAMP (side / 110, 2, 5);
  cairo_set_line_width (cr, 1);
  for (gsize i = 0; i < self->n_points; i++)
    {
      const RfPlanePoint *point = &self->points[i];
      if (!(fabs (point->x) <= self->extent && fabs (point->y) <= self->extent))
        continue;
      const double x = left + (point->x / self->extent + 1) / 2 * side;
      const double y = top + (1 - point->y / self->extent) / 2 * side;
      rf_class_mark_add (cr, point->shape, x, y, r);
      cairo_set_source_rgb (cr, (point->color >> 16 & 255) / 255., (point->color >> 8 & 255) / 255.,
                            (point->color & 255) / 255.);
      cairo_fill_preserve (cr);
      if (point->hollow)
        cairo_set_source_rgb (cr, 0, 0, 0);
      else
        cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_stroke (cr);
    }
}

static void
paint_number (cairo_t *cr, PangoContext *context, double value, double x, double y, gboolean below)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  g_autofree char *text
      = value < 0 ? g_strdup_printf ("−%g", -value) : g_strdup_printf ("%g", value);
  int width, height;
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, round (below ? x - width / 2. : x - width - 4),
                 round (below ? y + 3 : y - height / 2.));
  pango_cairo_show_layout (cr, layout);
}

static void
paint_axes (RfPlaneView *self, cairo_t *cr, PangoContext *context, double left, double top,
            double side)
{
  for (int i = -2; i <= 2; i++)
    {
      const double value = i * self->extent / 2, share = (i / 2. + 1) / 2;
      paint_number (cr, context, value, left + share * side, top + side, TRUE);
      paint_number (cr, context, value, left, top + (1 - share) * side, FALSE);
    }
}

static void
paint_map (RfPlaneView *self, cairo_t *cr, double left, double top, double side)
{
  cairo_surface_t *picture = cairo_image_surface_create_for_data (
      (guchar *) self->pixels, CAIRO_FORMAT_RGB24, self->side, self->side, self->side * 4);
  cairo_save (cr);
  cairo_rectangle (cr, left, top, side, side);
  cairo_clip (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, side / self->side, side / self->side);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (picture);
}

static void
paint (RfPlaneView *self, cairo_t *cr, double width, double height, const GdkRGBA *text)
{
  double left, top, side;
  PangoContext *context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  g_autoptr (PangoFontDescription) font
      = pango_font_description_copy (pango_context_get_font_description (context));
  pango_font_description_set_size (font, pango_font_description_get_size (font) * 8 / 10);
  pango_context_set_font_description (context, font);
  get_square (self, width, height, &left, &top, &side);
  if (self->pixels)
    paint_map (self, cr, left, top, side);
  cairo_save (cr);
  cairo_rectangle (cr, left, top, side, side);
  cairo_clip (cr);
  paint_points (self, cr, left, top, side);
  if (!isnan (self->cross_x))
    {
      const double x = left + (self->cross_x / self->extent + 1) / 2 * side;
      const double y = top + (1 - self->cross_y / self->extent) / 2 * side;
      cairo_move_to (cr, x - 8, y);
      cairo_line_to (cr, x + 8, y);
      cairo_move_to (cr, x, y - 8);
      cairo_line_to (cr, x, y + 8);
      cairo_set_line_width (cr, 2);
      cairo_set_source_rgb (cr, 0, 0, 0);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
  gdk_cairo_set_source_rgba (cr, text);
  if (!self->small)
    paint_axes (self, cr, context, left, top, side);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, left - 0.5, top - 0.5, side + 1, side + 1);
  cairo_stroke (cr);
  g_object_unref (context);
}

static void
rf_plane_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfPlaneView *self = RF_PLANE_VIEW (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA text;
  if (width < 60 || height < 60)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  text.alpha *= 0.7f;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  paint (self, cr, width, height, &text);
  cairo_destroy (cr);
}

static void
paint_file (cairo_t *cr, double width, double height, gpointer data)
{
  const GdkRGBA text = { 0.2f, 0.2f, 0.2f, 1 };
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  paint (data, cr, width, height, &text);
}

gboolean
rf_plane_view_save (RfPlaneView *self, const char *path, GError **error)
{
  g_return_val_if_fail (RF_IS_PLANE_VIEW (self) && path, FALSE);
  return rf_chart_file_write (path, FILE_SIDE, FILE_SIDE, paint_file, self, error);
}

/* ---- setting ---- */

void
rf_plane_view_set_small (RfPlaneView *self)
{
  g_return_if_fail (RF_IS_PLANE_VIEW (self));
  self->small = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
rf_plane_view_set_pixels (RfPlaneView *self, const guint32 *pixels, int side)
{
  g_return_if_fail (RF_IS_PLANE_VIEW (self) && pixels && side > 0);
  g_free (self->pixels);
  self->pixels = g_memdup2 (pixels, (gsize) side * (gsize) side * sizeof (guint32));
  self->side = side;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_plane_view_set_points (RfPlaneView *self, const RfPlanePoint *points, gsize n)
{
  g_return_if_fail (RF_IS_PLANE_VIEW (self) && (points || n == 0));
  g_free (self->points);
  self->points = g_memdup2 (points, n * sizeof (RfPlanePoint));
  self->n_points = n;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- pointing ---- */

static void
motion_cb (RfPlaneView *self, double at_x, double at_y)
{
  double x, y;
  const gboolean inside = to_plane (self, at_x, at_y, &x, &y);
  g_signal_emit (self, signals[POINTED], 0, inside ? x : NAN, inside ? y : NAN);
}

static void
leave_cb (RfPlaneView *self)
{
  g_signal_emit (self, signals[POINTED], 0, NAN, NAN);
}

static gboolean
is_second (GtkGesture *gesture)
{
  return gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture))
         == GDK_BUTTON_SECONDARY;
}

static void
begin_cb (GtkGesture *gesture, double at_x, double at_y, RfPlaneView *self)
{
  double x, y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->cross_x = self->cross_y = NAN;
  if (!to_plane (self, at_x, at_y, &x, &y))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->last_x = x;
  self->last_y = y;
  g_signal_emit (self, signals[PRESSED], 0, x, y, is_second (gesture));
}

static void
update_cb (GtkGesture *gesture, double off_x, double off_y, RfPlaneView *self)
{
  double start_x, start_y, x, y;
  gtk_gesture_drag_get_start_point (GTK_GESTURE_DRAG (gesture), &start_x, &start_y);
  if (!to_plane (self, start_x + off_x, start_y + off_y, &x, &y))
    return;
  g_signal_emit (self, signals[DRAGGED], 0, self->last_x, self->last_y, x, y, is_second (gesture));
  self->last_x = x;
  self->last_y = y;
}

static gboolean
key_cb (RfPlaneView *self, guint key, guint code, GdkModifierType state)
{
  const double step = state & GDK_CONTROL_MASK ? 4 * STEP_KEYS : STEP_KEYS;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
    {
      if (!isnan (self->cross_x))
        g_signal_emit (self, signals[PRESSED], 0, self->cross_x, self->cross_y, FALSE);
      return GDK_EVENT_STOP;
    }
  if (key != GDK_KEY_Left && key != GDK_KEY_Right && key != GDK_KEY_Up && key != GDK_KEY_Down)
    return GDK_EVENT_PROPAGATE;
  if (isnan (self->cross_x))
    self->cross_x = self->cross_y = 0;
  self->cross_x += key == GDK_KEY_Left ? -step : key == GDK_KEY_Right ? step : 0;
  self->cross_y += key == GDK_KEY_Down ? -step : key == GDK_KEY_Up ? step : 0;
  self->cross_x = CLAMP (self->cross_x, -self->extent, self->extent);
  self->cross_y = CLAMP (self->cross_y, -self->extent, self->extent);
  g_signal_emit (self, signals[POINTED], 0, self->cross_x, self->cross_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

/* ---- the widget ---- */

static GtkSizeRequestMode
rf_plane_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Square, as far as that goes. */
static void
rf_plane_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  const int least = RF_PLANE_VIEW (widget)->small ? SMALL : LEAST;
  *minimum = least;
  *natural = RF_PLANE_VIEW (widget)->small ? SMALL : USUAL;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    *natural = CLAMP (for_size, least, MOST);
}

static void
rf_plane_view_finalize (GObject *object)
{
  RfPlaneView *self = RF_PLANE_VIEW (object);
  g_free (self->pixels);
  g_free (self->points);
  G_OBJECT_CLASS (rf_plane_view_parent_class)->finalize (object);
}

static void
rf_plane_view_class_init (RfPlaneViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = rf_plane_view_finalize;
  widget_class->snapshot = rf_plane_view_snapshot;
  widget_class->measure = rf_plane_view_measure;
  widget_class->get_request_mode = rf_plane_view_get_request_mode;
  gtk_widget_class_set_css_name (widget_class, "planeview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[POINTED] = g_signal_new ("pointed", RF_TYPE_PLANE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[PRESSED]
      = g_signal_new ("pressed", RF_TYPE_PLANE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 3, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
  signals[DRAGGED] = g_signal_new ("dragged", RF_TYPE_PLANE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 5, G_TYPE_DOUBLE, G_TYPE_DOUBLE,
                                   G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
}

static void
rf_plane_view_init (RfPlaneView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->cross_x = self->cross_y = NAN;
  self->extent = 1;
  gtk_widget_set_focusable (widget, TRUE);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  GtkGesture *drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (update_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, key);
}

GtkWidget *
rf_plane_view_new (double extent)
{
  g_return_val_if_fail (extent > 0, NULL);
  RfPlaneView *self = g_object_new (RF_TYPE_PLANE_VIEW, NULL);
  self->extent = extent;
  return GTK_WIDGET (self);
}
