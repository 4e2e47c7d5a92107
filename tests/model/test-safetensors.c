/* SPDX-License-Identifier: GPL-3.0-or-later */
/* safetensors: what is refused and how, what is read, what is written, and half floats. */
#include "model/base/error.h"
#include "model/safetensors/safetensors.h"
#include "tests/test-util.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in memory: length, header, data. */
static GByteArray *
make_file (const char *header, const void *data, gsize size)
{
  GByteArray *bytes = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, strlen (header));
  g_byte_array_append (bytes, data, size);
  return bytes;
}

static RfSafetensors *
parse (const char *header, gsize size, GError **error)
{
  g_autofree guint8 *data = g_malloc0 (MAX (size, 1));
  g_autoptr (GByteArray) bytes = make_file (header, data, size);
  g_autofree guint8 *exact = g_memdup2 (bytes->data, bytes->len); /* reads beyond it are seen */

  return rf_safetensors_parse (exact, bytes->len, "f", error);
}

/* --- Headers that are refused ---------------------------------------------------------------- */

typedef struct
{
  const char *header;
  gsize size;
  const char *message;
} BadHeader;

#define A "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"

static const BadHeader bad_headers[] = {
  { "", 0, "f: the header does not begin with \"{\" (byte 0 of the header)" },
  { " {}", 0, "f: the header does not begin with \"{\" (byte 0 of the header)" },
  { "[]", 0, "f: the header does not begin with \"{\" (byte 0 of the header)" },
  { "{", 0, "f: a \"\"\" should stand here (byte 1 of the header)" },
  { "{" A, 8, "f: a \"}\" should stand here (byte 53 of the header)" },
  { "{" A ",}", 8, "f: a \"\"\" should stand here (byte 54 of the header)" },
  { "{" A "}x", 8, "f: more text after the header's last brace (byte 54 of the header)" },
  { "{" A "}{}", 8, "f: more text after the header's last brace (byte 54 of the header)" },
  { "{\"a", 0, "f: a text that does not end (byte 3 of the header)" },
  { "{\"a\\", 0, "f: a text that does not end (byte 4 of the header)" },
  { "{\"a\\\"", 0, "f: a text that does not end (byte 5 of the header)" },
  { "{\"a\n\":{}}", 0, "f: a control character in a text (byte 3 of the header)" },
  { "{\"\xFF\":{}}", 0, "f: a text that is not UTF-8 (byte 2 of the header)" },
  { "{\"\\x\":{}}", 0, "f: a text with an escape that JSON does not have (byte 5 of the header)" },
  { "{\"\\ud800\":{}}", 0,
    "f: a text with an escape that JSON does not have (byte 9 of the header)" },
  { "{\"\\u0000\":{}}", 0,
    "f: a text with an escape that JSON does not have (byte 9 of the header)" },
  { "{\"a\" {}}", 0, "f: a \":\" should stand here (byte 5 of the header)" },
  { "{\"a\":{}}", 0, "f: tensor \"a\": has no dtype (byte 6 of the header)" },
  { "{\"a\":7}", 0, "f: tensor \"a\": a \"{\" should stand here (byte 5 of the header)" },
  { "{\"a\":[[[[]]]]}", 0, "f: tensor \"a\": a \"{\" should stand here (byte 5 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8,
    "f: tensor \"a\": has no data_offsets (byte 32 of the header)" },
  { "{\"a\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a \"\"\" should stand here (byte 14 of the header)" },
  { "{\"a\":{\"dtype\":\"F8\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": unknown dtype \"F8\" (byte 18 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a \"[\" should stand here (byte 28 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a negative number (byte 29 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a \"]\" should stand here (byte 30 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[02],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a number that begins with 0 (byte 31 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[true],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a whole number should stand here (byte 29 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551616],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a number beyond 64 bits (byte 48 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": a dimension beyond 63 bits (byte 48 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": more than 8 dimensions (byte 46 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
    "f: tensor \"a\": its shape has more elements than can be counted" },
  { "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0,
    "f: tensor \"a\": 2305843009213693952 elements of F64 do not take the 0 bytes that it claims" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8,
    "f: tensor \"a\": a \"]\" should stand here (byte 51 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8,
    "f: tensor \"a\": its data begin at byte 8, after their end at 0" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": 3 elements of F32 do not take the 8 bytes that it claims" },
  { "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8,
    "f: tensor \"a\": dtype stands twice (byte 28 of the header)" },
  { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", 8,
    "f: tensor \"a\": unknown field \"x\" (byte 57 of the header)" },
  { "{" A "," A "}", 8, "f: the name \"a\" stands twice (byte 57 of the header)" },
  { "{" A ",\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}", 8,
    "f: tensor \"b\": its data overlap those of \"a\"" },
  { "{" A ",\"b\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]}}", 8,
    "f: tensor \"b\": its data overlap those of \"a\"" },
  { "{" A ",\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[10,14]}}", 14,
    "f: tensor \"b\": the bytes from 8 to 10 before it belong to no tensor" },
  { "{" A "}", 7, "f: tensor \"a\": its data end at byte 8, but the file has only 7" },
  { "{" A "}", 9, "f: the tensors end at byte 8, but the file has 9 bytes of data" },
  { "{}", 1, "f: the tensors end at byte 0, but the file has 1 bytes of data" },
  { "{\"__metadata__\":{\"k\":1}}", 0, "f: a \"\"\" should stand here (byte 21 of the header)" },
  { "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0,
    "f: a key of __metadata__ stands twice (byte 32 of the header)" },
};

static void
test_bad_headers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_headers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfSafetensors) file = parse (bad_headers[i].header, bad_headers[i].size, &error);

      g_assert_null (file);
      g_assert_nonnull (error);
      g_assert_true (error->domain == RF_ERROR);
      g_assert_cmpstr (error->message, ==, bad_headers[i].message);
    }
}

