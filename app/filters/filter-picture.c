/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/filters/filter-picture.h"

#include "model/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static cairo_surface_t *
to_surface (const guint8 *rgb, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  guint8 *data = cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < height; y++)
    {
      guint32 *out = (guint32 *) (void *) (data + (gsize) y * (gsize) stride);
      for (int x = 0; x < width; x++, rgb += 3)
        out[x] = (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* The largest of the raster's sizes that is small enough, as bytes. */
static void
make_preview (RfFilterPicture *self)
{
  self->preview = self->pixels;
  const gint64 n = (gint64) self->pixels.shape.height * self->pixels.shape.width;
  if (n <= RF_FILTER_PREVIEW_PIXELS)
    return;
  cairo_surface_t *level = rf_raster_get_level (self->raster, RF_FILTER_PREVIEW_PIXELS / 4);
  const int width = cairo_image_surface_get_width (level);
  const int height = cairo_image_surface_get_height (level);
  const int stride = cairo_image_surface_get_stride (level);
  const guint8 *data = cairo_image_surface_get_data (level);
  guint8 *out = self->preview_bytes = g_malloc ((gsize) width * (gsize) height * 3);
  for (int y = 0; y < height; y++)
    {
      const guint32 *in = (const guint32 *) (const void *) (data + (gsize) y * (gsize) stride);
      for (int x = 0; x < width; x++, out += 3)
        {
          out[0] = (guint8) (in[x] >> 16);
          out[1] = (guint8) (in[x] >> 8);
          out[2] = (guint8) in[x];
        }
    }
  self->preview = rf_pixels_rgb (self->preview_bytes, height, width);
}

static RfFilterPicture *
take (guint8 *rgb, gpointer owner, GDestroyNotify free_owner, int width, int height,
      const char *title, GError **error)
{
  cairo_surface_t *surface = NULL;
  if (width > RF_RASTER_MAX_SIDE || height > RF_RASTER_MAX_SIDE)
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("%s: a picture of %d×%d pixels cannot be shown; its sides may have %d"), title,
                 width, height, RF_RASTER_MAX_SIDE);
  else if (!(surface = to_surface (rgb, width, height)))
    g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                 _ ("%s: a picture of %d×%d pixels does not fit into memory"), title, width,
                 height);
  if (!surface)
    {
      free_owner (owner);
      return NULL;
    }
  RfFilterPicture *self = g_new0 (RfFilterPicture, 1);
  g_atomic_ref_count_init (&self->references);
  self->title = g_strdup (title);
  self->pixels = rf_pixels_rgb (rgb, height, width);
  self->owner = owner;
  self->free_owner = free_owner;
  self->raster = rf_raster_new (surface);
  make_preview (self);
  return self;
}

RfFilterPicture *
rf_filter_picture_new (guint8 *rgb, int width, int height, const char *title, GError **error)
{
  g_return_val_if_fail (rgb && width > 0 && height > 0 && title, NULL);
  return take (rgb, rgb, g_free, width, height, title, error);
}

static RfFilterPicture *
take_image (RfImage *image, const char *title, GError **error)
{
  if (!image)
    return NULL;
  return take (image->rgb, image, (GDestroyNotify) rf_image_free, image->width, image->height,
               title, error);
}

RfFilterPicture *
rf_filter_picture_load (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  return take_image (rf_image_load (path, error), name, error);
}

RfFilterPicture *
rf_filter_picture_parse (GBytes *data, const char *title, GError **error)
{
  gsize size;
  const void *bytes = g_bytes_get_data (data, &size);
  return take_image (rf_image_parse (bytes, size, title, error), title, error);
}

RfFilterPicture *
rf_filter_picture_draw (const RfSample *sample, int width, int height, GError **error)
{
  guint8 *rgb = g_malloc ((gsize) width * (gsize) height * 3);
  rf_sample_draw (sample, width, height, rgb);
  RfFilterPicture *self = rf_filter_picture_new (rgb, width, height, _ (sample->title), error);
  if (self)
    self->sample = g_strdup (sample->name);
  return self;
}

RfFilterPicture *
rf_filter_picture_from_row (const RfDataset *dataset, guint32 row, const char *title,
                            GError **error)
{
  const RfShape shape = dataset->shape;
  const gsize plane = (gsize) shape.height * (gsize) shape.width;
  g_autofree float *values = g_new (float, RF_SHAPE_COUNT (shape));
  guint8 *rgb = g_malloc (plane * 3);
  rf_dataset_get_raw (dataset, row, values);
  for (gsize i = 0; i < plane; i++)
    for (gsize c = 0; c < 3; c++)
      {
        const float value = values[(shape.channels >= 3 ? c : 0) * plane + i];
        rgb[3 * i + c] = (guint8) (value > 0 ? lrintf (fminf (value, 1) * 255) : 0);
      }
  return rf_filter_picture_new (rgb, shape.width, shape.height, title, error);
}

RfFilterPicture *
rf_filter_picture_ref (RfFilterPicture *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rf_filter_picture_unref (RfFilterPicture *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->raster, rf_raster_unref);
  self->free_owner (self->owner);
  g_free (self->preview_bytes);
  g_free (self->title);
  g_free (self->sample);
  g_free (self);
}
