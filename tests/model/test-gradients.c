/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of each layer, and of networks of them, against finite differences.
 *
 * With random r, L = Σ r·y is a scalar whose gradients by the input and by each parameter the
 * backward pass gives for dy = r. They are compared with (L(v + h) - L(v - h)) / 2h, computed on
 * the reference kernels; so the fast kernels are checked against arithmetic that shares nothing
 * with them. The tolerance, relative to the largest gradient, belongs to the case. NaN fails. */
#include "tests/model/net-util.h"

#include <math.h>
#include <string.h>

#define N_PATHS    (RF_KERNELS_AVX512 + 1)
#define STEP       0.01
#define MAX_PROBES 48 /* elements probed of each tensor */

typedef struct
{
  const char *name, *layers;
  RfShape input;
  int n;
  double tolerance;
  gboolean evaluation; /* gradient of an evaluation pass */
  gboolean kinks;      /* inputs at least 2 STEP from 0 and from each other */
  gboolean fast_only;  /* kinks inside: no difference quotients */
} Case;

#define CONV(extra) "[{\"type\": \"conv2d\", \"filters\": 4, " extra "}]"

#define CONV_(filters)                                                                             \
  "{\"type\": \"conv2d\", \"kernel\": 3, \"padding\": 1, \"filters\": " filters "}"

