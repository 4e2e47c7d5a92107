/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MNIST: four IDX files, each gzipped or not, in mnist/, in MNIST/raw/ or in the folder itself. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>

#include "model/base/error.h"
#include "model/dataset/idx.h"

#define N_CLASSES 10

typedef struct
{
  const char *images, *labels;
  RfSplit split;
} Part;

static const Part parts[] = {
  { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", RF_SPLIT_TRAIN },
  { "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", RF_SPLIT_TEST },
};

/* Path of a file, as it is or gzipped; NULL if it is not there. */
static char *
find_file (const char *folder, const char *name)
{
  static const char *const endings[] = { "", ".gz" };
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (name, endings[i], NULL);
      g_autofree char *path = g_build_filename (folder, file, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static gboolean
has_part (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *images = find_file (folder, parts[i].images);
      g_autofree char *labels = find_file (folder, parts[i].labels);
      if (images || labels)
        return TRUE;
    }
  return FALSE;
}

static char *
find (const char *const *folders)
{
  static const char *const places[] = { "mnist", "MNIST/raw", "" };
  for (; *folders; folders++)
    for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
      {
        g_autofree char *folder
            = *places[i] ? g_build_filename (*folders, places[i], NULL) : g_strdup (*folders);
        if (has_part (folder))
          return g_steal_pointer (&folder);
      }
  return NULL;
}

static RfIdx *
open_idx (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = find_file (folder, name);
  if (path)
    return rf_idx_open (path, error);
  g_autofree char *missing = g_build_filename (folder, name, NULL);
  g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
               _ ("MNIST is not complete: %s (or .gz) is missing"), missing);
  return NULL;
}

/* Pictures of one channel, as many as there are labels. */
static gboolean
check_pair (const RfIdx *images, const RfIdx *labels, GError **error)
{
  const char *name = rf_idx_origin (images);
  if (images->n_dims != 3)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: has %u dimensions; a file of grey pictures has three"), name,
                   images->n_dims);
      return FALSE;
    }
  if (labels->n_dims == 1 && labels->count != images->dims[0])
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: has %zu pictures, but %s has %zu labels"), name, images->dims[0],
                   rf_idx_origin (labels), labels->count);
      return FALSE;
    }
  return TRUE;
}

static RfDataset *
load (const char *folder, RfProgressFunc progress, gpointer data, GCancellable *cancellable,
      GError **error)
{
  g_autoptr (RfIdx) train_images = open_idx (folder, parts[0].images, error);
  g_autoptr (RfIdx) train_labels = train_images ? open_idx (folder, parts[0].labels, error) : NULL;
  g_autoptr (RfIdx) test_images = train_labels ? open_idx (folder, parts[1].images, error) : NULL;
  g_autoptr (RfIdx) test_labels = test_images ? open_idx (folder, parts[1].labels, error) : NULL;
  if (!test_labels || !check_pair (train_images, train_labels, error)
      || !check_pair (test_images, test_labels, error))
    return NULL;

  const gsize *size = train_images->dims + 1, *other = test_images->dims + 1;
  if (size[0] != other[0] || size[1] != other[1] || size[0] > G_MAXINT16 || size[1] > G_MAXINT16)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
                   _ ("%s: its pictures have %zu×%zu pixels, those for training %zu×%zu"),
                   rf_idx_origin (test_images), other[0], other[1], size[0], size[1]);
      return NULL;
    }

  gsize n_train = train_images->dims[0], n_test = test_images->dims[0];
  RfShape shape = { 1, (gint) size[0], (gint) size[1] };
  g_autoptr (RfDataset) dataset
      = rf_dataset_new ("MNIST", shape, N_CLASSES, NULL, n_train + n_test, TRUE, error);
  if (!dataset)
    return NULL;
  if (progress)
    progress (0, parts[0].images, data);
  if (!rf_idx_read_labels (train_labels, N_CLASSES, dataset->labels, error)
      || !rf_idx_read_labels (test_labels, N_CLASSES, dataset->labels + n_train, error)
      || !rf_idx_read (train_images, dataset->bytes, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (progress)
    progress (0.85, parts[1].images, data);
  if (!rf_idx_read (test_images, dataset->bytes + train_images->count, error))
    return NULL;
  rf_dataset_add_rows (dataset, parts[0].split, 0, n_train);
  rf_dataset_add_rows (dataset, parts[1].split, (guint32) n_train, n_test);
  return g_steal_pointer (&dataset);
}

const RfSourceClass rf_mnist_source = {
  .id = "mnist",
  .title = "MNIST",
  .summary = N_ ("70,000 handwritten digits of 28×28 pixels, grey"),
  .find = find,
  .load = load,
};
