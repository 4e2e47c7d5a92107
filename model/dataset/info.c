/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `data info` says of a known set, a folder or a single file. Everything is read to its end,
 * so that what is unsound is found. What a file is meant to be is told by its name, or, where that
 * says nothing, by its first bytes. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/dataset/cifar.h"
#include "model/dataset/idx.h"
#include "model/dataset/image.h"
#include "model/safetensors/safetensors.h"

/* Published label files have up to 62 classes (EMNIST) or 100 (CIFAR-100). A label file says
 * nowhere how many it has, but one with a larger label than this and fewer labels than classes is
 * damaged. */
#define PLAUSIBLE_CLASSES 100

static json_t *
json_real_or_null (double value)
{
  return isfinite (value) ? json_real (value) : json_null ();
}

static json_t *
describe_counts (const gint64 *counts, gint n)
{
  json_t *list = json_array ();
  for (gint i = 0; i < n; i++)
    json_array_append_new (list, json_integer (counts[i]));
  return list;
}

static json_t *
describe_names (char **names)
{
  json_t *list = json_array ();
  for (; *names; names++)
    json_array_append_new (list, json_string (*names));
  return list;
}

static json_t *
describe_statistics (const double *values, gint n)
{
  json_t *list = json_array ();
  for (gint i = 0; i < n; i++)
    json_array_append_new (list, json_real_or_null (values[i]));
  return list;
}

static gint64
count_not_finite (const RfDataset *dataset)
{
  gint64 n = 0;
  for (gsize i = 0; dataset->floats && i < dataset->n * RF_SHAPE_COUNT (dataset->shape); i++)
    n += !isfinite (dataset->floats[i]);
  return n;
}

/* The keys that everything with pictures in it has. Mean and deviation are of @rows. */
static json_t *
describe_pictures (const RfDataset *dataset, const char *kind, const RfRows *rows)
{
  double mean[RF_MAX_CHANNELS], deviation[RF_MAX_CHANNELS];
  rf_dataset_statistics (dataset, rows, mean, deviation);
  RfShape shape = dataset->shape;
  gsize size = dataset->n * RF_SHAPE_COUNT (shape) * (dataset->pictures ? 1 : sizeof (float));
  return json_pack ("{ss, ss, sI, s[iii], ss, so, so, sI}", "kind", kind, "title", dataset->title,
                    "n", (json_int_t) dataset->n, "shape", shape.channels, shape.height,
                    shape.width, "pixels", dataset->pictures ? "bytes" : "floats", "mean",
                    describe_statistics (mean, shape.channels), "deviation",
                    describe_statistics (deviation, shape.channels), "bytes", (json_int_t) size);
}

static json_t *
describe_classes (json_t *info, const RfDataset *dataset, const RfRows *rows)
{
  g_autofree gint64 *counts = g_new (gint64, dataset->n_classes);
  rf_dataset_count (dataset, rows, counts);
  json_object_set_new (info, "n_classes", json_integer (dataset->n_classes));
  json_object_set_new (info, "classes", describe_names (dataset->classes));
  json_object_set_new (info, "per_class", describe_counts (counts, dataset->n_classes));
  return info;
}

/* A whole set: mean and deviation of its training rows, counts of all rows and of each split. */
static json_t *
describe_set (const RfDataset *dataset)
{
  json_t *info = describe_pictures (dataset, "data set", &dataset->splits[RF_SPLIT_TRAIN]);
  if (dataset->id)
    json_object_set_new (info, "id", json_string (dataset->id));

  g_autofree gint64 *total = g_new0 (gint64, dataset->n_classes);
  g_autofree gint64 *counts = g_new (gint64, dataset->n_classes);
  json_t *splits = json_object ();
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      const RfRows *rows = &dataset->splits[split];
      rf_dataset_count (dataset, rows, counts);
      for (gint i = 0; i < dataset->n_classes; i++)
        total[i] += counts[i];
      if (rows->n > 0)
        json_object_set_new (splits, rf_split_name (split),
                             json_pack ("{sI, so}", "n", (json_int_t) rows->n, "per_class",
                                        describe_counts (counts, dataset->n_classes)));
    }
  json_object_set_new (info, "n_classes", json_integer (dataset->n_classes));
  json_object_set_new (info, "classes", describe_names (dataset->classes));
  json_object_set_new (info, "per_class", describe_counts (total, dataset->n_classes));
  json_object_set_new (info, "splits", splits);
  gint64 n_not_finite = count_not_finite (dataset);
  if (n_not_finite > 0)
    json_object_set_new (info, "not_finite", json_integer (n_not_finite));
  json_object_set_new (info, "fingerprint", json_string (dataset->fingerprint));
  return info;
}

