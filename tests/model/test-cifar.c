/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CIFAR-10 batches and the source made of them. */
#include <gio/gio.h>
#include <string.h>

#include "model/base/error.h"
#include "model/dataset/cifar.h"
#include "model/dataset/dataset.h"
#include "tests/test-util.h"

/* @n records; record i has label (first + i) mod 10 and pixels (i + place) mod 251. */
static guint8 *
make_batch (gsize n, guint first)
{
  guint8 *bytes = g_malloc (n * RF_CIFAR_RECORD);
  for (gsize i = 0; i < n; i++)
    {
      bytes[i * RF_CIFAR_RECORD] = (guint8) ((first + i) % 10);
      for (gsize j = 0; j < RF_CIFAR_PIXELS; j++)
        bytes[i * RF_CIFAR_RECORD + 1 + j] = (guint8) ((first + i + j) % 251);
    }
  return bytes;
}

static gboolean
parses (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (RfCifar) cifar = rf_cifar_parse (data, size, "batch.bin", error);
  if (!cifar)
    return FALSE;
  g_autofree guint8 *pixels = g_malloc (cifar->n * RF_CIFAR_PIXELS);
  g_autofree gint32 *labels = g_new (gint32, cifar->n);
  return rf_cifar_read (cifar, pixels, labels, error);
}

static void
test_values (void)
{
  g_autofree guint8 *bytes = make_batch (25, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfCifar) cifar = rf_cifar_parse (bytes, 25 * RF_CIFAR_RECORD, "batch.bin", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cifar->n, ==, 25);
  g_autofree guint8 *pixels = g_malloc (25 * RF_CIFAR_PIXELS);
  gint32 labels[25];
  g_assert_true (rf_cifar_read (cifar, pixels, labels, &error));
  for (guint i = 0; i < 25; i++)
    {
      g_assert_cmpint (labels[i], ==, (3 + i) % 10);
      g_assert_cmpmem (pixels + i * RF_CIFAR_PIXELS, RF_CIFAR_PIXELS,
                       bytes + i * RF_CIFAR_RECORD + 1, RF_CIFAR_PIXELS);
    }
}

static void
test_refused (void)
{
  g_autofree guint8 *bytes = make_batch (3, 0);
  static const gsize sizes[] = { 0, 1, RF_CIFAR_RECORD - 1, RF_CIFAR_RECORD + 1, 6246 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (parses (bytes, sizes[i], &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "batch.bin"));
    }
  static const guint8 labels[] = { 10, 31, 255 };
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (GError) error = NULL;
      bytes[2 * RF_CIFAR_RECORD] = labels[i];
      g_assert_false (parses (bytes, 3 * RF_CIFAR_RECORD, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "record 2 of 3"));
    }
}

static void
test_shared (void)
{
  static const struct
  {
    const char *name;
    gboolean sound;
  } files[] = {
    { "good-cifar.bin", TRUE },          { "cifar-empty.bin", FALSE },
    { "cifar-not-multiple.bin", FALSE }, { "cifar-label-255.bin", FALSE },
    { "cifar-label-10.bin", FALSE },
  };
  g_autofree char *folder = rf_test_shared ("data/bad");
  if (!folder)
    return;
  const char *const no_folders[] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
      g_autoptr (GError) error = NULL;
      json_t *info = rf_dataset_info (path, no_folders, &error);
      g_test_message ("%s: %s", files[i].name, error ? error->message : "sound");
      g_assert_true (files[i].sound == (info != NULL));
      if (info)
        {
          json_t *counts = json_object_get (info, "per_class");
          g_assert_cmpint (json_integer_value (json_object_get (info, "n")), ==, 2);
          g_assert_cmpint (json_integer_value (json_array_get (counts, 3)), ==, 1);
          g_assert_cmpint (json_integer_value (json_array_get (counts, 9)), ==, 1);
        }
      json_decref (info);
    }
}

static void
write_batch (const char *folder, const char *name, gsize n, guint first)
{
  g_autofree guint8 *bytes = make_batch (n, first);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (
      g_file_set_contents (path, (const char *) bytes, (gssize) (n * RF_CIFAR_RECORD), NULL));
}

static RfDataset *
load (const char *folder, GError **error)
{
  const char *const folders[] = { "/nowhere", folder, NULL };
  RfDatasetConfig config = { .kind = RF_DATASET_ID, .source = (char *) "cifar-10" };
  return rf_dataset_load (&config, (RfShape){ 0 }, folders, NULL, NULL, NULL, error);
}

static void
test_source (void)
{
  char *root = rf_test_make_folder ();
  g_autofree char *folder = g_build_filename (root, "cifar-10-batches-bin", NULL);
  g_autofree char *names = g_build_filename (folder, "batches.meta.txt", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (load (root, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, root));
  g_clear_error (&error);

  g_mkdir_with_parents (folder, 0700);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("data_batch_%u.bin", i);
      if (i != 4)
        write_batch (folder, name, 20, i);
    }
  write_batch (folder, "test_batch.bin", 10, 0);
  g_assert_null (load (root, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "data_batch_4.bin"));
  g_clear_error (&error);

  write_batch (folder, "data_batch_4.bin", 20, 4);
  g_autoptr (RfDataset) dataset = load (root, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dataset->id, ==, "cifar-10");
  g_assert_cmpuint (dataset->n, ==, 110);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 100);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 10);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_VALIDATION].n, ==, 0);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].rows[9], ==, 109);
  g_assert_cmpstr (dataset->classes[0], ==, "airplane");
  g_assert_cmpstr (dataset->classes[9], ==, "truck");
  g_assert_null (dataset->classes[10]);
  g_assert_cmpint (dataset->labels[60], ==, 4);
  g_assert_cmpuint (dataset->bytes[60 * RF_CIFAR_PIXELS], ==, 4);
  g_assert_true (g_str_has_prefix (dataset->fingerprint, "sha256:"));

  /* The folder itself will do; names come from the list, which must have ten. */
  g_assert_true (g_file_set_contents (names, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n", -1, NULL));
  g_autoptr (RfDataset) named = load (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (named->classes[9], ==, "j");
  g_assert_cmpstr (named->fingerprint, ==, dataset->fingerprint);
  g_assert_true (g_file_set_contents (names, "a\nb\n", -1, NULL));
  g_assert_null (load (folder, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  rf_test_remove_folder (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cifar/values", test_values);
  g_test_add_func ("/cifar/refused", test_refused);
  g_test_add_func ("/cifar/shared", test_shared);
  g_test_add_func ("/cifar/source", test_source);
  return g_test_run ();
}
