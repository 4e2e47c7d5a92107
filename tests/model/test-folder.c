/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of pictures, one sub-folder a class. */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/pool.h"
#include "model/dataset/dataset.h"
#include "tests/test-util.h"

/* A picture of one colour; folders above it are made. */
static void
write_picture (const char *root, const char *relative, guint32 color)
{
  g_autofree char *path = g_build_filename (root, relative, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  g_mkdir_with_parents (folder, 0700);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 20, 10);
  gdk_pixbuf_fill (pixbuf, color << 8 | 0xff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

static void
write_text (const char *root, const char *relative)
{
  g_autofree char *path = g_build_filename (root, relative, NULL);
  g_assert_true (g_file_set_contents (path, "a line of text", -1, NULL));
}

static RfDataset *
load (const char *folder, RfShape input, GError **error)
{
  const char *const folders[] = { NULL };
  RfDatasetConfig config = { .kind = RF_DATASET_FOLDER, .source = (char *) folder };
  return rf_dataset_load (&config, input, folders, NULL, NULL, NULL, error);
}

static void
test_classes (void)
{
  char *root = rf_test_make_folder ();
  write_picture (root, "b/2.png", 0x0000ff);
  write_picture (root, "b/10.png", 0x00ff00);
  write_picture (root, "a x/1.PNG", 0xff0000);
  write_picture (root, "C/ü 'q'.png", 0x102030);
  write_picture (root, ".hidden/1.png", 0);
  write_picture (root, "b/.hidden.png", 0);
  write_text (root, "README");
  write_text (root, "b/.DS_Store");
  write_text (root, "b/notes.txt");

  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load (root, (RfShape){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_null (dataset->id);
  g_assert_cmpint (dataset->shape.channels, ==, 3);
  g_assert_cmpint (dataset->shape.height, ==, 32);
  g_assert_cmpint (dataset->n_classes, ==, 3);
  g_assert_cmpstr (dataset->classes[0], ==, "C");
  g_assert_cmpstr (dataset->classes[1], ==, "a x");
  g_assert_cmpstr (dataset->classes[2], ==, "b");
  g_assert_cmpuint (dataset->n, ==, 4);
  static const gint32 labels[] = { 0, 1, 2, 2 };
  g_assert_cmpmem (dataset->labels, sizeof labels, labels, sizeof labels);
  static const guint8 colors[4][3]
      = { { 16, 32, 48 }, { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 } };
  for (gsize i = 0; i < 4 * 3 * 1024; i++)
    g_assert_cmpuint (dataset->bytes[i], ==, colors[i / 3072][i / 1024 % 3]);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 4);

  /* The same bytes from any number of threads. */
  rf_pool_set_threads (4);
  g_autoptr (RfDataset) again = load (root, (RfShape){ 0 }, &error);
  rf_pool_set_threads (0);
  g_assert_cmpstr (again->fingerprint, ==, dataset->fingerprint);
  g_autoptr (RfDataset) grey = load (root, (RfShape){ 1, 8, 6 }, &error);
  g_assert_cmpint (grey->shape.width, ==, 6);
  g_assert_cmpuint (grey->bytes[48], ==, 76);
  g_assert_cmpstr (grey->fingerprint, !=, dataset->fingerprint);
  g_assert_null (load (root, (RfShape){ 2, 8, 6 }, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  rf_test_remove_folder (root);
}

static void
test_splits (void)
{
  char *root = rf_test_make_folder ();
  write_picture (root, "train/cat/1.png", 0);
  write_picture (root, "train/cat/2.png", 0);
  write_picture (root, "train/dog/1.png", 0);
  write_picture (root, "val/dog/1.png", 0);
  write_picture (root, "test/cat/1.png", 0);
  write_picture (root, "test/dog/1.png", 0);

  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load (root, (RfShape){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dataset->n_classes, ==, 2);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 3);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_VALIDATION].n, ==, 1);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 2);
  g_assert_cmpint (dataset->labels[dataset->splits[RF_SPLIT_VALIDATION].rows[0]], ==, 1);
  g_assert_cmpint (dataset->labels[dataset->splits[RF_SPLIT_TEST].rows[0]], ==, 0);

  write_picture (root, "test/horse/1.png", 0);
  g_assert_null (load (root, (RfShape){ 0 }, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "horse"));
  rf_test_remove_folder (root);
}

static void
test_refused (void)
{
  char *root = rf_test_make_folder ();
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (root, "nowhere", NULL);
  g_assert_null (load (nowhere, (RfShape){ 0 }, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (load (root, (RfShape){ 0 }, &error));
  g_assert_nonnull (strstr (error->message, "no sub-folders"));
  g_clear_error (&error);

  write_picture (root, "a/1.png", 0);
  g_autofree char *empty = g_build_filename (root, "b", NULL);
  g_mkdir (empty, 0700);
  g_assert_null (load (root, (RfShape){ 0 }, &error));
  g_assert_nonnull (strstr (error->message, "no pictures"));
  g_clear_error (&error);

  /* Bad pictures: the first, and how many more. */
  write_picture (root, "b/1.png", 0);
  write_text (root, "b/2.png");
  g_assert_null (load (root, (RfShape){ 0 }, &error));
  g_assert_nonnull (strstr (error->message, "b/2.png"));
  g_assert_null (strstr (error->message, "more"));
  g_clear_error (&error);
  write_text (root, "b/3.jpg");
  write_text (root, "b/4.gif");
  g_assert_null (load (root, (RfShape){ 0 }, &error));
  g_assert_nonnull (strstr (error->message, "b/2.png"));
  g_assert_nonnull (strstr (error->message, "2 more pictures"));
  g_assert_null (strchr (error->message, '\n'));
  rf_test_remove_folder (root);
}

static void
test_cancelled (void)
{
  char *root = rf_test_make_folder ();
  const char *const folders[] = { NULL };
  write_picture (root, "a/1.png", 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_cancellable_cancel (cancellable);
  RfDatasetConfig config = { .kind = RF_DATASET_FOLDER, .source = root };
  g_assert_null (
      rf_dataset_load (&config, (RfShape){ 0 }, folders, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  rf_test_remove_folder (root);
}

static void
test_shared (void)
{
  g_autofree char *folder = rf_test_shared ("data/hymenoptera");
  if (!folder)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load (folder, (RfShape){ 3, 64, 64 }, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dataset->classes[0], ==, "ants");
  g_assert_cmpstr (dataset->classes[1], ==, "bees");
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 244);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_VALIDATION].n, ==, 153);
  for (gint c = 0; c < 3; c++)
    {
      g_assert_cmpfloat (dataset->mean[c], >, 0.3);
      g_assert_cmpfloat (dataset->mean[c], <, 0.6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folder/classes", test_classes);
  g_test_add_func ("/folder/splits", test_splits);
  g_test_add_func ("/folder/refused", test_refused);
  g_test_add_func ("/folder/cancelled", test_cancelled);
  g_test_add_func ("/folder/shared", test_shared);
  return g_test_run ();
}
