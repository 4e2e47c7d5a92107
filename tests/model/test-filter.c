/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filtering against the double-precision reference, over the product of all options, and what must
 * hold whatever the numbers: linearity, shift, identity, commuting, the same bytes for any number
 * of threads. */
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "tests/model/filter-util.h"

#define TOLERANCE      1e-5
#define GAIN_TOLERANCE 1e-6

/* Filters and compares: weights up to 1, whose sums are some tens at most, must come out within
 * 1e-5. Returns the largest error in units of the gain, which is far smaller. */
static double
check (const RfKernel *kernel, const RfFilterOptions *options, const RfPixels *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (kernel, options, input->shape, &error);
  double worst = 0;

  g_assert_no_error (error);
  const RfShape shape = rf_filter_plan_get_output (plan);
  g_autofree float *values = g_new (float, RF_SHAPE_COUNT (shape));
  g_autofree double *wanted = g_new (double, RF_SHAPE_COUNT (shape));
  const RfPixels output = rf_pixels_planar (values, shape);

  for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
    values[i] = NAN;
  g_assert_true (rf_filter_run (plan, input, &output, NULL));
  rf_filter_reference (kernel, options, input, wanted);
  for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
    {
      const double off = fabs (values[i] - wanted[i]);
      g_assert_true (isfinite (values[i]));
      worst = fmax (worst, off);
    }
  g_assert_cmpfloat (worst, <, TOLERANCE);
  return worst / gain_of (kernel);
}

static const int strides[][2] = { { 1, 1 }, { 2, 2 }, { 1, 3 }, { 3, 2 } };
static const int dilations[][2] = { { 1, 1 }, { 2, 2 }, { 1, 3 }, { 3, 2 } };
/* The last two go round the picture more than once. */
static const int paddings[][4] = { { -1 }, { 0, 0, 0, 0 }, { 3, 0, 1, 4 }, { 9, 14, 17, 20 } };

static void
set_options (RfFilterOptions *options, guint i)
{
  memcpy (options->stride, strides[i % 4], sizeof options->stride);
  memcpy (options->dilation, dilations[i / 4 % 4], sizeof options->dilation);
  memcpy (options->padding, paddings[i / 16 % 4], sizeof options->padding);
  options->same = options->padding[0] < 0;
  options->border = i / 64 % 4;
}

#define N_OPTIONS (4 * 4 * 4 * 4)

static void
test_product (void)
{
  const RfShape shape = { 3, 6, 7 };
  RfRandom random = stream (1);
  g_autofree float *values = random_picture (shape, &random);
  const RfPixels input = rf_pixels_planar (values, shape);
  double worst = 0;
  guint n = 0, n_none = 0;

  for (int height = 1; height <= RF_KERNEL_MAX_SIDE; height++)
    for (int width = 1; width <= RF_KERNEL_MAX_SIDE; width++)
      for (guint i = 0; i < N_OPTIONS; i++)
        {
          RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
          RfKernel kernel;
          RfShape output;

          /* Each shape with each option; mode, direction and kind turn with them. */
          const guint turn = i + i / 4 + i / 16 + i / 64 + (guint) (height * 5 + width);
          fill_kernel (&kernel, height, width, turn % 3, &random);
          set_options (&options, i);
          options.convolve = turn / 3 % 2;
          if (turn / 6 % 2)
            make_separable (&kernel, &random);
          if (!rf_filter_output_shape (&kernel, &options, shape, &output, NULL))
            {
              n_none++;
              continue;
            }
          worst = fmax (worst, check (&kernel, &options, &input));
          n++;
        }
  g_test_message ("%u combinations, worst error %g of the gain; no window fits in %u", n, worst,
                  n_none);
  g_assert_cmpfloat (worst, <, GAIN_TOLERANCE);
  g_assert_cmpuint (n, >, 15000);
}

