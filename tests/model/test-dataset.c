/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is common to all data sets: safetensors, splits, normalisation, fingerprint, folders, info.
 */
#include "model/dataset/dataset.h"

#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/random.h"
#include "model/safetensors/safetensors.h"
#include "tests/test-util.h"

#define N    103
#define SIZE (2 * 3 * 4)

static const char *const no_folders[] = { NULL };

/* A file of N images [2, 3, 4] with labels modulo @n_classes. */
static char *
write_set (const char *folder, RfDtype dtype, gint64 n_labels, gint64 n_classes)
{
  char *path = g_build_filename (folder, "set.safetensors", NULL);
  guint8 bytes[N * SIZE];
  float floats[N * SIZE];
  gint64 labels[N];
  for (int i = 0; i < N * SIZE; i++)
    {
      /* The second channel is flat. */
      bytes[i] = i / 12 % 2 ? 7 : (guint8) (i * 37 % 256);
      floats[i] = (float) bytes[i] - 100.5f;
    }
  for (int i = 0; i < N; i++)
    labels[i] = i % n_classes;
  const RfTensor tensors[] = {
    { .name = (char *) "images",
      .dtype = dtype,
      .n_dims = 4,
      .dims = { N, 2, 3, 4 },
      .count = N * SIZE,
      .data = dtype == RF_DTYPE_U8 ? (const void *) bytes : floats,
      .size = N * SIZE * rf_dtype_size (dtype) },
    { .name = (char *) "labels",
      .dtype = RF_DTYPE_I64,
      .n_dims = 1,
      .dims = { n_labels },
      .count = (gsize) n_labels,
      .data = labels,
      .size = (gsize) n_labels * 8 },
  };
  g_autoptr (GError) error = NULL;
  rf_safetensors_write (path, tensors, 2, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static RfDataset *
load (const char *path, RfDatasetConfig config, GError **error)
{
  config.kind = RF_DATASET_SAFETENSORS;
  config.source = (char *) path;
  return rf_dataset_load (&config, (RfShape){ 0 }, no_folders, NULL, NULL, NULL, error);
}

/* Mean and deviation of a channel, plainly, over the rows of the training split. */
static void
plain_statistics (const RfDataset *dataset, gint channel, double *mean, double *deviation)
{
  const RfRows *rows = &dataset->splits[RF_SPLIT_TRAIN];
  double sum = 0, squares = 0, n = (double) rows->n * 12;
  for (int pass = 0; pass < 2; pass++)
    for (gsize i = 0; i < rows->n; i++)
      for (int j = 0; j < 12; j++)
        {
          float image[SIZE];
          rf_dataset_get_raw (dataset, rows->rows[i], image);
          double x = image[channel * 12 + j];
          sum += pass == 0 ? x : 0;
          squares += pass == 1 ? (x - sum / n) * (x - sum / n) : 0;
        }
  *mean = sum / n;
  *deviation = sqrt (squares / n);
}

static void
test_pictures (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_U8, N, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load (path, (RfDatasetConfig){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_true (dataset->pictures);
  g_assert_true (dataset->normalized);
  g_assert_cmpuint (dataset->n, ==, N);
  g_assert_cmpint (dataset->n_classes, ==, 5);
  g_assert_cmpstr (dataset->classes[4], ==, "4");
  g_assert_cmpint (dataset->labels[7], ==, 2);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 0);

  double mean, deviation;
  plain_statistics (dataset, 0, &mean, &deviation);
  g_assert_cmpfloat_with_epsilon (dataset->mean[0], mean, 1e-7);
  g_assert_cmpfloat_with_epsilon (dataset->deviation[0], deviation, 1e-7);
  /* With the nine digits that a run folder keeps. */
  g_assert_cmpfloat (dataset->mean[1], ==, 0.0274509804);
  g_assert_cmpfloat (dataset->deviation[1], ==, 1); /* flat */

  /* Normalised, in both ways: at once, and by way of the raw values. */
  float image[SIZE], raw[SIZE];
  for (guint32 row = 0; row < N; row++)
    {
      rf_dataset_get (dataset, row, image);
      rf_dataset_get_raw (dataset, row, raw);
      for (int i = 0; i < SIZE; i++)
        {
          int c = i / 12;
          double value = dataset->bytes[row * SIZE + (guint32) i] / 255.0;
          g_assert_cmpfloat_with_epsilon (raw[i], value, 1e-6);
          g_assert_cmpfloat_with_epsilon (image[i],
                                          (value - dataset->mean[c]) / dataset->deviation[c], 1e-5);
        }
      rf_dataset_normalize (dataset, raw);
      for (int i = 0; i < SIZE; i++)
        g_assert_cmpfloat_with_epsilon (image[i], raw[i], 1e-5);
    }
  rf_test_remove_folder (folder);
}

static void
test_floats (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_F32, N, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) plain = load (path, (RfDatasetConfig){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_false (plain->pictures);
  g_assert_false (plain->normalized);
  float image[SIZE];
  rf_dataset_get (plain, 1, image);
  for (int i = 0; i < SIZE; i++)
    g_assert_cmpfloat (image[i], ==, (float) (i / 12 ? 7 : (SIZE + i) * 37 % 256) - 100.5f);

  g_autoptr (RfDataset) normal
      = load (path, (RfDatasetConfig){ .normalize = RF_NORMALIZE_YES }, &error);
  g_assert_no_error (error);
  double mean, deviation;
  plain_statistics (normal, 0, &mean, &deviation);
  g_assert_cmpfloat_with_epsilon (normal->mean[0], mean, 1e-6);
  g_assert_cmpfloat_with_epsilon (normal->deviation[0], deviation, 1e-6);
  g_assert_cmpfloat (normal->mean[1], ==, -93.5);
  g_assert_cmpfloat (normal->deviation[1], ==, 1);
  rf_test_remove_folder (folder);
}

static void
test_normalize (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_U8, N, 5);
  g_autoptr (GError) error = NULL;
  RfDatasetConfig config = {
    .normalize = RF_NORMALIZE_GIVEN, .n_channels = 2, .mean = { 0.5, 0.25 }, .deviation = { 2, 0.5 }
  };
  g_autoptr (RfDataset) given = load (path, config, &error);
  g_assert_no_error (error);
  float image[SIZE];
  rf_dataset_get (given, 0, image);
  g_assert_cmpfloat_with_epsilon (image[1], (37 / 255.0 - 0.5) / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (image[12], (7 / 255.0 - 0.25) / 0.5, 1e-6);

  config.n_channels = 3;
  g_assert_null (load (path, config, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_OPTION);
  g_clear_error (&error);

  g_autoptr (RfDataset) none
      = load (path, (RfDatasetConfig){ .normalize = RF_NORMALIZE_NO }, &error);
  rf_dataset_get (none, 0, image);
  g_assert_cmpfloat_with_epsilon (image[1], 37 / 255.0, 1e-6);
  rf_test_remove_folder (folder);
}

/* Each row at most once over all splits, going up within each. */
static void
check_splits (const RfDataset *dataset, gsize n_train, gsize n_validation, gsize n_test)
{
  const gsize expected[RF_N_SPLITS] = { n_train, n_validation, n_test };
  gboolean seen[N] = { FALSE };
  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      const RfRows *rows = &dataset->splits[split];
      g_assert_cmpuint (rows->n, ==, expected[split]);
      for (gsize i = 0; i < rows->n; i++)
        {
          g_assert_cmpuint (rows->rows[i], <, N);
          g_assert_false (seen[rows->rows[i]]);
          g_assert_true (i == 0 || rows->rows[i] > rows->rows[i - 1]);
          seen[rows->rows[i]] = TRUE;
        }
    }
}

static void
test_splits (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_U8, N, 5);
  g_autoptr (GError) error = NULL;
  static const struct
  {
    RfDatasetConfig config;
    gsize n[RF_N_SPLITS];
  } cases[] = {
    { { .limit = 0 }, { N, 0, 0 } },
    { { .limit = 40 }, { 40, 0, 0 } },
    { { .limit = 1000 }, { N, 0, 0 } },
    { { .limit = 1 }, { 1, 0, 0 } },
    { { .validation_fraction = 0.1 }, { 93, 10, 0 } },
    { { .test_fraction = 0.2 }, { 82, 0, 21 } },
    { { .limit = 50, .validation_fraction = 0.1, .test_fraction = 0.3 }, { 30, 5, 15 } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RfDataset) dataset = load (path, cases[i].config, &error);
      g_assert_no_error (error);
      check_splits (dataset, cases[i].n[0], cases[i].n[1], cases[i].n[2]);
      g_autoptr (RfDataset) again = load (path, cases[i].config, &error);
      g_assert_cmpmem (dataset->splits[0].rows, dataset->splits[0].n * sizeof (guint32),
                       again->splits[0].rows, again->splits[0].n * sizeof (guint32));
    }

  /* A limit keeps the first of the shuffled rows; statistics are of the rows kept. */
  guint32 order[N];
  for (guint32 i = 0; i < N; i++)
    order[i] = i;
  RfRandom random = rf_random (9, RF_RANDOM_SPLIT, 0, 0);
  rf_random_shuffle (&random, order, N);
  g_autoptr (RfDataset) limited = load (path, (RfDatasetConfig){ .limit = 17, .seed = 9 }, &error);
  for (gsize i = 0; i < 17; i++)
    {
      gboolean found = FALSE;
      for (gsize j = 0; j < 17; j++)
        found |= limited->splits[0].rows[j] == order[i];
      g_assert_true (found);
    }
  double mean, deviation;
  plain_statistics (limited, 0, &mean, &deviation);
  g_assert_cmpfloat_with_epsilon (limited->mean[0], mean, 1e-7);
  g_assert_cmpfloat_with_epsilon (limited->deviation[0], deviation, 1e-7);

  RfDatasetConfig all = { .validation_fraction = 0.6, .test_fraction = 0.4 };
  g_assert_null (load (path, all, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_OPTION);
  rf_test_remove_folder (folder);
}

static void
test_fingerprint (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_U8, N, 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) first = load (path, (RfDatasetConfig){ .limit = 50 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (first->fingerprint), ==, strlen ("sha256:") + 64);

  g_autoptr (RfDataset) second
      = load (path, (RfDatasetConfig){ .fingerprint = first->fingerprint }, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->fingerprint, ==, first->fingerprint);

  g_autofree char *changed = write_set (folder, RF_DTYPE_U8, N, 4);
  g_assert_null (load (changed, (RfDatasetConfig){ .fingerprint = first->fingerprint }, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CHANGED);
  rf_test_remove_folder (folder);
}

static void
assert_refused (const char *path, RfError code, const char *hint)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (load (path, (RfDatasetConfig){ 0 }, &error));
  g_assert_error (error, RF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, "set.safetensors"));
  if (!strstr (error->message, hint))
    g_error ("“%s” does not say “%s”", error->message, hint);
}

static void
write_tensors (const char *path, gint64 label, gint64 n_images, float value, const char *labels)
{
  const float floats[2] = { 1, value };
  const gint64 values[2] = { 0, label };
  const RfTensor tensors[] = {
    { .name = (char *) "images",
      .dtype = RF_DTYPE_F32,
      .n_dims = 4,
      .dims = { n_images, 1, 1, 1 },
      .count = (gsize) n_images,
      .data = floats,
      .size = (gsize) n_images * 4 },
    { .name = (char *) labels,
      .dtype = RF_DTYPE_I64,
      .n_dims = 1,
      .dims = { 2 },
      .count = 2,
      .data = values,
      .size = 16 },
  };
  g_autoptr (GError) error = NULL;
  rf_safetensors_write (path, tensors, 2, NULL, &error);
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "set.safetensors", NULL);
  write_tensors (path, -1, 2, 1, "labels");
  assert_refused (path, RF_ERROR_FORMAT, "is -1");
  write_tensors (path, 1000000000, 2, 1, "labels");
  assert_refused (path, RF_ERROR_FORMAT, "1000000000");
  write_tensors (path, 1, 1, 1, "labels");
  assert_refused (path, RF_ERROR_FORMAT, "1 images and 2 labels");
  write_tensors (path, 1, 2, 1, "etiquettes");
  assert_refused (path, RF_ERROR_MISSING, "labels");

  /* Not a number can be looked at, but not normalised. */
  g_autoptr (GError) error = NULL;
  write_tensors (path, 1, 2, NAN, "labels");
  g_autoptr (RfDataset) dataset = load (path, (RfDatasetConfig){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_false (dataset->normalized);
  g_assert_null (load (path, (RfDatasetConfig){ .normalize = RF_NORMALIZE_YES }, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_clear_error (&error);
  json_t *info = rf_dataset_info (path, no_folders, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_integer_value (json_object_get (info, "not_finite")), ==, 1);
  g_assert_true (json_is_null (json_array_get (json_object_get (info, "mean"), 0)));
  g_autofree char *text = rf_dataset_info_text (info);
  g_assert_nonnull (text);
  json_decref (info);
  rf_test_remove_folder (folder);
}

static void
test_names (void)
{
  RfDatasetConfig config = { .kind = RF_DATASET_ID, .source = (char *) "cifer-10" };
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_dataset_load (&config, (RfShape){ 0 }, no_folders, NULL, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "“cifar-10”"));

  for (RfSplit split = 0; split < RF_N_SPLITS; split++)
    {
      RfSplit found;
      g_assert_true (rf_split_from_name (rf_split_name (split), &found));
      g_assert_cmpint (found, ==, split);
    }
  RfSplit split;
  g_assert_false (rf_split_from_name ("trian", &split));
  g_assert_false (rf_split_from_name (NULL, &split));
}

static void
test_folders (void)
{
  g_setenv ("RECEPTIVE_DATA", "/from/variable", TRUE);
  g_auto (GStrv) all = rf_data_folders ("/from/option");
  g_assert_cmpstr (all[0], ==, "/from/option");
  g_assert_cmpstr (all[1], ==, "/from/variable");
  g_autofree char *mine = g_build_filename (g_get_user_data_dir (), "receptive/datasets", NULL);
  g_assert_cmpstr (all[2], ==, mine);
  g_assert_nonnull (all[3]);
  g_unsetenv ("RECEPTIVE_DATA");
  g_auto (GStrv) fewer = rf_data_folders (NULL);
  g_assert_cmpstr (fewer[0], ==, mine);
}

static void
test_info (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (rf_dataset_info ("/nowhere/at-all", no_folders, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (rf_dataset_info ("mnits", no_folders, &error));
  g_assert_nonnull (strstr (error->message, "“mnist”"));
  g_clear_error (&error);
  g_assert_null (rf_dataset_info ("/dev/zero", no_folders, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_clear_error (&error);

  char *folder = rf_test_make_folder ();
  g_autofree char *path = write_set (folder, RF_DTYPE_U8, N, 5);
  json_t *info = rf_dataset_info (path, no_folders, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_integer_value (json_object_get (info, "n")), ==, N);
  g_assert_cmpint (json_integer_value (json_array_get (json_object_get (info, "shape"), 2)), ==, 4);
  g_assert_cmpint (json_integer_value (json_array_get (json_object_get (info, "per_class"), 4)), ==,
                   20);
  g_autofree char *text = rf_dataset_info_text (info);
  g_assert_nonnull (strstr (text, "2×3×4"));
  json_decref (info);
  rf_test_remove_folder (folder);
}

static void
test_shared (void)
{
  g_autofree char *folder = rf_test_shared ("data/bad");
  if (!folder)
    return;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".safetensors"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autoptr (GError) error = NULL;
        json_t *info = rf_dataset_info (path, no_folders, &error);
        g_test_message ("%s: %s", name, error ? error->message : "sound");
        g_assert_true ((info != NULL) == g_str_has_prefix (name, "good"));
        if (info)
          g_assert_cmpuint (json_array_size (json_object_get (info, "tensors")), ==, 2);
        json_decref (info);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset/pictures", test_pictures);
  g_test_add_func ("/dataset/floats", test_floats);
  g_test_add_func ("/dataset/normalize", test_normalize);
  g_test_add_func ("/dataset/splits", test_splits);
  g_test_add_func ("/dataset/fingerprint", test_fingerprint);
  g_test_add_func ("/dataset/refused", test_refused);
  g_test_add_func ("/dataset/names", test_names);
  g_test_add_func ("/dataset/folders", test_folders);
  g_test_add_func ("/dataset/info", test_info);
  g_test_add_func ("/dataset/shared", test_shared);
  return g_test_run ();
}
