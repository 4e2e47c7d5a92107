/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First weights by their distribution; weights to files and back; files that do not fit. */
#include "model/base/error.h"
#include "tests/model/net-util.h"
#include "tests/test-util.h"

#include <math.h>
#include <string.h>

static RfParam *
find_param (RfNet *net, const char *name)
{
  for (guint i = 0; i < net->n_params; i++)
    if (g_str_equal (net->params[i].name, name))
      return &net->params[i];
  g_error ("no parameter %s", name);
}

/* Mean square and largest magnitude of a parameter. */
static void
measure (RfNet *net, const char *name, double *deviation, double *largest)
{
  const RfParam *param = find_param (net, name);
  double squares = 0;
  *largest = 0;
  for (gsize i = 0; i < param->count; i++)
    {
      double value = net->weights[param->offset + i];
      squares += value * value;
      *largest = MAX (*largest, fabs (value));
    }
  *deviation = sqrt (squares / (double) param->count);
}

static void
test_first_weights (void)
{
  /* fan_in 8/2 · 25 = 100, fan_out 64 · 25 = 1600. */
  static const struct
  {
    const char *init;
    double deviation, bound, bias_bound;
  } cases[] = {
    { "pytorch", 0.1 / G_SQRT2 * 0.816496581, 0.1, 0.1 },
    { "he", 0.141421356, 1, 0 },
    { "xavier", 0.0342997170, 0.0594088526, 0 },
    { "zero", 0, 0, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *layers
          = g_strdup_printf ("[{\"type\": \"conv2d\", \"filters\": 64, \"kernel\": 5,"
                             " \"groups\": 2, \"init\": \"%s\"}]",
                             cases[i].init);
      g_autoptr (RfNet) net
          = make_net (layers, (RfShape){ 8, 8, 8 }, RF_KERNELS_REFERENCE, 1, TRUE);
      double deviation, largest;
      measure (net, "0.weight", &deviation, &largest);
      g_test_message ("%s: deviation %g, largest %g", cases[i].init, deviation, largest);
      g_assert_cmpfloat_with_epsilon (deviation, cases[i].deviation,
                                      0.05 * cases[i].deviation + 1e-12);
      g_assert_cmpfloat (largest, <=, cases[i].bound * (1 + 1e-6));
      measure (net, "0.bias", &deviation, &largest);
      g_assert_cmpfloat (largest, <=, cases[i].bias_bound * (1 + 1e-6));
      g_assert_true ((largest > 0) == (cases[i].bias_bound > 0));
    }
}

static const float *
weights_of (RfNet *net)
{
  return net->weights + find_param (net, "0.weight")->offset;
}

static double
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* Waves are an orthonormal basis, each with its negative, the constant one first, and the same in
 * each group. */
static void
test_first_cosine (void)
{
  RfShape shape = { 6, 5, 6 };
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"conv2d\", \"filters\": 40, \"kernel\": [2, 3],"
                                    " \"groups\": 2, \"init\": \"cosine\"}]",
                                    shape, RF_KERNELS_REFERENCE, 1, TRUE);
  const gsize size = 3 * 2 * 3;
  const float *values = weights_of (net);
  for (gsize i = 0; i < 20; i++)
    for (gsize j = 0; j < 20; j++)
      {
        double expected = i / 2 != j / 2 ? 0 : i == j ? 1 : -1;
        double found = dot (values + i * size, values + j * size, size);
        g_assert_cmpfloat_with_epsilon (found, expected, 1e-6);
      }
  g_assert_cmpmem (values, 20 * size * 4, values + 20 * size, 20 * size * 4);
  for (gsize i = 0; i < size; i++)
    g_assert_cmpfloat_with_epsilon (values[i], 1 / sqrt (size), 1e-6);

  /* All of the waves of [1, 1, 3] and a random unit. */
  static const double waves[3][3] = { { 0.577350269, 0.577350269, 0.577350269 },
                                      { 0.707106781, 0, -0.707106781 },
                                      { 0.408248290, -0.816496581, 0.408248290 } };
  g_autoptr (RfNet) small = make_net ("[{\"type\": \"conv2d\", \"filters\": 7, \"kernel\": [1, 3],"
                                      " \"init\": \"cosine\"}]",
                                      (RfShape){ 1, 5, 6 }, RF_KERNELS_REFERENCE, 1, TRUE);
  values = weights_of (small);
  for (int unit = 0; unit < 6; unit++)
    for (int j = 0; j < 3; j++)
      g_assert_cmpfloat_with_epsilon (values[3 * unit + j],
                                      (unit % 2 ? -1 : 1) * waves[unit / 2][j], 1e-6);
  g_assert_true (values[18] != 0 && fabsf (values[18]) <= 0.577351f);
}

