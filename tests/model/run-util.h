/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small data set and experiment for tests of training: pictures of 8×8 pixels in four classes,
 * each a bright corner in noise, and a network with all that depends on random numbers: shuffling,
 * augmentation, dropout, batch normalisation. */

#include "model/base/random.h"
#include "model/run/folder.h"
#include "tests/test-util.h"

#define N_IMAGES        270
#define N_TRAIN         200 /* of them; the rest are for validation and test */
#define BATCH_SIZE      32
#define STEPS_PER_EPOCH 7 /* the last has 8 samples */

#define SMALL_CNN                                                                                  \
  "{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3, \"padding\": 1, \"l2\": 0.0005},"         \
  "{\"type\": \"batchnorm\"}, {\"type\": \"relu\"}, {\"type\": \"maxpool\", \"size\": 2},"         \
  "{\"type\": \"dropout\", \"rate\": 0.2}, {\"type\": \"flatten\"},"                               \
  "{\"type\": \"linear\", \"units\": 12, \"l1\": 0.0001}, {\"type\": \"relu\"},"                   \
  "{\"type\": \"dropout\", \"rate\": 0.3}, {\"type\": \"linear\", \"units\": 4}"
#define MOMENTUM "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9}"

/* Writes DATA.safetensors into @folder, the same bytes each time; free the path. */
static inline char *
write_corners (const char *folder)
{
  g_autofree guint8 *images = g_new (guint8, N_IMAGES * 64);
  g_autofree gint64 *labels = g_new (gint64, N_IMAGES);
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < N_IMAGES; i++)
    {
      labels[i] = rf_random_below (&random, 4);
      for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
          {
            gboolean corner = (x < 4) == (labels[i] % 2) && (y < 4) == (labels[i] / 2);
            images[i * 64 + y * 8 + x] = (guint8) (rf_random_below (&random, 120) + 135 * corner);
          }
    }
  const RfTensor tensors[] = {
    { .name = (char *) "images",
      .dtype = RF_DTYPE_U8,
      .n_dims = 4,
      .dims = { N_IMAGES, 1, 8, 8 },
      .count = N_IMAGES * 64,
      .data = images,
      .size = N_IMAGES * 64 },
    { .name = (char *) "labels",
      .dtype = RF_DTYPE_I64,
      .n_dims = 1,
      .dims = { N_IMAGES },
      .count = N_IMAGES,
      .data = labels,
      .size = N_IMAGES * sizeof (gint64) },
  };
  char *path = g_build_filename (folder, "corners.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  rf_safetensors_write (path, tensors, 2, NULL, &error);
  g_assert_no_error (error);
  return path;
}

/* An experiment on it. @layers and @optimizer as in the file. */
static inline RfExperiment *
make_experiment (const char *data, const char *layers, const char *optimizer, int epochs)
{
  g_autofree char *text = g_strdup_printf (
      "{\"name\": \"corners\", \"dataset\": {\"safetensors\": \"%s\", \"validation_fraction\": 0.1,"
      "\"test_fraction\": 0.16}, \"network\": {\"layers\": [%s]}, \"training\": {\"optimizer\": %s,"
      "\"batch_size\": %d, \"epochs\": %d, \"seed\": 3, \"schedule\": {\"type\": \"cosine\","
      "\"minimum\": 0.1, \"warmup_steps\": 5}, \"augment\": [{\"type\": \"flip\", \"probability\":"
      "0.1}, {\"type\": \"crop\", \"padding\": 1}]}}",
      data, layers, optimizer, BATCH_SIZE, epochs);
  g_autoptr (GError) error = NULL;
  RfExperiment *experiment = rf_experiment_parse (text, -1, "test", "/", NULL, &error);
  g_assert_no_error (error);
  return experiment;
}

static inline RfDataset *
load_dataset (const RfExperiment *experiment)
{
  const char *const folders[] = { NULL };
  g_autoptr (GError) error = NULL;
  RfDataset *dataset = rf_dataset_load (&experiment->dataset, experiment->network.input, folders,
                                        NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static inline RfEngine *
make_engine (RfExperiment *experiment)
{
  g_autoptr (RfDataset) dataset = load_dataset (experiment);
  g_autoptr (GError) error = NULL;
  RfEngine *engine = rf_engine_new (experiment, dataset, rf_kernels_path (), &error);
  g_assert_no_error (error);
  return engine;
}

/* The bytes of a file of a run. */
static inline GBytes *
read_bytes (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *bytes;
  gsize size;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, size);
}

static inline void
assert_same_file (const char *folder, const char *other, const char *name)
{
  g_autoptr (GBytes) a = read_bytes (folder, name);
  g_autoptr (GBytes) b = read_bytes (other, name);
  g_assert_true (g_bytes_equal (a, b));
}

/* The same rows but for what a clock says. */
static inline void
assert_same_rows (const char *folder, const char *other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) steps = rf_run_read_steps (folder, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) steps2 = rf_run_read_steps (other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, ==, steps2->len);
  for (guint i = 0; i < steps->len; i++)
    {
      RfStepRow a = g_array_index (steps, RfStepRow, i), b = g_array_index (steps2, RfStepRow, i);
      g_assert_cmpint (a.step, ==, i + 1);
      a.seconds = b.seconds = 0;
      g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
    }

  g_autoptr (GArray) epochs = rf_run_read_epochs (folder, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) epochs2 = rf_run_read_epochs (other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (epochs->len, ==, epochs2->len);
  for (guint i = 0; i < epochs->len; i++)
    {
      RfEpochRow a = g_array_index (epochs, RfEpochRow, i);
      RfEpochRow b = g_array_index (epochs2, RfEpochRow, i);
      g_assert_cmpint (a.epoch, ==, i + 1);
      a.seconds = b.seconds = a.images_per_second = b.images_per_second = 0;
      g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
    }
}
