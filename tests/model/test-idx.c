/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDX files, gzip and the MNIST source: right values, and refusal of everything that is not sound.
 */
#include <gio/gio.h>
#include <string.h>

#include "model/base/error.h"
#include "model/dataset/dataset.h"
#include "model/dataset/idx.h"
#include "tests/test-util.h"

/* Header and @n_bytes bytes 0, 1, 2, …; dims end with -1. */
static GByteArray *
make_idx (const gint64 *dims, gsize n_bytes)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 n_dims = 0;
  while (dims[n_dims] >= 0)
    n_dims++;
  const guint8 magic[4] = { 0, 0, 8, n_dims };
  g_byte_array_append (bytes, magic, 4);
  for (guint i = 0; i < n_dims; i++)
    {
      guint32 dim = GUINT32_TO_BE ((guint32) dims[i]);
      g_byte_array_append (bytes, (const guint8 *) &dim, 4);
    }
  for (gsize i = 0; i < n_bytes; i++)
    {
      guint8 byte = (guint8) i;
      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

static GByteArray *
gzip (const GByteArray *bytes)
{
  g_autoptr (GConverter) converter
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  GByteArray *packed = g_byte_array_new ();
  g_byte_array_set_size (packed, bytes->len + 1024);
  gsize used, made;
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (g_converter_convert (converter, bytes->data, bytes->len, packed->data,
                                        packed->len, G_CONVERTER_INPUT_AT_END, &used, &made,
                                        &error),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_set_size (packed, (guint) made);
  return packed;
}

/* Parses and reads all of it; NULL with @error if either fails. */
static guint8 *
read_all (RfIdx *idx, GError **error)
{
  if (!idx)
    return NULL;
  g_autofree guint8 *values = g_malloc (idx->count);
  return rf_idx_read (idx, values, error) ? g_steal_pointer (&values) : NULL;
}

static void
assert_refused (const guint8 *data, gsize size, const char *hint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfIdx) idx = rf_idx_parse (data, size, "picture.idx", &error);
  g_autofree guint8 *values = read_all (idx, &error);
  g_assert_null (values);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, RF_ERROR);
  g_assert_nonnull (strstr (error->message, "picture.idx"));
  if (!strstr (error->message, hint))
    g_error ("“%s” does not say “%s”", error->message, hint);
}

static void
test_values (void)
{
  static const gint64 dims[][6] = { { 24, -1 }, { 4, 6, -1 }, { 2, 3, 4, -1 }, { 1, 2, 3, 4, -1 } };
  for (guint i = 0; i < G_N_ELEMENTS (dims); i++)
    for (int packed = 0; packed < 2; packed++)
      {
        g_autoptr (GByteArray) plain = make_idx (dims[i], 24);
        g_autoptr (GByteArray) bytes = packed ? gzip (plain) : g_byte_array_ref (plain);
        g_autoptr (GError) error = NULL;
        g_autoptr (RfIdx) idx = rf_idx_parse (bytes->data, bytes->len, "idx", &error);
        g_assert_no_error (error);
        g_assert_cmpuint (idx->n_dims, ==, i + 1);
        g_assert_cmpuint (idx->count, ==, 24);
        for (guint d = 0; d <= i; d++)
          g_assert_cmpint ((gint64) idx->dims[d], ==, dims[i][d]);
        g_autofree guint8 *values = read_all (idx, &error);
        g_assert_no_error (error);
        for (guint j = 0; j < 24; j++)
          g_assert_cmpuint (values[j], ==, j);
      }
}

static void
test_labels (void)
{
  static const gint64 dims[] = { 200, -1 };
  g_autoptr (GByteArray) bytes = make_idx (dims, 200);
  gint32 labels[200];
  g_autoptr (GError) error = NULL;
  g_autoptr (RfIdx) sound = rf_idx_parse (bytes->data, bytes->len, "labels", &error);
  g_assert_true (rf_idx_read_labels (sound, 200, labels, &error));
  for (gint i = 0; i < 200; i++)
    g_assert_cmpint (labels[i], ==, i);

  g_autoptr (RfIdx) unsound = rf_idx_parse (bytes->data, bytes->len, "labels", &error);
  g_assert_false (rf_idx_read_labels (unsound, 199, labels, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "label 199 of 200 is 199"));
}