/* A parameter's first weights depend on the seed and its index, on nothing else. */
static void
test_first_weights_alone (void)
{
  RfShape input = { 6, 4, 4 };
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 1},"
                                    " {\"type\": \"linear\", \"units\": 9}]",
                                    input, RF_KERNELS_REFERENCE, 1, TRUE);
  g_autoptr (RfNet) other = make_net ("[{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 3,"
                                      " \"padding\": 1, \"init\": \"zero\"}, {\"type\": \"relu\"},"
                                      " {\"type\": \"linear\", \"units\": 9}]",
                                      input, RF_KERNELS_REFERENCE, 1, FALSE);
  const float *mine = net->weights + find_param (net, "1.weight")->offset;
  const float *theirs = other->weights + find_param (other, "2.weight")->offset;
  gsize count = find_param (net, "1.weight")->count;
  g_assert_cmpmem (mine, count * 4, theirs, count * 4);
  g_autofree float *before = g_memdup2 (mine, count * 4);
  rf_net_reset (net, 8);
  g_assert_cmpint (memcmp (before, mine, count * 4), !=, 0);
  rf_net_reset (net, 7);
  g_assert_cmpmem (before, count * 4, mine, count * 4);
}

static const char layers[]
    = "[{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3}, {\"type\": \"batchnorm\"},"
      " {\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 1,"
      " \"bias\": false}]}, {\"type\": \"linear\", \"units\": 3}]";
static const RfShape input = { 2, 5, 5 };

static RfNet *
make_odd_net (guint64 seed)
{
  RfNet *net = make_net (layers, input, RF_KERNELS_REFERENCE, 1, TRUE);
  rf_net_reset (net, seed);
  for (gsize i = 0; i < net->n_buffers; i++)
    net->buffers[i] += 0.37f * (float) seed;
  return net;
}

/* Zeros between the parameters are no part of them. */
static gboolean
same_weights (RfNet *a, RfNet *b, double tolerance)
{
  gboolean same = TRUE;
  for (guint i = 0; i < a->n_params; i++)
    for (gsize j = 0; j < a->params[i].count; j++)
      {
        gsize at = a->params[i].offset + j;
        gboolean buffer = a->params[i].kind == RF_PARAM_BUFFER;
        float x = buffer ? a->buffers[at] : a->weights[at];
        float y = buffer ? b->buffers[at] : b->weights[at];
        same &= fabs ((double) x - y) <= tolerance * fabs (x);
      }
  return same;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "weights.safetensors", NULL);
  g_autoptr (RfNet) net = make_odd_net (1);
  g_autoptr (RfNet) other = make_odd_net (2);
  g_assert_false (same_weights (net, other, 0.1));
  g_assert_true (rf_net_save (net, path, RF_DTYPE_F32, &error));
  g_assert_no_error (error);
  g_assert_true (rf_net_load_file (other, path, &error));
  g_assert_no_error (error);
  g_assert_true (same_weights (net, other, 0));

  /* Half floats keep eleven bits. */
  g_autoptr (RfNet) third = make_odd_net (3);
  g_assert_true (rf_net_save (net, path, RF_DTYPE_F16, &error));
  g_assert_no_error (error);
  g_assert_true (rf_net_load_file (third, path, &error));
  g_assert_no_error (error);
  g_assert_false (same_weights (net, third, 0));
  g_assert_true (same_weights (net, third, 1 / 1024.));

  net->weights[find_param (net, "3.bias")->offset] = 1e6f;
  g_assert_false (rf_net_save (net, path, RF_DTYPE_F16, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "\"3.bias\""));
  rf_test_remove_folder (folder);
}

