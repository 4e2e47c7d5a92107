/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why an answer: each method against the plainest way to the same map. */

#include "model/base/pool.h"
#include "model/features/attribution.h"
#include "tests/model/features-util.h"

#include <math.h>
#include <string.h>

static RfAttribution *
attribute (RfSpecimen *specimen, RfWhyConfig *config, const float *image)
{
  RfAttribution *attribution = rf_attribution_new (config, (RfShape){ 3, SIDE, SIDE }, image);
  while (!rf_attribution_step (attribution, specimen))
    g_assert_cmpfloat (rf_attribution_get_progress (attribution), <, 1);
  return attribution;
}

/* The gradient of a logit by every pixel, by finite differences; pixels a batch at a time. */
static void
differentiate (RfSpecimen *specimen, const float *image, int klass, double *gradient)
{
  const float step = 1e-2f;
  g_autofree float *batch = g_new (float, PIXELS *RF_SPECIMEN_BATCH);
  for (int first = 0; first < PIXELS; first += RF_SPECIMEN_BATCH / 2)
    {
      for (int i = 0; i < RF_SPECIMEN_BATCH; i++)
        {
          memcpy (batch + i * PIXELS, image, PIXELS * sizeof (float));
          batch[i * PIXELS + first + i / 2] += i % 2 ? -step : step;
        }
      const float *logits = rf_specimen_forward (specimen, batch, RF_SPECIMEN_BATCH);
      for (int i = 0; i < RF_SPECIMEN_BATCH; i += 2)
        gradient[first + i / 2]
            = ((double) logits[i * CLASSES + klass] - logits[(i + 1) * CLASSES + klass])
              / (2 * step);
    }
}

static double
largest_of (const double *gradient, int pixel)
{
  double largest = 0;
  for (int c = 0; c < 3; c++)
    largest = fmax (largest, fabs (gradient[c * SIDE * SIDE + pixel]));
  return largest;
}

/* Within a share of the largest value that is expected. */
static void
compare_maps (const RfAttribution *why, const double *expected, double tolerance)
{
  int height, width;
  const float *map = rf_attribution_get_map (why, &height, &width);
  double largest = 0;
  for (int i = 0; i < height * width; i++)
    largest = fmax (largest, fabs (expected[i]));
  g_assert_cmpfloat (largest, >, 0);
  for (int i = 0; i < height * width; i++)
    g_assert_cmpfloat_with_epsilon (map[i], expected[i], tolerance * largest);
}

static void
test_complete (void)
{
  const char *const networks[] = { MIXED, CAM };
  for (int i = 0; i < 2; i++)
    for (int klass = 0; klass < CLASSES; klass++)
      {
        g_autoptr (RfSpecimen) specimen = new_specimen (networks[i]);
        g_autofree float *image = new_image (4);
        RfWhyConfig config;
        rf_why_config_init (&config, RF_WHY_INTEGRATED, klass, specimen);
        config.samples = 2; /* far too few */
        g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
        const double expected = rf_attribution_get_expected (why);
        const float *logits = rf_specimen_forward (specimen, image, 1);
        g_assert_cmpfloat (rf_attribution_get_logit (why), ==, logits[klass]);
        g_assert_cmpfloat_with_epsilon (rf_attribution_get_sum (why), expected,
                                        0.02 * fabs (expected));
        g_assert_cmpfloat (rf_attribution_get_progress (why), ==, 1);
      }
}

static void
test_integrated (void)
{
  enum
  {
    STEPS = 24
  };
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (4);
  float way[PIXELS];
  double gradient[PIXELS], map[SIDE * SIDE] = { 0 };
  RfWhyConfig config;
  rf_why_config_init (&config, RF_WHY_INTEGRATED, 3, specimen);
  config.samples = STEPS;
  config.tolerance = INFINITY; /* no more than these */
  g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
  for (int step = 0; step < STEPS; step++)
    {
      for (int i = 0; i < PIXELS; i++)
        way[i] = image[i] * (float) (step + 0.5) / STEPS;
      differentiate (specimen, way, 3, gradient);
      for (int i = 0; i < PIXELS; i++)
        map[i % (SIDE * SIDE)] += gradient[i] * image[i] / STEPS;
    }
  compare_maps (why, map, 0.01);
}

