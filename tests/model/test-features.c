/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking into a network: each view against the plainest way to the same numbers. */

#include "model/features/adversary.h"
#include "model/features/arithmetic.h"
#include "model/features/attribution.h"
#include "model/features/dream.h"
#include "model/features/pca.h"
#include "model/features/receptive-field.h"
#include "model/features/survey.h"
#include "model/features/tsne.h"
#include "model/base/random.h"
#include "model/losses/loss.h"
#include "tests/test-util.h"

#include <math.h>
#include <string.h>

#define SIDE    12
#define PIXELS  (3 * SIDE * SIDE)
#define CLASSES 4

/* Strides, dilation, groups, pools, a residual with a shortcut of its own, nested maps. */
#define MIXED                                                                                      \
  "{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": [3, 5], \"padding\": [1, 2]},"               \
  "{\"type\": \"tanh\"},"                                                                          \
  "{\"type\": \"residual\", \"layers\": [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3,"    \
  "\"padding\": 1, \"stride\": 2, \"groups\": 2}, {\"type\": \"batchnorm\"}, {\"type\": "          \
  "\"tanh\"}],"                                                                                    \
  "\"shortcut\": [{\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 1, \"stride\": 2}]},"         \
  "{\"type\": \"avgpool\", \"size\": 2},"                                                          \
  "{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 2, \"dilation\": 2}, {\"type\": \"tanh\"},"  \
  "{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": 4}"
#define CAM                                                                                        \
  "{\"type\": \"conv2d\", \"filters\": 6, \"kernel\": 3, \"padding\": 1}, {\"type\": \"relu\"},"   \
  "{\"type\": \"maxpool\", \"size\": 2}, {\"type\": \"global_avgpool\"},"                          \
  "{\"type\": \"linear\", \"units\": 4}"

#define TRAINING "\"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05}}"

static RfSpecimen *
new_specimen (const char *layers)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text
      = g_strdup_printf ("{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\"},"
                         "\"network\": {\"input\": [3, %d, %d], \"layers\": [%s]}, \"training\": "
                         "{\"optimizer\": {\"type\": \"sgd\", "
                         "\"learning_rate\": 0.05}, \"seed\": 3}}",
                         SIDE, SIDE, layers);
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (text, -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  RfSpecimen *specimen
      = rf_specimen_new (experiment, (RfShape){ 3, SIDE, SIDE }, rf_kernels_path (), &error);
  g_assert_no_error (error);
  return specimen;
}

static float *
new_image (guint64 seed)
{
  RfRandom random = rf_random (seed, RF_RANDOM_BENCH, 0, 0);
  float *image = g_new (float, PIXELS *RF_SPECIMEN_BATCH);
  for (int i = 0; i < PIXELS * RF_SPECIMEN_BATCH; i++)
    image[i] = rf_random_normal (&random);
  return image;
}

static RfLayer *
get_layer (RfSpecimen *specimen, guint index)
{
  return rf_specimen_get_net (specimen)->layers->pdata[index];
}

/* ---- receptive fields ---- */

/* What changes a value when it changes itself: found by trying every pixel. */
static RfPart
try_pixels (RfSpecimen *specimen, const RfLayer *layer, int y, int x, float *image)
{
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  const gsize place = (gsize) (y * layer->out.width + x);
  RfPart part = { SIDE, 0, SIDE, 0 };
  g_autofree float *before = g_new (float, layer->out.channels);
  rf_specimen_forward (specimen, image, 1);
  for (int c = 0; c < layer->out.channels; c++)
    before[c] = layer->y[(gsize) c * area + place];
  for (int pixel = 0; pixel < SIDE * SIDE; pixel++)
    {
      gboolean changed = FALSE;
      float was[3];
      for (int c = 0; c < 3; c++)
        {
          was[c] = image[c * SIDE * SIDE + pixel];
          image[c * SIDE * SIDE + pixel] += 0.5f;
        }
      rf_specimen_forward (specimen, image, 1);
      for (int c = 0; c < layer->out.channels; c++)
        changed |= layer->y[(gsize) c * area + place] != before[c];
      for (int c = 0; c < 3; c++)
        image[c * SIDE * SIDE + pixel] = was[c];
      if (!changed)
        continue;
      part.top = MIN (part.top, pixel / SIDE);
      part.bottom = MAX (part.bottom, pixel / SIDE + 1);
      part.left = MIN (part.left, pixel % SIDE);
      part.right = MAX (part.right, pixel % SIDE + 1);
    }
  return part;
}