/* Every mode, direction and kind with every option, for a few shapes. */
static void
test_modes (void)
{
  static const int sides[][2] = { { 1, 1 }, { 3, 3 }, { 2, 4 }, { 5, 2 }, { 11, 11 } };
  const RfShape shape = { 3, 8, 6 };
  RfRandom random = stream (2);
  g_autofree float *values = random_picture (shape, &random);
  const RfPixels input = rf_pixels_planar (values, shape);
  double worst = 0;

  for (guint s = 0; s < G_N_ELEMENTS (sides); s++)
    for (guint i = 0; i < N_OPTIONS; i++)
      for (guint kind = 0; kind < 12; kind++)
        {
          RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
          RfKernel kernel;
          RfShape output;

          fill_kernel (&kernel, sides[s][0], sides[s][1], kind % 3, &random);
          set_options (&options, i);
          options.convolve = kind / 3 % 2;
          if (kind / 6)
            make_separable (&kernel, &random);
          if (rf_filter_output_shape (&kernel, &options, shape, &output, NULL))
            worst = fmax (worst, check (&kernel, &options, &input));
        }
  g_assert_cmpfloat (worst, <, GAIN_TOLERANCE);
}

/* Larger than a block both ways, from bytes and floats. */
static void
test_blocks (void)
{
  const RfShape shape = { 3, 71, 1203 };
  RfRandom random = stream (3);
  g_autofree float *values = random_picture (shape, &random);
  g_autofree guint8 *bytes = g_new (guint8, RF_SHAPE_COUNT (shape));
  double worst = 0;

  for (gsize i = 0; i < RF_SHAPE_COUNT (shape); i++)
    bytes[i] = (guint8) rf_random_below (&random, 256);
  const RfPixels inputs[]
      = { rf_pixels_planar (values, shape), rf_pixels_rgb (bytes, shape.height, shape.width) };
  for (guint i = 0; i < 24; i++)
    {
      RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
      RfKernel kernel;

      fill_kernel (&kernel, 1 + (int) rf_random_below (&random, 6),
                   1 + (int) rf_random_below (&random, 6), i % 3, &random);
      set_options (&options, rf_random_below (&random, N_OPTIONS));
      if (i / 3 % 2)
        make_separable (&kernel, &random);
      for (guint k = 0; k < G_N_ELEMENTS (inputs); k++)
        worst = fmax (worst, check (&kernel, &options, &inputs[k]));
    }
  g_assert_cmpfloat (worst, <, GAIN_TOLERANCE);
}

/* The farthest that options go: blocks shrink to a few rows. */
static void
test_extremes (void)
{
  const RfShape shape = { 3, 700, 650 };
  RfRandom random = stream (4);
  g_autofree float *values = random_picture (shape, &random);
  const RfPixels input = rf_pixels_planar (values, shape);
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  for (int separable = 0; separable < 2; separable++)
    {
      fill_kernel (&kernel, 11, 11, RF_KERNEL_PER_CHANNEL, &random);
      if (separable)
        make_separable (&kernel, &random);
      options.same = FALSE;
      options.border = RF_BORDER_REFLECT;
      options.stride[0] = options.stride[1] = RF_FILTER_MAX_STRIDE;
      options.dilation[0] = options.dilation[1] = RF_FILTER_MAX_DILATION;
      for (int side = 0; side < 4; side++)
        options.padding[side] = RF_FILTER_MAX_PADDING - side;
      g_assert_cmpfloat (check (&kernel, &options, &input), <, GAIN_TOLERANCE);
      options.stride[0] = options.stride[1] = 63;
      options.dilation[1] = 1;
      g_assert_cmpfloat (check (&kernel, &options, &input), <, GAIN_TOLERANCE);
    }
}