static void
test_bad_lengths (void)
{
  static const struct
  {
    guint8 bytes[12];
    gsize size;
    const char *message;
  } cases[] = {
    { { 0 },
      0,
      "f: not a safetensors file: it has 0 bytes, less than the 8 of its header's length" },
    { { 2 },
      7,
      "f: not a safetensors file: it has 7 bytes, less than the 8 of its header's length" },
    { { 0 }, 8, "f: the header does not begin with \"{\" (byte 0 of the header)" },
    { { 3, 0, 0, 0, 0, 0, 0, 0, '{', '}' },
      10,
      "f: not a safetensors file: its header claims 3 bytes, but only 2 follow" },
    { { 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, '{', '}' },
      10,
      "f: not a safetensors file: its header claims 18446744073709551608 bytes, but only 2 "
      "follow" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *exact = g_memdup2 (cases[i].bytes, MAX (cases[i].size, 1));

      g_assert_null (rf_safetensors_parse (exact, cases[i].size, "f", &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* A header over the limit in a file that really has it, all holes. */
static void
test_long_header (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "long.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  guint64 length = GUINT64_TO_LE (100000001);

  g_assert_true (g_file_set_contents (path, (const char *) &length, sizeof length, NULL));
  g_assert_cmpint (truncate (path, 100000001 + 8), ==, 0);
  g_assert_null (rf_safetensors_open (path, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "its header of 100000001 bytes is longer than 100"));
  rf_test_remove_folder (folder);
}

static void
test_shared (void)
{
  static const struct
  {
    const char *name, *message;
  } cases[] = {
    { "st-empty", "it has 0 bytes" },
    { "st-header-too-long", "its header claims 100000 bytes" },
    { "st-header-length-wraps", "its header claims 18446744073709551608 bytes" },
    { "st-not-json", "the header does not begin with" },
    { "st-overlap", "its data overlap those of \"a\"" },
    { "st-gap", "the bytes from 8 to 16 before it belong to no tensor" },
    { "st-past-end", "its data end at byte 400" },
    { "st-offsets-reversed", "its data begin at byte 24, after their end at 0" },
    { "st-unknown-dtype", "unknown dtype \"F17\"" },
    { "st-negative-shape", "a negative number" },
    { "st-shape-wraps", "more elements than can be counted" },
    { "st-wrong-size", "16 elements of F32 do not take the 60 bytes" },
    { "st-duplicate-keys", "the name \"a\" stands twice" },
    { "st-missing-field", "has no shape" },
    { "st-deep-nesting", "tensor \"a\": a \"{\" should stand here" },
    { "st-bad-utf8", "a text that is not UTF-8" },
    { "st-trailing", "the tensors end at byte 32, but the file has 37 bytes of data" },
  };
  g_autofree char *folder = rf_test_shared ("data/bad");
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSafetensors) good = NULL;
  g_autofree char *path = NULL;
  float a[6];
  gint64 b[2];

  if (folder == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat (cases[i].name, ".safetensors", NULL);
      g_autofree char *bad = g_build_filename (folder, name, NULL);
      g_autoptr (GError) refusal = NULL;

      g_assert_null (rf_safetensors_open (bad, &refusal));
      g_assert_error (refusal, RF_ERROR, RF_ERROR_FORMAT);
      g_test_message ("%s", refusal->message);
      g_assert_true (g_str_has_prefix (refusal->message, bad));
      g_assert_nonnull (strstr (refusal->message, cases[i].message));
      g_assert_null (strchr (refusal->message, '\n'));
    }

  path = g_build_filename (folder, "good.safetensors", NULL);
  good = rf_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rf_safetensors_count (good), ==, 2);
  g_assert_true (rf_tensor_to_floats (rf_safetensors_find (good, "a"), path, a, &error));
  for (guint i = 0; i < G_N_ELEMENTS (a); i++)
    g_assert_cmpfloat (a[i], ==, i);
  g_assert_true (rf_tensor_to_int64 (rf_safetensors_find (good, "b"), path, b, &error));
  g_assert_cmpint (b[0], ==, 7);
  g_assert_cmpint (b[1], ==, -7);
}

static void
test_not_a_file (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  const char *paths[] = { folder, pipe, missing, "/dev/zero" };

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (rf_safetensors_open (paths[i], &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
      g_assert_true (g_str_has_prefix (error->message, paths[i]));
    }
  rf_test_remove_folder (folder);
}

/* --- What is read ---------------------------------------------------------------------------- */

static void
test_order_and_text (void)
{
  /* In the header out of order, unaligned, with space, escapes, a scalar and empty tensors. */
  static const char header[]
      = "{ \"__metadata__\" : { \"format\" : \"pt\" } ,\n"
        "\"\\u00fc/\\ud83d\\udc1d\": {\"data_offsets\": [1, 5], \"shape\": [], \"dtype\": \"F32\"},"
        "\"none\": {\"dtype\":\"F64\",\"shape\":[3,0,7],\"data_offsets\":[1,1]},"
        "\"byte\": {\"dtype\":\"BOOL\",\"shape\":[1,1],\"data_offsets\":[0,1]},"
        "\"\": {\"dtype\":\"I16\",\"shape\":[0],\"data_offsets\":[5,5]}}   \t\r\n ";
  guint8 data[] = { 1, 0, 0, 0xC0, 0x3F }; /* TRUE, 1.5f */
  g_autoptr (GByteArray) bytes = make_file (header, data, sizeof data);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSafetensors) file = rf_safetensors_parse (bytes->data, bytes->len, "memory", &error);
  const RfTensor *tensor;
  float value = 0;
  gint64 truth = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (rf_safetensors_origin (file), ==, "memory");
  g_assert_cmpstr (rf_safetensors_metadata (file, "format"), ==, "pt");
  g_assert_null (rf_safetensors_metadata (file, "other"));
  g_assert_cmpuint (rf_safetensors_count (file), ==, 4);
  g_assert_cmpstr (rf_safetensors_nth (file, 0)->name, ==, "byte");
  g_assert_cmpstr (rf_safetensors_nth (file, 1)->name, ==, "none");
  g_assert_cmpstr (rf_safetensors_nth (file, 3)->name, ==, "");
  g_assert_null (rf_safetensors_find (file, "nowhere"));

  tensor = rf_safetensors_find (file, "ü/🐝");
  g_assert_nonnull (tensor);
  g_assert_true (tensor == rf_safetensors_nth (file, 2));
  g_assert_cmpuint (tensor->n_dims, ==, 0);
  g_assert_cmpuint (tensor->count, ==, 1);
  g_assert_true (rf_tensor_to_floats (tensor, "memory", &value, &error));
  g_assert_cmpfloat (value, ==, 1.5f);

  tensor = rf_safetensors_find (file, "none");
  g_assert_cmpuint (tensor->n_dims, ==, 3);
  g_assert_cmpuint (tensor->count, ==, 0);
  g_assert_cmpuint (tensor->size, ==, 0);
  g_assert_true (rf_tensor_to_int64 (rf_safetensors_find (file, "byte"), "memory", &truth, &error));
  g_assert_cmpint (truth, ==, 1);
}

static void
test_conversions (void)
{
  static const guint8 extremes[] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
  static const struct
  {
    RfDtype dtype;
    gint64 expected;
  } integers[] = {
    { RF_DTYPE_U8, 255 }, { RF_DTYPE_I8, -1 },          { RF_DTYPE_U16, 65535 },
    { RF_DTYPE_I16, -1 }, { RF_DTYPE_U32, 4294967295 }, { RF_DTYPE_I32, -1 },
    { RF_DTYPE_I64, -1 },
  };
  static const guint8 f64[] = { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }; /* -1.5 */
  static const guint8 bf16[] = { 0xC0, 0xBF }, f16[] = { 0x00, 0xBE };
  const RfTensor floats[] = {
    { .name = (char *) "d", .dtype = RF_DTYPE_F64, .count = 1, .data = f64 },
    { .name = (char *) "b", .dtype = RF_DTYPE_BF16, .count = 1, .data = bf16 },
    { .name = (char *) "h", .dtype = RF_DTYPE_F16, .count = 1, .data = f16 },
  };
  RfTensor tensor = { .name = (char *) "t", .count = 1, .data = extremes };
  g_autoptr (GError) error = NULL;
  gint64 integer = 0;
  float number = 0;

  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      tensor.dtype = integers[i].dtype;
      g_assert_true (rf_tensor_to_int64 (&tensor, "f", &integer, &error));
      g_assert_cmpint (integer, ==, integers[i].expected);
    }
  tensor.dtype = RF_DTYPE_U64;
  g_assert_false (rf_tensor_to_int64 (&tensor, "f", &integer, &error));
  g_assert_cmpstr (error->message, ==,
                   "f: tensor \"t\", element 0: 18446744073709551615 is beyond 63 bits");
  g_clear_error (&error);
  g_assert_false (rf_tensor_to_floats (&tensor, "f", &number, &error));
  g_assert_cmpstr (error->message, ==, "f: tensor \"t\" is U64, expected F32, F16, BF16 or F64");
  g_clear_error (&error);
  g_assert_false (rf_tensor_to_int64 (&floats[0], "f", &integer, &error));
  g_assert_cmpstr (error->message, ==,
                   "f: tensor \"d\" is F64, expected whole numbers such as I64");
  g_clear_error (&error);

  for (guint i = 0; i < G_N_ELEMENTS (floats); i++)
    {
      number = 0;
      g_assert_true (rf_tensor_to_floats (&floats[i], "f", &number, &error));
      g_assert_cmpfloat (number, ==, -1.5f);
    }
}

/* --- What is written ------------------------------------------------------------------------- */

static void
test_write (void)
{
  static const float weights[] = { 1, -2.5f, 3 };
  static const gint64 step = -7;
  static const guint8 mask[] = { 0, 1, 1 };
  static const guint16 halves[] = { 0x3C00 };
  static const char *const metadata[] = { "format", "pt", "who \"me\"", "ü\n", NULL };
  static const char expected[]
      = "{\"__metadata__\":{\"format\":\"pt\",\"who \\\"me\\\"\":\"ü\\n\"},"
        "\"step\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
        "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[8,20]},"
        "\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[20,20]},"
        "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[20,22]},"
        "\"mask\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[22,25]}}";
  const RfTensor tensors[] = {
    { .name = (char *) "mask", .dtype = RF_DTYPE_U8, .n_dims = 1, .dims = { 3 }, .data = mask },
    { .name = (char *) "0.weight",
      .dtype = RF_DTYPE_F32,
      .n_dims = 2,
      .dims = { 3, 1 },
      .data = weights },
    { .name = (char *) "none", .dtype = RF_DTYPE_F32, .n_dims = 2, .dims = { 0, 4 } },
    { .name = (char *) "step", .dtype = RF_DTYPE_I64, .data = &step },
    { .name = (char *) "h", .dtype = RF_DTYPE_F16, .n_dims = 1, .dims = { 1 }, .data = halves },
  };
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "out.safetensors", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  guint64 length;

  g_assert_true (rf_safetensors_write (path, tensors, G_N_ELEMENTS (tensors), metadata, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
  memcpy (&length, bytes, sizeof length);
  length = GUINT64_FROM_LE (length);
  g_assert_cmpuint (length % 8, ==, 0);
  g_assert_cmpuint (size, ==, 8 + length + 25);
  g_assert_cmpmem (bytes + 8, strlen (expected), expected, strlen (expected));
  for (gsize i = strlen (expected); i < length; i++)
    g_assert_cmpint (bytes[8 + i], ==, ' ');

  g_autoptr (RfSafetensors) file = rf_safetensors_open (path, &error);
  float back[3] = { 0 };
  gint64 count = 0;
  g_assert_no_error (error);
  g_assert_cmpuint (rf_safetensors_count (file), ==, 5);
  g_assert_cmpstr (rf_safetensors_metadata (file, "who \"me\""), ==, "ü\n");
  g_assert_true (rf_tensor_to_floats (rf_safetensors_find (file, "0.weight"), path, back, &error));
  g_assert_cmpmem (back, sizeof back, weights, sizeof weights);
  g_assert_true (rf_tensor_to_int64 (rf_safetensors_find (file, "step"), path, &count, &error));
  g_assert_cmpint (count, ==, step);
  for (guint i = 0; i < 5; i++) /* each lies aligned in the mapping */
    {
      const RfTensor *tensor = rf_safetensors_nth (file, i);
      g_assert_cmpuint (GPOINTER_TO_SIZE (tensor->data) % rf_dtype_size (tensor->dtype), ==, 0);
    }

  rf_test_remove_folder (folder);
}

static void
test_write_empty (void)
{
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "none.safetensors", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "folder", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfSafetensors) file = NULL;

  g_assert_true (rf_safetensors_write (path, NULL, 0, NULL, &error));
  file = rf_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rf_safetensors_count (file), ==, 0);
  g_assert_false (rf_safetensors_write (nowhere, NULL, 0, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DISK);
  rf_test_remove_folder (folder);
}

/* --- Half floats ----------------------------------------------------------------------------- */

/* The value of half @bits from its definition, sign aside. */
static double
half_value (guint bits)
{
  int exponent = bits >> 10 & 0x1F;

  if (exponent == 0)
    return ldexp (bits & 0x3FF, -24);
  return ldexp (1024 + (bits & 0x3FF), exponent - 25);
}

static void
test_half_exact (void)
{
  for (guint half = 0; half < 0x10000; half++)
    {
      float value = rf_float_from_half (half);
      guint magnitude = half & 0x7FFF;

      if (magnitude > 0x7C00)
        {
          g_assert_true (isnan (value));
          g_assert_cmphex (rf_half_from_float (value), ==, half | 0x0200); /* quiet */
          continue;
        }
      g_assert_true ((signbit (value) != 0) == (half >> 15));
      if (magnitude == 0x7C00)
        g_assert_true (isinf (value));
      else
        g_assert_true (fabs ((double) value) == half_value (magnitude));
      g_assert_cmphex (rf_half_from_float (value), ==, half);
    }
}

/* Between each two neighbouring halves: the middle goes to the even one, its neighbours apart. */
static void
test_half_rounding (void)
{
  for (guint low = 0; low < 0x7C00; low++)
    {
      double above = low + 1 == 0x7C00 ? 65536 : half_value (low + 1);
      float middle = (half_value (low) + above) / 2;

      g_assert_true ((double) middle == (half_value (low) + above) / 2);
      g_assert_cmphex (rf_half_from_float (middle), ==, low & 1 ? low + 1 : low);
      g_assert_cmphex (rf_half_from_float (-middle), ==, 0x8000 | (low & 1 ? low + 1 : low));
      g_assert_cmphex (rf_half_from_float (nextafterf (middle, 0)), ==, low);
      g_assert_cmphex (rf_half_from_float (nextafterf (middle, 1e9f)), ==, low + 1);
    }
  g_assert_cmphex (rf_half_from_float (65536), ==, 0x7C00);
  g_assert_cmphex (rf_half_from_float (3e38f), ==, 0x7C00);
  g_assert_cmphex (rf_half_from_float (-INFINITY), ==, 0xFC00);
  g_assert_cmphex (rf_half_from_float (1e-45f), ==, 0);
  g_assert_cmphex (rf_half_from_float (-1e-30f), ==, 0x8000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/bad-headers", test_bad_headers);
  g_test_add_func ("/safetensors/bad-lengths", test_bad_lengths);
  g_test_add_func ("/safetensors/long-header", test_long_header);
  g_test_add_func ("/safetensors/shared", test_shared);
  g_test_add_func ("/safetensors/not-a-file", test_not_a_file);
  g_test_add_func ("/safetensors/order-and-text", test_order_and_text);
  g_test_add_func ("/safetensors/conversions", test_conversions);
  g_test_add_func ("/safetensors/write", test_write);
  g_test_add_func ("/safetensors/write-empty", test_write_empty);
  g_test_add_func ("/safetensors/half-exact", test_half_exact);
  g_test_add_func ("/safetensors/half-rounding", test_half_rounding);
  return g_test_run ();
}
