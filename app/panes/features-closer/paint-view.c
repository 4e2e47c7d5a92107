/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/paint-view.h"

#include "app/controls.h"
#include "widgets/picture/frame.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT 170

struct _RfPaintView
{
  GtkBox parent_instance;

  RfFeatureBench *bench; /* not owned */
  GtkWidget *area, *color, *size;
  int y, x; /* of the cross */
  double begun_x, begun_y;
};

G_DEFINE_FINAL_TYPE (RfPaintView, rf_paint_view, GTK_TYPE_BOX)

static guint painted;

static const char *const color_titles[] = { N_ ("Black"), N_ ("White"), N_ ("Grey"), NULL };

/* ---- where things are ---- */

/* Units of the widget for each pixel, and the corner of the picture; 0: there is none. */
static double
locate (RfPaintView *self, double *left, double *top)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  const int width = gtk_widget_get_width (self->area), height = gtk_widget_get_height (self->area);
  if (!input)
    return 0;
  const double scale
      = MIN ((double) width / input->shape.width, (double) height / input->shape.height);
  *left = (width - scale * input->shape.width) / 2;
  *top = (height - scale * input->shape.height) / 2;
  return scale;
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  RfPaintView *self = data;
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  double left, top;
  const double scale = locate (self, &left, &top);
  if (scale <= 0 || !input->raster)
    return;
  rf_raster_paint (input->raster, cr, left, top, scale * input->shape.width,
                   scale * input->shape.height, gtk_widget_get_scale_factor (GTK_WIDGET (area)));
  if (!gtk_widget_has_focus (GTK_WIDGET (area)))
    return;
  cairo_rectangle (cr, left + scale * self->x, top + scale * self->y, scale, scale);
  rf_frame_stroke_on_picture (cr);
}

/* ---- painting ---- */

void
rf_paint_view_paint (RfPaintView *self, int y, int x)
{
  g_return_if_fail (RF_IS_PAINT_VIEW (self));
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  const RfFeatureNet *net = rf_feature_bench_get_net (self->bench);
  if (!input)
    return;
  const RfShape shape = input->shape;
  const double radius = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->size)) / 2;
  const guint color = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->color));
  float low[RF_MAX_CHANNELS], high[RF_MAX_CHANNELS];
  rf_feature_net_get_bounds (net, low, high);
  g_autofree float *values = g_memdup2 (input->values, RF_SHAPE_COUNT (shape) * sizeof *values);
  for (int c = 0; c < shape.channels; c++)
    for (int row = 0; row < shape.height; row++)
      for (int column = 0; column < shape.width; column++)
        if (hypot (row - y, column - x) <= radius - 0.5 + 1e-9)
          values[(c * shape.height + row) * shape.width + column] = color == 0 ? low[c]
                                                                    : color == 1
                                                                        ? high[c]
                                                                        : (low[c] + high[c]) / 2;
  g_signal_emit (self, painted, 0, values);
}

static void
paint_at (RfPaintView *self, double x, double y)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  double left, top;
  const double scale = locate (self, &left, &top);
  if (scale <= 0)
    return;
  const int row = (int) floor ((y - top) / scale), column = (int) floor ((x - left) / scale);
  if (row < 0 || column < 0 || row >= input->shape.height || column >= input->shape.width)
    return;
  self->y = row;
  self->x = column;
  rf_paint_view_paint (self, row, column);
}

static void
begin_cb (RfPaintView *self, double x, double y)
{
  gtk_widget_grab_focus (self->area);
  self->begun_x = x;
  self->begun_y = y;
  paint_at (self, x, y);
}

static void
update_cb (RfPaintView *self, double by_x, double by_y)
{
  paint_at (self, self->begun_x + by_x, self->begun_y + by_y);
}

static gboolean
key_cb (RfPaintView *self, guint key, guint code, GdkModifierType modifiers)
{
  const RfFeatureInput *input = rf_feature_bench_get_input (self->bench);
  if (!input || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_space)
    rf_paint_view_paint (self, self->y, self->x);
  else if (key == GDK_KEY_Left || key == GDK_KEY_Right)
    self->x = CLAMP (self->x + (key == GDK_KEY_Right ? 1 : -1), 0, input->shape.width - 1);
  else if (key == GDK_KEY_Up || key == GDK_KEY_Down)
    self->y = CLAMP (self->y + (key == GDK_KEY_Down ? 1 : -1), 0, input->shape.height - 1);
  else
    return GDK_EVENT_PROPAGATE;
  gtk_widget_queue_draw (self->area);
  return GDK_EVENT_STOP;
}

static void
redraw (RfPaintView *self)
{
  gtk_widget_queue_draw (self->area);
}

/* ---- the widget ---- */

static void
rf_paint_view_class_init (RfPaintViewClass *klass)
{
  painted = g_signal_new ("painted", RF_TYPE_PAINT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                          G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
make_area (RfPaintView *self)
{
  self->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (self->area, -1, HEIGHT);
  gtk_widget_set_focusable (self->area, TRUE);
  gtk_widget_set_cursor_from_name (self->area, "crosshair");
  rf_control_name (self->area, _ ("Picture to paint on"));
  gtk_widget_set_tooltip_text (self->area, _ ("Drag to paint; or move the cross with the arrow "
                                              "keys, and paint with Space"));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw_cb, self, NULL);
  GtkGesture *drag = gtk_gesture_drag_new ();
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (update_cb), self);
  gtk_widget_add_controller (self->area, GTK_EVENT_CONTROLLER (drag));
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (self->area, key);
  g_signal_connect_swapped (self->area, "notify::has-focus", G_CALLBACK (redraw), self);
}

static void
rf_paint_view_init (RfPaintView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  make_area (self);
  self->color = rf_control_drop (color_titles, _ ("Colour"), _ ("Colour of the paint"));
  self->size = rf_control_spin (1, 16, 1, 0, _ ("Width"), _ ("Width of the brush in pixels"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->size), 3);
  gtk_box_append (GTK_BOX (self), self->area);
  gtk_box_append (GTK_BOX (self), rf_control_row (_ ("Paint"), self->color, self->size));
}

GtkWidget *
rf_paint_view_new (RfFeatureBench *bench)
{
  RfPaintView *self = g_object_new (RF_TYPE_PAINT_VIEW, NULL);
  self->bench = bench;
  g_signal_connect_object (bench, "input", G_CALLBACK (redraw), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