static void
test_refused (void)
{
  static const gint64 dims[] = { 2, 3, 4, -1 }, none[] = { 0, 3, 4, -1 };
  static const gint64 wrap[] = { 641, 6700417, -1 }, huge[] = { 4294967295, 4294967295, 7, -1 };
  static const gint64 many[] = { 1, 1, 1, 1, 1, -1 };
  const struct
  {
    const gint64 *dims;
    gsize n_bytes;
    const char *hint;
  } cases[]
      = { { dims, 23, "cut short" },  { dims, 25, "goes on after" }, { none, 0, "holds nothing" },
          { wrap, 1, "641×6700417" }, { huge, 24, "4294967295" },    { many, 1, "5 dimensions" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = make_idx (cases[i].dims, cases[i].n_bytes);
      g_autoptr (GByteArray) packed = gzip (bytes);
      /* What is too small shows in a plain file before, in a packed one after reading. */
      assert_refused (bytes->data, bytes->len, i == 0 ? "has 23 bytes" : cases[i].hint);
      assert_refused (packed->data, packed->len, cases[i].hint);
    }

  g_autoptr (GByteArray) bytes = make_idx (dims, 24);
  assert_refused (NULL, 0, "cut short");
  assert_refused (bytes->data, 3, "cut short");
  assert_refused (bytes->data, 10, "cut short");
  bytes->data[2] = 0x0d;
  assert_refused (bytes->data, bytes->len, "32-bit floats");
  bytes->data[2] = 7;
  assert_refused (bytes->data, bytes->len, "element type 07");
  bytes->data[0] = 0x12;
  assert_refused (bytes->data, bytes->len, "begins with 12 00");
}

static void
test_gzip (void)
{
  static const gint64 dims[] = { 2, 3, 4, -1 };
  g_autoptr (GByteArray) plain = make_idx (dims, 24);
  g_autoptr (GByteArray) packed = gzip (plain);

  /* Every cut is found, wherever it is. */
  for (guint size = 2; size < packed->len; size++)
    assert_refused (packed->data, size, "cut short");
  /* So is every flipped bit of checksum and length. */
  for (guint i = packed->len - 8; i < packed->len; i++)
    {
      packed->data[i] ^= 4;
      assert_refused (packed->data, packed->len, "damaged");
      packed->data[i] ^= 4;
    }

  /* Members follow each other; other bytes do not. */
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  for (guint at = 0; at < plain->len; at += 10)
    {
      g_autoptr (GByteArray) piece = g_byte_array_new ();
      g_byte_array_append (piece, plain->data + at, MIN (10, plain->len - at));
      g_autoptr (GByteArray) member = gzip (piece);
      g_byte_array_append (joined, member->data, member->len);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (RfIdx) idx = rf_idx_parse (joined->data, joined->len, "joined", &error);
  g_autofree guint8 *values = read_all (idx, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values, 24, plain->data + 16, 24);
  g_byte_array_append (joined, (const guint8 *) "rest", 4);
  assert_refused (joined->data, joined->len, "after the end");
}

static gboolean
loads (const char *path, GError **error)
{
  g_autoptr (RfIdx) idx = rf_idx_open (path, error);
  g_autofree guint8 *values = read_all (idx, error);
  return values != NULL;
}

static void
test_shared (void)
{
  static const struct
  {
    const char *name;
    gboolean sound;
  } files[] = {
    { "good-images-idx3-ubyte", TRUE },
    { "good-labels-idx1-ubyte", TRUE },
    { "idx-empty-idx3-ubyte", FALSE },
    { "idx-short-header-idx3-ubyte", FALSE },
    { "idx-wrong-magic-idx3-ubyte", FALSE },
    { "idx-unknown-type-idx3-ubyte", FALSE },
    { "idx-rank-255-ubyte", FALSE },
    { "idx-truncated-idx3-ubyte", FALSE },
    { "idx-trailing-idx3-ubyte", FALSE },
    { "idx-huge-dims-idx3-ubyte", FALSE },
    { "idx-wrap32-idx2-ubyte", FALSE },
    { "idx-wrap64-idx3-ubyte", FALSE },
    { "idx-zero-images-idx3-ubyte", FALSE },
    { "mismatch-images-idx3-ubyte", TRUE },
    { "mismatch-labels-idx1-ubyte", TRUE },
    { "good-images-idx3-ubyte.gz", TRUE },
    { "gz-truncated-idx3-ubyte.gz", FALSE },
    { "gz-no-trailer-idx3-ubyte.gz", FALSE },
    { "gz-bad-crc-idx3-ubyte.gz", FALSE },
    { "gz-isize-4g-idx3-ubyte.gz", FALSE },
    { "gz-claims-large-idx3-ubyte.gz", FALSE },
    { "gz-bomb-idx3-ubyte.gz", FALSE },
    { "gz-not-gzip-idx3-ubyte.gz", TRUE },
  };
  g_autofree char *folder = rf_test_shared ("data/bad");
  if (!folder)
    return;
  const char *const no_folders[] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
      g_autoptr (GError) error = NULL, info_error = NULL;
      g_test_message ("%s", files[i].name);
      gboolean sound = loads (path, &error);
      if (error)
        g_test_message ("%s", error->message);
      g_assert_true (sound == files[i].sound);
      g_assert_true (sound == !error);

      json_t *info = rf_dataset_info (path, no_folders, &info_error);
      g_assert_true (files[i].sound == (info != NULL));
      json_decref (info);
    }

  /* Label 200 of ten labels: wrong for ten classes, and implausible for any number. */
  g_autofree char *labels = g_build_filename (folder, "labels-out-of-range-idx1-ubyte", NULL);
  gint32 values[10];
  g_autoptr (GError) error = NULL, info_error = NULL;
  g_autoptr (RfIdx) idx = rf_idx_open (labels, &error);
  g_assert_no_error (error);
  g_assert_false (rf_idx_read_labels (idx, 10, values, &error));
  g_assert_nonnull (strstr (error->message, "label 6 of 10 is 200"));
  g_assert_null (rf_dataset_info (labels, no_folders, &info_error));
  g_assert_error (info_error, RF_ERROR, RF_ERROR_FORMAT);
}

/* Writes one of MNIST's files with @n pictures or labels. */
static void
write_part (const char *folder, const char *name, gint64 n, gint64 side, gboolean packed)
{
  const gint64 dims[] = { n, side ? side : -1, side, -1 };
  g_autoptr (GByteArray) plain = make_idx (dims, (gsize) (side ? n * side * side : n));
  g_autoptr (GByteArray) bytes = packed ? gzip (plain) : g_byte_array_ref (plain);
  g_autofree char *file = g_strconcat (name, packed ? ".gz" : NULL, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

static RfDataset *
load_mnist (const char *folder, GError **error)
{
  const char *const folders[] = { folder, NULL };
  RfDatasetConfig config = { .kind = RF_DATASET_ID, .source = (char *) "mnist" };
  return rf_dataset_load (&config, (RfShape){ 0 }, folders, NULL, NULL, NULL, error);
}

static void
test_source (void)
{
  static const char *const places[] = { "mnist", "MNIST/raw", "" };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      char *root = rf_test_make_folder ();
      g_autofree char *folder = g_build_filename (root, places[i], NULL);
      g_mkdir_with_parents (folder, 0700);
      write_part (folder, "train-images-idx3-ubyte", 10, 5, i != 1);
      write_part (folder, "train-labels-idx1-ubyte", 10, 0, i == 1);

      g_autoptr (GError) error = NULL;
      g_assert_null (load_mnist (root, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
      g_assert_nonnull (strstr (error->message, "t10k-images-idx3-ubyte"));
      g_clear_error (&error);

      write_part (folder, "t10k-images-idx3-ubyte", 4, 5, FALSE);
      write_part (folder, "t10k-labels-idx1-ubyte", 5, 0, FALSE);
      g_assert_null (load_mnist (root, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "4 pictures"));
      g_clear_error (&error);

      write_part (folder, "t10k-labels-idx1-ubyte", 4, 0, FALSE);
      g_autoptr (RfDataset) dataset = load_mnist (root, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (dataset->n, ==, 14);
      g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 10);
      g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 4);
      g_assert_cmpint (dataset->shape.height, ==, 5);
      g_assert_cmpuint (dataset->bytes[249], ==, 249);
      g_assert_cmpuint (dataset->bytes[250], ==, 0);
      g_assert_cmpint (dataset->labels[9], ==, 9);
      g_assert_cmpint (dataset->labels[13], ==, 3);

      /* A test set of another size does not fit. */
      write_part (folder, "t10k-images-idx3-ubyte", 4, 6, FALSE);
      g_assert_null (load_mnist (root, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      rf_test_remove_folder (root);
    }
}

static void
test_mnist (void)
{
  g_autofree char *folder = rf_test_shared ("data");
  if (!folder)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfDataset) dataset = load_mnist (folder, &error);
  g_assert_no_error (error);
  static const gint64 per_class[] = { 6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958 };
  gint64 counts[10] = { 0 };
  for (gsize i = 0; i < dataset->n; i++)
    counts[dataset->labels[i]]++;
  g_assert_cmpmem (counts, sizeof counts, per_class, sizeof per_class);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TRAIN].n, ==, 60000);
  g_assert_cmpuint (dataset->splits[RF_SPLIT_TEST].n, ==, 10000);
  /* The values everybody quotes. */
  g_assert_cmpfloat_with_epsilon (dataset->mean[0], 0.1307, 5e-5);
  g_assert_cmpfloat_with_epsilon (dataset->deviation[0], 0.3081, 5e-5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/idx/values", test_values);
  g_test_add_func ("/idx/labels", test_labels);
  g_test_add_func ("/idx/refused", test_refused);
  g_test_add_func ("/idx/gzip", test_gzip);
  g_test_add_func ("/idx/shared", test_shared);
  g_test_add_func ("/idx/source", test_source);
  g_test_add_func ("/idx/mnist", test_mnist);
  return g_test_run ();
}
