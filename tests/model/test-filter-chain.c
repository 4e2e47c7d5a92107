/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains: what stages compute, against plain formulas; traces, whose sums must be the values and
 * whose regions must be what a change of a pixel reaches; the file format. */
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/random.h"
#include "model/filter/chain.h"
#include "model/filter/samples.h"

enum
{
  WIDTH = 70,
  HEIGHT = 41
};

static RfChain *
parse (const char *stages)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("{\"stages\": [%s]}", stages);
  RfChain *chain = rf_chain_parse (text, -1, "chain", &error);

  g_assert_no_error (error);
  return chain;
}

static float *
random_picture (RfPixels *pixels)
{
  const RfShape shape = { 3, HEIGHT, WIDTH };
  float *values = g_new (float, RF_SHAPE_COUNT (shape));
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);

  for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
    values[i] = rf_random_uniform (&random);
  *pixels = rf_pixels_planar (values, shape);
  return values;
}

static void
run (const RfChain *chain, const RfPixels *picture, RfChainResults *results)
{
  g_autoptr (GError) error = NULL;

  rf_chain_run (chain, picture, 0, TRUE, results, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (results->n, ==, chain->n_stages);
}

/* --- Values --------------------------------------------------------------------------------- */

static void
test_simple (void)
{
  g_autoptr (RfChain) chain
      = parse ("{\"type\": \"bias\", \"value\": -0.5}, {\"type\": \"relu\"},"
               "{\"type\": \"abs\", \"input\": 0}, {\"type\": \"tanh\", \"input\": 0},"
               "{\"type\": \"threshold\", \"value\": 0.25, \"input\": 0},"
               "{\"type\": \"add\", \"with\": \"picture\"},"
               "{\"type\": \"magnitude\", \"input\": 0, \"with\": 3}");
  g_auto (RfChainResults) results = { 0 };
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);

  run (chain, &picture, &results);
  for (gsize i = 0; i < RF_SHAPE_COUNT (picture.shape); i++)
    {
      const double x = values[i], y = x - .5;
      g_assert_cmpfloat_with_epsilon (results.values[0][i], y, 1e-6);
      g_assert_cmpfloat_with_epsilon (results.values[1][i], fmax (y, 0), 1e-6);
      g_assert_cmpfloat_with_epsilon (results.values[2][i], fabs (y), 1e-6);
      g_assert_cmpfloat_with_epsilon (results.values[3][i], tanh (y), 1e-6);
      g_assert_cmpfloat (results.values[4][i], ==, results.values[0][i] >= .25f ? 1 : 0);
      g_assert_cmpfloat_with_epsilon (results.values[5][i], results.values[4][i] + x, 1e-6);
      g_assert_cmpfloat_with_epsilon (results.values[6][i], hypot (y, tanh (y)), 1e-6);
    }
}

static void
test_pools (void)
{
  static const int pools[][6] = {
    { 2, 2, 2, 2, 0, 0 }, { 3, 2, 2, 1, 1, 1 }, { 5, 3, 4, 7, 2, 0 }, { 41, 64, 1, 1, 0, 32 }
  };
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);

  for (gsize k = 0; k < 2 * G_N_ELEMENTS (pools); k++)
    {
      const int *p = pools[k / 2];
      g_autofree char *stage = g_strdup_printf (
          "{\"type\": \"%s\", \"size\": [%d, %d], \"stride\": [%d, %d], \"padding\": [%d, %d]}",
          k % 2 ? "avgpool" : "maxpool", p[0], p[1], p[2], p[3], p[4], p[5]);
      g_autoptr (RfChain) chain = parse (stage);
      g_auto (RfChainResults) results = { 0 };

      run (chain, &picture, &results);
      const RfShape shape = results.shapes[0];
      g_assert_cmpint (shape.height, ==, (HEIGHT + 2 * p[4] - p[0]) / p[2] + 1);
      g_assert_cmpint (shape.width, ==, (WIDTH + 2 * p[5] - p[1]) / p[3] + 1);
      for (int c = 0; c < 3; c++)
        for (int y = 0; y < shape.height; y++)
          for (int x = 0; x < shape.width; x++)
            {
              double largest = -INFINITY, sum = 0;
              for (int i = 0; i < p[0] * p[1]; i++)
                {
                  const int at_y = y * p[2] - p[4] + i / p[1], at_x = x * p[3] - p[5] + i % p[1];
                  if (at_y < 0 || at_y >= HEIGHT || at_x < 0 || at_x >= WIDTH)
                    continue;
                  const double v = values[(c * HEIGHT + at_y) * WIDTH + at_x];
                  largest = fmax (largest, v);
                  sum += v;
                }
              g_assert_cmpfloat_with_epsilon (
                  results.values[0][(c * shape.height + y) * shape.width + x],
                  k % 2 ? sum / (p[0] * p[1]) : largest, 1e-5);
            }
    }
}