/* The network's tensors, to be spoilt. */
static GArray *
tensors_of (RfNet *net)
{
  GArray *tensors = g_array_new (FALSE, TRUE, sizeof (RfTensor));
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      const float *block = param->kind == RF_PARAM_BUFFER ? net->buffers : net->weights;
      RfTensor tensor = { .name = param->name,
                          .dtype = RF_DTYPE_F32,
                          .n_dims = param->n_dims,
                          .count = param->count,
                          .data = block + param->offset,
                          .size = param->count * 4 };
      memcpy (tensor.dims, param->dims, sizeof param->dims);
      g_array_append_val (tensors, tensor);
    }
  return tensors;
}

typedef void (*SpoilFunc) (GArray *tensors);

static void
remove_one (GArray *tensors)
{
  g_array_remove_index (tensors, 4);
}

static void
add_one (GArray *tensors)
{
  static const float value = 1;
  RfTensor extra = { .name = (char *) "9.weight",
                     .dtype = RF_DTYPE_F32,
                     .n_dims = 1,
                     .dims = { 1 },
                     .count = 1,
                     .data = &value,
                     .size = 4 };
  g_array_append_val (tensors, extra);
}

static void
rename_one (GArray *tensors)
{
  g_array_index (tensors, RfTensor, 0).name = (char *) "features.0.weight";
}

static void
turn_one (GArray *tensors)
{
  RfTensor *tensor = &g_array_index (tensors, RfTensor, 7);
  gint64 first = tensor->dims[0];
  tensor->dims[0] = tensor->dims[1];
  tensor->dims[1] = first;
}

static void
retype_one (GArray *tensors)
{
  g_array_index (tensors, RfTensor, 8).dtype = RF_DTYPE_I32;
}

static void
count_batches (GArray *tensors)
{
  static const gint64 value = 12;
  RfTensor extra = { .name = (char *) "1.num_batches_tracked",
                     .dtype = RF_DTYPE_I64,
                     .count = 1,
                     .data = &value,
                     .size = 8 };
  g_array_append_val (tensors, extra);
}

static void
test_files (void)
{
  static const struct
  {
    SpoilFunc spoil;
    gint code; /* -1: loads */
    const char *message;
  } cases[] = {
    { remove_one, RF_ERROR_MISSING,
      ": tensor \"1.running_mean\" is missing; the network expects F32 [4]" },
    { add_one, RF_ERROR_SHAPE,
      ": tensor \"9.weight\" (F32 [1]) has no place in the network, which has 9 tensors from"
      " \"0.weight\" to \"3.bias\"" },
    { rename_one, RF_ERROR_MISSING,
      ": tensor \"0.weight\" is missing; the network expects F32 [4, 2, 3, 3]" },
    { turn_one, RF_ERROR_SHAPE,
      ": tensor \"3.weight\" has shape [36, 3]; the network expects [3, 36]" },
    { retype_one, RF_ERROR_FORMAT, ": tensor \"3.bias\" has dtype I32; expected F32, F16 or BF16" },
    { count_batches, -1, NULL },
  };
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "weights.safetensors", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfNet) net = make_odd_net (1);
      g_autoptr (RfNet) same = make_odd_net (1);
      g_autoptr (RfNet) source = make_odd_net (2);
      g_autoptr (GArray) tensors = tensors_of (source);
      cases[i].spoil (tensors);
      rf_safetensors_write (path, (const RfTensor *) (void *) tensors->data, tensors->len, NULL,
                            &error);
      g_assert_no_error (error);
      gboolean loaded = rf_net_load_file (net, path, &error);
      g_assert_cmpint (loaded, ==, cases[i].code < 0);
      g_assert_true (same_weights (net, loaded ? source : same, 0));
      if (loaded)
        continue;
      g_assert_error (error, RF_ERROR, cases[i].code);
      g_assert_true (g_str_has_prefix (error->message, path));
      g_assert_cmpstr (error->message + strlen (path), ==, cases[i].message);
    }
  rf_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net-weights/first", test_first_weights);
  g_test_add_func ("/net-weights/first-alone", test_first_weights_alone);
  g_test_add_func ("/net-weights/first-cosine", test_first_cosine);
  g_test_add_func ("/net-weights/round-trip", test_round_trip);
  g_test_add_func ("/net-weights/files", test_files);
  return g_test_run ();
}