static void
test_receptive_field (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (1);
  const RfNet *net = rf_specimen_get_net (specimen);
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      const int y = layer->out.height / 2, x = layer->out.width - 1;
      RfPart part = { y, y + 1, x, x + 1 };
      rf_receptive_field (net, layer, &part);
      const RfPart tried = try_pixels (specimen, layer, y, x, image);
      g_assert_cmpint (CLAMP (part.top, 0, SIDE), ==, tried.top);
      g_assert_cmpint (CLAMP (part.bottom, 0, SIDE), ==, tried.bottom);
      g_assert_cmpint (CLAMP (part.left, 0, SIDE), ==, tried.left);
      g_assert_cmpint (CLAMP (part.right, 0, SIDE), ==, tried.right);
    }
}

/* ---- sums ---- */

static void
test_arithmetic (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (2);
  const RfNet *net = rf_specimen_get_net (specimen);
  rf_specimen_forward (specimen, image, 1);
  int checked = 0;
  for (guint i = 0; i < net->layers->len; i++)
    {
      const RfLayer *layer = net->layers->pdata[i];
      if (!rf_arithmetic_possible (layer))
        continue;
      for (gsize place = 0; place < RF_SHAPE_COUNT (layer->out); place++)
        {
          g_autoptr (RfArithmetic) sum = rf_arithmetic_new (layer, place);
          g_assert_cmpfloat_with_epsilon (sum->value, layer->y[place], 1e-4);
        }
      checked++;
    }
  g_assert_cmpint (checked, ==, 5);
}

/* ---- gradients ---- */

static double
weigh (const float *values, const float *weights, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double) values[i] * weights[i];
  return sum;
}

static void
check_pull (RfSpecimen *specimen, const RfLayer *layer, float *image)
{
  const RfNet *net = rf_specimen_get_net (specimen);
  const gsize n = RF_SHAPE_COUNT (layer ? layer->out : net->output);
  g_autofree float *wish = g_new (float, n);
  RfRandom random = rf_random (5, RF_RANDOM_BENCH, 1, 0);
  for (gsize i = 0; i < n; i++)
    wish[i] = rf_random_normal (&random);
  rf_specimen_forward (specimen, image, 1);
  g_autofree float *gradient
      = g_memdup2 (rf_specimen_pull (specimen, 1, layer, wish), PIXELS * sizeof (float));
  for (int pixel = 0; pixel < PIXELS; pixel += 17)
    {
      const float was = image[pixel], step = 1e-2f;
      image[pixel] = was + step;
      const float *logits = rf_specimen_forward (specimen, image, 1);
      const double more = weigh (layer ? layer->y : logits, wish, n);
      image[pixel] = was - step;
      logits = rf_specimen_forward (specimen, image, 1);
      const double less = weigh (layer ? layer->y : logits, wish, n);
      image[pixel] = was;
      g_assert_cmpfloat_with_epsilon (gradient[pixel], (more - less) / (2 * step),
                                      2e-2 * (1 + fabs (gradient[pixel])));
    }
}

static void
test_pull (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (3);
  const RfNet *net = rf_specimen_get_net (specimen);
  check_pull (specimen, NULL, image);
  for (guint i = 0; i < net->layers->len; i++)
    check_pull (specimen, net->layers->pdata[i], image);
}

/* ---- attributions ---- */

static RfAttribution *
attribute (RfSpecimen *specimen, RfWhyConfig *config, const float *image)
{
  RfAttribution *attribution = rf_attribution_new (config, (RfShape){ 3, SIDE, SIDE }, image);
  while (!rf_attribution_step (attribution, specimen))
    g_assert_cmpfloat (rf_attribution_get_progress (attribution), <, 1);
  return attribution;
}

static void
test_integrated (void)
{
  const char *const networks[] = { MIXED, CAM };
  for (int i = 0; i < 2; i++)
    for (int klass = 0; klass < CLASSES; klass++)
      {
        g_autoptr (RfSpecimen) specimen = new_specimen (networks[i]);
        g_autofree float *image = new_image (4);
        RfWhyConfig config;
        rf_why_config_init (&config, RF_WHY_INTEGRATED, klass, specimen);
        g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
        const double expected = rf_attribution_get_expected (why);
        g_assert_cmpfloat_with_epsilon (rf_attribution_get_sum (why), expected,
                                        0.02 * fmax (fabs (expected), 0.05));
      }
}

