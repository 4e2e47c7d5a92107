/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each layer computes, against values written out by hand, on every kernel path; and the
 * option tables. Gradients are in test-gradients.c. */
#include "tests/model/net-util.h"

#include <math.h>
#include <string.h>

static const RfPass training = { .n = 1, .training = TRUE, .seed = 1, .step = 1 };
static const RfPass evaluation = { .n = 1, .training = FALSE, .seed = 1, .step = 1 };

typedef void (*PathFunc) (RfKernelPath path);

static void
on_each_path (gconstpointer data)
{
  const PathFunc *func = data;
  for (int path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    if (rf_kernels_path_available (path))
      {
        g_test_message ("%s", rf_kernels_path_name (path));
        (*func) (path);
      }
}

static void
assert_floats (const float *found, const float *expected, gsize n, double tolerance)
{
  for (gsize i = 0; i < n; i++)
    if (!(isnan (expected[i])
              ? isnan (found[i])
              : found[i] == expected[i] || fabs (found[i] - expected[i]) <= tolerance))
      g_error ("value %zu is %g, expected %g", i, found[i], expected[i]);
}

/* Runs one layer list on a single sample. */
static void
check (const char *layers, RfShape input, RfKernelPath path, const float *x, const float *expected,
       double tolerance)
{
  g_autoptr (RfNet) net = make_net (layers, input, path, 1, TRUE);
  assert_floats (run_forward (net, &evaluation, x), expected, RF_SHAPE_COUNT (net->output),
                 tolerance);
}

static void
activations (RfKernelPath path)
{
  static const struct
  {
    const char *layers;
    float y[3];
  } cases[] = {
    { "[{\"type\": \"relu\"}]", { 0, 0, 1 } },
    { "[{\"type\": \"leaky_relu\"}]", { -0.01f, 0, 1 } },
    { "[{\"type\": \"elu\"}]", { -0.63212056f, 0, 1 } },
    { "[{\"type\": \"gelu\"}]", { -0.15865525f, 0, 0.84134475f } },
    { "[{\"type\": \"silu\"}]", { -0.26894142f, 0, 0.73105858f } },
    { "[{\"type\": \"tanh\"}]", { -0.76159416f, 0, 0.76159416f } },
    { "[{\"type\": \"sigmoid\"}]", { 0.26894142f, 0.5f, 0.73105858f } },
  };
  static const float x[] = { -1, 0, 1 };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check (cases[i].layers, (RfShape){ 3, 1, 1 }, path, x, cases[i].y, 1e-6);
}

static void
convolution (RfKernelPath path)
{
  static const float x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, w[] = { 1, 2, 3, 4 };
  static const float y[] = { 37.5f, 47.5f, 67.5f, 77.5f };
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"conv2d\", \"filters\": 1, \"kernel\": 2}]",
                                    (RfShape){ 1, 3, 3 }, path, 1, FALSE);
  RfLayer *layer = g_ptr_array_index (net->layers, 0);
  memcpy (rf_layer_values (layer, 0), w, sizeof w);
  rf_layer_values (layer, 1)[0] = 0.5f;
  assert_floats (run_forward (net, &evaluation, x), y, 4, 1e-5);
}

static void
linear (RfKernelPath path)
{
  static const float x[] = { 1, 2, 3 }, w[] = { 1, 0, -1, 2, 2, 2 }, b[] = { 10, -1 };
  static const float y[] = { 8, 11 };
  g_autoptr (RfNet) net
      = make_net ("[{\"type\": \"linear\", \"units\": 2}]", (RfShape){ 3, 1, 1 }, path, 1, FALSE);
  RfLayer *layer = g_ptr_array_index (net->layers, 0);
  memcpy (rf_layer_values (layer, 0), w, sizeof w);
  memcpy (rf_layer_values (layer, 1), b, sizeof b);
  assert_floats (run_forward (net, &evaluation, x), y, 2, 1e-6);
}

