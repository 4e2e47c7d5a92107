/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a data set is, once it is there: its memory, and rows as floats. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/kernels/kernels.h"

static const char *const split_names[RF_N_SPLITS] = { "train", "validation", "test" };

const char *
rf_split_name (RfSplit split)
{
  g_return_val_if_fail (split < RF_N_SPLITS, NULL);
  return split_names[split];
}

gboolean
rf_split_from_name (const char *name, RfSplit *split)
{
  for (RfSplit i = 0; i < RF_N_SPLITS; i++)
    if (g_strcmp0 (name, split_names[i]) == 0)
      {
        *split = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
check_size (const char *title, RfShape shape, gsize n, gboolean pictures, GError **error)
{
  if (shape.channels > RF_MAX_CHANNELS || n > G_MAXINT32)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("%s: %zu pictures of %d×%d×%d; at most %d channels and %d "
                      "pictures are possible"),
                   title, n, shape.channels, shape.height, shape.width, RF_MAX_CHANNELS,
                   G_MAXINT32);
      return FALSE;
    }
  double size = (double) n * shape.channels * shape.height * shape.width * (pictures ? 1 : 4);
  guint64 available = rf_memory_available ();
  if (size > (double) available)
    {
      g_autofree char *needed = rf_format_bytes ((guint64) MIN (size, 1e18));
      g_autofree char *there = rf_format_bytes (available);
      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY,
                   _ ("%s: its %zu pictures of %d×%d×%d take %s of memory, and %s "
                      "are available"),
                   title, n, shape.channels, shape.height, shape.width, needed, there);
      return FALSE;
    }
  return TRUE;
}

RfDataset *
rf_dataset_new (const char *title, RfShape shape, gint n_classes, const char *const *classes,
                gsize n, gboolean pictures, GError **error)
{
  g_return_val_if_fail (shape.channels > 0 && shape.height > 0 && shape.width > 0, NULL);
  g_return_val_if_fail (n_classes > 0 && n_classes <= RF_DATASET_MAX_CLASSES, NULL);

  if (!check_size (title, shape, n, pictures, error))
    return NULL;

  g_autoptr (RfDataset) dataset = g_new0 (RfDataset, 1);
  g_atomic_ref_count_init (&dataset->references);
  dataset->title = g_strdup (title);
  dataset->shape = shape;
  dataset->n = n;
  dataset->pictures = pictures;
  dataset->n_classes = n_classes;
  dataset->classes = g_new0 (char *, n_classes + 1);
  for (gint i = 0; i < n_classes; i++)
    dataset->classes[i] = classes ? g_strdup (classes[i]) : g_strdup_printf ("%d", i);
  for (gint c = 0; c < shape.channels; c++)
    dataset->deviation[c] = 1;

  gsize count = n * RF_SHAPE_COUNT (shape);
  dataset->labels = g_try_new0 (gint32, MAX (n, 1));
  if (pictures)
    dataset->bytes = g_try_malloc (MAX (count, 1));
  else if (!(dataset->floats = rf_floats_try_new (count, error)))
    return NULL;
  if (!dataset->labels || (pictures && !dataset->bytes))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY, _ ("%s: there is no memory for its pictures"),
                   title);
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

RfDataset *
rf_dataset_ref (RfDataset *dataset)
{
  g_return_val_if_fail (dataset != NULL, NULL);
  g_atomic_ref_count_inc (&dataset->references);
  return dataset;
}

void
rf_dataset_unref (RfDataset *dataset)
{
  if (!dataset || !g_atomic_ref_count_dec (&dataset->references))
    return;
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    g_free (dataset->splits[split].rows);
  g_free (dataset->id);
  g_free (dataset->title);
  g_strfreev (dataset->classes);
  g_free (dataset->bytes);
  rf_floats_free (dataset->floats);
  g_free (dataset->labels);
  g_free (dataset->fingerprint);
  g_free (dataset);
}

void
rf_dataset_add_rows (RfDataset *dataset, RfSplit split, guint32 first, gsize n)
{
  RfRows *rows = &dataset->splits[split];
  g_return_if_fail (first + n <= dataset->n);

  rows->rows = g_renew (guint32, rows->rows, rows->n + n);
  for (gsize i = 0; i < n; i++)
    rows->rows[rows->n + i] = first + (guint32) i;
  rows->n += n;
}

char *
rf_dataset_title_of (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  return g_filename_display_name (name);
}

void
rf_dataset_get_raw (const RfDataset *dataset, guint32 row, float *out)
{
  gsize count = RF_SHAPE_COUNT (dataset->shape);
  g_return_if_fail (row < dataset->n);

  if (dataset->pictures)
    rf_kernels_get (rf_kernels_path ())
        ->bytes_to_floats (dataset->bytes + row * count, out, count, 0, 1);
  else
    memcpy (out, dataset->floats + row * count, count * sizeof (float));
}

void
rf_dataset_get (const RfDataset *dataset, guint32 row, float *out)
{
  gsize plane = (gsize) dataset->shape.height * dataset->shape.width;
  g_return_if_fail (row < dataset->n);

  if (!dataset->pictures || !dataset->normalized)
    {
      rf_dataset_get_raw (dataset, row, out);
      rf_dataset_normalize (dataset, out);
      return;
    }
  const RfKernels *kernels = rf_kernels_get (rf_kernels_path ());
  const guint8 *bytes = dataset->bytes + row * RF_SHAPE_COUNT (dataset->shape);
  for (gint c = 0; c < dataset->shape.channels; c++)
    kernels->bytes_to_floats (bytes + c * plane, out + c * plane, plane, (float) dataset->mean[c],
                              (float) dataset->deviation[c]);
}

void
rf_dataset_normalize (const RfDataset *dataset, float *image)
{
  if (!dataset->normalized)
    return;
  gsize plane = (gsize) dataset->shape.height * dataset->shape.width;
  for (gint c = 0; c < dataset->shape.channels; c++)
    {
      float *channel = image + c * plane;
      float mean = (float) dataset->mean[c], deviation = (float) dataset->deviation[c];
      for (gsize i = 0; i < plane; i++)
        channel[i] = (channel[i] - mean) / deviation;
    }
}

void
rf_dataset_find_scale (const RfDatasetConfig *config, const RfDataset *dataset, double *mean,
                       double *deviation)
{
  const gboolean given = config->normalize == RF_NORMALIZE_GIVEN;
  const gboolean known = config->normalize != RF_NORMALIZE_NO && dataset && dataset->normalized;
  for (int c = 0; c < RF_MAX_CHANNELS; c++)
    {
      mean[c] = given ? config->mean[c] : known ? dataset->mean[c] : 0;
      deviation[c] = given ? config->deviation[c] : known ? dataset->deviation[c] : 1;
    }
}
