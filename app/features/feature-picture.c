/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures for the network: of its data set at once, others in a thread of their own. Of several
 * that are on their way the one asked for last is taken. */

#include "app/features/feature-bench-private.h"

#include "model/base/error.h"
#include "model/filter/samples.h"
#include "model/run/background.h"

#include <glib/gi18n-lib.h>

/* What a network of photographs is shown where its own are not here. */
#define FIRST_SAMPLE "landscape"

RfFeatureInput *
rf_feature_bench_get_input (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->input;
}

void
rf_feature_bench_set_input (RfFeatureBench *self, RfFeatureInput *input)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && self->net && input);
  self->newest_picture++;
  rf_feature_input_ref (input);
  g_clear_pointer (&self->input, rf_feature_input_unref);
  self->input = input;
  rf_inside_feed_set_image (self->feed, input->values);
  rf_feature_bench_tell (self, "input");
}

/* ---- the data set ---- */

gsize
rf_feature_bench_count_rows (RfFeatureBench *self, RfSplit *split)
{
  static const RfSplit splits[] = { RF_SPLIT_TEST, RF_SPLIT_VALIDATION, RF_SPLIT_TRAIN };
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), 0);
  const RfDataset *dataset = self->net ? self->net->dataset : NULL;
  for (guint i = 0; dataset && i < G_N_ELEMENTS (splits); i++)
    if (dataset->splits[splits[i]].n > 0)
      {
        if (split)
          *split = splits[i];
        return dataset->splits[splits[i]].n;
      }
  return 0;
}

void
rf_feature_bench_set_row (RfFeatureBench *self, gint64 index)
{
  RfSplit split;
  const gsize n = rf_feature_bench_count_rows (self, &split);
  if (index < 0 || (gsize) index >= n)
    return;
  g_autoptr (RfFeatureInput) input = rf_feature_input_from_row (self->net, split, (gsize) index);
  rf_feature_bench_set_input (self, input);
}

RfFeatureInput *
rf_feature_bench_make_input (RfFeatureBench *self, guint32 row)
{
  RfSplit split;
  const gsize n = rf_feature_bench_count_rows (self, &split);
  for (gsize i = 0; i < n; i++)
    if (self->net->dataset->splits[split].rows[i] == row)
      return rf_feature_input_from_row (self->net, split, i);
  return NULL;
}

void
rf_feature_bench_go (RfFeatureBench *self, int step, int klass)
{
  RfSplit split;
  const gint64 n = (gint64) rf_feature_bench_count_rows (self, &split);
  if (n == 0)
    return;
  const RfDataset *dataset = self->net->dataset;
  gint64 at = self->input ? self->input->index : -1;
  for (gint64 i = 0; i < n; i++)
    {
      at = (at + step + n) % n;
      if (klass < 0 || dataset->labels[dataset->splits[split].rows[at]] == klass)
        {
          rf_feature_bench_set_row (self, at);
          return;
        }
    }
  rf_feature_bench_fail (self, _ ("There is no picture of this class."));
}

void
rf_feature_bench_go_anywhere (RfFeatureBench *self, int klass)
{
  const gsize n = rf_feature_bench_count_rows (self, NULL);
  if (n > 0)
    rf_feature_bench_go (self, g_random_int_range (1, (gint32) MAX (2, MIN (n, G_MAXINT32))), -1);
  if (n > 0 && klass >= 0 && self->input->truth != klass)
    rf_feature_bench_go (self, 1, klass);
}

void
rf_feature_bench_find_mistake (RfFeatureBench *self)
{
  RfSplit split;
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  if (rf_inside_feed_get_searched (self->feed) >= 0)
    {
      rf_inside_feed_stop_searching (self->feed);
      return;
    }
  if (rf_feature_bench_count_rows (self, &split) == 0)
    return;
  rf_inside_feed_find_mistake (self->feed, self->net->dataset, split,
                               (gsize) MAX (self->input ? self->input->index : 0, 0));
}

double
rf_feature_bench_get_searched (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), -1);
  return rf_inside_feed_get_searched (self->feed);
}

/* ---- files, drawings and formulas ---- */

typedef struct
{
  RfFeatureBench *bench;
  guint number;
  char *path, *title;
  GBytes *data;
  const RfSample *sample;
  RfShape size; /* of what is drawn */
  guint8 *rgb;
  RfImage *image;
  GError *error;
} Loading;