static json_t *
load_set (RfDatasetKind kind, const char *source, const char *const *folders, GError **error)
{
  RfDatasetConfig config = { .kind = kind, .source = (char *) source };
  g_autoptr (RfDataset) dataset
      = rf_dataset_load (&config, (RfShape){ 0 }, folders, NULL, NULL, NULL, error);
  return dataset ? describe_set (dataset) : NULL;
}

static json_t *
idx_labels_info (RfIdx *idx, GError **error)
{
  g_autofree gint32 *labels = g_new (gint32, idx->count);
  if (!rf_idx_read_labels (idx, G_MAXUINT8 + 1, labels, error))
    return NULL;
  gint64 counts[G_MAXUINT8 + 1] = { 0 };
  gint n_classes = 0;
  for (gsize i = 0; i < idx->count; i++)
    {
      if (labels[i] >= PLAUSIBLE_CLASSES && (gsize) labels[i] >= idx->count)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                       _ ("%s: label %zu of %zu is %d; so few labels cannot have %d classes"),
                       rf_idx_origin (idx), i, idx->count, labels[i], labels[i] + 1);
          return NULL;
        }
      counts[labels[i]]++;
      n_classes = MAX (n_classes, labels[i] + 1);
    }
  return json_pack ("{ss, sI, si, so, sI}", "kind", "labels", "n", (json_int_t) idx->count,
                    "n_classes", n_classes, "per_class", describe_counts (counts, n_classes),
                    "bytes", (json_int_t) idx->count);
}

static json_t *
idx_pictures_info (RfIdx *idx, const char *title, GError **error)
{
  /* [n, w], [n, h, w] or [n, c, h, w]. */
  const gsize *dims = idx->dims;
  gsize c = idx->n_dims == 4 ? dims[1] : 1;
  gsize h = idx->n_dims >= 3 ? dims[idx->n_dims - 2] : 1, w = dims[idx->n_dims - 1];
  if (c > G_MAXINT || h > G_MAXINT || w > G_MAXINT)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED, _ ("%s: its pictures are too large"),
                   rf_idx_origin (idx));
      return NULL;
    }
  RfShape shape = { (gint) c, (gint) h, (gint) w };
  g_autoptr (RfDataset) dataset = rf_dataset_new (title, shape, 1, NULL, dims[0], TRUE, error);
  if (!dataset || !rf_idx_read (idx, dataset->bytes, error))
    return NULL;
  rf_dataset_add_rows (dataset, RF_SPLIT_TRAIN, 0, dataset->n);
  return describe_pictures (dataset, "pictures", &dataset->splits[RF_SPLIT_TRAIN]);
}

static json_t *
idx_info (const char *path, GError **error)
{
  g_autoptr (RfIdx) idx = rf_idx_open (path, error);
  if (!idx)
    return NULL;
  g_autofree char *title = rf_dataset_title_of (path);
  json_t *info
      = idx->n_dims == 1 ? idx_labels_info (idx, error) : idx_pictures_info (idx, title, error);
  if (info)
    {
      json_t *dims = json_array ();
      for (guint i = 0; i < idx->n_dims; i++)
        json_array_append_new (dims, json_integer ((json_int_t) idx->dims[i]));
      json_object_set_new (info, "title", json_string (title));
      json_object_set_new (info, "format", json_string ("IDX"));
      json_object_set_new (info, "dims", dims);
    }
  return info;
}

static json_t *
cifar_info (const char *path, GError **error)
{
  g_autofree char *title = rf_dataset_title_of (path);
  g_autoptr (RfCifar) cifar = rf_cifar_open (path, error);
  g_autoptr (RfDataset) dataset
      = cifar ? rf_dataset_new (title, (RfShape){ 3, 32, 32 }, RF_CIFAR_CLASSES,
                                rf_cifar_class_names, cifar->n, TRUE, error)
              : NULL;
  if (!dataset || !rf_cifar_read (cifar, dataset->bytes, dataset->labels, error))
    return NULL;
  rf_dataset_add_rows (dataset, RF_SPLIT_TRAIN, 0, dataset->n);
  const RfRows *rows = &dataset->splits[RF_SPLIT_TRAIN];
  json_t *info = describe_classes (describe_pictures (dataset, "pictures", rows), dataset, rows);
  json_object_set_new (info, "format", json_string ("CIFAR-10 batch"));
  return info;
}