/* Bytes in every order come out rounded, halves to even, and clipped. */
static void
test_bytes (void)
{
  static const struct
  {
    gsize pixel, plane;
    int channels;
  } orders[] = { { 3, 1, 3 }, { 4, 1, 3 }, { 4, 1, 4 }, { 1, 6000, 3 }, { 1, 6000, 1 } };
  enum
  {
    height = 37,
    width = 150
  };
  RfRandom random = stream (5);
  g_autofree guint8 *bytes = g_new (guint8, 30000), *result = g_new (guint8, 30000);

  for (int i = 0; i < 30000; i++)
    bytes[i] = (guint8) rf_random_below (&random, 256);
  for (guint i = 0; i < 4 * G_N_ELEMENTS (orders); i++)
    {
      const guint o = i % G_N_ELEMENTS (orders);
      const RfShape shape = { orders[o].channels, height, width };
      const RfPixels input
          = { TRUE, shape, orders[o].plane, orders[o].pixel * width, orders[o].pixel, bytes };
      RfPixels output = input;
      RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
      RfKernel kernel;

      rf_kernel_init (&kernel, 1 + (int) (i % 5), 1 + (int) (i % 4));
      /* Sixteenths are exact, so that halves are halves. */
      for (int k = 0; k < kernel.height * kernel.width; k++)
        kernel.weights[0][k] = (rf_random_below (&random, 17) - 6.) / 16;
      output.data = result;
      memset (result, 77, 30000);

      g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (&kernel, &options, shape, NULL);
      g_autofree double *wanted = g_new (double, RF_SHAPE_COUNT (shape));
      const double *next = wanted;
      g_assert_true (rf_filter_run (plan, &input, &output, NULL));
      rf_filter_reference (&kernel, &options, &input, wanted);
      for (int c = 0; c < shape.channels; c++)
        for (int y = 0; y < height; y++)
          for (int x = 0; x < width; x++, next++)
            {
              /* Sums of sixteenths of bytes, out of the division by 255. */
              const double exact = rint (*next * 255 * 16) / 16;
              const gsize place = c * output.plane + y * output.row + x * output.pixel;
              g_assert_cmpint (result[place], ==, (int) CLAMP (rint (exact), 0, 255));
            }
      /* What is between the channels is not ours. */
      if (orders[o].pixel > (gsize) shape.channels && orders[o].plane == 1)
        for (int k = shape.channels; k < height * width * 4; k += 4)
          g_assert_cmpint (result[k], ==, 77);
    }
}

static void
test_byte_to_float (void)
{
  guint8 bytes[256 * 3];
  float values[256 * 3];
  const RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;

  for (int i = 0; i < 256 * 3; i++)
    bytes[i] = (guint8) (i / 3);
  rf_kernel_init (&kernel, 1, 1);
  kernel.weights[0][0] = 1;
  const RfPixels input = rf_pixels_rgb (bytes, 1, 256);
  const RfPixels output = rf_pixels_planar (values, input.shape);
  g_autoptr (RfFilterPlan) plan = rf_filter_plan_new (&kernel, &options, input.shape, NULL);
  g_assert_true (rf_filter_run (plan, &input, &output, NULL));
  for (int i = 0; i < 256 * 3; i++)
    g_assert_cmpfloat_with_epsilon (values[i], i % 256 / 255., 1e-7);
  g_assert_cmpfloat (values[255], ==, 1);
}

/* --- Refusals ------------------------------------------------------------------------------- */

