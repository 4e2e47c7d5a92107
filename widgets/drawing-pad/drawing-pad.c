/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sheet is a surface of its own pixels, onto which each piece of a stroke is painted as it
 * comes; taking one back paints all that are left anew. */

#include "widgets/drawing-pad/drawing-pad.h"

#include "widgets/picture/frame.h"
#include "widgets/telling.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  double width;
  GdkRGBA color;
  GArray *points; /* x, y */
} Stroke;

struct _RfDrawingPad
{
  GtkWidget parent_instance;

  int width, height;
  GdkRGBA paper, color;
  double line;
  gboolean eraser, drawing;
  GPtrArray *strokes;
  guint n_done; /* those from here on were taken back */
  cairo_surface_t *surface;
  double cross_x, cross_y, press_x, press_y;
  RfTelling telling;
};

G_DEFINE_FINAL_TYPE (RfDrawingPad, rf_drawing_pad, GTK_TYPE_WIDGET)

static guint changed_signal;

static void
stroke_free (gpointer data)
{
  Stroke *stroke = data;
  g_array_unref (stroke->points);
  g_free (stroke);
}

/* ---- the sheet ---- */

static void
get_point (const Stroke *stroke, guint i, double *x, double *y)
{
  *x = g_array_index (stroke->points, double, 2 * i);
  *y = g_array_index (stroke->points, double, 2 * i + 1);
}

/* The stroke from its point @from on. */
static void
paint_stroke (cairo_t *cr, const Stroke *stroke, guint from)
{
  const guint n = stroke->points->len / 2;
  double x, y;
  gdk_cairo_set_source_rgba (cr, &stroke->color);
  cairo_set_line_width (cr, stroke->width);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  get_point (stroke, from, &x, &y);
  cairo_move_to (cr, x, y);
  for (guint i = from; i < n; i++)
    {
      get_point (stroke, i, &x, &y);
      cairo_line_to (cr, x, y);
    }
  cairo_stroke (cr);
}

static void
repaint (RfDrawingPad *self)
{
  cairo_t *cr = cairo_create (self->surface);
  gdk_cairo_set_source_rgba (cr, &self->paper);
  cairo_paint (cr);
  for (guint i = 0; i < self->n_done; i++)
    paint_stroke (cr, g_ptr_array_index (self->strokes, i), 0);
  cairo_destroy (cr);
}

static void
tell (RfDrawingPad *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
  g_signal_emit (self, changed_signal, 0);
}

static Stroke *
get_stroke (RfDrawingPad *self)
{
  return g_ptr_array_index (self->strokes, self->n_done - 1);
}

static void
add_point (RfDrawingPad *self, double x, double y)
{
  Stroke *stroke = get_stroke (self);
  const guint n = stroke->points->len / 2;
  g_array_append_val (stroke->points, x);
  g_array_append_val (stroke->points, y);
  cairo_t *cr = cairo_create (self->surface);
  paint_stroke (cr, stroke, n > 0 ? n - 1 : 0);
  cairo_destroy (cr);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_drawing_pad_begin (RfDrawingPad *self, double x, double y)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self) && isfinite (x) && isfinite (y));
  Stroke *stroke = g_new (Stroke, 1);
  *stroke = (Stroke){ self->line, self->eraser ? self->paper : self->color,
                      g_array_new (FALSE, FALSE, sizeof (double)) };
  g_ptr_array_set_size (self->strokes, (int) self->n_done);
  g_ptr_array_add (self->strokes, stroke);
  self->n_done++;
  self->drawing = TRUE;
  add_point (self, x, y);
}

void
rf_drawing_pad_move (RfDrawingPad *self, double x, double y)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self) && isfinite (x) && isfinite (y));
  if (self->drawing)
    add_point (self, x, y);
}

void
rf_drawing_pad_end (RfDrawingPad *self)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self));
  if (!self->drawing)
    return;
  self->drawing = FALSE;
  tell (self);
}

gboolean
rf_drawing_pad_undo (RfDrawingPad *self)
{
  g_return_val_if_fail (RF_IS_DRAWING_PAD (self), FALSE);
  if (self->n_done == 0)
    return FALSE;
  self->drawing = FALSE;
  self->n_done--;
  repaint (self);
  tell (self);
  return TRUE;
}

