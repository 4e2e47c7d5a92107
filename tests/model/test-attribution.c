/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why an answer: each method against the plainest way to the same map. */

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attribution/integrated", test_integrated);
  g_test_add_func ("/attribution/saliency", test_saliency);
  g_test_add_func ("/attribution/grad-cam", test_grad_cam);
  g_test_add_func ("/attribution/occlusion", test_occlusion);
  return g_test_run ();
}