static void
test_ready (void)
{
  g_autofree guint8 *rgb = g_new (guint8, 3 * WIDTH * HEIGHT);
  const RfPixels picture = rf_pixels_rgb (rgb, HEIGHT, WIDTH);
  int n = 0;

  rf_sample_draw (rf_sample_find ("shapes"), WIDTH, HEIGHT, rgb);
  for (const RfReadyChain *ready = rf_ready_chains; ready->name; ready++, n++)
    {
      g_auto (RfChainResults) results = { 0 };
      g_autoptr (RfChain) chain = rf_chain_new_ready (ready->name);

      g_assert_nonnull (chain);
      run (chain, &picture, &results);
    }
  g_assert_cmpint (n, >=, 2);
  g_assert_null (rf_chain_new_ready ("canny"));

  /* Edges are few, and some. */
  g_auto (RfChainResults) results = { 0 };
  g_autoptr (RfChain) canny = rf_chain_new_ready ("canny-like");
  double share = 0;
  run (canny, &picture, &results);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    share += (double) results.values[canny->n_stages - 1][i] / (WIDTH * HEIGHT);
  g_assert_cmpfloat (share, >, .02);
  g_assert_cmpfloat (share, <, .4);
}

/* From the middle on, and without keeping, the last result is the same. */
static void
test_partly (void)
{
  g_autoptr (RfChain) chain = rf_chain_new_ready ("canny-like");
  g_auto (RfChainResults) results = { 0 }, last = { 0 };
  g_autoptr (GError) error = NULL;
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);
  const int n = chain->n_stages;
  const gsize size = HEIGHT * WIDTH * sizeof (float);

  run (chain, &picture, &results);
  g_assert_true (rf_chain_run (chain, &picture, 0, FALSE, &last, NULL, &error));
  g_assert_cmpmem (results.values[n - 1], size, last.values[n - 1], size);
  for (int i = 0; i < n - 1; i++)
    g_assert_null (last.values[i]);

  const float *kept = results.values[1];
  chain->stages[5].value = .7;
  g_assert_true (rf_chain_run (chain, &picture, 5, TRUE, &results, NULL, &error));
  g_assert_true (results.values[1] == kept);
  rf_chain_results_clear (&last);
  run (chain, &picture, &last);
  g_assert_cmpmem (results.values[n - 1], size, last.values[n - 1], size);

  RfStale stale = TRUE;
  g_assert_false (rf_chain_run (chain, &picture, 2, TRUE, &results, &stale, &error));
  g_assert_no_error (error);
  g_assert_cmpint (results.n, ==, 2);
}

/* --- Traces --------------------------------------------------------------------------------- */

static const char *const traced[] = {
  "{\"type\": \"kernel\", \"kernel\": \"random:size=4\", \"border\": \"reflect\", \"dilation\": 2},"
  "{\"type\": \"relu\"},"
  "{\"type\": \"kernel\", \"kernel\": \"sobel-x\", \"border\": \"wrap\", \"stride\": [2, 1]},"
  "{\"type\": \"maxpool\", \"size\": [3, 2], \"stride\": 2, \"padding\": [1, 0]},"
  "{\"type\": \"tanh\"}",
  "{\"type\": \"kernel\", \"kernel\": [[[1, 2]], [[3, -1]], [[0.5, 0]]], \"channels\": "
  "\"combined\", \"bias\": 0.25, \"scale\": -2, \"padding\": [3, 2, 5, 1], \"convolve\": true},"
  "{\"type\": \"avgpool\", \"size\": 3, \"stride\": 1, \"padding\": 1},"
  "{\"type\": \"kernel\", \"kernel\": \"laplacian-8\", \"border\": \"edge\", \"dilation\": [1, 3]},"
  "{\"type\": \"add\", \"with\": 0},"
  "{\"type\": \"magnitude\", \"with\": 1}",
};

