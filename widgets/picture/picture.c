/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pixels are whole pixels of the screen wherever the picture is the smaller of the two: a pixel
 * that is now one, now two wide would look like a pattern of the picture. */

#include "widgets/picture/picture.h"

#include "widgets/picture/frame.h"

#include <math.h>

struct _RfPicture
{
  GtkWidget parent_instance;
  cairo_surface_t *surface; /* NULL: none */
  int size;
};

G_DEFINE_FINAL_TYPE (RfPicture, rf_picture, GTK_TYPE_WIDGET)

enum
{
  PROP_SIZE = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
rf_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfPicture *self = RF_PICTURE (widget);
  const double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (!self->surface || width < 3 || height < 3)
    return;

  const int w = cairo_image_surface_get_width (self->surface);
  const int h = cairo_image_surface_get_height (self->surface);
  const double scale = gtk_widget_get_scale_factor (widget);
  double zoom = MIN ((width - 2) / w, (height - 2) / h);
  const gboolean enlarged = zoom * scale >= 1;
  if (enlarged)
    zoom = floor (zoom * scale) / scale;
  const double x = floor ((width - zoom * w) / 2), y = floor ((height - zoom * h) / 2);

  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_save (cr);
  cairo_rectangle (cr, x, y, zoom * w, zoom * h);
  cairo_clip (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, zoom, zoom);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            enlarged ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
  rf_frame_set_color (cr, widget);
  rf_frame_add (cr, x, y, zoom * w, zoom * h);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
rf_picture_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  RfPicture *self = RF_PICTURE (widget);
  *minimum = *natural = self->size + 2;
}

static void
rf_picture_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SIZE)
    g_value_set_int (value, RF_PICTURE (object)->size);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rf_picture_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RfPicture *self = RF_PICTURE (object);
  if (id != PROP_SIZE)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  if (self->size == g_value_get_int (value))
    return;
  self->size = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (object, pspec);
}

static void
rf_picture_finalize (GObject *object)
{
  g_clear_pointer (&RF_PICTURE (object)->surface, cairo_surface_destroy);
  G_OBJECT_CLASS (rf_picture_parent_class)->finalize (object);
}

static void
rf_picture_class_init (RfPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rf_picture_get_property;
  object_class->set_property = rf_picture_set_property;
  object_class->finalize = rf_picture_finalize;
  widget_class->snapshot = rf_picture_snapshot;
  widget_class->measure = rf_picture_measure;
  props[PROP_SIZE]
      = g_param_spec_int ("size", NULL, NULL, 8, 4096, 128,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "rfpicture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rf_picture_init (RfPicture *self)
{
  self->size = 128;
}

GtkWidget *
rf_picture_new (void)
{
  return g_object_new (RF_TYPE_PICTURE, NULL);
}

/* The surface's pixels, to be written. */
static guint32 *
begin (RfPicture *self, int height, int width, int *stride)
{
  if (!self->surface || cairo_image_surface_get_width (self->surface) != width
      || cairo_image_surface_get_height (self->surface) != height)
    {
      g_clear_pointer (&self->surface, cairo_surface_destroy);
      self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
    }
  cairo_surface_flush (self->surface);
  *stride = cairo_image_surface_get_stride (self->surface) / 4;
  return (guint32 *) (void *) cairo_image_surface_get_data (self->surface);
}

static void
end (RfPicture *self)
{
  cairo_surface_mark_dirty (self->surface);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_picture_set_bytes (RfPicture *self, const guint8 *bytes, int channels, int height, int width)
{
  g_return_if_fail (RF_IS_PICTURE (self) && bytes && channels > 0 && height > 0 && width > 0);

  int stride;
  guint32 *pixels = begin (self, height, width, &stride);
  const gsize plane = (gsize) height * (gsize) width, next = channels < 3 ? 0 : plane;
  for (int y = 0; y < height; y++, pixels += stride)
    for (int x = 0; x < width; x++, bytes++)
      pixels[x] = (guint32) bytes[0] << 16 | (guint32) bytes[next] << 8 | bytes[2 * next];
  end (self);
}

static guint8
to_byte (float value)
{
  return value > 0 ? (guint8) (MIN (value, 1) * 255 + 0.5f) : 0;
}

void
rf_picture_set_floats (RfPicture *self, const float *values, int channels, int height, int width)
{
  g_return_if_fail (RF_IS_PICTURE (self) && values && channels > 0 && height > 0 && width > 0);

  const gsize count = (gsize) MIN (channels, 3) * (gsize) height * (gsize) width;
  g_autofree guint8 *bytes = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    bytes[i] = to_byte (values[i]);
  rf_picture_set_bytes (self, bytes, channels == 2 ? 1 : channels, height, width);
}

void
rf_picture_clear (RfPicture *self)
{
  g_return_if_fail (RF_IS_PICTURE (self));
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
