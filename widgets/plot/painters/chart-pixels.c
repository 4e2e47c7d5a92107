/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dense lines as pixels.
 *
 * A line of thousands of steep zigzags costs Cairo ten milliseconds to stroke, and what comes out
 * is a filled strip. Here each column of pixels is written as one upright run, whose ends cover
 * their pixels in part; a line's width widens the run at both ends and, sideways, to the runs
 * beside. All such lines of a chart go into one image, painted once. */

#include "widgets/plot/painters/chart-private.h"

struct _RfChartPixels
{
  cairo_surface_t *surface;
  guint32 *data;
  int stride; /* in pixels */
  int width, height;
  double left, top, pixels; /* the image's corner in the drawing, pixels per unit */
};

RfChartPixels *
rf_chart_pixels_new (const RfChartPainting *painting)
{
  const RfChartArea *area = &painting->area;
  RfChartPixels *self = g_new0 (RfChartPixels, 1);
  const double margin = ceil (painting->style->line_width);
  self->pixels = painting->pixels;
  self->left = area->left;
  self->top = floor (area->top) - margin;
  self->width = (int) ceil (area->width * self->pixels);
  self->height = (int) ceil ((area->top + area->height + margin - self->top) * self->pixels);
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, self->width, self->height);
  cairo_surface_flush (self->surface);
  self->data = (guint32 *) (void *) cairo_image_surface_get_data (self->surface);
  self->stride = cairo_image_surface_get_stride (self->surface) / 4;
  return self;
}

/* @source, premultiplied, over a pixel, where it covers @share of 256 of it. */
static inline guint32
blend (guint32 pixel, guint32 source, guint share)
{
  const guint32 low = (((source & 0xff00ff) * share) >> 8) & 0xff00ff;
  const guint32 high = (((source >> 8) & 0xff00ff) * share) & 0xff00ff00;
  const guint32 added = low | high, rest = 256 - (added >> 24);
  return added + ((((pixel & 0xff00ff) * rest) >> 8) & 0xff00ff)
         + ((((pixel >> 8) & 0xff00ff) * rest) & 0xff00ff00);
}

static void
write_run (RfChartPixels *self, int column, double top, double bottom, guint32 source)
{
  top = CLAMP (top, 0, self->height);
  bottom = CLAMP (bottom, 0, self->height);
  if (!(bottom > top))
    return;
  const gsize stride = self->stride;
  const int first = (int) top, last = MIN ((int) bottom, self->height - 1);
  guint32 *pixel = self->data + column + first * stride;
  if (first == last)
    {
      *pixel = blend (*pixel, source, (guint) (256 * (bottom - top) + 0.5));
      return;
    }
  *pixel = blend (*pixel, source, (guint) (256 * (first + 1 - top) + 0.5));
  pixel += stride;
  if (source >> 24 == 255)
    for (int y = first + 1; y < last; y++, pixel += stride)
      *pixel = source;
  else
    for (int y = first + 1; y < last; y++, pixel += stride)
      *pixel = *pixel == 0 ? source : blend (*pixel, source, 256);
  *pixel = blend (*pixel, source, (guint) (256 * MIN (bottom - last, 1) + 0.5));
}

static guint32
premultiply (const RfColor *color, double opacity)
{
  const double alpha = color->alpha * opacity;
  return (guint32) (255 * alpha + 0.5) << 24 | (guint32) (255 * alpha * color->red + 0.5) << 16
         | (guint32) (255 * alpha * color->green + 0.5) << 8
         | (guint32) (255 * alpha * color->blue + 0.5);
}

void
rf_chart_pixels_add (RfChartPixels *self, const RfChartColumns *columns, double width,
                     const RfColor *color, double opacity)
{
  if (!self->data)
    return;
  const guint32 source = premultiply (color, opacity);
  const int n = MIN ((int) columns->n, self->width);
  const int sideways = MAX ((int) (width * self->pixels + 0.5), 1);
  for (int c = 0; c < n; c++)
    {
      float top = INFINITY, bottom = -INFINITY;
      for (int k = c - sideways / 2; k < c - sideways / 2 + sideways; k++)
        if (k >= 0 && k < n)
          {
            top = MIN (top, columns->columns[k].top);
            bottom = MAX (bottom, columns->columns[k].bottom);
          }
      if (top <= bottom)
        write_run (self, c, (top - width / 2 - self->top) * self->pixels,
                   (bottom + width / 2 - self->top) * self->pixels, source);
    }
}

void
rf_chart_pixels_paint (RfChartPixels *self, cairo_t *cr)
{
  cairo_surface_mark_dirty (self->surface);
  cairo_surface_set_device_scale (self->surface, self->pixels, self->pixels);
  cairo_save (cr);
  cairo_set_source_surface (cr, self->surface, self->left, self->top);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (self->surface);
  g_free (self);
}