static const Case cases[] = {
  { "conv-1x1", CONV ("\"kernel\": 1"), { 3, 5, 4 }, 3, 2e-4 },
  { "conv-3x3", CONV ("\"kernel\": 3"), { 3, 7, 5 }, 2, 2e-4 },
  { "conv-3x3-same", CONV ("\"kernel\": 3, \"padding\": 1"), { 2, 8, 8 }, 3, 2e-4 },
  { "conv-3x3-same-many",
    "[{\"type\": \"conv2d\", \"filters\": 33, \"kernel\": 3, \"padding\": 1}]",
    { 17, 9, 11 },
    2,
    2e-4 },
  { "conv-no-bias", CONV ("\"kernel\": 3, \"padding\": 1, \"bias\": false"), { 3, 6, 9 }, 2, 2e-4 },
  { "conv-5x5-pad2", CONV ("\"kernel\": 5, \"padding\": 2"), { 1, 9, 7 }, 2, 2e-4 },
  { "conv-stride2", CONV ("\"kernel\": 3, \"stride\": 2, \"padding\": 1"), { 3, 9, 8 }, 2, 2e-4 },
  { "conv-1x1-stride2", CONV ("\"kernel\": 1, \"stride\": 2"), { 6, 7, 8 }, 2, 2e-4 },
  { "conv-dilation2",
    CONV ("\"kernel\": 3, \"dilation\": 2, \"padding\": 2"),
    { 2, 9, 7 },
    2,
    2e-4 },
  { "conv-pairs",
    CONV ("\"kernel\": [3, 2], \"stride\": [1, 3], \"padding\": [2, 0], \"dilation\": [1, 2]"),
    { 3, 6, 11 },
    2,
    2e-4 },
  { "conv-padding-beyond-kernel", CONV ("\"kernel\": 2, \"padding\": 3"), { 2, 4, 3 }, 2, 2e-4 },
  { "conv-groups", CONV ("\"kernel\": 3, \"padding\": 1, \"groups\": 2"), { 6, 5, 7 }, 2, 2e-4 },
  { "conv-depthwise",
    "[{\"type\": \"conv2d\", \"filters\": 10, \"kernel\": 3, \"groups\": 5, \"stride\": 2,"
    " \"padding\": 1}]",
    { 5, 7, 7 },
    2,
    2e-4 },
  { "conv-whole-picture", CONV ("\"kernel\": [5, 3]"), { 2, 5, 3 }, 3, 2e-4 },
  { "conv-one-pixel", CONV ("\"kernel\": 3, \"padding\": 1"), { 3, 1, 1 }, 1, 2e-4 },
  { "linear", "[{\"type\": \"linear\", \"units\": 7}]", { 13, 1, 1 }, 5, 2e-4 },
  { "linear-of-maps", "[{\"type\": \"linear\", \"units\": 5}]", { 3, 4, 5 }, 3, 2e-4 },
  { "linear-no-bias",
    "[{\"type\": \"linear\", \"units\": 1, \"bias\": false}]",
    { 9, 1, 1 },
    1,
    2e-4 },
  { "batchnorm", "[{\"type\": \"batchnorm\"}]", { 3, 5, 4 }, 3, 5e-4 },
  { "batchnorm-flat", "[{\"type\": \"batchnorm\", \"eps\": 0.01}]", { 11, 1, 1 }, 7, 5e-4 },
  { "batchnorm-evaluation", "[{\"type\": \"batchnorm\"}]", { 3, 5, 4 }, 3, 5e-4, TRUE },
  { "batchnorm-one-value", "[{\"type\": \"batchnorm\"}]", { 11, 1, 1 }, 1, 5e-4 },
  { "batchnorm-one-sample", "[{\"type\": \"batchnorm\"}]", { 3, 3, 5 }, 1, 5e-4 },
  { "relu", "[{\"type\": \"relu\"}]", { 3, 5, 7 }, 2, 2e-4, FALSE, TRUE },
  { "leaky_relu",
    "[{\"type\": \"leaky_relu\", \"slope\": 0.2}]",
    { 3, 5, 7 },
    2,
    2e-4,
    FALSE,
    TRUE },
  { "elu", "[{\"type\": \"elu\"}]", { 3, 5, 7 }, 2, 5e-4, FALSE, TRUE },
  { "gelu", "[{\"type\": \"gelu\"}]", { 3, 5, 7 }, 2, 5e-4 },
  { "silu", "[{\"type\": \"silu\"}]", { 3, 5, 7 }, 2, 5e-4 },
  { "tanh", "[{\"type\": \"tanh\"}]", { 3, 5, 7 }, 2, 5e-4 },
  { "sigmoid", "[{\"type\": \"sigmoid\"}]", { 3, 5, 7 }, 2, 5e-4 },
  { "maxpool", "[{\"type\": \"maxpool\", \"size\": 2}]", { 3, 6, 8 }, 2, 2e-4, FALSE, TRUE },
  { "maxpool-odd", "[{\"type\": \"maxpool\", \"size\": 2}]", { 2, 7, 9 }, 2, 2e-4, FALSE, TRUE },
  { "maxpool-overlap",
    "[{\"type\": \"maxpool\", \"size\": 3, \"stride\": 2, \"padding\": 1}]",
    { 2, 7, 8 },
    2,
    2e-4,
    FALSE,
    TRUE },
  { "maxpool-pairs",
    "[{\"type\": \"maxpool\", \"size\": [3, 2], \"stride\": [1, 3], \"padding\": [1, 0]}]",
    { 2, 6, 8 },
    2,
    2e-4,
    FALSE,
    TRUE },
  { "maxpool-gaps",
    "[{\"type\": \"maxpool\", \"size\": 1, \"stride\": 3}]",
    { 2, 7, 7 },
    2,
    2e-4,
    FALSE,
    TRUE },
  { "avgpool", "[{\"type\": \"avgpool\", \"size\": 2}]", { 3, 6, 7 }, 2, 2e-4 },
  { "avgpool-overlap",
    "[{\"type\": \"avgpool\", \"size\": [3, 4], \"stride\": [2, 1], \"padding\": [1, 2]}]",
    { 2, 7, 6 },
    2,
    2e-4 },
  { "global_avgpool", "[{\"type\": \"global_avgpool\"}]", { 5, 3, 7 }, 3, 2e-4 },
  { "dropout", "[{\"type\": \"dropout\", \"rate\": 0.4}]", { 3, 5, 7 }, 3, 2e-4 },
  { "dropout-evaluation", "[{\"type\": \"dropout\", \"rate\": 0.4}]", { 3, 5, 7 }, 3, 2e-4, TRUE },
  { "dropout-all", "[{\"type\": \"dropout\", \"rate\": 1}]", { 3, 5, 7 }, 3, 2e-4 },
  { "spatial_dropout", "[{\"type\": \"spatial_dropout\", \"rate\": 0.4}]", { 9, 3, 5 }, 3, 2e-4 },
  { "flatten", "[{\"type\": \"flatten\"}]", { 3, 5, 7 }, 2, 2e-4 },
  { "residual-identity",
    "[{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 3, \"kernel\": 3,"
    " \"padding\": 1}, {\"type\": \"tanh\"}]}]",
    { 3, 5, 6 },
    2,
    5e-4 },
  { "residual-empty", "[{\"type\": \"residual\", \"layers\": []}]", { 3, 5, 6 }, 2, 2e-4 },
  { "residual-shortcut",
    "[{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3,"
    " \"padding\": 1, \"stride\": 2}, {\"type\": \"batchnorm\"}], \"shortcut\": [{\"type\":"
    " \"conv2d\", \"filters\": 4, \"kernel\": 1, \"stride\": 2, \"bias\": false}]}]",
    { 3, 5, 6 },
    3,
    1e-3 },
  { "residual-nested",
    "[{\"type\": \"residual\", \"layers\": [{\"type\": \"tanh\"}, {\"type\": \"residual\","
    " \"layers\": [{\"type\": \"conv2d\", \"filters\": 2, \"kernel\": 3, \"padding\": 1}],"
    " \"shortcut\": [{\"type\": \"silu\"}]}, {\"type\": \"gelu\"}], \"shortcut\": [{\"type\":"
    " \"residual\", \"layers\": [{\"type\": \"sigmoid\"}]}]}, {\"type\": \"tanh\"}]",
    { 2, 4, 5 },
    2,
    1e-3 },
  { "residual-flat",
    "[{\"type\": \"residual\", \"layers\": [{\"type\": \"linear\", \"units\": 12}, {\"type\":"
    " \"silu\"}], \"shortcut\": [{\"type\": \"flatten\"}]}, {\"type\": \"linear\", \"units\": 3}]",
    { 3, 2, 2 },
    3,
    5e-4 },
  { "network",
    "[{\"type\": \"conv2d\", \"filters\": 4, \"kernel\": 3, \"padding\": 1, \"bias\": false},"
    " {\"type\": \"batchnorm\"}, {\"type\": \"gelu\"}, {\"type\": \"residual\", \"layers\":"
    " [{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": 3, \"padding\": 1, \"stride\": 2},"
    " {\"type\": \"batchnorm\"}, {\"type\": \"silu\"}, {\"type\": \"conv2d\", \"filters\": 6,"
    " \"kernel\": 3, \"padding\": 1}], \"shortcut\": [{\"type\": \"conv2d\", \"filters\": 6,"
    " \"kernel\": 1, \"stride\": 2}]}, {\"type\": \"tanh\"}, {\"type\": \"avgpool\", \"size\": 2,"
    " \"stride\": 1}, {\"type\": \"dropout\", \"rate\": 0.3}, {\"type\": \"flatten\"}, {\"type\":"
    " \"linear\", \"units\": 5}]",
    { 3, 8, 8 },
    4,
    2e-3 },
  /* All that is merged: into convolutions, norms and sums, at the end of a sequence and before it,
   * where dy may be overwritten and where it may not. */
  { "merged",
    "[" CONV_ (
        "17, \"bias\": false") ", {\"type\": \"batchnorm\"}, {\"type\": \"relu\"},"
                               " {\"type\": \"residual\", \"layers\": [" CONV_ (
                                   "17") ", {\"type\": \"batchnorm\"},"
                                         " {\"type\": \"relu\"}, " CONV_ (
                                             "17") ", {\"type\": \"batchnorm\"}]}, {\"type\": "
                                                   "\"relu\"},"
                                                   " {\"type\": \"residual\", \"layers\": [" CONV_ (
                                                       "9, \"stride\": 2") ", {\"type\": "
                                                                           "\"relu\"}],"
                                                                           " \"shortcut\": "
                                                                           "[{\"type\": "
                                                                           "\"conv2d\", "
                                                                           "\"filters\": 9, "
                                                                           "\"kernel\": 1, "
                                                                           "\"stride\": 2},"
                                                                           " {\"type\": "
                                                                           "\"batchnorm\"}]}, "
                                                                           "{\"type\": \"relu\"},"
                                                                           " {\"type\": "
                                                                           "\"residual\", "
                                                                           "\"layers\": "
                                                                           "[{\"type\": "
                                                                           "\"residual\", "
                                                                           "\"layers\": [" CONV_ (
                                                                               "9") "]},"
                                                                                    " {\"type\": "
                                                                                    "\"relu\"}, "
                                                                                    "{\"type\": "
                                                                                    "\"batchnorm\"}"
                                                                                    ", {\"type\": "
                                                                                    "\"relu\"}], "
                                                                                    "\"shortcut\":"
                                                                                    " [{\"type\": "
                                                                                    "\"batchnorm\"}"
                                                                                    "]}, "
                                                                                    "{\"type\": "
                                                                                    "\"relu\"},"
                                                                                    " {\"type\": "
                                                                                    "\"residual\", "
                                                                                    "\"layers\": "
                                                                                    "[" CONV_ (
                                                                                        "9") ", "
                                                                                             "{\"ty"
                                                                                             "pe\":"
                                                                                             " \"ba"
                                                                                             "tchno"
                                                                                             "rm\"}"
                                                                                             "]},"
                                                                                             " {"
                                                                                             "\"typ"
                                                                                             "e\": "
                                                                                             "\"rel"
                                                                                             "u\"}"
                                                                                             "]",
    { 3, 8, 10 },
    5,
    0,
    .fast_only = TRUE },
  { "merged-into-conv",
    "[" CONV_ ("8") ", {\"type\": \"relu\"}, {\"type\": \"maxpool\", \"size\": 2}, " CONV_ (
        "20") ", {\"type\": \"relu\"}, {\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": "
              "3}]",
    { 3, 8, 12 },
    5,
    0,
    .fast_only = TRUE },
};

