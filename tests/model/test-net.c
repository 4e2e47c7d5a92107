/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks as wholes: what is refused and in which words, memory plans, the same bytes for any
 * number of threads, live options, the search for what is not finite, the PyTorch script. */
#include "model/base/error.h"
#include "tests/model/net-util.h"

#include <math.h>
#include <string.h>

#define CONV3 "{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": 3, \"padding\": 1}"
#define POOL2 "{\"type\": \"maxpool\", \"size\": 2}"

static void
test_shape_errors (void)
{
  static const struct
  {
    const char *layers;
    RfShape input;
    const char *message;
  } cases[] = {
    { "[" CONV3 ", " POOL2 ", " POOL2 ", " POOL2 "]",
      { 3, 4, 4 },
      "network.layers[3] (maxpool 2 after layer 2): its input is 1×1, smaller than the window" },
    { "[{\"type\": \"maxpool\", \"size\": [2, 5], \"stride\": 1, \"padding\": [1, 2]}]",
      { 1, 9, 1 },
      NULL }, /* sound */
    { "[{\"type\": \"avgpool\", \"size\": 7, \"padding\": 1}]",
      { 1, 4, 4 },
      "network.layers[0] (avgpool 7, padding 1 on the input): its input is 4×4 with a padding of 1,"
      " smaller than the window" },
    { "[{\"type\": \"maxpool\", \"size\": 3, \"padding\": 2}]",
      { 1, 9, 9 },
      "network.layers[0] (maxpool 3, padding 2 on the input): its padding of 2 is more than half of"
      " its size of 3: windows would see nothing but padding" },
    { "[{\"type\": \"conv2d\", \"filters\": 1, \"kernel\": [3, 5], \"padding\": 1,"
      " \"dilation\": 2}]",
      { 3, 6, 6 },
      "network.layers[0] (conv2d 1 filter 3×5, dilation 2 on the input): its input is 6×6 with a"
      " padding of 1, smaller than the kernel of 3×5 spread by a dilation of 2" },
    { "[{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3, \"groups\": 4}]",
      { 3, 6, 6 },
      "network.layers[0] (conv2d 8 filters 3×3, 4 groups on the input): groups is 4, which must"
      " divide both its 3 input channels and its 8 filters" },
    { "[{\"type\": \"relu\"}, {\"type\": \"residual\", \"layers\": [" CONV3 "]}]",
      { 3, 8, 8 },
      "network.layers[1] (residual 1 layer after layer 0): its layers give 6×8×8, but its empty"
      " shortcut passes on the input's 3×8×8; put a convolution into the shortcut that gives the"
      " same shape" },
    { "[{\"type\": \"residual\", \"layers\": [" CONV3
      "], \"shortcut\": [{\"type\": \"flatten\"}]}]",
      { 3, 2, 2 },
      "network.layers[0] (residual 1 layer on the input): its layers give 6×2×2, but its shortcut"
      " gives 12 values; both must agree to be added" },
    { "[{\"type\": \"residual\", \"layers\": [" CONV3 ", " POOL2 "], \"shortcut\": [{\"type\":"
      " \"residual\", \"layers\": [" POOL2 "]}]}]",
      { 3, 1, 1 },
      "network.layers[0].layers[1] (maxpool 2 after layer 0): its input is 1×1, smaller than the"
      " window" },
    { "[{\"type\": \"residual\", \"layers\": [], \"shortcut\": [{\"type\": \"residual\","
      " \"layers\": [" POOL2 "]}]}]",
      { 3, 1, 1 },
      "network.layers[0].shortcut[0].layers[0] (maxpool 2 at the start of its branch): its input is"
      " 1×1, smaller than the window" },
    { "[{\"type\": \"conv2d\", \"filters\": 65536, \"kernel\": 1, \"padding\": 1000}]",
      { 3, 32, 32 },
      "network.layers[0] (conv2d 65536 filters 1×1 on the input): its output would be"
      " 65536×2032×2032: 1.1 TB for each sample, which is too large" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfNet) net
          = build_net (cases[i].layers, cases[i].input, RF_KERNELS_REFERENCE, &error);
      if (!cases[i].message)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (net);
      g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_input (void)
{
  static const char text[]
      = "{\"dataset\": {\"id\": \"shapes\"}, \"network\": {\"layers\": [{\"type\": \"flatten\"}]},"
        " \"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.1},"
        " \"batch_size\": 4, \"epochs\": 1}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (text, -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  RfShape given = { 3, 5, 7 };
  g_autoptr (RfNet) net = rf_net_new (experiment, given, RF_KERNELS_REFERENCE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (net->output.channels, ==, 105);

  g_assert_null (rf_net_new (experiment, (RfShape){ 0 }, RF_KERNELS_REFERENCE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_clear_error (&error);

  g_autoptr (RfExperiment) fixed = rf_experiment_copy (experiment);
  fixed->network.input = (RfShape){ 3, 8, 8 };
  g_assert_null (rf_net_new (fixed, given, RF_KERNELS_REFERENCE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_assert_cmpstr (error->message, ==, "network.input is 3×8×8, but the data set has 3×5×7");
}

/* Absurd networks are refused in words, before any of it is taken, and leave what is there. */
static void
test_memory (void)
{
  static const char *const absurd[] = {
    "[{\"type\": \"conv2d\", \"filters\": 10000, \"kernel\": 3, \"padding\": 1},"
    " {\"type\": \"relu\"}]",
    "[{\"type\": \"conv2d\", \"filters\": 65536, \"kernel\": 15, \"padding\": 7},"
    " {\"type\": \"conv2d\", \"filters\": 65536, \"kernel\": 100, \"padding\": 50}]",
    "[{\"type\": \"linear\", \"units\": 1048576}, {\"type\": \"linear\", \"units\": 1048576}]",
  };
  RfShape input = { 3, 64, 64 };
  for (guint i = 0; i < G_N_ELEMENTS (absurd); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfNet) net = build_net (absurd[i], input, rf_kernels_path (), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rf_net_memory (net, 8192, TRUE), >, G_GUINT64_CONSTANT (1000000000000));
      g_assert_false (rf_net_plan (net, 8192, TRUE, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);
      g_test_message ("%s", error->message);
      g_assert_true (g_pattern_match_simple (
          "the network needs * (weights *, activations *) at batch size 8192; * are free",
          error->message));
      g_assert_cmpint (rf_net_capacity (net), ==, 0);
    }

  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = make_net ("[" CONV3 "]", input, RF_KERNELS_REFERENCE, 2, TRUE);
  g_assert_false (rf_net_plan (net, 1 << 30, TRUE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);
  g_assert_cmpint (rf_net_capacity (net), ==, 2);
  g_autofree float *x = random_floats (2 * RF_SHAPE_COUNT (input), 1);
  RfPass pass = { .n = 2 };
  g_assert_true (isfinite (run_forward (net, &pass, x)[0]));
}

/* Everything at once, with a ragged last batch in mind. */
static const char mixed[]
    = "[{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3, \"padding\": 1, \"bias\": false},"
      " {\"type\": \"batchnorm\"}, {\"type\": \"relu\"}, {\"type\": \"maxpool\", \"size\": 2},"
      " {\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 16, \"kernel\": "
      "3,"
      " \"padding\": 1, \"stride\": 2}, {\"type\": \"batchnorm\"}, {\"type\": \"gelu\"},"
      " {\"type\": \"residual\", \"layers\": [{\"type\": \"tanh\"}, {\"type\": \"conv2d\","
      " \"filters\": 16, \"kernel\": 3, \"padding\": 1, \"groups\": 16}]}], \"shortcut\":"
      " [{\"type\": \"conv2d\", \"filters\": 16, \"kernel\": 1, \"stride\": 2}]},"
      " {\"type\": \"dropout\", \"rate\": 0.3}, {\"type\": \"flatten\"}, {\"type\": \"linear\","
      " \"units\": 40}, {\"type\": \"batchnorm\"}, {\"type\": \"silu\"}, {\"type\": \"linear\","
      " \"units\": 10}]";
static const RfShape mixed_input = { 3, 18, 14 };

#define MIXED_BATCH 37

/* Hash of all that two steps leave: outputs, gradients, running statistics. */
static char *
run_mixed (RfKernelPath path, int n_threads, int capacity)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  rf_pool_set_threads (n_threads);
  g_autoptr (RfNet) net = make_net (mixed, mixed_input, path, capacity, TRUE);
  g_autofree float *x = random_floats (MIXED_BATCH * RF_SHAPE_COUNT (mixed_input), 1);
  g_autofree float *dy = random_floats (MIXED_BATCH * RF_SHAPE_COUNT (net->output), 2);
  for (gint64 step = 1; step <= 2; step++)
    {
      RfPass pass = { .n = MIXED_BATCH, .training = TRUE, .seed = 4, .step = step };
      const float *y = run_forward (net, &pass, x);
      g_checksum_update (sum, (const guchar *) y, MIXED_BATCH * 40);
      run_backward (net, &pass, dy);
      g_checksum_update (sum, (const guchar *) net->gradients, (gssize) net->n_weights * 4);
      g_checksum_update (sum, (const guchar *) net->buffers, (gssize) net->n_buffers * 4);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_threads (void)
{
  for (int path = RF_KERNELS_REFERENCE; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      g_autofree char *one = run_mixed (path, 1, MIXED_BATCH);
      for (int n_threads = 2; n_threads <= 4; n_threads++)
        {
          g_autofree char *many = run_mixed (path, n_threads, MIXED_BATCH);
          g_assert_cmpstr (many, ==, one);
        }
    }
  rf_pool_set_threads (2);
}

/* A plan for evaluation shares memory between outputs and must not change a number; another
 * capacity neither, and the weights stay. */
static void
test_plans (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = make_net (mixed, mixed_input, RF_KERNELS_REFERENCE, 5, TRUE);
  g_autoptr (RfNet) lean = make_net (mixed, mixed_input, RF_KERNELS_REFERENCE, 5, FALSE);
  g_autofree float *x = random_floats (9 * RF_SHAPE_COUNT (mixed_input), 1);
  RfPass pass = { .n = 5 };
  g_assert_cmpuint (rf_net_memory (net, 64, FALSE), <, rf_net_memory (net, 64, TRUE) / 3);
  g_assert_null (lean->gradients);

  g_autofree float *before = g_memdup2 (run_forward (net, &pass, x), 50 * sizeof (float));
  g_assert_cmpmem (run_forward (lean, &pass, x), 200, before, 200);
  rf_net_plan (net, 9, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (run_forward (net, &pass, x), 200, before, 200);
  pass.n = 9;
  g_assert_cmpmem (run_forward (net, &pass, x), 200, before, 200);
}

/* With nobody asking for the input's gradient the others are the same. */
static void
test_without_input_gradient (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = make_net (mixed, mixed_input, RF_KERNELS_REFERENCE, 4, TRUE);
  g_autoptr (RfNet) other = make_net (mixed, mixed_input, RF_KERNELS_REFERENCE, 4, TRUE);
  other->wants_input_gradient = FALSE;
  rf_net_plan (other, 4, TRUE, &error);
  g_assert_no_error (error);
  g_autofree float *x = random_floats (4 * RF_SHAPE_COUNT (mixed_input), 1);
  g_autofree float *dy = random_floats (40, 2);
  RfPass pass = { .n = 4, .training = TRUE, .seed = 1, .step = 1 };
  run_forward (net, &pass, x);
  run_backward (net, &pass, dy);
  run_forward (other, &pass, x);
  run_backward (other, &pass, dy);
  g_assert_nonnull (net->input_gradient);
  g_assert_null (other->input_gradient);
  g_assert_cmpmem (net->gradients, net->n_weights * 4, other->gradients, other->n_weights * 4);
}

static void
test_live (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = make_net ("[{\"type\": \"residual\", \"layers\": [{\"type\": \"dropout\","
                                    " \"rate\": 0}], \"shortcut\": [{\"type\": \"linear\","
                                    " \"units\": 100}]}]",
                                    (RfShape){ 100, 1, 1 }, RF_KERNELS_REFERENCE, 1, TRUE);
  g_autofree float *x = random_floats (100, 1);
  RfPass pass = { .n = 1, .training = TRUE, .seed = 1, .step = 1 };
  const RfLayer *dropout = g_ptr_array_index (net->layers, 0);
  run_forward (net, &pass, x);
  g_assert_cmpmem (dropout->y, 400, x, 400);
  g_assert_cmpfloat (rf_net_penalty (net), ==, 0);

  g_autoptr (RfExperiment) knobs = rf_experiment_copy (net->experiment);
  rf_experiment_set_live (knobs, "network.layers[0].layers[0].rate", 1, &error);
  g_assert_no_error (error);
  rf_experiment_set_live (knobs, "network.layers[0].shortcut[0].l1", 0.5, &error);
  g_assert_no_error (error);
  rf_experiment_set_live (knobs, "network.layers[0].shortcut[0].l2", 0.25, &error);
  g_assert_no_error (error);
  rf_net_set_experiment (net, knobs);
  run_forward (net, &pass, x);
  for (int i = 0; i < 100; i++)
    g_assert_cmpfloat (dropout->y[i], ==, 0);
  /* Over weights, not biases. */
  double penalty = 0;
  for (int i = 0; i < 10000; i++)
    penalty += 0.5 * fabs (net->weights[i]) + 0.25 * net->weights[i] * net->weights[i];
  g_assert_cmpfloat_with_epsilon (rf_net_penalty (net), penalty, 1e-6 * penalty);
}

static void
test_not_finite (void)
{
  g_autoptr (RfNet) net = make_net (mixed, mixed_input, RF_KERNELS_REFERENCE, 2, TRUE);
  g_autofree float *x = random_floats (2 * RF_SHAPE_COUNT (mixed_input), 1);
  RfPass pass = { .n = 2, .training = TRUE, .seed = 1, .step = 1 };
  run_forward (net, &pass, x);
  g_assert_null (rf_net_find_not_finite (net, 2));
  g_assert_true (rf_net_weights_finite (net));
  for (guint i = 0; i < net->n_params; i++)
    {
      RfParam *param = &net->params[i];
      if (!g_str_equal (param->name, "4.shortcut.0.weight"))
        continue;
      net->weights[param->offset + 1] = INFINITY;
      g_assert_false (rf_net_weights_finite (net));
      /* Not yet in any output: the weights tell. */
      g_assert_cmpstr (rf_net_find_not_finite (net, 2)->path, ==, "network.layers[4].shortcut[0]");
      run_forward (net, &pass, x);
      g_assert_cmpstr (rf_net_find_not_finite (net, 2)->path, ==, "network.layers[4].shortcut[0]");
      return;
    }
  g_assert_not_reached ();
}

static void
test_structure (void)
{
  static const char *const paths[] = {
    "network.layers[0]",
    "network.layers[1]",
    "network.layers[2]",
    "network.layers[3]",
    "network.layers[4].layers[0]",
    "network.layers[4].layers[1]",
    "network.layers[4].layers[2]",
    "network.layers[4].layers[3].layers[0]",
    "network.layers[4].layers[3].layers[1]",
    "network.layers[4].layers[3]",
    "network.layers[4].shortcut[0]",
    "network.layers[4]",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = build_net (mixed, mixed_input, RF_KERNELS_REFERENCE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (net->layers, i);
      g_assert_cmpint (layer->index, ==, (int) i);
      if (i < G_N_ELEMENTS (paths))
        g_assert_cmpstr (layer->path, ==, paths[i]);
    }
  g_assert_cmpstr (net->params[11].name, ==, "4.body.3.body.1.weight");
  g_assert_null (net->weights);
  /* 8·27 + 16 + (16·8·9 + 16) + 32 + (16·9 + 16) + (16·8 + 16) + (40·16·5·4 + 40) + 80 + 410 */
  g_assert_cmpuint (rf_net_count_parameters (net), ==, 15066);
  /* 18·14·8·27 + 5·4·16·(8·9 + 9 + 8) + 320·40 + 400, with 9×7 after the pool, 5×4 after the stride
   */
  g_assert_cmpuint (rf_net_cost (net), ==, 18 * 14 * 8 * 27 + 5 * 4 * 16 * 89 + 12800 + 400);
}

static void
test_pytorch (void)
{
  static const char all[]
      = "[{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": [3, 1], \"stride\": 2, \"padding\": 1,"
        " \"dilation\": 2, \"groups\": 3, \"bias\": false}, {\"type\": \"batchnorm\", \"eps\":"
        " 0.001}, {\"type\": \"relu\"}, {\"type\": \"leaky_relu\"}, {\"type\": \"elu\"},"
        " {\"type\": \"gelu\"}, {\"type\": \"silu\"}, {\"type\": \"tanh\"}, {\"type\":"
        " \"sigmoid\"}, {\"type\": \"maxpool\", \"size\": 3, \"stride\": 2, \"padding\": 1},"
        " {\"type\": \"avgpool\", \"size\": 2, \"stride\": 1}, {\"type\": \"spatial_dropout\","
        " \"rate\": 0.1}, {\"type\": \"residual\", \"layers\": [{\"type\": \"residual\","
        " \"layers\": [{\"type\": \"relu\"}]}], \"shortcut\": []}, {\"type\": \"dropout\", "
        "\"rate\":"
        " 0.5}, {\"type\": \"linear\", \"units\": 7}, {\"type\": \"batchnorm\"}, {\"type\":"
        " \"linear\", \"units\": 5, \"bias\": false}, {\"type\": \"flatten\"}, {\"type\":"
        " \"global_avgpool\"}]";
  static const char *const modules[] = {
    "nn.Conv2d(3, 6, (3, 1), stride=2, padding=1, dilation=2, groups=3, bias=False),",
    "nn.BatchNorm2d(6, eps=0.001),",
    "nn.LeakyReLU(0.01),",
    "nn.MaxPool2d(3, stride=2, padding=1),",
    "nn.AvgPool2d(2, stride=1),",
    "nn.Dropout2d(0.1),",
    "nn.Dropout(0.5),",
    "FlattenLinear(120, 7),",
    "nn.BatchNorm1d(7),",
    "nn.Linear(7, 5, bias=False),",
    "class FlattenLinear(nn.Linear):",
    "class Residual(nn.Module):",
    "    Residual(\n        nn.Sequential(\n            Residual(\n                nn.Sequential(\n"
    "                    nn.ReLU(),\n                ),\n                nn.Sequential(),\n"
    "            ),\n        ),\n        nn.Sequential(),\n    ),\n    nn.Dropout(0.5),\n",
    "nn.Identity(),",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RfNet) net = build_net (all, (RfShape){ 3, 20, 20 }, RF_KERNELS_REFERENCE, &error);
  g_assert_no_error (error);
  g_autofree char *source = rf_net_to_pytorch (net);
  g_test_message ("%s", source);
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    if (!strstr (source, modules[i]))
      g_error ("not in the source: %s", modules[i]);

  g_autofree char *python = g_find_program_in_path ("python3");
  if (!python)
    return;
  char option[] = "-c", check[] = "import sys; compile(sys.argv[1], 'model.py', 'exec')";
  char *command[] = { python, option, check, source, NULL };
  gint status = 0;
  g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_pool_set_threads (2);
  g_test_add_func ("/net/shape-errors", test_shape_errors);
  g_test_add_func ("/net/input", test_input);
  g_test_add_func ("/net/structure", test_structure);
  g_test_add_func ("/net/memory", test_memory);
  g_test_add_func ("/net/threads", test_threads);
  g_test_add_func ("/net/plans", test_plans);
  g_test_add_func ("/net/without-input-gradient", test_without_input_gradient);
  g_test_add_func ("/net/live", test_live);
  g_test_add_func ("/net/not-finite", test_not_finite);
  g_test_add_func ("/net/pytorch", test_pytorch);
  return g_test_run ();
}
