/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/panes/features-closer/why-study.h"

#include "model/base/error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  RfFeatureInput *input;
  RfWhy method;
  int klass;
  RfAttribution *attribution; /* made by the first step */
  gboolean done;
} Why;

static void
begin (Why *self, RfSpecimen *specimen)
{
  RfWhyConfig config;
  rf_why_config_init (&config, self->method, self->klass, specimen);
  g_clear_pointer (&self->attribution, rf_attribution_free);
  self->attribution = rf_attribution_new (&config, self->input->shape, self->input->values);
}

static gboolean
step (gpointer data, RfSpecimen *specimen, gboolean renewed, GError **error)
{
  Why *self = data;
  if (self->method == RF_WHY_GRAD_CAM && rf_why_find_layer (specimen) < 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_SHAPE,
                           _ ("This network has no maps that could be weighted."));
      return TRUE;
    }
  if (!self->attribution)
    begin (self, specimen);
  self->done = rf_attribution_step (self->attribution, specimen);
  return self->done;
}

static double
progress (gpointer data)
{
  const Why *self = data;
  return self->attribution ? rf_attribution_get_progress (self->attribution) : 0;
}

static gpointer
snapshot (gpointer data)
{
  const Why *self = data;
  int height, width;
  if (!self->done)
    return NULL;
  const float *values = rf_attribution_get_map (self->attribution, &height, &width);
  const gsize size = (gsize) height * (gsize) width * sizeof *values;
  RfWhyMap *map = g_malloc (sizeof *map + size);
  *map = (RfWhyMap){ .method = self->method,
                     .klass = self->klass,
                     .height = height,
                     .width = width,
                     .logit = rf_attribution_get_logit (self->attribution),
                     .expected = rf_attribution_get_expected (self->attribution),
                     .sum = rf_attribution_get_sum (self->attribution) };
  memcpy (map->values, values, size);
  return map;
}

static void
free_study (gpointer data)
{
  Why *self = data;
  g_clear_pointer (&self->attribution, rf_attribution_free);
  rf_feature_input_unref (self->input);
  g_free (self);
}

RfStudyJob *
rf_why_study_start (RfFeatureBench *bench, guint number, RfWhy method, int klass, RfStudyShow show,
                    gpointer data)
{
  static const RfStudyClass kind = { step, progress, snapshot, g_free, free_study };
  RfFeatureInput *input = rf_feature_bench_get_input (bench);
  RfReplica *replica = rf_feature_bench_get_replica (bench);
  g_return_val_if_fail (replica && input && klass >= 0, NULL);
  Why *study = g_new0 (Why, 1);
  study->input = rf_feature_input_ref (input);
  study->method = method;
  study->klass = klass;
  return rf_study_job_start (replica, number, &kind, study, show, data);
}

/* ---- over the picture ---- */

/* Between the four nearest values of a map that may be smaller than the picture. */
static double
sample (const RfWhyMap *map, double y, double x)
{
  y = CLAMP (y, 0, map->height - 1);
  x = CLAMP (x, 0, map->width - 1);
  const int top = (int) y, left = (int) x;
  const int bottom = MIN (top + 1, map->height - 1), right = MIN (left + 1, map->width - 1);
  const double v = y - top, u = x - left;
  const float *values = map->values;
  const double above = (1 - u) * (double) values[top * map->width + left]
                       + u * (double) values[top * map->width + right];
  const double below = (1 - u) * (double) values[bottom * map->width + left]
                       + u * (double) values[bottom * map->width + right];
  return (1 - v) * above + v * below;
}

static guint32
blend (guint32 picture, guint32 color, double share)
{
  const double grey
      = 0.299 * (picture >> 16 & 255) + 0.587 * (picture >> 8 & 255) + 0.114 * (picture & 255);
  guint32 mixed = 0;
  for (int shift = 16; shift >= 0; shift -= 8)
    mixed |= (guint32) lrint ((1 - share) * grey + share * (color >> shift & 255)) << shift;
  return mixed;
}

RfRaster *
rf_why_overlay (const RfFeatureInput *input, const RfWhyMap *map, const RfPaletteRange *range,
                double opacity)
{
  const int height = input->shape.height, width = input->shape.width;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  if (!input->raster || cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  cairo_surface_flush (surface);
  guint32 *pixels = (guint32 *) (void *) cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface) / 4;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const double value = sample (map, (y + 0.5) * map->height / height - 0.5,
                                     (x + 0.5) * map->width / width - 0.5);
        const double share = opacity * sqrt (CLAMP (fabs (value) / range->high, 0, 1));
        pixels[y * stride + x] = blend (rf_raster_get_pixel (input->raster, y, x),
                                        rf_palette_color (range, value), share);
      }
  cairo_surface_mark_dirty (surface);
  return rf_raster_new (surface);
}
