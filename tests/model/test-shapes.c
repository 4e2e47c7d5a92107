/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The built-in set: always there, always the same, quickly drawn. That networks learn it and a
 * linear model does not is for the tests of training. */
#include <string.h>

#include "model/base/pool.h"
#include "model/dataset/dataset.h"

static RfDataset *
load (void)
{
  const char *const folders[] = { NULL };
  RfDatasetConfig config = { .kind = RF_DATASET_ID, .source = (char *) "shapes" };
  g_autoptr (GError) error = NULL;
  RfDataset *dataset = rf_dataset_load (&config, (RfShape){ 0 }, folders, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static void
test_set (void)
{
  g_autoptr (RfDataset) dataset = load ();
  g_assert_cmpuint (dataset->n, ==, 12000);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 10000);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 2000);
  g_assert_cmpint (dataset->n_classes, ==, 10);
  g_assert_cmpint (dataset->shape.channels, ==, 3);
  g_assert_cmpint (dataset->shape.height, ==, 32);
  g_assert_cmpint (dataset->shape.width, ==, 32);
  g_assert_true (dataset->normalized);
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      const RfRows *rows = &dataset->splits[split];
      gsize counts[10] = { 0 };
      for (gsize i = 0; i < rows->n; i++)
        counts[dataset->labels[rows->rows[i]]]++;
      for (int i = 0; i < 10; i++)
        g_assert_cmpuint (counts[i], ==, rows->n / 10);
    }
  /* Colours use the whole range, and no picture is flat. */
  for (int c = 0; c < 3; c++)
    {
      g_assert_cmpfloat (dataset->mean[c], >, 0.3);
      g_assert_cmpfloat (dataset->mean[c], <, 0.7);
      g_assert_cmpfloat (dataset->deviation[c], >, 0.15);
    }
  for (gsize row = 0; row < dataset->n; row++)
    {
      const guint8 *bytes = dataset->bytes + row * 3072;
      guint8 lowest = 255, highest = 0;
      for (int i = 0; i < 3072; i++)
        {
          lowest = MIN (lowest, bytes[i]);
          highest = MAX (highest, bytes[i]);
        }
      g_assert_cmpint (highest - lowest, >, 60);
    }
}

static void
test_same (void)
{
  g_autoptr (RfDataset) one = NULL, three = NULL;
  rf_pool_set_threads (1);
  one = load ();
  rf_pool_set_threads (3);
  three = load ();
  rf_pool_set_threads (0);
  g_assert_cmpstr (one->fingerprint, ==, three->fingerprint);
  g_assert_cmpmem (one->bytes, 12000 * 3072, three->bytes, 12000 * 3072);
}

static void
test_info (void)
{
  const char *const folders[] = { NULL };
  g_autoptr (GError) error = NULL;
  json_t *info = rf_dataset_info ("shapes", folders, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_integer_value (json_object_get (info, "n")), ==, 12000);
  g_assert_cmpuint (json_array_size (json_object_get (info, "classes")), ==, 10);
  json_t *test = json_object_get (json_object_get (info, "splits"), "test");
  g_assert_cmpint (json_integer_value (json_object_get (test, "n")), ==, 2000);
  g_autofree char *text = rf_dataset_info_text (info);
  g_assert_nonnull (strstr (text, "3×32×32"));
  g_assert_nonnull (strstr (text, "crescent (1200)"));
  json_decref (info);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shapes/set", test_set);
  g_test_add_func ("/shapes/same", test_same);
  g_test_add_func ("/shapes/info", test_info);
  return g_test_run ();
}