gboolean
rf_drawing_pad_redo (RfDrawingPad *self)
{
  g_return_val_if_fail (RF_IS_DRAWING_PAD (self), FALSE);
  if (self->n_done == self->strokes->len)
    return FALSE;
  self->n_done++;
  repaint (self);
  tell (self);
  return TRUE;
}

void
rf_drawing_pad_clear (RfDrawingPad *self)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self));
  self->drawing = FALSE;
  self->n_done = 0;
  g_ptr_array_set_size (self->strokes, 0);
  repaint (self);
  tell (self);
}

void
rf_drawing_pad_set_width (RfDrawingPad *self, double width)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self) && width > 0);
  self->line = width;
}

void
rf_drawing_pad_set_color (RfDrawingPad *self, const GdkRGBA *color)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self) && color);
  self->color = *color;
}

void
rf_drawing_pad_set_eraser (RfDrawingPad *self, gboolean eraser)
{
  g_return_if_fail (RF_IS_DRAWING_PAD (self));
  self->eraser = eraser;
}

guint
rf_drawing_pad_get_n_strokes (RfDrawingPad *self)
{
  g_return_val_if_fail (RF_IS_DRAWING_PAD (self), 0);
  return self->n_done;
}

guint8 *
rf_drawing_pad_get_rgb (RfDrawingPad *self, int *width, int *height)
{
  g_return_val_if_fail (RF_IS_DRAWING_PAD (self), NULL);
  guint8 *rgb = g_malloc ((gsize) self->width * (gsize) self->height * 3), *out = rgb;
  cairo_surface_flush (self->surface);
  const guint8 *data = cairo_image_surface_get_data (self->surface);
  const int stride = cairo_image_surface_get_stride (self->surface);
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++, out += 3)
      {
        const guint32 pixel = ((const guint32 *) (const void *) (data + y * stride))[x];
        out[0] = (guint8) (pixel >> 16);
        out[1] = (guint8) (pixel >> 8);
        out[2] = (guint8) pixel;
      }
  *width = self->width;
  *height = self->height;
  return rgb;
}

/* ---- on the screen ---- */

static double
locate (RfDrawingPad *self, double *left, double *top)
{
  const double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2;
  const double height = gtk_widget_get_height (GTK_WIDGET (self)) - 2;
  const double scale = MAX (MIN (width / self->width, height / self->height), 0.01);
  *left = floor ((width + 2 - scale * self->width) / 2);
  *top = floor ((height + 2 - scale * self->height) / 2);
  return scale;
}

static void
paint_cross (RfDrawingPad *self, cairo_t *cr, double x, double y)
{
  for (int i = 0; i < 2; i++)
    {
      cairo_set_source_rgb (cr, i, i, i);
      cairo_set_line_width (cr, i ? 1 : 3);
      cairo_move_to (cr, x - 8, y);
      cairo_line_to (cr, x + 8, y);
      cairo_move_to (cr, x, y - 8);
      cairo_line_to (cr, x, y + 8);
      cairo_stroke (cr);
    }
}

static void
rf_drawing_pad_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfDrawingPad *self = RF_DRAWING_PAD (widget);
  double left, top;
  const double scale = locate (self, &left, &top);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                     (float) gtk_widget_get_height (widget)));
  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
  rf_frame_set_color (cr, widget);
  rf_frame_add (cr, left, top, scale * self->width, scale * self->height);
  cairo_stroke (cr);
  if (gtk_widget_has_visible_focus (widget))
    paint_cross (self, cr, left + scale * self->cross_x, top + scale * self->cross_y);
  cairo_destroy (cr);
}

static void
rf_drawing_pad_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfDrawingPad *self = RF_DRAWING_PAD (widget);
  *minimum = 120;
  const int side = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
  *natural = MAX (side + 2, *minimum);
}

/* ---- hands ---- */

static void
to_sheet (RfDrawingPad *self, double *x, double *y)
{
  double left, top;
  const double scale = locate (self, &left, &top);
  *x = (*x - left) / scale;
  *y = (*y - top) / scale;
}

