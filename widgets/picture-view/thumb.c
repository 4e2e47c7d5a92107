/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture-view/thumb.h"

#include "widgets/picture/frame.h"

struct _RfThumb
{
  GtkWidget parent_instance;

  int width, height;
  RfRaster *raster;
  double top, left, bottom, right; /* outlined */
};

G_DEFINE_FINAL_TYPE (RfThumb, rf_thumb, GTK_TYPE_WIDGET)

void
rf_thumb_set_raster (RfThumb *self, RfRaster *raster)
{
  g_return_if_fail (RF_IS_THUMB (self));
  if (raster)
    rf_raster_ref (raster);
  g_clear_pointer (&self->raster, rf_raster_unref);
  self->raster = raster;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
rf_thumb_set_outline (RfThumb *self, double top, double left, double bottom, double right)
{
  g_return_if_fail (RF_IS_THUMB (self));
  self->top = top;
  self->left = left;
  self->bottom = bottom;
  self->right = right;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
rf_thumb_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RfThumb *self = RF_THUMB (widget);
  const double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (!self->raster)
    return;
  const int w = rf_raster_get_width (self->raster), h = rf_raster_get_height (self->raster);
  const double scale = MIN (width / w, height / h);
  const double x = (width - scale * w) / 2, y = (height - scale * h) / 2;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (-2, -2, (float) width + 4, (float) height + 4));
  rf_raster_paint (self->raster, cr, x, y, scale * w, scale * h,
                   gtk_widget_get_scale_factor (widget));
  if (self->right > self->left)
    {
      cairo_rectangle (cr, x + scale * self->left, y + scale * self->top,
                       scale * (self->right - self->left), scale * (self->bottom - self->top));
      rf_frame_stroke_on_picture (cr);
    }
  cairo_destroy (cr);
}

static void
rf_thumb_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                  int *natural, int *minimum_baseline, int *natural_baseline)
{
  const RfThumb *self = RF_THUMB (widget);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
}

static void
rf_thumb_finalize (GObject *object)
{
  g_clear_pointer (&RF_THUMB (object)->raster, rf_raster_unref);
  G_OBJECT_CLASS (rf_thumb_parent_class)->finalize (object);
}

static void
rf_thumb_class_init (RfThumbClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = rf_thumb_finalize;
  widget_class->snapshot = rf_thumb_snapshot;
  widget_class->measure = rf_thumb_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rf_thumb_init (RfThumb *self)
{
}

GtkWidget *
rf_thumb_new (int width, int height)
{
  RfThumb *self = g_object_new (RF_TYPE_THUMB, NULL);
  self->width = width;
  self->height = height;
  return GTK_WIDGET (self);
}