static json_t *
picture_info (const char *path, GError **error)
{
  g_autofree char *title = rf_dataset_title_of (path);
  g_autoptr (RfImage) image = rf_image_load (path, error);
  if (!image)
    return NULL;
  guint64 sums[3] = { 0 }, squares[3] = { 0 };
  gsize n = (gsize) image->width * image->height;
  for (gsize i = 0; i < n * 3; i++)
    {
      sums[i % 3] += image->rgb[i];
      squares[i % 3] += (guint64) image->rgb[i] * image->rgb[i];
    }
  double mean[3], deviation[3];
  for (int c = 0; c < 3; c++)
    {
      double average = (double) sums[c] / (double) n;
      double variance = (double) squares[c] / (double) n - average * average;
      mean[c] = average / 255;
      deviation[c] = sqrt (MAX (variance, 0)) / 255;
    }
  return json_pack ("{ss, ss, si, s[iii], so, so, sI}", "kind", "picture", "title", title, "n", 1,
                    "shape", 3, image->height, image->width, "mean", describe_statistics (mean, 3),
                    "deviation", describe_statistics (deviation, 3), "bytes", (json_int_t) (n * 3));
}

/* A data set where there are images and labels, else a list of tensors. */
static json_t *
safetensors_info (const char *path, const char *const *folders, GError **error)
{
  g_autoptr (RfSafetensors) file = rf_safetensors_open (path, error);
  if (!file)
    return NULL;
  if (rf_safetensors_find (file, "images") && rf_safetensors_find (file, "labels"))
    return load_set (RF_DATASET_SAFETENSORS, path, folders, error);

  json_t *tensors = json_array ();
  gsize size = 0;
  for (guint i = 0; i < rf_safetensors_count (file); i++)
    {
      const RfTensor *tensor = rf_safetensors_nth (file, i);
      json_t *dims = json_array ();
      for (guint j = 0; j < tensor->n_dims; j++)
        json_array_append_new (dims, json_integer (tensor->dims[j]));
      json_array_append_new (tensors, json_pack ("{ss, ss, so}", "name", tensor->name, "dtype",
                                                 rf_dtype_name (tensor->dtype), "shape", dims));
      size += tensor->size;
    }
  g_autofree char *title = rf_dataset_title_of (path);
  return json_pack ("{ss, ss, ss, sI, so, sI}", "kind", "tensors", "format", "safetensors", "title",
                    title, "n", (json_int_t) rf_safetensors_count (file), "tensors", tensors,
                    "bytes", (json_int_t) size);
}

/* The files of a known set, or one sub-folder a class. */
static json_t *
folder_info (const char *path, GError **error)
{
  const char *const here[] = { path, NULL };
  for (const RfSourceClass *const *klass = rf_source_classes; *klass; klass++)
    {
      g_autofree char *found = (*klass)->find (here);
      if (found && *found)
        return load_set (RF_DATASET_ID, (*klass)->id, here, error);
    }
  return load_set (RF_DATASET_FOLDER, path, here, error);
}

static gboolean
looks_like_idx (const char *path)
{
  g_autoptr (RfStream) stream = rf_stream_open (path, RF_STREAM_UNPACK, NULL);
  guint8 start[4];
  gsize n;
  return stream
         && (rf_stream_is_gzip (stream)
             || (rf_stream_read (stream, start, sizeof start, &n, NULL) && n == sizeof start
                 && start[0] == 0 && start[1] == 0 && start[2] >= 0x08 && start[2] <= 0x0e));
}

static json_t *
file_info (const char *path, const char *const *folders, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  if (g_str_has_suffix (name, ".safetensors"))
    return safetensors_info (path, folders, error);
  if (rf_image_has_name (name))
    return picture_info (path, error);
  if (g_str_has_suffix (name, ".bin"))
    return cifar_info (path, error);
  if (strstr (name, "-ubyte") || strstr (name, "-idx") || looks_like_idx (path))
    return idx_info (path, error);

  g_autoptr (RfImage) image = rf_image_load (path, NULL);
  if (image)
    return picture_info (path, error);
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _ ("%s: is no IDX, CIFAR-10 (.bin), safetensors, PNG, JPEG or GIF file"), path);
  return NULL;
}

json_t *
rf_dataset_info (const char *what, const char *const *folders, GError **error)
{
  g_return_val_if_fail (what != NULL && folders != NULL, NULL);

  const RfSourceClass *klass = rf_source_find (what);
  g_autofree char *found = klass ? klass->find (folders) : NULL;
  if (found)
    return load_set (RF_DATASET_ID, what, folders, error);
  if (g_file_test (what, G_FILE_TEST_IS_DIR))
    return folder_info (what, error);
  if (g_file_test (what, G_FILE_TEST_EXISTS))
    return file_info (what, folders, error);
  if (klass || !strpbrk (what, "/."))
    return load_set (RF_DATASET_ID, what, folders, error); /* says where it was looked for */
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING, _ ("%s: there is no such file or folder"), what);
  return NULL;
}