static void
test_saliency (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (5);
  RfWhyConfig config;
  rf_why_config_init (&config, RF_WHY_SALIENCY, 1, specimen);
  g_autoptr (RfAttribution) sharp = attribute (specimen, &config, image);
  config.method = RF_WHY_SMOOTH;
  config.noise = 0;
  g_autoptr (RfAttribution) smooth = attribute (specimen, &config, image);
  int height, width;
  const float *a = rf_attribution_get_map (sharp, &height, &width);
  const float *b = rf_attribution_get_map (smooth, &height, &width);
  g_assert_cmpint (height * width, ==, SIDE * SIDE);
  /* Without noise all samples are the picture. */
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1e-5);
  const float wish[CLASSES] = { 0, 1, 0, 0 };
  rf_specimen_forward (specimen, image, 1);
  const float *gradient = rf_specimen_pull (specimen, 1, NULL, wish);
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon (
        a[i],
        fmaxf (fabsf (gradient[i]),
               fmaxf (fabsf (gradient[SIDE * SIDE + i]), fabsf (gradient[2 * SIDE * SIDE + i]))),
        1e-6);
}

/* With a mean over each map and a linear layer behind it, the gradient by a map is that layer's
 * weight over the map's size. */
static void
test_grad_cam (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (CAM);
  g_autofree float *image = new_image (6);
  RfWhyConfig config;
  int height, width;
  rf_why_config_init (&config, RF_WHY_GRAD_CAM, 2, specimen);
  g_assert_cmpint (config.layer, ==, 2);
  g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
  const float *map = rf_attribution_get_map (why, &height, &width);
  const RfLayer *pool = get_layer (specimen, 2), *last = get_layer (specimen, 4);
  const int area = height * width;
  g_assert_cmpint (height, ==, pool->out.height);
  rf_specimen_forward (specimen, image, 1);
  for (int i = 0; i < area; i++)
    {
      double cam = 0;
      for (int c = 0; c < pool->out.channels; c++)
        cam += rf_layer_values (last, 0)[2 * pool->out.channels + c] / area * pool->y[c * area + i];
      g_assert_cmpfloat_with_epsilon (map[i], fmax (cam, 0), 1e-5);
    }
}

static void
test_occlusion (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (CAM);
  g_autofree float *image = new_image (7);
  g_autofree float *covered = g_new (float, PIXELS);
  double sum[SIDE * SIDE] = { 0 }, count[SIDE * SIDE] = { 0 };
  RfWhyConfig config;
  int height, width;
  rf_why_config_init (&config, RF_WHY_OCCLUSION, 0, specimen);
  g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
  const float *map = rf_attribution_get_map (why, &height, &width);
  const double logit = rf_specimen_forward (specimen, image, 1)[0];
  for (int top = 0; top < SIDE - config.side + config.stride; top += config.stride)
    for (int left = 0; left < SIDE - config.side + config.stride; left += config.stride)
      {
        const int t = MIN (top, SIDE - config.side), l = MIN (left, SIDE - config.side);
        memcpy (covered, image, PIXELS * sizeof (float));
        for (int i = 0; i < 3 * config.side * config.side; i++)
          {
            const int c = i / (config.side * config.side), y = i / config.side % config.side;
            covered[(c * SIDE + t + y) * SIDE + l + i % config.side] = 0;
          }
        const double fall = logit - rf_specimen_forward (specimen, covered, 1)[0];
        for (int i = 0; i < config.side * config.side; i++)
          {
            const int pixel = (t + i / config.side) * SIDE + l + i % config.side;
            sum[pixel] += fall;
            count[pixel]++;
          }
      }
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon (map[i], sum[i] / count[i], 1e-4);
}

/* ---- units ---- */