static void
load_in_thread (gpointer data)
{
  Loading *loading = data;
  if (loading->path)
    loading->image = rf_image_load (loading->path, &loading->error);
  else if (loading->sample)
    {
      loading->rgb = g_malloc ((gsize) loading->size.height * (gsize) loading->size.width * 3);
      rf_sample_draw (loading->sample, loading->size.width, loading->size.height, loading->rgb);
    }
  else
    {
      gsize size;
      gconstpointer bytes = g_bytes_get_data (loading->data, &size);
      loading->image = rf_image_parse (bytes, size, loading->title, &loading->error);
    }
}

static void
loading_free (Loading *loading)
{
  g_clear_pointer (&loading->image, rf_image_free);
  g_clear_pointer (&loading->data, g_bytes_unref);
  g_clear_error (&loading->error);
  g_free (loading->rgb);
  g_free (loading->path);
  g_free (loading->title);
  rf_feature_bench_count_loading (loading->bench, -1);
  g_object_unref (loading->bench);
  g_free (loading);
}

static void
show_image (RfFeatureBench *self, const RfImage *image, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfFeatureInput) input = rf_feature_input_from_image (self->net, image, title, &error);
  if (input)
    rf_feature_bench_set_input (self, input);
  else
    rf_feature_bench_fail (self, error->message);
}

static void
loaded_cb (gpointer data)
{
  Loading *loading = data;
  RfFeatureBench *self = loading->bench;
  if (loading->error)
    rf_feature_bench_fail (self, loading->error->message);
  else if (loading->number == self->newest_picture && self->net)
    {
      const RfImage drawn
          = { .width = loading->size.width, .height = loading->size.height, .rgb = loading->rgb };
      show_image (self, loading->image ? loading->image : &drawn, loading->title);
    }
  loading_free (loading);
}

static void
load (RfFeatureBench *self, Loading loading)
{
  Loading *copy = g_memdup2 (&loading, sizeof loading);
  copy->bench = g_object_ref (self);
  copy->number = ++self->newest_picture;
  rf_feature_bench_count_loading (self, 1);
  if (rf_background_run (load_in_thread, loaded_cb, copy))
    return;
  loading_free (copy);
  rf_feature_bench_fail (self, _ ("There is no thread to be had for reading the picture."));
}

void
rf_feature_bench_open (RfFeatureBench *self, const char *path)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && path);
  load (self, (Loading){ .path = g_strdup (path), .title = g_path_get_basename (path) });
}

void
rf_feature_bench_open_bytes (RfFeatureBench *self, GBytes *data, const char *title)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && data && title);
  load (self, (Loading){ .data = g_bytes_ref (data), .title = g_strdup (title) });
}

/* Small, and to be answered before the next stroke: at once. */
void
rf_feature_bench_open_rgb (RfFeatureBench *self, guint8 *rgb, int width, int height,
                           const char *title)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && rgb && title);
  const RfImage image = { .width = width, .height = height, .rgb = rgb };
  if (self->net)
    show_image (self, &image, title);
  g_free (rgb);
}

/* ---- the first one ---- */

void
rf_feature_bench_show_first (RfFeatureBench *self)
{
  const RfShape shape = self->net->input;
  if (rf_feature_bench_count_rows (self, NULL) > 0)
    rf_feature_bench_set_row (self, 0);
  else if (shape.channels == 3)
    {
      const RfSample *sample = rf_sample_find (FIRST_SAMPLE);
      load (self, (Loading){ .sample = sample,
                             .size = { 3, 8 * shape.height, 8 * shape.width },
                             .title = g_strdup (_ (sample->title)) });
    }
  else
    {
      g_autofree float *values = g_new0 (float, RF_SHAPE_COUNT (shape));
      float low[RF_MAX_CHANNELS], high[RF_MAX_CHANNELS];
      rf_feature_net_get_bounds (self->net, low, high);
      const gsize plane = (gsize) shape.height * (gsize) shape.width;
      for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
        values[i] = low[i / plane];
      g_autoptr (RfFeatureInput) input
          = rf_feature_input_from_values (self->net, values, _ ("Nothing drawn yet"), NULL);
      rf_feature_bench_set_input (self, input);
    }
}