typedef struct
{
  RfNet *net;
  RfPass pass;
  float *x, *r; /* input, and the gradient of L by the output */
  gsize n_in, n_out;
} Subject;

static void
subject_clear (Subject *subject)
{
  rf_net_free (subject->net);
  g_free (subject->x);
  g_free (subject->r);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

/* Inputs that a step cannot carry over a kink: a random order of multiples of 5 STEP, none zero. */
static void
spread (float *values, gsize n)
{
  g_autofree guint32 *order = g_new (guint32, n);
  RfRandom random = rf_random (3, RF_RANDOM_BENCH, 1, 0);
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  rf_random_shuffle (&random, order, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (float) (5 * STEP * ((double) order[i] - (double) (n / 2) + 0.5));
}

static Subject
make_subject (const Case *test, RfKernelPath path)
{
  Subject subject = { .net = make_net (test->layers, test->input, path, test->n, TRUE) };
  RfNet *net = subject.net;
  subject.pass = (RfPass){ .n = test->n, .training = !test->evaluation, .seed = 5, .step = 3 };
  subject.n_in = test->n * RF_SHAPE_COUNT (net->input);
  subject.n_out = test->n * RF_SHAPE_COUNT (net->output);
  subject.x = random_floats (subject.n_in, 11);
  subject.r = random_floats (subject.n_out, 12);
  if (test->kinks)
    spread (subject.x, subject.n_in);
  /* Away from the special values 0 and 1 of norms, and positive for variances. */
  g_autofree float *nudges = random_floats (net->n_weights + net->n_buffers, 13);
  for (gsize i = 0; i < net->n_weights; i++)
    net->weights[i] += 0.1f * nudges[i];
  for (gsize i = 0; i < net->n_buffers; i++)
    net->buffers[i] += 0.1f * fabsf (nudges[net->n_weights + i]);
  return subject;
}

static double
scalar (Subject *subject)
{
  const float *y = run_forward (subject->net, &subject->pass, subject->x);
  double sum = 0;
  for (gsize i = 0; i < subject->n_out; i++)
    sum += (double) y[i] * subject->r[i];
  return sum;
}

static double
difference (Subject *subject, float *value)
{
  float old = *value, above = old + (float) STEP, below = old - (float) STEP;
  *value = above;
  double high = scalar (subject);
  *value = below;
  double low = scalar (subject);
  *value = old;
  return (high - low) / ((double) above - below);
}

/* A tensor of the reference network, and its gradient on each kernel path (NULL: not available). */
typedef struct
{
  const char *what;
  float *values;
  gsize n;
  const float *gradients[N_PATHS];
} Tensor;

static void
compare (Subject *reference, const Tensor *tensor, double tolerance)
{
  gsize stride = tensor->n / MAX_PROBES + 1;
  double largest = 1;
  for (gsize i = 0; i < tensor->n; i++)
    largest = MAX (largest, fabs (tensor->gradients[RF_KERNELS_REFERENCE][i]));
  for (gsize i = 0; i < tensor->n; i += stride)
    {
      double expected = difference (reference, &tensor->values[i]);
      for (int path = 0; path < N_PATHS; path++)
        if (tensor->gradients[path]
            && !(fabs (tensor->gradients[path][i] - expected) <= tolerance * largest))
          {
            g_test_message ("%s, %s[%zu]: gradient %g, difference quotient %g",
                            rf_kernels_path_name (path), tensor->what, i,
                            tensor->gradients[path][i], expected);
            g_test_fail ();
            return;
          }
    }
}

static void
test_gradients (gconstpointer data)
{
  const Case *test = data;
  Subject subjects[N_PATHS] = { 0 };
  Tensor input = { .what = "input" };
  rf_pool_set_threads (1); /* thousands of tiny passes */
  g_auto (Subject) reference = make_subject (test, RF_KERNELS_REFERENCE);
  for (int path = 0; path < N_PATHS; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      subjects[path] = make_subject (test, path);
      /* What the pass before left must not matter. */
      for (gsize i = 0; i < subjects[path].net->n_weights; i++)
        subjects[path].net->gradients[i] = NAN;
      scalar (&subjects[path]);
      run_backward (subjects[path].net, &subjects[path].pass, subjects[path].r);
      input.gradients[path] = subjects[path].net->input_gradient;
    }
  input.values = reference.x;
  input.n = reference.n_in;
  compare (&reference, &input, test->tolerance);
  for (guint i = 0; i < reference.net->n_params; i++)
    {
      const RfParam *param = &reference.net->params[i];
      Tensor tensor
          = { param->name, reference.net->weights + param->offset, param->count, { NULL } };
      if (param->kind == RF_PARAM_BUFFER)
        continue;
      for (int path = 0; path < N_PATHS; path++)
        if (subjects[path].net)
          tensor.gradients[path] = subjects[path].net->gradients + param->offset;
      compare (&reference, &tensor, test->tolerance);
    }
  for (int path = 0; path < N_PATHS; path++)
    subject_clear (&subjects[path]);
}

static void
assert_near (const float *found, const float *expected, gsize n, const char *what)
{
  double largest = 0.1;
  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (expected[i]));
  for (gsize i = 0; i < n; i++)
    if (!(fabs ((double) found[i] - expected[i]) <= 1e-4 * largest))
      {
        g_test_message ("%s[%zu]: %g, reference %g", what, i, found[i], expected[i]);
        g_test_fail ();
        return;
      }
}

/* All that a step computes, beside the plain kernels; each layer's output if it @keeps them. */
static void
compare_step (const Case *test, Subject *reference, RfKernelPath path, gboolean keeps)
{
  g_auto (Subject) subject = make_subject (test, path);
  RfNet *net = subject.net, *truth = reference->net;
  net->keeps_outputs = keeps;
  g_assert_true (rf_net_plan (net, test->n, TRUE, NULL));
  scalar (&subject);
  run_backward (net, &subject.pass, subject.r);
  g_test_message ("%s%s", rf_kernels_path_name (path), keeps ? ", outputs kept" : "");
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = g_ptr_array_index (net->layers, i);
      const RfLayer *other = g_ptr_array_index (truth->layers, i);
      if (keeps || i + 1 == net->layers->len)
        assert_near (layer->y, other->y, test->n * RF_SHAPE_COUNT (layer->out), layer->path);
    }
  assert_near (net->input_gradient, truth->input_gradient, subject.n_in, "input");
  for (guint i = 0; i < net->n_params; i++)
    {
      const RfParam *param = &net->params[i];
      if (param->kind == RF_PARAM_BUFFER)
        assert_near (net->buffers + param->offset, truth->buffers + param->offset, param->count,
                     param->name);
      else
        assert_near (net->gradients + param->offset, truth->gradients + param->offset, param->count,
                     param->name);
    }
}