static RfDataset *
load_shapes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\", \"limit\": 50},"
      "\"network\": {\"layers\": [{\"type\": \"flatten\"}, {\"type\": \"linear\", \"units\": "
      "10}]}, " TRAINING "}",
      -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  const char *const folders[] = { NULL };
  RfDataset *dataset
      = rf_dataset_load (&experiment->dataset, (RfShape){ 0 }, folders, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

static void
test_survey (void)
{
  g_autoptr (RfDataset) dataset = load_shapes ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment = rf_experiment_parse (
      "{\"receptive\": 1, \"name\": \"test\", \"dataset\": {\"id\": \"shapes\"}, \"network\": "
      "{\"layers\": [{\"type\": \"conv2d\", \"filters\": 5, \"kernel\": 3, \"stride\": 2}, "
      "{\"type\": "
      "\"relu\"}, {\"type\": \"global_avgpool\"}, {\"type\": \"linear\", \"units\": "
      "10}]}, " TRAINING "}",
      -1, "test", ".", NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RfSpecimen) specimen
      = rf_specimen_new (experiment, dataset->shape, rf_kernels_path (), &error);
  g_assert_no_error (error);
  RfLayer *convolution = get_layer (specimen, 0), *layer = get_layer (specimen, 1);
  /* One unit that is never active. */
  rf_layer_values (convolution, 1)[3] = -1000;
  const gsize n = MIN ((gsize) 40, dataset->splits[RF_SPLIT_TRAIN].n);
  g_autoptr (RfSurvey) survey = rf_survey_new (dataset, RF_SPLIT_TRAIN, n, 1, 1);
  while (!rf_survey_step (survey, specimen))
    ;
  g_assert_cmpint (rf_survey_count_units (survey), ==, 5);
  g_assert_cmpint (rf_survey_count_dead (survey), >=, 1);
  g_assert_cmpfloat (rf_survey_get_unit (survey, 3)->active, ==, 0);
  const gsize area = (gsize) layer->out.height * (gsize) layer->out.width;
  for (int unit = 0; unit < 5; unit++)
    {
      const RfSurveyUnit *found = rf_survey_get_unit (survey, unit);
      g_assert_cmpint (found->n_top, ==, RF_SURVEY_TOP);
      for (int i = 0; i < found->n_top; i++)
        {
          const RfSurveyHit *hit = &found->top[i];
          g_autofree float *image = g_new (float, RF_SHAPE_COUNT (dataset->shape));
          rf_dataset_get (dataset, hit->row, image);
          rf_specimen_forward (specimen, image, 1);
          const float *map = layer->y + (gsize) unit * area;
          g_assert_cmpfloat_with_epsilon (map[hit->y * layer->out.width + hit->x], hit->value,
                                          1e-5);
          for (gsize j = 0; j < area; j++)
            g_assert_cmpfloat (map[j], <=, hit->value + 1e-5);
          g_assert_true (i == 0 || hit->value <= found->top[i - 1].value);
        }
      g_assert_cmpfloat (found->greatest, ==, found->top[0].value);
    }
}

static float *
run_dream (RfSpecimen *specimen, const RfDreamConfig *config, double *first, double *last)
{
  const float low[] = { -2, -2, -2 }, high[] = { 2, 2, 2 };
  g_autoptr (RfDream) dream = rf_dream_new (config, (RfShape){ 3, SIDE, SIDE }, low, high);
  rf_dream_step (dream, specimen);
  *first = rf_dream_get_value (dream);
  while (!rf_dream_step (dream, specimen))
    ;
  *last = rf_dream_get_value (dream);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (fabsf (rf_dream_get_image (dream)[i]), <=, 2);
  return g_memdup2 (rf_dream_get_image (dream), PIXELS * sizeof (float));
}

static void
test_dream (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  const guint layers[] = { 0, 2, 8, 10 };
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      RfDreamConfig config;
      double first, last;
      rf_dream_config_init (&config, layers[i], 1);
      config.steps = 40;
      g_autofree float *image = run_dream (specimen, &config, &first, &last);
      g_autofree float *again = run_dream (specimen, &config, &first, &last);
      g_assert_cmpfloat (last, >, first);
      g_assert_cmpmem (image, PIXELS * sizeof (float), again, PIXELS * sizeof (float));
    }
}

static void
test_adversary (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (8);
  g_autofree float *out = g_new (float, PIXELS);
  const float epsilon[] = { 0.05f, 0.1f, 0.2f };
  float before[CLASSES], after[CLASSES];
  rf_softmax (rf_specimen_forward (specimen, image, 1), CLASSES, before);
  rf_adversary (specimen, image, 1, epsilon, NULL, NULL, out);
  rf_softmax (rf_specimen_forward (specimen, out, 1), CLASSES, after);
  g_assert_cmpfloat (after[1], <, before[1]);
  for (int i = 0; i < PIXELS; i++)
    g_assert_cmpfloat (fabsf (out[i] - image[i]), <=, epsilon[i / (SIDE * SIDE)] + 1e-6);
}