static void
drag_begin_cb (RfDrawingPad *self, double x, double y)
{
  self->press_x = x;
  self->press_y = y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  to_sheet (self, &x, &y);
  rf_drawing_pad_begin (self, x, y);
}

static void
drag_update_cb (RfDrawingPad *self, double dx, double dy)
{
  double x = self->press_x + dx, y = self->press_y + dy;
  to_sheet (self, &x, &y);
  rf_drawing_pad_move (self, x, y);
}

static void
move_cross (RfDrawingPad *self, int dx, int dy, GdkModifierType state)
{
  const int step = state & GDK_SHIFT_MASK ? 16 : 4;
  self->cross_x = CLAMP (self->cross_x + dx * step, 0, self->width);
  self->cross_y = CLAMP (self->cross_y + dy * step, 0, self->height);
  rf_drawing_pad_move (self, self->cross_x, self->cross_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  rf_telling_touch (&self->telling);
}

static gboolean
key_cb (RfDrawingPad *self, guint key, guint code, GdkModifierType state)
{
  if ((state & GDK_CONTROL_MASK) && (key == GDK_KEY_z || key == GDK_KEY_Z))
    return (state & GDK_SHIFT_MASK) ? rf_drawing_pad_redo (self) : rf_drawing_pad_undo (self);
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      move_cross (self, key == GDK_KEY_Left ? -1 : 1, 0, state);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      move_cross (self, 0, key == GDK_KEY_Up ? -1 : 1, state);
      return GDK_EVENT_STOP;
    case GDK_KEY_space:
      if (self->drawing)
        rf_drawing_pad_end (self);
      else
        rf_drawing_pad_begin (self, self->cross_x, self->cross_y);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* ---- the object ---- */

static char *
describe (gpointer data)
{
  RfDrawingPad *self = data;
  g_autofree char *strokes
      = g_strdup_printf (ngettext ("%u stroke", "%u strokes", (gulong) self->n_done), self->n_done);
  return g_strdup_printf (_ ("%s; the cross is at %.0f, %.0f, the pen is %s"), strokes,
                          self->cross_x, self->cross_y, self->drawing ? _ ("down") : _ ("up"));
}

static void
rf_drawing_pad_dispose (GObject *object)
{
  rf_telling_stop (&RF_DRAWING_PAD (object)->telling);
  G_OBJECT_CLASS (rf_drawing_pad_parent_class)->dispose (object);
}

static void
rf_drawing_pad_finalize (GObject *object)
{
  RfDrawingPad *self = RF_DRAWING_PAD (object);
  g_ptr_array_unref (self->strokes);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  G_OBJECT_CLASS (rf_drawing_pad_parent_class)->finalize (object);
}

static void
rf_drawing_pad_class_init (RfDrawingPadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = rf_drawing_pad_dispose;
  G_OBJECT_CLASS (klass)->finalize = rf_drawing_pad_finalize;
  widget_class->snapshot = rf_drawing_pad_snapshot;
  widget_class->measure = rf_drawing_pad_measure;
  changed_signal = g_signal_new ("changed", RF_TYPE_DRAWING_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "drawingpad");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_drawing_pad_init (RfDrawingPad *self)
{
  self->strokes = g_ptr_array_new_with_free_func (stroke_free);
  self->line = 12;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (rf_drawing_pad_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Drawing pad"), -1);
  rf_telling_begin (&self->telling, GTK_WIDGET (self), describe);
}

GtkWidget *
rf_drawing_pad_new (int width, int height, const GdkRGBA *paper)
{
  g_return_val_if_fail (width > 0 && height > 0 && paper, NULL);
  RfDrawingPad *self = g_object_new (RF_TYPE_DRAWING_PAD, NULL);
  self->width = width;
  self->height = height;
  self->paper = *paper;
  self->color = (GdkRGBA){ 1, 1, 1, 1 };
  self->cross_x = width / 2.;
  self->cross_y = height / 2.;
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  repaint (self);
  return GTK_WIDGET (self);
}
