/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CIFAR-10, binary version: five training batches and one for testing, read one after another
 * straight into the data set's block, and a list of class names. */
#include "model/dataset/build.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/files.h"
#include "model/dataset/cifar.h"

#define N_BATCHES 6

static const char *const batch_names[N_BATCHES]
    = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
        "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin" };

static gboolean
has_batch (const char *folder)
{
  for (int i = 0; i < N_BATCHES; i++)
    {
      g_autofree char *path = g_build_filename (folder, batch_names[i], NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

static char *
find (const char *const *folders)
{
  for (; *folders; folders++)
    {
      g_autofree char *usual = g_build_filename (*folders, "cifar-10-batches-bin", NULL);
      if (g_file_test (usual, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&usual);
      if (has_batch (*folders))
        return g_strdup (*folders);
    }
  return NULL;
}

/* One name a line; those of the published set where there is no such file. */
static char **
read_names (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "batches.meta.txt", NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdupv ((char **) rf_cifar_class_names);

  g_autofree char *text = rf_file_read (path, 64 * 1024, NULL, error);
  if (!text)
    return NULL;
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  gboolean sound = g_strv_length (lines) == RF_CIFAR_CLASSES;
  for (char **line = lines; *line && sound; line++)
    sound = *g_strstrip (*line) && g_utf8_validate (*line, -1, NULL);
  if (!sound)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: should name %d classes, one a line"),
                   path, RF_CIFAR_CLASSES);
      return NULL;
    }
  return g_steal_pointer (&lines);
}

static RfDataset *
load (const char *folder, RfProgressFunc progress, gpointer data, GCancellable *cancellable,
      GError **error)
{
  g_auto (GStrv) names = read_names (folder, error);
  if (!names)
    return NULL;

  /* One batch is open at a time: the sizes first, then the pixels. */
  gsize counts[N_BATCHES], n = 0;
  for (int i = 0; i < N_BATCHES; i++)
    {
      g_autofree char *path = g_build_filename (folder, batch_names[i], NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_MISSING,
                       _ ("CIFAR-10 is not complete: %s is missing"), path);
          return NULL;
        }
      g_autoptr (RfCifar) batch = rf_cifar_open (path, error);
      if (!batch)
        return NULL;
      counts[i] = batch->n;
      n += batch->n;
    }

  g_autoptr (RfDataset) dataset
      = rf_dataset_new ("CIFAR-10", (RfShape){ 3, 32, 32 }, RF_CIFAR_CLASSES,
                        (const char *const *) names, n, TRUE, error);
  if (!dataset)
    return NULL;
  gsize first = 0;
  for (int i = 0; i < N_BATCHES; i++)
    {
      g_autofree char *path = g_build_filename (folder, batch_names[i], NULL);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (progress)
        progress (i / (double) N_BATCHES, batch_names[i], data);
      g_autoptr (RfCifar) batch = rf_cifar_open (path, error);
      if (!batch)
        return NULL;
      if (batch->n != counts[i])
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: changed while being read"), path);
          return NULL;
        }
      if (!rf_cifar_read (batch, dataset->bytes + first * RF_CIFAR_PIXELS, dataset->labels + first,
                          error))
        return NULL;
      rf_dataset_add_rows (dataset, i < N_BATCHES - 1 ? RF_SPLIT_TRAIN : RF_SPLIT_TEST,
                           (guint32) first, counts[i]);
      first += counts[i];
    }
  return g_steal_pointer (&dataset);
}

const RfSourceClass rf_cifar_10_source = {
  .id = "cifar-10",
  .title = "CIFAR-10",
  .summary = N_ ("60,000 colour photographs of 32×32 pixels in 10 classes"),
  .find = find,
  .load = load,
};
