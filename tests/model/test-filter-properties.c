/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of filtering whatever the numbers: linearity, shift, identity, commuting, the same
 * bytes for any number of threads, and that a run nobody waits for ends. */
#include <math.h>
#include <string.h>

#include "model/base/pool.h"
#include "tests/model/filter-util.h"

static float *
run (const RfKernel *kernel, const RfFilterOptions *options, const float *values, RfShape shape)
{
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (kernel, options, shape, NULL);
  const RfShape to = rf_filter_plan_get_output (plan);
  float *result = g_new (float, RF_SHAPE_COUNT (to));
  const RfPixels input = rf_pixels_planar ((float *) values, shape);
  const RfPixels output = rf_pixels_planar (result, to);

  g_assert_true (rf_filter_run (plan, &input, &output, NULL));
  return result;
}

static void
assert_near (const float *a, const float *b, gsize n, double tolerance)
{
  for (gsize i = 0; i < n; i++)
    g_assert_true (fabs ((double) a[i] - b[i]) <= tolerance);
}

static void
test_linear (void)
{
  const RfShape shape = { 3, 40, 33 };
  const gsize n = RF_SHAPE_COUNT (shape);
  RfRandom random = stream (6);
  g_autofree float *a = random_picture (shape, &random), *b = random_picture (shape, &random);
  g_autofree float *mixed = g_new (float, n);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  for (gsize i = 0; i < n; i++)
    mixed[i] = 2 * a[i] - .5f * b[i];
  for (options.border = RF_BORDER_ZERO; options.border <= RF_BORDER_WRAP; options.border++)
    {
      fill_kernel (&kernel, 5, 4, RF_KERNEL_SHARED, &random);
      kernel.bias = 0;
      g_autofree float *of_a = run (&kernel, &options, a, shape);
      g_autofree float *of_b = run (&kernel, &options, b, shape);
      g_autofree float *of_mixed = run (&kernel, &options, mixed, shape);
      for (gsize i = 0; i < n; i++)
        of_a[i] = 2 * of_a[i] - .5f * of_b[i];
      assert_near (of_a, of_mixed, n, 1e-5 * gain_of (&kernel));
    }
}

static void
roll (const float *in, RfShape shape, int down, int right, float *out)
{
  for (int c = 0; c < shape.channels; c++)
    for (int y = 0; y < shape.height; y++)
      for (int x = 0; x < shape.width; x++)
        out[(c * shape.height + (y + down) % shape.height) * shape.width
            + (x + right) % shape.width]
            = in[(c * shape.height + y) * shape.width + x];
}

/* A picture that is shifted around gives the result shifted around. */
static void
test_shift (void)
{
  const RfShape shape = { 3, 45, 61 };
  const gsize n = RF_SHAPE_COUNT (shape);
  RfRandom random = stream (7);
  g_autofree float *values = random_picture (shape, &random), *rolled = g_new (float, n);
  g_autofree float *wanted = g_new (float, n);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  options.border = RF_BORDER_WRAP;
  fill_kernel (&kernel, 6, 3, RF_KERNEL_PER_CHANNEL, &random);
  roll (values, shape, 13, 50, rolled);
  g_autofree float *result = run (&kernel, &options, values, shape);
  g_autofree float *of_rolled = run (&kernel, &options, rolled, shape);
  roll (result, shape, 13, 50, wanted);
  g_assert_cmpmem (of_rolled, n * sizeof (float), wanted, n * sizeof (float));
}

static void
test_identity (void)
{
  const RfShape shape = { 3, 38, 530 };
  const gsize n = RF_SHAPE_COUNT (shape);
  RfRandom random = stream (8);
  g_autofree float *values = random_picture (shape, &random);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;

  for (int height = 1; height <= RF_KERNEL_MAX_SIDE; height++)
    for (int width = 1; width <= RF_KERNEL_MAX_SIDE; width++)
      {
        RfKernel kernel;

        rf_kernel_init (&kernel, 1, 1);
        kernel.weights[0][0] = 1;
        g_assert_true (rf_kernel_resize (&kernel, height, width));
        g_autofree float *result = run (&kernel, &options, values, shape);
        g_assert_cmpmem (result, n * sizeof (float), values, n * sizeof (float));
      }
}