/* Of equal values the first passes the gradient; NaN passes; what no window sees gets none. */
static void
maxpool (RfKernelPath path)
{
  static const float x[] = {
    1, 1,   5,  2,  9, /* */
    1, 1,   3,  5,  9, /* */
    0, NAN, -2, -2, 9, /* */
    7, 0,   -3, -1, 9, /* */
    9, 9,   9,  9,  9, /* */
  };
  static const float y[] = { 1, 5, NAN, -1 }, dy[] = { 1, 2, 3, 4 };
  static const float dx[25] = { [0] = 1, [2] = 2, [11] = 3, [18] = 4 };
  g_autoptr (RfNet) net
      = make_net ("[{\"type\": \"maxpool\", \"size\": 2}]", (RfShape){ 1, 5, 5 }, path, 1, TRUE);
  assert_floats (run_forward (net, &training, x), y, 4, 0);
  run_backward (net, &training, dy);
  assert_floats (net->input_gradient, dx, 25, 0);

  static const float lone[] = { -INFINITY, -INFINITY, -INFINITY, -INFINITY };
  check ("[{\"type\": \"maxpool\", \"size\": 2}]", (RfShape){ 1, 2, 2 }, path, lone, lone, 0);
}

static void
maxpool_padded (RfKernelPath path)
{
  static const float x[] = { -4, -3, -2, -1 };
  static const float y[] = { -4, -3, -2, -1 };
  check ("[{\"type\": \"maxpool\", \"size\": 2, \"padding\": 1}]", (RfShape){ 1, 2, 2 }, path, x, y,
         0);
}

static void
avgpool (RfKernelPath path)
{
  static const float x[] = { 4, 4, 4, 8 };
  static const float y[] = { 1, 2, 1, 2, 5, 3, 1, 3, 2 };
  static const float mean[] = { 5 };
  check ("[{\"type\": \"avgpool\", \"size\": 2, \"stride\": 1, \"padding\": 1}]",
         (RfShape){ 1, 2, 2 }, path, x, y, 1e-6);
  check ("[{\"type\": \"global_avgpool\"}]", (RfShape){ 1, 2, 2 }, path, x, mean, 1e-6);
}

static void
residual (RfKernelPath path)
{
  static const float x[] = { -1, 2, -3 }, twice[] = { -2, 4, -6 }, y[] = { -1, 4, -3 };
  check ("[{\"type\": \"residual\", \"layers\": []}]", (RfShape){ 3, 1, 1 }, path, x, twice, 0);
  check ("[{\"type\": \"residual\", \"layers\": [{\"type\": \"relu\"}]}]", (RfShape){ 3, 1, 1 },
         path, x, y, 0);
  check ("[{\"type\": \"residual\", \"layers\": [{\"type\": \"flatten\"}],"
         " \"shortcut\": [{\"type\": \"relu\"}]}]",
         (RfShape){ 3, 1, 1 }, path, x, y, 0);
}

/* Batch statistics, biased; running ones move by momentum to the unbiased variance, frozen or not.
 */
static void
batchnorm (RfKernelPath path)
{
  static const float x[] = { 1, 3, 10, 10, 5, 7, 10, 10 }; /* two samples, two channels of 1×2 */
  static const float y[] = { -1.3416407f, -0.4472136f, 0, 0, 0.4472136f, 1.3416407f, 0, 0 };
  RfPass pass = { .n = 2, .training = TRUE, .seed = 1, .step = 1 };
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"batchnorm\", \"eps\": 1e-12, \"frozen\": true}]",
                                    (RfShape){ 2, 1, 2 }, path, 2, TRUE);
  RfLayer *layer = g_ptr_array_index (net->layers, 0);
  static const char *const names[] = { "0.weight", "0.bias", "0.running_mean", "0.running_var" };
  for (guint i = 0; i < 4; i++)
    g_assert_cmpstr (net->params[i].name, ==, names[i]);
  assert_floats (run_forward (net, &pass, x), y, 8, 1e-5);
  static const float mean[] = { 0.4f, 1 }, variance[] = { 0.9f + 0.1f * 20 / 3, 0.9f };
  assert_floats (rf_layer_values (layer, 2), mean, 2, 1e-6);
  assert_floats (rf_layer_values (layer, 3), variance, 2, 1e-6);

  /* Evaluation takes the running statistics and leaves them. */
  pass.training = FALSE;
  const float *out = run_forward (net, &pass, x);
  g_assert_cmpfloat_with_epsilon (out[0], (1 - mean[0]) / sqrt (variance[0]), 1e-6);
  assert_floats (rf_layer_values (layer, 2), mean, 2, 1e-6);
  assert_floats (rf_layer_values (layer, 3), variance, 2, 1e-6);
}