static void
assert_refused (const RfKernel *kernel, const RfFilterOptions *options, RfShape shape, int code,
                const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (rf_filter_plan_new (kernel, options, shape, &error));
  g_assert_error (error, RF_ERROR, code);
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

static void
test_refusals (void)
{
  const RfFilterOptions usual = RF_FILTER_OPTIONS_INIT;
  const RfShape shape = { 3, 10, 12 };
  RfFilterOptions options = usual;
  RfKernel kernel, three;

  rf_kernel_init (&kernel, 5, 3);
  three = kernel;
  three.mode = RF_KERNEL_COMBINED;
  assert_refused (&three, &usual, (RfShape){ 1, 10, 12 }, RF_ERROR_SHAPE, "3 channels, not 1");
  assert_refused (&kernel, &usual, (RfShape){ 5, 10, 12 }, RF_ERROR_SHAPE, "1 to 4 channels");
  assert_refused (&kernel, &usual, (RfShape){ 3, 30000, 30000 }, RF_ERROR_UNSUPPORTED,
                  "30000×30000");
  options.same = FALSE;
  options.dilation[0] = 3;
  assert_refused (&kernel, &options, shape, RF_ERROR_SHAPE, "does not fit");
  options.padding[3] = -1;
  assert_refused (&kernel, &options, shape, RF_ERROR_OPTION, "padding");
  options.padding[3] = 99999;
  assert_refused (&kernel, &options, shape, RF_ERROR_OPTION, "1024, not 99999");
  options = usual;
  options.stride[1] = 0;
  assert_refused (&kernel, &options, shape, RF_ERROR_OPTION, "stride");
  options = usual;
  options.dilation[1] = 65;
  assert_refused (&kernel, &options, shape, RF_ERROR_OPTION, "dilation");
  kernel.weights[0][4] = NAN;
  assert_refused (&kernel, &usual, shape, RF_ERROR_OPTION, "row 2, column 2");
  kernel.weights[0][4] = 1e30;
  assert_refused (&kernel, &usual, shape, RF_ERROR_OPTION, "row 2, column 2");
}

static void
test_sizes (void)
{
  RfFilterOptions options = RF_FILTER_OPTIONS_INIT;
  RfKernel kernel;
  RfShape output;

  g_assert_cmpint (rf_filter_output_side (10, 3, 1, 1, 0, 0), ==, 8);
  g_assert_cmpint (rf_filter_output_side (10, 3, 2, 1, 1, 1), ==, 5);
  g_assert_cmpint (rf_filter_output_side (10, 3, 2, 3, 0, 0), ==, 2);
  g_assert_cmpint (rf_filter_output_side (2, 3, 1, 1, 0, 0), ==, 0);
  for (int side = 1; side <= RF_KERNEL_MAX_SIDE; side++)
    for (int dilation = 1; dilation < 5; dilation++)
      {
        int padding[4];

        rf_kernel_init (&kernel, side, RF_KERNEL_MAX_SIDE + 1 - side);
        options.dilation[0] = options.dilation[1] = dilation;
        g_assert_true (
            rf_filter_output_shape (&kernel, &options, (RfShape){ 1, 9, 8 }, &output, NULL));
        g_assert_cmpint (output.height, ==, 9);
        g_assert_cmpint (output.width, ==, 8);
        rf_filter_padding (&kernel, &options, padding);
        g_assert_cmpint (padding[1] - padding[0], ==, dilation * (side - 1) % 2);
      }
  /* abc: cb|abc|ba, c periodically; abcabc */
  static const int reflected[] = { 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1 };
  for (int i = -5; i <= 5; i++)
    {
      g_assert_cmpint (rf_border_place (RF_BORDER_REFLECT, i, 3), ==, reflected[i + 5]);
      g_assert_cmpint (rf_border_place (RF_BORDER_WRAP, i, 3), ==, (i + 6) % 3);
      g_assert_cmpint (rf_border_place (RF_BORDER_EDGE, i, 3), ==, CLAMP (i, 0, 2));
      g_assert_cmpint (rf_border_place (RF_BORDER_ZERO, i, 3), ==, i < 0 || i > 2 ? -1 : i);
      g_assert_cmpint (rf_border_place (RF_BORDER_REFLECT, i, 1), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/sizes", test_sizes);
  g_test_add_func ("/filter/product", test_product);
  g_test_add_func ("/filter/modes", test_modes);
  g_test_add_func ("/filter/blocks", test_blocks);
  g_test_add_func ("/filter/extremes", test_extremes);
  g_test_add_func ("/filter/bytes", test_bytes);
  g_test_add_func ("/filter/byte-to-float", test_byte_to_float);
  g_test_add_func ("/filter/refusals", test_refusals);
  return g_test_run ();
}