/* One filter after another is the same in either order, around a torus. */
static void
test_commute (void)
{
  const RfShape shape = { 3, 33, 47 };
  RfRandom random = stream (9);
  g_autofree float *values = random_picture (shape, &random);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel a, b;

  options.border = RF_BORDER_WRAP;
  fill_kernel (&a, 3, 5, RF_KERNEL_SHARED, &random);
  fill_kernel (&b, 4, 2, RF_KERNEL_SHARED, &random);
  a.bias = b.bias = 0;
  make_separable (&a, &random);
  g_autofree float *after_a = run (&a, &options, values, shape);
  g_autofree float *a_then_b = run (&b, &options, after_a, shape);
  g_autofree float *after_b = run (&b, &options, values, shape);
  g_autofree float *b_then_a = run (&a, &options, after_b, shape);
  assert_near (a_then_b, b_then_a, RF_SHAPE_COUNT (shape), 1e-5 * gain_of (&a) * gain_of (&b));
}

/* Convolution is correlation with the kernel turned by 180°. */
static void
test_convolution (void)
{
  const RfShape shape = { 3, 20, 21 };
  RfRandom random = stream (10);
  g_autofree float *values = random_picture (shape, &random);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  fill_kernel (&kernel, 4, 3, RF_KERNEL_COMBINED, &random);
  options.convolve = TRUE;
  g_autofree float *convolved = run (&kernel, &options, values, shape);
  rf_kernel_flip_both (&kernel);
  options.convolve = FALSE;
  g_autofree float *correlated = run (&kernel, &options, values, shape);
  g_assert_cmpmem (convolved, 20 * 21 * sizeof (float), correlated, 20 * 21 * sizeof (float));
}

static void
test_threads (void)
{
  const RfShape shape = { 3, 150, 1100 };
  RfRandom random = stream (11);
  g_autofree float *values = random_picture (shape, &random);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;

  for (int separable = 0; separable < 2; separable++)
    {
      RfKernel kernel;

      fill_kernel (&kernel, 7, 5, RF_KERNEL_SHARED, &random);
      if (separable)
        make_separable (&kernel, &random);
      rf_pool_set_threads (1);
      g_autofree float *alone = run (&kernel, &options, values, shape);
      rf_pool_set_threads (3);
      g_autofree float *together = run (&kernel, &options, values, shape);
      const gsize size = RF_SHAPE_COUNT (shape) * sizeof (float);
      g_assert_cmpmem (alone, size, together, size);
    }
  rf_pool_set_threads (0);
}

static gpointer
run_stale (gpointer data)
{
  RfStale *stale = data;
  const RfShape shape = { 3, 600, 900 };
  RfRandom random = stream (12);
  g_autofree float *values = random_picture (shape, &random);
  g_autofree float *result = g_new0 (float, RF_SHAPE_COUNT (shape));
  const RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;
  gsize n_runs = 0;

  fill_kernel (&kernel, 11, 11, RF_KERNEL_SHARED, &random);
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (&kernel, &options, shape, NULL);
  const RfPixels input = rf_pixels_planar (values, shape);
  const RfPixels output = rf_pixels_planar (result, shape);
  while (rf_filter_run (plan, &input, &output, stale))
    n_runs++;
  return GSIZE_TO_POINTER (n_runs);
}

/* Two at once share the pool; each ends when told that nobody waits for it. */
static void
test_stale (void)
{
  RfStale stale[2] = { FALSE, FALSE };
  GThread *threads[2];

  for (int i = 0; i < 2; i++)
    threads[i] = g_thread_new ("filter", run_stale, &stale[i]);
  g_usleep (50000);
  for (int i = 0; i < 2; i++)
    atomic_store (&stale[i], TRUE);
  for (int i = 0; i < 2; i++)
    g_thread_join (threads[i]);

  RfStale already = TRUE;
  g_assert_cmpuint (GPOINTER_TO_SIZE (run_stale (&already)), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-properties/linear", test_linear);
  g_test_add_func ("/filter-properties/shift", test_shift);
  g_test_add_func ("/filter-properties/identity", test_identity);
  g_test_add_func ("/filter-properties/commute", test_commute);
  g_test_add_func ("/filter-properties/convolution", test_convolution);
  g_test_add_func ("/filter-properties/threads", test_threads);
  g_test_add_func ("/filter-properties/stale", test_stale);
  return g_test_run ();
}