static void
test_smooth (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (5);
  float noisy[PIXELS], low = image[0], high = image[0];
  double gradient[PIXELS], map[SIDE * SIDE] = { 0 };
  RfWhyConfig config;
  rf_why_config_init (&config, RF_WHY_SMOOTH, 2, specimen);
  config.samples = 20;
  config.seed = 11;
  g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
  for (int i = 0; i < PIXELS; i++)
    {
      low = fminf (low, image[i]);
      high = fmaxf (high, image[i]);
    }
  for (int sample = 0; sample < config.samples; sample++)
    {
      RfRandom random = rf_random (11, RF_RANDOM_EXAMINE, (guint64) sample, 0);
      for (int i = 0; i < PIXELS; i++)
        noisy[i] = image[i] + (float) config.noise * (high - low) * rf_random_normal (&random);
      differentiate (specimen, noisy, 2, gradient);
      for (int i = 0; i < SIDE * SIDE; i++)
        map[i] += largest_of (gradient, i) / config.samples;
    }
  compare_maps (why, map, 0.01);
}

static void
test_saliency (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (5);
  double gradient[PIXELS], map[SIDE * SIDE];
  for (int klass = 0; klass < CLASSES; klass++)
    {
      RfWhyConfig config;
      rf_why_config_init (&config, RF_WHY_SALIENCY, klass, specimen);
      g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
      differentiate (specimen, image, klass, gradient);
      for (int i = 0; i < SIDE * SIDE; i++)
        map[i] = largest_of (gradient, i);
      compare_maps (why, map, 0.01);
    }
}

/* Adding to a convolution's bias adds to all of a map, so that the mean gradient by the map is that
 * by the bias over the map's size. */
static double
differentiate_bias (RfSpecimen *specimen, const RfLayer *layer, int channel, const float *image,
                    int klass)
{
  float *bias = rf_layer_values (layer, 1) + channel;
  const float was = *bias, step = 1e-2f;
  *bias = was + step;
  const double more = rf_specimen_forward (specimen, image, 1)[klass];
  *bias = was - step;
  const double less = rf_specimen_forward (specimen, image, 1)[klass];
  *bias = was;
  return (more - less) / (2 * step);
}