/* An evaluation with a plan for nothing else, beside the plain kernels. */
static void
compare_evaluation (const Case *test, RfKernelPath path)
{
  g_auto (Subject) subject = make_subject (test, path);
  g_auto (Subject) reference = make_subject (test, RF_KERNELS_REFERENCE);
  const RfPass pass = { .n = test->n };
  g_assert_true (rf_net_plan (subject.net, test->n, FALSE, NULL));
  const float *expected = run_forward (reference.net, &pass, reference.x);
  assert_near (run_forward (subject.net, &pass, subject.x), expected, subject.n_out, "evaluation");
}

static void
test_fast_kernels (gconstpointer data)
{
  const Case *test = data;
  rf_pool_set_threads (3);
  g_auto (Subject) reference = make_subject (test, RF_KERNELS_REFERENCE);
  scalar (&reference);
  run_backward (reference.net, &reference.pass, reference.r);
  for (RfKernelPath path = RF_KERNELS_PLAIN; path <= RF_KERNELS_AVX512; path++)
    {
      if (!rf_kernels_path_available (path))
        continue;
      compare_step (test, &reference, path, FALSE);
      compare_step (test, &reference, path, TRUE);
      compare_evaluation (test, path);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/gradients/difference/%s", cases[i].name);
      g_autofree char *fast = g_strdup_printf ("/gradients/fast/%s", cases[i].name);
      if (!cases[i].fast_only)
        g_test_add_data_func (name, &cases[i], test_gradients);
      g_test_add_data_func (fast, &cases[i], test_fast_kernels);
    }
  return g_test_run ();
}