static double
apply (const RfStage *stage, const RfTraceStep *step)
{
  const RfTraceTerm *terms = (const RfTraceTerm *) step->terms->data;

  switch (stage->kind)
    {
    case RF_STAGE_KERNEL:
      return stage->kernel.scale * step->sum + stage->kernel.bias;
    case RF_STAGE_RELU:
      return fmax (step->sum, 0);
    case RF_STAGE_TANH:
      return tanh (step->sum);
    case RF_STAGE_MAGNITUDE:
      return hypot (terms[0].value, terms[1].value);
    default:
      return step->sum;
    }
}

static void
check_steps (const RfChain *chain, const RfChainTrace *trace, int stage)
{
  const RfTraceStep *first = g_ptr_array_index (trace->steps, 0);
  int before = RF_CHAIN_MAX_STAGES;

  g_assert_cmpint (first->stage, ==, stage);
  for (guint i = 0; i < trace->steps->len; i++)
    {
      const RfTraceStep *step = g_ptr_array_index (trace->steps, i);
      double sum = 0;

      g_assert_cmpint (step->stage, <, before);
      before = step->stage;
      for (guint k = 0; k < step->terms->len; k++)
        {
          const RfTraceTerm *term = &g_array_index (step->terms, RfTraceTerm, k);
          sum += term->counts ? term->weight * term->value : 0;
          g_assert_true (term->place_y >= 0 || term->value == 0);
        }
      g_assert_cmpfloat_with_epsilon (sum, step->sum, 1e-9);
      g_assert_cmpfloat_with_epsilon (apply (&chain->stages[step->stage], step), step->value, 1e-4);
    }
}

static gboolean
in_region (const RfRegion *region, int y, int x)
{
  return y >= region->top && y < region->bottom && x >= region->left && x < region->right;
}

/* A change of a pixel outside the receptive field changes nothing; in every row and column of it,
 * some pixel can. */
static void
check_field (const RfChain *chain, RfPixels *picture, const RfChainTrace *trace, int stage,
             gsize place)
{
  float *values = picture->data;
  g_auto (RfChainResults) results = { 0 };
  const RfRegion *field = &trace->picture;

  run (chain, picture, &results);
  const float before = results.values[stage][place];
  g_autofree float *kept = g_memdup2 (values, 3 * HEIGHT * WIDTH * sizeof (float));
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        if (!in_region (field, y, x))
          values[(c * HEIGHT + y) * WIDTH + x] = 50;
  run (chain, picture, &results);
  g_assert_cmpfloat (results.values[stage][place], ==, before);
  memcpy (values, kept, 3 * HEIGHT * WIDTH * sizeof (float));
}

static void
test_trace (void)
{
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);
  RfRandom random = rf_random (5, RF_RANDOM_BENCH, 0, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (traced); i++)
    {
      g_autoptr (RfChain) chain = parse (traced[i]);
      g_auto (RfChainResults) results = { 0 };

      run (chain, &picture, &results);
      for (int k = 0; k < 60; k++)
        {
          const int stage = (int) rf_random_below (&random, (guint32) chain->n_stages);
          const RfShape shape = results.shapes[stage];
          const int c = (int) rf_random_below (&random, (guint32) shape.channels);
          /* Corners first. */
          const int y = k < 2 ? 0 : (int) rf_random_below (&random, (guint32) shape.height);
          const int x = k < 2 ? k * (shape.width - 1)
                              : (int) rf_random_below (&random, (guint32) shape.width);
          g_autoptr (RfChainTrace) trace
              = rf_chain_trace (chain, &picture, &results, stage, c, y, x);
          check_steps (chain, trace, stage);
          check_field (chain, &picture, trace, stage,
                       ((gsize) c * shape.height + y) * shape.width + x);
        }
    }
}