/* One value per channel has no variance: the running statistics serve and stay. */
static void
batchnorm_one_value (RfKernelPath path)
{
  static const float x[] = { 4, -2 }, zeros[] = { 0, 0 }, ones[] = { 1, 1 };
  g_autoptr (RfNet) net
      = make_net ("[{\"type\": \"batchnorm\"}]", (RfShape){ 2, 1, 1 }, path, 1, TRUE);
  RfLayer *layer = g_ptr_array_index (net->layers, 0);
  assert_floats (run_forward (net, &training, x), x, 2, 1e-4);
  assert_floats (rf_layer_values (layer, 2), zeros, 2, 0);
  assert_floats (rf_layer_values (layer, 3), ones, 2, 0);
}

static gsize
count_zeros (const float *values, gsize n)
{
  gsize zeros = 0;
  for (gsize i = 0; i < n; i++)
    zeros += values[i] == 0;
  return zeros;
}

#define N_DROPPED 40000

static void
dropout (RfKernelPath path)
{
  g_autofree float *ones = g_new (float, N_DROPPED), *first = g_new (float, N_DROPPED);
  for (gsize i = 0; i < N_DROPPED; i++)
    ones[i] = 1;
  g_autoptr (RfNet) net
      = make_net ("[{\"type\": \"dropout\", \"rate\": 0.25}, {\"type\": \"dropout\", \"rate\": 0}]",
                  (RfShape){ N_DROPPED / 4, 1, 1 }, path, 4, TRUE);
  RfPass pass = { .n = 4, .training = TRUE, .seed = 9, .step = 1 };
  memcpy (first, run_forward (net, &pass, ones), N_DROPPED * sizeof (float));
  /* The share dropped is within five deviations of 25 %; the rest is 4/3. */
  gsize zeros = count_zeros (first, N_DROPPED);
  g_assert_cmpfloat (fabs ((double) zeros - N_DROPPED * 0.25), <,
                     5 * sqrt (N_DROPPED * 0.25 * 0.75));
  for (gsize i = 0; i < N_DROPPED; i++)
    g_assert_true (first[i] == 0 || fabsf (first[i] - 4 / 3.f) < 1e-6f);
  /* Each sample has a mask of its own; the way back has the same ones. */
  g_assert_cmpint (memcmp (first, first + N_DROPPED / 4, N_DROPPED), !=, 0);
  run_backward (net, &pass, ones);
  assert_floats (net->input_gradient, first, N_DROPPED, 0);
  /* The same step gives the same masks; another step or seed others. */
  g_assert_cmpint (memcmp (first, run_forward (net, &pass, ones), N_DROPPED * 4), ==, 0);
  pass.step = 2;
  g_assert_cmpint (memcmp (first, run_forward (net, &pass, ones), N_DROPPED * 4), !=, 0);
  pass.step = 1;
  pass.seed = 10;
  g_assert_cmpint (memcmp (first, run_forward (net, &pass, ones), N_DROPPED * 4), !=, 0);
  pass.training = FALSE;
  assert_floats (run_forward (net, &pass, ones), ones, N_DROPPED, 0);
}

static void
dropout_layers_differ (RfKernelPath path)
{
  g_autofree float *x = random_floats (1000, 1);
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"residual\", \"layers\": [{\"type\": \"dropout\","
                                    " \"rate\": 0.5}], \"shortcut\": [{\"type\": \"dropout\","
                                    " \"rate\": 0.5}]}]",
                                    (RfShape){ 1000, 1, 1 }, path, 1, TRUE);
  run_forward (net, &training, x);
  const RfLayer *body = g_ptr_array_index (net->layers, 0);
  const RfLayer *shortcut = g_ptr_array_index (net->layers, 1);
  g_assert_cmpint (memcmp (body->y, shortcut->y, 4000), !=, 0);
}