static void
test_any_layer (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (6);
  const RfNet *net = rf_specimen_get_net (specimen);
  int checked = 0, inside = 0;
  for (guint l = 0; l < net->layers->len; l++)
    {
      const RfLayer *layer = net->layers->pdata[l];
      const int area = layer->out.height * layer->out.width;
      RfWhyConfig config;
      double map[SIDE * SIDE] = { 0 };
      if (layer->n_params == 0 || layer->params[0]->n_dims != 4)
        continue;
      rf_why_config_init (&config, RF_WHY_GRAD_CAM, 0, specimen);
      config.layer = l;
      for (int c = 0; c < layer->out.channels; c++)
        {
          const double weight = differentiate_bias (specimen, layer, c, image, 0) / area;
          rf_specimen_forward (specimen, image, 1);
          for (int i = 0; i < area; i++)
            map[i] += weight * layer->y[c * area + i];
        }
      for (int i = 0; i < area; i++)
        map[i] = fmax (map[i], 0);
      g_autoptr (RfAttribution) why = attribute (specimen, &config, image);
      compare_maps (why, map, 0.01);
      checked++;
      inside += layer->depth > 0;
    }
  g_assert_cmpint (checked, ==, 4);
  g_assert_cmpint (inside, ==, 2);
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

static void
check_threads (RfSpecimen *specimen, RfWhy method, const float *image)
{
  int height, width, other_height, other_width;
  RfWhyConfig config;
  rf_why_config_init (&config, method, 1, specimen);
  rf_pool_set_threads (1);
  g_autoptr (RfAttribution) one = attribute (specimen, &config, image);
  rf_pool_set_threads (3);
  g_autoptr (RfAttribution) three = attribute (specimen, &config, image);
  const float *a = rf_attribution_get_map (one, &height, &width);
  const float *b = rf_attribution_get_map (three, &other_height, &other_width);
  const gsize size = (gsize) (height * width) * sizeof (float);
  g_assert_cmpmem (a, size, b, (gsize) (other_height * other_width) * sizeof (float));
}

static void
test_threads (void)
{
  g_autoptr (RfSpecimen) specimen = new_specimen (MIXED);
  g_autofree float *image = new_image (9);
  for (int method = 0; method < RF_N_WHYS; method++)
    check_threads (specimen, (RfWhy) method, image);
}

/* A network that has learnt, deep and with jumps in its gradient, on pictures that it knows or on
 * noise: the sum is right for all classes, within 2 %. */
static void
check_trained (const char *name, int n_images)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder
      = g_build_filename (g_getenv ("RECEPTIVE_SOURCE"), "data", "pretrained", name, NULL);
  g_autofree char *file = g_build_filename (folder, "experiment.json", NULL);
  g_autofree char *weights = g_build_filename (folder, "weights.safetensors", NULL);
  g_autoptr (RfExperiment) experiment = rf_experiment_load (file, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RfSpecimen) specimen
      = rf_specimen_new (experiment, (RfShape){ 0 }, rf_kernels_path (), &error);
  g_assert_no_error (error);
  RfNet *net = rf_specimen_get_net (specimen);
  rf_net_load_file (net, weights, &error);
  g_assert_no_error (error);
  g_autofree float *image = g_new (float, RF_SHAPE_COUNT (net->input));
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);
  double worst = 0, steps = 0;
  for (int i = 0; i < n_images; i++)
    for (int klass = 0; klass < 10; klass += 6)
      {
        RfWhyConfig config;
        for (gsize j = 0; j < RF_SHAPE_COUNT (net->input); j++)
          image[j] = rf_random_normal (&random);
        rf_why_config_init (&config, RF_WHY_INTEGRATED, klass, specimen);
        g_autoptr (RfAttribution) why = rf_attribution_new (&config, net->input, image);
        while (!rf_attribution_step (why, specimen))
          steps++;
        const double expected = rf_attribution_get_expected (why);
        const double wrong = fabs (rf_attribution_get_sum (why) / expected - 1);
        g_assert_true (isfinite (wrong));
        worst = fmax (worst, wrong);
      }
  g_test_message ("%s: wrong by %.2f %% at most, in %.0f batches", name, 100 * worst, steps);
  g_assert_cmpfloat (worst, <, 0.02);
}

static void
test_trained (void)
{
  if (rf_kernels_path () == RF_KERNELS_REFERENCE)
    {
      g_test_skip ("takes minutes on the reference kernels");
      return;
    }
  check_trained ("shapes", 1);
  check_trained ("digits", 1);
  check_trained ("cifar10", 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attribution/complete", test_complete);
  g_test_add_func ("/attribution/integrated", test_integrated);
  g_test_add_func ("/attribution/smooth", test_smooth);
  g_test_add_func ("/attribution/saliency", test_saliency);
  g_test_add_func ("/attribution/any-layer", test_any_layer);
  g_test_add_func ("/attribution/grad-cam", test_grad_cam);
  g_test_add_func ("/attribution/occlusion", test_occlusion);
  g_test_add_func ("/attribution/threads", test_threads);
  g_test_add_func ("/attribution/trained", test_trained);
  return g_test_run ();
}