/* ---- the space of features ---- */

static void
test_pca (void)
{
  enum
  {
    N = 200,
    D = 9
  };
  float points[N * D], out[N * 2];
  double shares[2];
  RfRandom random = rf_random (9, RF_RANDOM_BENCH, 0, 0);
  /* Long in one direction, less so in another. */
  for (int i = 0; i < N; i++)
    {
      const float a = 5 * rf_random_normal (&random), b = 2 * rf_random_normal (&random);
      for (int j = 0; j < D; j++)
        points[i * D + j] = 7
                            + a
                                  * (j == 2   ? 0.6f
                                     : j == 5 ? 0.8f
                                              : 0)
                            + b * (j == 1) + 0.01f * rf_random_normal (&random);
    }
  rf_pca (points, N, D, 2, out, shares);
  g_assert_cmpfloat (shares[0], >, 0.8);
  g_assert_cmpfloat (shares[0] + shares[1], >, 0.999);
  double mean = 0;
  for (int i = 0; i < N; i++)
    mean += out[2 * i] / N;
  g_assert_cmpfloat_with_epsilon (mean, 0, 1e-3);
  for (int i = 1; i < N; i++)
    {
      /* Nearly: by chance both directions are a little correlated in the sample. */
      const double along
          = 0.6 * (points[i * D + 2] - points[2]) + 0.8 * (points[i * D + 5] - points[5]);
      g_assert_cmpfloat_with_epsilon (fabs (out[2 * i] - out[0]), fabs (along), 1);
    }
}

static void
test_tsne (void)
{
  enum
  {
    N = 60,
    D = 5
  };
  float points[N * D];
  double gradient[2 * N], layout[2 * N];
  RfRandom random = rf_random (10, RF_RANDOM_BENCH, 0, 0);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < D; j++)
      points[i * D + j] = (float) (i % 3) * 6 * (j == i % 3) + rf_random_normal (&random);
  g_autoptr (RfTsne) tsne = rf_tsne_new (points, N, D, 10, 1);
  g_autoptr (RfTsne) other = rf_tsne_new (points, N, D, 10, 1);
  for (int i = 0; i < 2 * N; i++)
    layout[i] = rf_random_normal (&random);
  rf_tsne_divergence (tsne, layout, gradient);
  for (int i = 0; i < 2 * N; i++)
    {
      const double was = layout[i], step = 1e-5;
      layout[i] = was + step;
      const double more = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was - step;
      const double less = rf_tsne_divergence (tsne, layout, NULL);
      layout[i] = was;
      g_assert_cmpfloat_with_epsilon (gradient[i], (more - less) / (2 * step), 1e-6);
    }
  const double before = rf_tsne_divergence (tsne, rf_tsne_get_layout (tsne), NULL);
  for (int i = 0; i < 300; i++)
    {
      rf_tsne_step (tsne);
      rf_tsne_step (other);
    }
  g_assert_cmpfloat (rf_tsne_divergence (tsne, rf_tsne_get_layout (tsne), NULL), <, before / 2);
  g_assert_cmpmem (rf_tsne_get_layout (tsne), sizeof layout, rf_tsne_get_layout (other),
                   sizeof layout);
  /* Neighbours in the plane are of the same of the three heaps. */
  const double *y = rf_tsne_get_layout (tsne);
  for (int i = 0; i < N; i++)
    {
      int nearest = -1;
      double least = INFINITY;
      for (int j = 0; j < N; j++)
        {
          const double d = hypot (y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1]);
          if (j != i && d < least)
            {
              least = d;
              nearest = j;
            }
        }
      g_assert_cmpint (nearest % 3, ==, i % 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/features/receptive-field", test_receptive_field);
  g_test_add_func ("/features/arithmetic", test_arithmetic);
  g_test_add_func ("/features/pull", test_pull);
  g_test_add_func ("/features/integrated", test_integrated);
  g_test_add_func ("/features/saliency", test_saliency);
  g_test_add_func ("/features/grad-cam", test_grad_cam);
  g_test_add_func ("/features/occlusion", test_occlusion);
  g_test_add_func ("/features/survey", test_survey);
  g_test_add_func ("/features/dream", test_dream);
  g_test_add_func ("/features/adversary", test_adversary);
  g_test_add_func ("/features/pca", test_pca);
  g_test_add_func ("/features/tsne", test_tsne);
  return g_test_run ();
}
