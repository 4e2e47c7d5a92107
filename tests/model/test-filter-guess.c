/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guessing a hidden filter: gradient descent arrives at the kernel that made the target. */
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/filter/guess.h"
#include "model/filter/presets.h"
#include "model/filter/samples.h"

enum
{
  WIDTH = 160,
  HEIGHT = 110
};

static guint8 *
draw (const char *name)
{
  guint8 *rgb = g_new (guint8, 3 * WIDTH * HEIGHT);

  rf_sample_draw (rf_sample_find (name), WIDTH, HEIGHT, rgb);
  return rgb;
}

/* What @kernel makes of @input. */
static float *
filter (const RfKernel *kernel, const RfFilterOptions *options, const RfPixels *input,
        RfPixels *output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (kernel, options, input->shape, &error);

  g_assert_no_error (error);
  const RfShape shape = rf_filter_plan_get_output (plan);
  float *values = g_new (float, RF_SHAPE_COUNT (shape));
  *output = rf_pixels_planar (values, shape);
  g_assert_true (rf_filter_run (plan, input, output, NULL));
  return values;
}

static double
largest_difference (const RfKernel *a, const RfKernel *b)
{
  double largest = fabs (a->bias - b->bias);

  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->width, ==, b->width);
  for (int plane = 0; plane < rf_kernel_n_planes (a); plane++)
    for (int i = 0; i < a->height * a->width; i++)
      largest = fmax (largest, fabs (a->weights[plane][i] - b->weights[plane][i]));
  return largest;
}

static void
check_found (const RfKernel *hidden, const char *picture, const RfFilterOptions *options,
             RfGuessRule rule, int n_steps, double tolerance)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *rgb = draw (picture);
  const RfPixels input = rf_pixels_rgb (rgb, HEIGHT, WIDTH);
  RfPixels target;
  g_autofree float *values = filter (hidden, options, &input, &target);
  RfGuessConfig config = RF_GUESS_CONFIG_INIT;
  RfKernel found;

  config.height = hidden->height;
  config.width = hidden->width;
  config.mode = hidden->mode;
  config.options = *options;
  config.rule = rule;
  g_autoptr (RfGuess) guess = rf_guess_new (&input, &target, &config, &error);
  g_assert_no_error (error);
  const double begin = rf_guess_get_loss (guess);
  g_assert_cmpfloat (rf_guess_get_best_loss (guess), <, 1e-6 + 1e-6 * begin);
  const double end = rf_guess_step (guess, n_steps);
  rf_guess_get_kernel (guess, &found);
  const double off = largest_difference (&found, hidden);
  g_test_message ("loss %g to %g, kernel off by %g", begin, end, off);
  g_assert_cmpfloat (end, <, 1e-3 * begin);
  g_assert_cmpfloat (off, <, tolerance);
  g_assert_cmpuint (rf_guess_get_n_steps (guess), ==, n_steps);
}

static void
test_presets (void)
{
  static const char *const hidden[] = { "identity",
                                        "sobel-x",
                                        "sobel-y",
                                        "sharpen",
                                        "emboss",
                                        "laplacian-8",
                                        "outline",
                                        "box:size=3",
                                        "roberts-1",
                                        "gaussian:sigma=1,size=5",
                                        "gabor:size=5,wavelength=4" };
  const RfFilterOptions options = RF_FILTER_OPTIONS_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      RfKernel kernel;

      g_test_message ("%s", hidden[i]);
      rf_preset_parse (hidden[i], &kernel, NULL, NULL, NULL);
      check_found (&kernel, "noise", &options, RF_GUESS_MOMENTUM, 300, .01);
    }
}

/* Of a picture rather than noise: neighbours are alike, so it takes longer. */
static void
test_picture (void)
{
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  options.border = RF_BORDER_REFLECT;
  rf_preset_parse ("sobel-x", &kernel, NULL, NULL, NULL);
  check_found (&kernel, "landscape", &options, RF_GUESS_MOMENTUM, 3000, .02);
  check_found (&kernel, "landscape", &options, RF_GUESS_ADAM, 5000, .05);
}

