/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches: every sample once an epoch, a function of (experiment, epoch, offset), ready in time. */
#include "model/batch/batcher.h"

#include <string.h>

#include "model/augment/augment.h"
#include "model/base/error.h"
#include "model/dataset/build.h"
#include "tests/test-util.h"

/* Pictures of noise, every second of them for training. */
static RfDataset *
make_dataset (gsize n)
{
  g_autoptr (GError) error = NULL;
  RfDataset *dataset
      = rf_dataset_new ("noise", (RfShape){ 3, 32, 32 }, 10, NULL, 2 * n, TRUE, &error);
  g_assert_no_error (error);
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);
  for (gsize i = 0; i < 2 * n * 3072; i++)
    dataset->bytes[i] = (guint8) rf_random_uint32 (&random);
  for (guint32 i = 0; i < 2 * n; i++)
    {
      dataset->labels[i] = (gint32) (i % 10);
      rf_dataset_add_rows (dataset, i % 2 ? RF_SPLIT_TRAIN : RF_SPLIT_TEST, i, 1);
    }
  dataset->normalized = TRUE;
  for (int c = 0; c < 3; c++)
    {
      dataset->mean[c] = 0.4 + 0.1 * c;
      dataset->deviation[c] = 0.2 + 0.1 * c;
    }
  return dataset;
}

static RfExperiment *
make_experiment (int batch_size, gboolean shuffle, const char *augment)
{
  g_autofree char *text = g_strdup_printf (
      "{\"dataset\": {\"id\": \"mnist\"}, \"network\": {\"layers\": [{\"type\": \"flatten\"}, "
      "{\"type\": \"linear\", \"units\": 10}]}, \"training\": {\"optimizer\": {\"type\": \"sgd\", "
      "\"learning_rate\": 0.1}, \"batch_size\": %d, \"epochs\": 1, \"seed\": 5, \"shuffle\": %s, "
      "\"augment\": [%s]}}",
      batch_size, shuffle ? "true" : "false", augment);
  g_autoptr (GError) error = NULL;
  RfExperiment *experiment = rf_experiment_parse (text, -1, "test", "/", NULL, &error);
  g_assert_no_error (error);
  return experiment;
}

#define FLIP_AND_CROP "{\"type\": \"flip\"}, {\"type\": \"crop\", \"padding\": 4}"

/* What sample @position of an epoch must be. */
static void
expect_sample (const RfDataset *dataset, const RfExperiment *experiment, gint64 epoch,
               gint64 position, float *image, gint32 *label)
{
  const RfTrainingConfig *training = &experiment->training;
  const RfRows *rows = &dataset->splits[RF_SPLIT_TRAIN];
  g_autofree guint32 *order = g_new (guint32, rows->n);
  rf_batcher_order (rows, training->seed, epoch, training->shuffle, order);
  guint32 row = order[position];
  *label = dataset->labels[row];
  if (training->augment->len == 0)
    {
      rf_dataset_get (dataset, row, image);
      return;
    }
  g_autofree float *scratch = g_new (float, RF_SHAPE_COUNT (dataset->shape));
  rf_dataset_get_raw (dataset, row, image);
  rf_augment_apply (training->augment, training->seed, epoch, row, dataset->shape, image, scratch);
  rf_dataset_normalize (dataset, image);
}

static void
check_batch (const RfBatch *batch, const RfDataset *dataset, const RfExperiment *experiment)
{
  for (int i = 0; i < batch->n; i++)
    {
      float image[3072];
      gint32 label;
      expect_sample (dataset, experiment, batch->epoch, batch->offset + i, image, &label);
      g_assert_cmpint (batch->labels[i], ==, label);
      g_assert_cmpmem (batch->images + (gsize) i * 3072, sizeof image, image, sizeof image);
    }
}

