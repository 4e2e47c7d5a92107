/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-input.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- colours ---- */

static cairo_surface_t *
new_surface (int height, int width, guint32 **pixels, int *stride)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  *pixels = (guint32 *) (void *) cairo_image_surface_get_data (surface);
  *stride = cairo_image_surface_get_stride (surface) / 4;
  return surface;
}

/* Of a channel: what is 0 and what 1 on the screen. */
static void
find_scale (const RfFeatureNet *net, const float *values, float *low, float *high)
{
  if (rf_feature_net_get_bounds (net, low, high))
    return;
  float smallest, largest;
  rf_palette_extent (values, RF_SHAPE_COUNT (net->input), &smallest, &largest);
  for (int c = 0; c < net->input.channels; c++)
    {
      low[c] = smallest;
      high[c] = largest > smallest ? largest : smallest + 1;
    }
}

RfRaster *
rf_feature_raster (const RfFeatureNet *net, const float *values)
{
  const RfShape shape = net->input;
  const gsize plane = (gsize) shape.height * (gsize) shape.width;
  float low[RF_MAX_CHANNELS], high[RF_MAX_CHANNELS];
  guint32 *pixels;
  int stride;
  find_scale (net, values, low, high);
  cairo_surface_t *surface = new_surface (shape.height, shape.width, &pixels, &stride);
  if (!surface)
    return NULL;
  for (int y = 0; y < shape.height; y++)
    for (int x = 0; x < shape.width; x++)
      {
        const gsize at = (gsize) (y * shape.width + x);
        guint32 color = 0;
        for (int i = 0; i < 3; i++)
          {
            const int c = shape.channels >= 3 ? i : 0;
            const float value = (values[(gsize) c * plane + at] - low[c]) / (high[c] - low[c]);
            color = color << 8 | (guint32) lrintf (255 * CLAMP (value, 0, 1));
          }
        pixels[y * stride + x] = color;
      }
  cairo_surface_mark_dirty (surface);
  return rf_raster_new (surface);
}

RfRaster *
rf_feature_map_raster (const float *values, int height, int width, const RfPaletteRange *range)
{
  guint32 *pixels;
  int stride;
  cairo_surface_t *surface = new_surface (height, width, &pixels, &stride);
  if (!surface)
    return NULL;
  for (int y = 0; y < height; y++)
    rf_palette_colors (range, values + (gsize) y * (gsize) width, (gsize) width,
                       pixels + y * stride);
  cairo_surface_mark_dirty (surface);
  return rf_raster_new (surface);
}

/* ---- pictures ---- */

/* Takes over @values and @title. */
static RfFeatureInput *
take (const RfFeatureNet *net, float *values, char *title)
{
  RfFeatureInput *self = g_new0 (RfFeatureInput, 1);
  g_atomic_ref_count_init (&self->references);
  self->shape = net->input;
  self->values = values;
  self->title = title;
  self->truth = -1;
  self->index = -1;
  self->raster = rf_feature_raster (net, values);
  return self;
}

static char *
name_row (RfSplit split, gsize index)
{
  switch (split)
    {
    case RF_SPLIT_TEST:
      return g_strdup_printf (_ ("Test picture %zu"), index);
    case RF_SPLIT_VALIDATION:
      return g_strdup_printf (_ ("Validation picture %zu"), index);
    default:
      return g_strdup_printf (_ ("Training picture %zu"), index);
    }
}

RfFeatureInput *
rf_feature_input_from_row (const RfFeatureNet *net, RfSplit split, gsize index)
{
  const RfDataset *dataset = net->dataset;
  g_return_val_if_fail (dataset && split < RF_N_SPLITS && index < dataset->splits[split].n, NULL);
  const guint32 row = dataset->splits[split].rows[index];
  float *values = g_new (float, RF_SHAPE_COUNT (net->input));
  rf_dataset_get (dataset, row, values);
  RfFeatureInput *self = take (net, values, name_row (split, index));
  self->truth = dataset->labels ? dataset->labels[row] : -1;
  self->split = split;
  self->index = (gint64) index;
  return self;
}

RfFeatureInput *
rf_feature_input_from_image (const RfFeatureNet *net, const RfImage *image, const char *title,
                             GError **error)
{
  const gsize n = RF_SHAPE_COUNT (net->input);
  g_autofree guint8 *bytes = g_malloc (n);
  if (!rf_image_check_input (net->input, error)
      || !rf_image_to_input (image, net->input, bytes, error))
    return NULL;
  float *values = g_new (float, n);
  rf_feature_net_normalize (net, bytes, values);
  return take (net, values, g_strdup (title));
}

RfFeatureInput *
rf_feature_input_from_values (const RfFeatureNet *net, const float *values, const char *title,
                              const RfFeatureInput *like)
{
  const gsize size = RF_SHAPE_COUNT (net->input) * sizeof *values;
  RfFeatureInput *self = take (net, g_memdup2 (values, size), g_strdup (title));
  self->truth = like ? like->truth : -1;
  return self;
}

RfFeatureInput *
rf_feature_input_ref (RfFeatureInput *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
rf_feature_input_unref (RfFeatureInput *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->raster, rf_raster_unref);
  g_free (self->values);
  g_free (self->title);
  g_free (self);
}