static void
test_modes (void)
{
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  rf_kernel_parse (&kernel, "1 0 -1; 0 2 0 | 0 1 0; 1 0 0 | -1 -1 0; 0 0 1", -1, NULL);
  options.convolve = TRUE;
  options.border = RF_BORDER_WRAP;
  check_found (&kernel, "noise", &options, RF_GUESS_MOMENTUM, 300, .01);
  kernel.mode = RF_KERNEL_COMBINED;
  kernel.bias = .3;
  options.dilation[1] = 2;
  check_found (&kernel, "noise", &options, RF_GUESS_MOMENTUM, 300, .01);
  check_found (&kernel, "noise", &options, RF_GUESS_ADAM, 3000, .01);
}

/* A target that no kernel makes: the loss goes down to the best there is, and no further. */
static void
test_impossible (void)
{
  g_autofree guint8 *rgb = draw ("noise"), *other = draw ("landscape");
  const RfPixels input = rf_pixels_rgb (rgb, HEIGHT, WIDTH);
  const RfPixels target = rf_pixels_rgb (other, HEIGHT, WIDTH);
  const RfGuessConfig config = RF_GUESS_CONFIG_INIT;
  g_autoptr (RfGuess) guess = rf_guess_new (&input, &target, &config, NULL);
  const double best = rf_guess_get_best_loss (guess), loss = rf_guess_step (guess, 500);

  g_assert_cmpfloat (best, >, .001);
  g_assert_cmpfloat (loss, >=, best * (1 - 1e-6));
  g_assert_cmpfloat (loss, <, best * (1 + 1e-4));
  /* Too fast for the slope. */
  rf_guess_set_rate (guess, 100 * rf_guess_get_rate (guess));
  g_assert_false (rf_guess_step (guess, 3000) < 1e6);
}

static void
test_flat (void)
{
  guint8 grey[3 * 30 * 20];
  RfKernel kernel;

  memset (grey, 90, sizeof grey);
  const RfPixels input = rf_pixels_rgb (grey, 20, 30);
  RfGuessConfig config = RF_GUESS_CONFIG_INIT;
  config.options.border = RF_BORDER_EDGE;
  g_autoptr (RfGuess) guess = rf_guess_new (&input, &input, &config, NULL);
  g_assert_cmpfloat (rf_guess_step (guess, 10), <, 1e-12);
  rf_guess_get_kernel (guess, &kernel);
  g_assert_cmpfloat_with_epsilon (kernel.bias + kernel.weights[0][0], 90 / 255., 1e-6);
}

static void
test_refusals (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *rgb = draw ("noise");
  g_autofree float *values = g_new0 (float, 3 * WIDTH * HEIGHT);
  const RfPixels input = rf_pixels_rgb (rgb, HEIGHT, WIDTH);
  const RfPixels smaller = rf_pixels_rgb (rgb, HEIGHT - 1, WIDTH);
  const RfPixels floats = rf_pixels_planar (values, input.shape);
  RfGuessConfig config = RF_GUESS_CONFIG_INIT;

  g_assert_null (rf_guess_new (&input, &smaller, &config, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "3×109×160"));
  g_clear_error (&error);
  config.mode = RF_KERNEL_COMBINED;
  g_assert_null (rf_guess_new (&input, &input, &config, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_SHAPE);
  g_clear_error (&error);
  config.mode = RF_KERNEL_SHARED;
  config.width = 12;
  g_assert_null (rf_guess_new (&input, &input, &config, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_OPTION);
  g_clear_error (&error);
  config.width = 3;
  for (int i = 0; i < 3 * WIDTH * HEIGHT; i++)
    values[i] = NAN;
  g_assert_null (rf_guess_new (&input, &floats, &config, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-guess/presets", test_presets);
  g_test_add_func ("/filter-guess/picture", test_picture);
  g_test_add_func ("/filter-guess/modes", test_modes);
  g_test_add_func ("/filter-guess/impossible", test_impossible);
  g_test_add_func ("/filter-guess/flat", test_flat);
  g_test_add_func ("/filter-guess/refusals", test_refusals);
  return g_test_run ();
}
