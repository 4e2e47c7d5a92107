/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures in and out, each in a thread of its own. Of several that are on their way the one asked
 * for last is taken, whatever order they arrive in. */

#include "app/filters/filter-bench-private.h"

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/run/background.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>

/* What samples are drawn at: small enough to see its pixels, large enough to see a scene. */
#define SAMPLE_WIDTH  384
#define SAMPLE_HEIGHT 288

typedef struct
{
  RfFilterBench *bench;
  guint number;
  char *path, *title;
  GBytes *data;
  const RfSample *sample;
  RfDataset *dataset;
  guint32 row;
  guint8 *rgb;
  int width, height;
  RfFilterPicture *picture;
  GError *error;
} Loading;

static void
load_in_thread (gpointer data)
{
  Loading *loading = data;
  if (loading->path)
    loading->picture = rf_filter_picture_load (loading->path, &loading->error);
  else if (loading->data)
    loading->picture = rf_filter_picture_parse (loading->data, loading->title, &loading->error);
  else if (loading->sample)
    loading->picture
        = rf_filter_picture_draw (loading->sample, SAMPLE_WIDTH, SAMPLE_HEIGHT, &loading->error);
  else if (loading->dataset)
    loading->picture = rf_filter_picture_from_row (loading->dataset, loading->row, loading->title,
                                                   &loading->error);
  else
    loading->picture = rf_filter_picture_new (g_steal_pointer (&loading->rgb), loading->width,
                                              loading->height, loading->title, &loading->error);
}

static void
loading_free (Loading *loading)
{
  g_clear_pointer (&loading->picture, rf_filter_picture_unref);
  g_clear_pointer (&loading->data, g_bytes_unref);
  g_clear_pointer (&loading->dataset, rf_dataset_unref);
  g_clear_error (&loading->error);
  g_free (loading->rgb);
  g_free (loading->path);
  g_free (loading->title);
  g_object_unref (loading->bench);
  g_free (loading);
}

static void
loaded_cb (gpointer data)
{
  Loading *loading = data;
  RfFilterBench *self = loading->bench;
  self->n_loading--;
  if (loading->error)
    rf_filter_bench_fail (self, loading->error->message);
  else if (loading->number == self->newest)
    rf_filter_bench_set_picture (self, loading->picture);
  rf_filter_bench_tell (self, "loading");
  loading_free (loading);
}

static void
begin (RfFilterBench *self, Loading loading)
{
  RF_ASSERT_MAIN_THREAD ();
  Loading *copy = g_new (Loading, 1);
  *copy = loading;
  copy->bench = g_object_ref (self);
  copy->number = ++self->newest;
  self->n_loading++;
  if (!rf_background_run (load_in_thread, loaded_cb, copy))
    {
      self->n_loading--;
      loading_free (copy);
      rf_filter_bench_fail (self, _ ("There is no thread to be had for reading the picture."));
    }
  rf_filter_bench_tell (self, "loading");
}

void
rf_filter_bench_open (RfFilterBench *self, const char *path)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && path);
  begin (self, (Loading){ .path = g_strdup (path) });
}

void
rf_filter_bench_open_bytes (RfFilterBench *self, GBytes *data, const char *title)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && data && title);
  begin (self, (Loading){ .data = g_bytes_ref (data), .title = g_strdup (title) });
}

void
rf_filter_bench_open_sample (RfFilterBench *self, const RfSample *sample)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && sample);
  begin (self, (Loading){ .sample = sample });
}

void
rf_filter_bench_open_row (RfFilterBench *self, RfDataset *dataset, guint32 row)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && dataset && row < dataset->n);
  const int label = dataset->labels ? dataset->labels[row] : -1;
  const char *name = label >= 0 && label < dataset->n_classes ? dataset->classes[label] : "";
  /* Translators: a picture of a data set: its class and its number. */
  char *title = g_strdup_printf (_ ("%s, no. %u"), name, row);
  begin (self, (Loading){ .dataset = rf_dataset_ref (dataset), .row = row, .title = title });
}

void
rf_filter_bench_open_rgb (RfFilterBench *self, guint8 *rgb, int width, int height,
                          const char *title)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && rgb && width > 0 && height > 0 && title);
  begin (self,
         (Loading){ .rgb = rgb, .width = width, .height = height, .title = g_strdup (title) });
}

/* ---- out ---- */

typedef struct
{
  RfFilterBench *bench;
  RfRaster *raster;
  char *path;
  RfFilterDone done;
  gpointer data;
  GError *error;
} Saving;

static void
save_in_thread (gpointer data)
{
  Saving *saving = data;
  const int width = rf_raster_get_width (saving->raster);
  const int height = rf_raster_get_height (saving->raster);
  g_autofree guint8 *rgb = g_malloc ((gsize) width * (gsize) height * 3);
  guint8 *out = rgb;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++, out += 3)
      {
        const guint32 pixel = rf_raster_get_pixel (saving->raster, y, x);
        out[0] = (guint8) (pixel >> 16);
        out[1] = (guint8) (pixel >> 8);
        out[2] = (guint8) pixel;
      }
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_data (rgb, GDK_COLORSPACE_RGB, FALSE, 8, width,
                                                           height, width * 3, NULL, NULL);
  g_autofree char *png = NULL;
  gsize size;
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &png, &size, "png", &saving->error, NULL))
    return;
  const RfChunk chunk = { png, size };
  rf_file_write (saving->path, &chunk, 1, &saving->error);
}

static void
saved_cb (gpointer data)
{
  Saving *saving = data;
  if (saving->error)
    rf_filter_bench_fail (saving->bench, saving->error->message);
  else if (saving->done)
    saving->done (saving->data);
  g_clear_error (&saving->error);
  rf_raster_unref (saving->raster);
  g_object_unref (saving->bench);
  g_free (saving->path);
  g_free (saving);
}

void
rf_filter_bench_save_png (RfFilterBench *self, const char *path, RfFilterDone done, gpointer data)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && path);
  const RfFilterResult *result = self->result;
  if (!result || result->preview || self->problem)
    {
      rf_filter_bench_fail (self, _ ("There is no result to be saved yet."));
      return;
    }
  Saving *saving = g_new0 (Saving, 1);
  saving->bench = g_object_ref (self);
  saving->raster = rf_raster_ref (result->colors.raster);
  saving->path = g_strdup (path);
  saving->done = done;
  saving->data = data;
  if (!rf_background_run (save_in_thread, saved_cb, saving))
    {
      saving->done = NULL;
      saved_cb (saving);
      rf_filter_bench_fail (self, _ ("There is no thread to be had for saving."));
    }
}