/* 3×3 after 3×3 sees 5×5; after a pool of 2, twice as far. */
static void
test_field_grows (void)
{
  g_autoptr (RfChain) chain
      = parse ("{\"type\": \"kernel\", \"kernel\": \"box\"}, {\"type\": \"kernel\", \"kernel\": "
               "\"box\"}, {\"type\": \"maxpool\"}, {\"type\": \"kernel\", \"kernel\": \"box\"}");
  g_auto (RfChainResults) results = { 0 };
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);

  run (chain, &picture, &results);
  g_autoptr (RfChainTrace) trace = rf_chain_trace (chain, &picture, &results, 3, 1, 8, 9);
  g_assert_true (in_region (&trace->regions[3], 8, 9));
  g_assert_cmpint (trace->regions[3].bottom - trace->regions[3].top, ==, 1);
  g_assert_cmpint (trace->regions[2].bottom - trace->regions[2].top, ==, 3);
  g_assert_cmpint (trace->regions[1].right - trace->regions[1].left, ==, 6);
  g_assert_cmpint (trace->regions[0].right - trace->regions[0].left, ==, 8);
  g_assert_cmpint (trace->picture.left, ==, 14);
  g_assert_cmpint (trace->picture.right, ==, 24);
  g_assert_cmpint (trace->picture.top, ==, 12);
  g_assert_cmpint (trace->picture.bottom, ==, 22);
  /* Of stages that it does not come from it sees nothing. */
  g_autoptr (RfChainTrace) early = rf_chain_trace (chain, &picture, &results, 0, 0, 0, 0);
  g_assert_cmpint (early->regions[1].bottom, ==, 0);
  g_assert_cmpint (early->picture.bottom, ==, 2);
}

/* --- The file ------------------------------------------------------------------------------- */

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (traced); i++)
    {
      g_autoptr (RfChain) chain = parse (traced[i]);
      chain->name = g_strdup ("my \"chain\"");
      g_autoptr (RfChain) copy = rf_chain_copy (chain);
      g_autofree char *text = rf_chain_to_text (copy);
      g_autoptr (GError) error = NULL;
      g_autoptr (RfChain) again = rf_chain_parse (text, -1, "again", &error);
      g_assert_no_error (error);
      g_autofree char *second = rf_chain_to_text (again);
      g_assert_cmpstr (text, ==, second);
      g_assert_cmpstr (again->name, ==, chain->name);
      g_assert_cmpint (again->n_stages, ==, chain->n_stages);
      for (int s = 0; s < chain->n_stages; s++)
        {
          const RfStage *a = &chain->stages[s], *b = &again->stages[s];
          g_assert_cmpint (a->kind, ==, b->kind);
          g_assert_cmpint (a->input, ==, b->input);
          g_assert_true (rf_kernel_equal (&a->kernel, &b->kernel));
          g_assert_cmpmem (&a->options, sizeof a->options, &b->options, sizeof b->options);
        }
    }
}