static void
spatial_dropout (RfKernelPath path)
{
  enum
  {
    CHANNELS = 500,
    PLANE = 6,
    N = 4
  };
  g_autofree float *x = g_new (float, N *CHANNELS *PLANE);
  for (int i = 0; i < N * CHANNELS * PLANE; i++)
    x[i] = 1;
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"spatial_dropout\", \"rate\": 0.5}]",
                                    (RfShape){ CHANNELS, 2, 3 }, path, N, TRUE);
  RfPass pass = { .n = N, .training = TRUE, .seed = 3, .step = 1 };
  const float *y = run_forward (net, &pass, x);
  int dropped = 0;
  for (int plane = 0; plane < N * CHANNELS; plane++)
    {
      float value = y[plane * PLANE];
      g_assert_true (value == 0 || value == 2);
      dropped += value == 0;
      for (int i = 1; i < PLANE; i++)
        g_assert_cmpfloat (y[plane * PLANE + i], ==, value);
    }
  g_assert_cmpfloat (fabs (dropped - N * CHANNELS * 0.5), <, 5 * sqrt (N * CHANNELS * 0.25));
  g_assert_cmpint (memcmp (y, y + CHANNELS * PLANE, CHANNELS * PLANE * 4), !=, 0);
}

static gsize
field_size (RfOptionKind kind)
{
  static const gsize sizes[] = {
    [RF_OPTION_INT] = sizeof (gint),      [RF_OPTION_PAIR] = sizeof (gint[2]),
    [RF_OPTION_NUMBER] = sizeof (double), [RF_OPTION_BOOL] = sizeof (gboolean),
    [RF_OPTION_CHOICE] = sizeof (gint),   [RF_OPTION_LAYERS] = sizeof (gpointer),
  };
  return sizes[kind];
}

/* Every option has words and a range, lies in its struct, and has a default in its range. */
static void
test_tables (void)
{
  static const char *const live[] = { "rate", "l1", "l2", "lr_scale", "frozen", NULL };
  guint n_classes = 0;
  for (; rf_layer_classes[n_classes]; n_classes++)
    {
      const RfLayerClass *klass = rf_layer_classes[n_classes];
      g_assert_nonnull (klass->spec.title);
      g_assert_nonnull (klass->spec.summary);
      g_assert_true (klass->shape && klass->describe && klass->pytorch);
      g_assert_true ((klass->forward == NULL) == (klass->backward == NULL));
      for (const RfOption *option = klass->spec.options; option->name; option++)
        {
          g_test_message ("%s.%s", klass->spec.type, option->name);
          g_assert_true (g_utf8_validate (option->title, -1, NULL));
          g_assert_true (g_utf8_validate (option->summary, -1, NULL));
          g_assert_cmpuint (option->offset + field_size (option->kind), <=,
                            klass->spec.config_size);
          g_assert_cmpint ((option->flags & RF_OPTION_LIVE) != 0, ==,
                           g_strv_contains (live, option->name));
          if (option->kind == RF_OPTION_LAYERS)
            continue;
          g_assert_cmpfloat (option->minimum, <, option->maximum);
          gboolean completed = klass->spec.complete && g_str_equal (option->name, "stride");
          if (!(option->flags & RF_OPTION_REQUIRED) && !completed)
            g_assert_true (option->fallback >= option->minimum
                           && option->fallback <= option->maximum);
        }
    }
  g_assert_cmpuint (n_classes, >=, 17);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    PathFunc func;
  } tests[] = {
    { "/layers/activations", activations },
    { "/layers/convolution", convolution },
    { "/layers/linear", linear },
    { "/layers/maxpool", maxpool },
    { "/layers/maxpool-padded", maxpool_padded },
    { "/layers/avgpool", avgpool },
    { "/layers/residual", residual },
    { "/layers/batchnorm", batchnorm },
    { "/layers/batchnorm-one-value", batchnorm_one_value },
    { "/layers/dropout", dropout },
    { "/layers/dropout-layers-differ", dropout_layers_differ },
    { "/layers/spatial-dropout", spatial_dropout },
  };
  g_test_init (&argc, &argv, NULL);
  rf_pool_set_threads (2);
  g_test_add_func ("/layers/tables", test_tables);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].name, &tests[i].func, on_each_path);
  return g_test_run ();
}