static void
test_order (void)
{
  guint32 rows[100], a[100], b[100];
  for (guint32 i = 0; i < 100; i++)
    rows[i] = 2 * i;
  const RfRows list = { rows, 100 };
  rf_batcher_order (&list, 1, 1, FALSE, a);
  g_assert_cmpmem (a, sizeof a, rows, sizeof rows);
  rf_batcher_order (&list, 1, 1, TRUE, a);
  rf_batcher_order (&list, 1, 1, TRUE, b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
  rf_batcher_order (&list, 1, 2, TRUE, b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
  rf_batcher_order (&list, 2, 1, TRUE, b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
  gboolean seen[200] = { FALSE };
  for (int i = 0; i < 100; i++)
    {
      g_assert_false (seen[a[i]]);
      seen[a[i]] = TRUE;
      g_assert_cmpuint (a[i] % 2, ==, 0);
    }
}

/* Epochs follow each other; the last batch of each is what is left. */
static void
check_epochs (gboolean shuffle, const char *augment)
{
  g_autoptr (RfDataset) dataset = make_dataset (150);
  g_autoptr (RfExperiment) experiment = make_experiment (64, shuffle, augment);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfBatcher) batcher = rf_batcher_new (dataset, 64, &error);
  g_assert_no_error (error);
  rf_batcher_seek (batcher, experiment, 1, 0);
  for (gint64 epoch = 1; epoch <= 3; epoch++)
    for (gint64 offset = 0; offset < 150; offset += 64)
      {
        const RfBatch *batch = rf_batcher_next (batcher);
        g_assert_cmpint (batch->epoch, ==, epoch);
        g_assert_cmpint (batch->offset, ==, offset);
        g_assert_cmpint (batch->n, ==, MIN (64, 150 - offset));
        g_assert_true (batch->last == (offset == 128));
        check_batch (batch, dataset, experiment);
      }
}

static void
test_epochs (void)
{
  check_epochs (TRUE, FLIP_AND_CROP);
  check_epochs (FALSE, "");
}

/* Whatever was sought before, a batch is a function of experiment, epoch and offset. */
static void
test_seek (void)
{
  g_autoptr (RfDataset) dataset = make_dataset (300);
  static const int sizes[] = { 1, 100, 7, 300, 64 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RfBatcher) batcher = rf_batcher_new (dataset, 512, &error);
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < 60; i++)
    {
      const char *augment = i % 3 ? "" : FLIP_AND_CROP;
      g_autoptr (RfExperiment) experiment
          = make_experiment (sizes[i % G_N_ELEMENTS (sizes)], i % 2, augment);
      gint64 epoch = 1 + rf_random_below (&random, 3), offset = rf_random_below (&random, 301);
      rf_batcher_seek (batcher, experiment, epoch, offset);
      for (guint32 n = rf_random_below (&random, 3); n > 0; n--)
        {
          const RfBatch *batch = rf_batcher_next (batcher);
          /* At the end of an epoch the next begins. */
          g_assert_cmpint (batch->epoch, ==, offset == 300 ? epoch + 1 : epoch);
          g_assert_cmpint (batch->offset, ==, offset == 300 ? 0 : offset);
          check_batch (batch, dataset, experiment);
          epoch = batch->last ? batch->epoch + 1 : batch->epoch;
          offset = batch->last ? 0 : batch->offset + batch->n;
        }
    }
}

static void
test_empty (void)
{
  g_autoptr (RfDataset) dataset = make_dataset (10);
  g_autoptr (GError) error = NULL;
  gsize n = dataset->splits[RF_SPLIT_TRAIN].n;
  dataset->splits[RF_SPLIT_TRAIN].n = 0;
  g_assert_null (rf_batcher_new (dataset, 4, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  dataset->splits[RF_SPLIT_TRAIN].n = n;
}

/* A step that takes longer than a batch never waits but for the first. */
static void
test_waits (void)
{
  g_autoptr (RfDataset) dataset = make_dataset (2000);
  g_autoptr (RfExperiment) experiment = make_experiment (128, TRUE, FLIP_AND_CROP);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfBatcher) batcher = rf_batcher_new (dataset, 128, &error);
  gint64 n_waits;
  double seconds;

  rf_batcher_seek (batcher, experiment, 1, 0);
  for (int i = 0; i < 100; i++)
    rf_batcher_next (batcher);
  rf_batcher_waits (batcher, &n_waits, &seconds);
  g_test_message ("%.2f ms to make a batch", 1000 * seconds / 100);

  /* A busy machine may hold up the maker for a while: longer steps in each of five attempts. */
  double step = 4 * seconds / 100;
  for (int attempt = 0; attempt < 5; attempt++, step *= 2)
    {
      rf_batcher_seek (batcher, experiment, 1, 0);
      for (int i = 0; i < 100; i++)
        {
          rf_batcher_next (batcher);
          g_usleep ((gulong) (step * 1e6));
        }
      rf_batcher_waits (batcher, &n_waits, &seconds);
      g_test_message ("waited %d times for %.2f ms", (int) n_waits, 1000 * seconds);
      if (n_waits <= 1)
        return;
    }
  g_assert_cmpint (n_waits, <=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batcher/order", test_order);
  g_test_add_func ("/batcher/epochs", test_epochs);
  g_test_add_func ("/batcher/seek", test_seek);
  g_test_add_func ("/batcher/empty", test_empty);
  g_test_add_func ("/batcher/waits", test_waits);
  return g_test_run ();
}