static const char *const refused[][2] = {
  { "", "line 1" },
  { "[]", "must be an object" },
  { "{}", "stages: missing" },
  { "{\"stages\": []}", "a list of 1 to 32 stages" },
  { "{\"stages\": {}}", "a list of 1 to 32 stages" },
  { "{\"stages\": [3]}", "stages[0]: must be an object, not a number" },
  { "{\"receptive_chain\": 2, \"stages\": []}", "newer program" },
  { "{\"stages\": [{\"type\": \"relu\"}], \"nam\": \"x\"}", "nam: unknown key, did you mean" },
  { "{\"stages\": [{\"type\": \"relu\"}], \"name\": 3}", "name: must be a text" },
  { "{\"stages\": [{}]}", "stages[0].type: missing" },
  { "{\"stages\": [{\"type\": \"relu\"}, {\"type\": \"rleu\"}]}",
    "stages[1].type: there is no stage \"rleu\", did you mean \"relu\"" },
  { "{\"stages\": [{\"type\": \"relu\", \"value\": 1}]}", "stages[0].value: unknown key" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernal\": 1}]}",
    "stages[0].kernal: unknown key, did you mean \"kernel\"" },
  { "{\"stages\": [{\"type\": \"kernel\"}]}", "stages[0].kernel: missing" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": []}]}", "1 to 11 rows" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1], [1, 2]]}]}",
    "stages[0].kernel[1]: this row has 2 numbers, the first has 1" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1, \"a\"]]}]}",
    "stages[0].kernel[0][1]: must be a number" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1e30]]}]}",
    "stages[0].kernel[0][0]: 1e+30 is out of range" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[[1]], [[1]]]}]}", "three such lists" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": \"sobel\"}]}",
    "stages[0].kernel: there is no kernel \"sobel\"" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": \"1/0\"}]}", "divided by 0" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[NaN]]}]}", "line 1" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1]], \"stride\": 0}]}",
    "stages[0].stride: 0 is out of range" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1]], \"border\": \"mirror\"}]}",
    "stages[0].border" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1]], \"padding\": [1, 2, 3]}]}",
    "stages[0].padding: must be \"same\"" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[1]], \"padding\": [1, -2]}]}",
    "stages[0].padding[1]: -2 is out of range" },
  { "{\"stages\": [{\"type\": \"kernel\", \"kernel\": [[[1]],[[1]],[[1]]], \"channels\": "
    "\"shared\"}]}",
    "stages[0].channels" },
  { "{\"stages\": [{\"type\": \"bias\"}]}", "stages[0].value: missing" },
  { "{\"stages\": [{\"type\": \"add\"}]}", "stages[0].with: missing" },
  { "{\"stages\": [{\"type\": \"add\", \"with\": 0}]}", "stages[0].with: must be \"picture\"" },
  { "{\"stages\": [{\"type\": \"relu\"}, {\"type\": \"abs\", \"input\": 1}]}",
    "stages[1].input: must be \"picture\", \"previous\" or an earlier stage, from 0 to 0" },
  { "{\"stages\": [{\"type\": \"maxpool\", \"size\": 65}]}", "stages[0].size: 65 is out of range" },
  { "{\"stages\": [{\"type\": \"maxpool\", \"size\": 2, \"padding\": 2}]}",
    "stages[0].padding: 2 is out of range, it must be at most half the size, 1" },
  { "{\"stages\": [{\"type\": \"relu\", \"type\": \"abs\"}]}", "stands twice" },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RfChain) chain = rf_chain_parse (refused[i][0], -1, "my.json", &error);

      if (chain)
        g_error ("%s was read", refused[i][0]);
      g_assert_true (error->domain == RF_ERROR);
      g_assert_true (g_str_has_prefix (error->message, "my.json: "));
      if (!strstr (error->message, refused[i][1]))
        g_error ("%s: \"%s\" does not say \"%s\"", refused[i][0], error->message, refused[i][1]);
    }
}

static void
test_unfit (void)
{
  static const char *const chains[][2] = {
    { "{\"type\": \"maxpool\", \"size\": 50}", "stages[0]: a 50×50 pool does not fit" },
    { "{\"type\": \"relu\"}, {\"type\": \"kernel\", \"kernel\": [[1, 1]], \"dilation\": 64, "
      "\"padding\": 0}, {\"type\": \"maxpool\", \"size\": [2, 9]}",
      "stages[2]: a 2×9 pool" },
    { "{\"type\": \"maxpool\"}, {\"type\": \"add\", \"with\": \"picture\"}",
      "stages[1]: the two results are 3×20×35 and 3×41×70" },
    { "{\"type\": \"kernel\", \"kernel\": [[1]], \"channels\": \"combined\"}, {\"type\": "
      "\"kernel\", \"kernel\": [[1]], \"channels\": \"each\"}",
      "stages[1]: a kernel with weights for red, green and blue needs 3 channels, not 1" },
  };
  RfPixels picture;
  g_autofree float *values = random_picture (&picture);

  for (gsize i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autoptr (RfChain) chain = parse (chains[i][0]);
      g_autoptr (GError) error = NULL;
      g_auto (RfChainResults) results = { 0 };

      g_assert_false (rf_chain_run (chain, &picture, 0, TRUE, &results, NULL, &error));
      if (!strstr (error->message, chains[i][1]))
        g_error ("\"%s\" does not say \"%s\"", error->message, chains[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-chain/simple", test_simple);
  g_test_add_func ("/filter-chain/pools", test_pools);
  g_test_add_func ("/filter-chain/ready", test_ready);
  g_test_add_func ("/filter-chain/partly", test_partly);
  g_test_add_func ("/filter-chain/trace", test_trace);
  g_test_add_func ("/filter-chain/field-grows", test_field_grows);
  g_test_add_func ("/filter-chain/round-trip", test_round_trip);
  g_test_add_func ("/filter-chain/refused", test_refused);
  g_test_add_func ("/filter-chain/unfit", test_unfit);
  return g_test_run ();
}
