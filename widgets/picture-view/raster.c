/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture-view/raster.h"

#define MAX_LEVELS 16
#define SMALLEST   64 /* pixels of a side that needs no further half */

struct _RfRaster
{
  gatomicrefcount references;
  int n;
  cairo_surface_t *levels[MAX_LEVELS];
};

static const guint32 *
get_row (cairo_surface_t *surface, int y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  return (
      const guint32 *) (const void *) (data
                                       + (gsize) y
                                             * (gsize) cairo_image_surface_get_stride (surface));
}

/* The mean of each byte of two words. */
static inline guint32
mean (guint32 a, guint32 b)
{
  return (a & b) + (((a ^ b) & 0xfefefefeu) >> 1);
}

/* Two by two pixels become one; an odd last one stays as it is. */
static cairo_surface_t *
halve (cairo_surface_t *from)
{
  const int width = cairo_image_surface_get_width (from);
  const int height = cairo_image_surface_get_height (from);
  const int w = (width + 1) / 2, h = (height + 1) / 2;
  cairo_surface_t *to = cairo_image_surface_create (CAIRO_FORMAT_RGB24, w, h);
  if (cairo_surface_status (to) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (to);
      return NULL;
    }
  cairo_surface_flush (to);
  for (int y = 0; y < h; y++)
    {
      const guint32 *a = get_row (from, 2 * y), *b = get_row (from, MIN (2 * y + 1, height - 1));
      guint32 *out = (guint32 *) get_row (to, y);
      for (int x = 0; x < width / 2; x++)
        out[x] = mean (mean (a[2 * x], b[2 * x + 1]), mean (a[2 * x + 1], b[2 * x]));
      if (width % 2)
        out[w - 1] = mean (a[width - 1], b[width - 1]);
    }
  cairo_surface_mark_dirty (to);
  return to;
}

RfRaster *
rf_raster_new (cairo_surface_t *full)
{
  g_return_val_if_fail (full && cairo_surface_status (full) == CAIRO_STATUS_SUCCESS, NULL);
  RfRaster *self = g_new0 (RfRaster, 1);
  g_atomic_ref_count_init (&self->references);
  cairo_surface_flush (full);
  self->levels[self->n++] = full;
  while (self->n < MAX_LEVELS)
    {
      cairo_surface_t *last = self->levels[self->n - 1];
      if (cairo_image_surface_get_width (last) <= SMALLEST
          || cairo_image_surface_get_height (last) <= SMALLEST)
        break;
      cairo_surface_t *next = halve (last);
      if (!next)
        break;
      self->levels[self->n++] = next;
    }
  return self;
}

RfRaster *
rf_raster_ref (RfRaster *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rf_raster_unref (RfRaster *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->references))
    return;
  for (int i = 0; i < self->n; i++)
    cairo_surface_destroy (self->levels[i]);
  g_free (self);
}

int
rf_raster_get_width (const RfRaster *self)
{
  return cairo_image_surface_get_width (self->levels[0]);
}

int
rf_raster_get_height (const RfRaster *self)
{
  return cairo_image_surface_get_height (self->levels[0]);
}

guint32
rf_raster_get_pixel (const RfRaster *self, int y, int x)
{
  g_return_val_if_fail (
      y >= 0 && x >= 0 && y < rf_raster_get_height (self) && x < rf_raster_get_width (self), 0);
  return get_row (self->levels[0], y)[x] & 0xffffff;
}

cairo_surface_t *
rf_raster_get_level (const RfRaster *self, gint64 n_pixels)
{
  int i = self->n - 1;
  while (i > 0
         && (gint64) cairo_image_surface_get_width (self->levels[i])
                    * cairo_image_surface_get_height (self->levels[i])
                < n_pixels)
    i--;
  return self->levels[i];
}

void
rf_raster_paint (const RfRaster *self, cairo_t *cr, double x, double y, double width, double height,
                 double device)
{
  if (!(width > 0 && height > 0))
    return;
  int level = self->n - 1;
  while (level > 0
         && (cairo_image_surface_get_width (self->levels[level]) < width * device
             || cairo_image_surface_get_height (self->levels[level]) < height * device))
    level--;
  cairo_surface_t *surface = self->levels[level];
  const int w = cairo_image_surface_get_width (surface);
  const int h = cairo_image_surface_get_height (surface);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / w, height / h);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            width * device >= w ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
}
