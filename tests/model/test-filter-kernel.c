/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels as values: operations, factors, frequencies, presets, and what the reader takes and
 * refuses. */
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/random.h"
#include "model/filter/presets.h"

static RfKernel
read_kernel (const char *text)
{
  g_autoptr (GError) error = NULL;
  RfKernel kernel;

  rf_kernel_parse (&kernel, text, -1, &error);
  g_assert_no_error (error);
  return kernel;
}

static void
assert_kernel (const RfKernel *kernel, const char *wanted)
{
  const RfKernel other = read_kernel (wanted);
  g_autofree char *shown = rf_kernel_format (kernel, RF_KERNEL_TEXT);

  if (!rf_kernel_equal (kernel, &other))
    g_error ("%s\nis not\n%s", shown, wanted);
}

/* --- The reader ----------------------------------------------------------------------------- */

/* Everything after the bar is the same kernel in the plainest form. */
static const char *const accepted[][2] = {
  { "1", "1" },
  { "  -1.5e-1 ", "-0.15" },
  { "0 -1 0; -1 5 -1; 0 -1 0", "0 -1 0\n-1 5 -1\n0 -1 0" },
  { "0,-1,0;-1,5,-1;0,-1,0", "0 -1 0; -1 5 -1; 0 -1 0" },
  { "1, 2,\n3, 4,\n", "1 2; 3 4" },
  { "\n\n1 2\n\n3 4\n\n", "1 2; 3 4" },
  { "1 2;\n3 4;", "1 2; 3 4" },
  { "1\t2\r\n3\t4\r\n", "1 2; 3 4" },
  { "1/4 -1/2 +3/4", "0.25 -0.5 0.75" },
  { ".5 5. 1e2 1E-2", "0.5 5 100 0.01" },
  { "−1 0 1", "-1 0 1" },
  { "1.5/0.5", "3" },
  { "[1, 2, 1]", "1 2 1" },
  { "[[1, 2], [3, 4]]", "1 2; 3 4" },
  { "[[1 2]\n [3 4]]", "1 2; 3 4" },
  { "[[1, 2],\n [3, 4],]", "1 2; 3 4" },
  { "np.array([[1, 2], [3, 4]])", "1 2; 3 4" },
  { "np.array([[1, 2], [3, 4]], dtype=np.float32)", "1 2; 3 4" },
  { "numpy.array ( [[1., 2.], [3., 4.]] )", "1 2; 3 4" },
  { "array([[1, 2],\n       [3, 4]])", "1 2; 3 4" },
  { "kernel = np.array([[1, 2], [3, 4]])", "1 2; 3 4" },
  { "k = [[1, 2], [3, 4]] / 4", "0.25 0.5; 0.75 1" },
  { "np.array([[2, 4], [6, 8]]) * 0.5", "1 2; 3 4" },
  { "((1, 2), (3, 4))", "1 2; 3 4" },
  { "{1, 2, 1}", "1 2 1" },
  { "{ { 1.0f, 2.0f }, { 3.f, 4F } }", "1 2; 3 4" },
  { "static const float kernel[2][2] = {\n  {1, 2},\n  {3, 4}\n};\n", "1 2; 3 4" },
  { "1 2; 3 4 | 5 6; 7 8 | 9 10; 11 12", "[[[1,2],[3,4]],[[5,6],[7,8]],[[9,10],[11,12]]]" },
  { "0 -0", "0 0" },
  { "1000000 -1000000", "1e6 -1e6" },
};

static void
test_accepted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      const RfKernel kernel = read_kernel (accepted[i][0]);
      assert_kernel (&kernel, accepted[i][1]);
    }
  const RfKernel ninth = read_kernel ("1/9");
  g_assert_cmpfloat (ninth.weights[0][0], ==, 1. / 9);
  const RfKernel zero = read_kernel ("-0");
  g_assert_false (signbit (zero.weights[0][0]));
}

/* A text, and words of its refusal. */
static const char *const refused[][2] = {
  { "", "no numbers" },
  { "  \n\t\n ", "no numbers" },
  { "x", "line 1, column 1: \"x\" is not a number" },
  { "1 2\n3 four", "line 2, column 3: \"four\" is not a number" },
  { "1 2; 3", "line 1, column 7: this row has 1 numbers, the first has 2" },
  { "1; 2 3", "line 1, column 6: this row is longer than the first, which has 1" },
  { "1 2;; 3 4", "a row without numbers" },
  { ";", "a row without numbers" },
  { "1,,2", "column 3: a number is missing after the comma" },
  { "1,2,", "missing after the comma" },
  { "1e30", "line 1, column 1: 1e30 is out of range" },
  { "1 1e999", "column 3: 1e999 is out of range" },
  { "1000001", "out of range" },
  { "NaN", "\"NaN\" is not a number" },
  { "nan 1", "is not a number" },
  { "inf", "is not a number" },
  { "-inf", "is not a number" },
  { "0x10", "\"0x10\" is not a number" },
  { "1/0", "cannot be divided by 0" },
  { "0/0", "cannot be divided by 0" },
  { "1/", "after the fraction bar" },
  { "1/2/3", "is not a number" },
  { "1/1e-300", "out of range" },
  { "1-2", "\"1-2\" is not a number" },
  { "--1", "is not a number" },
  { "1.2.3", "is not a number" },
  { "½", "\"½\" is not a number" },
  { "1 2 3 4 5 6 7 8 9 10 11 12", "column 25: a row has at most 11 numbers" },
  { "1;1;1;1;1;1;1;1;1;1;1;1", "at most 11 rows" },
  { "1 | 2", "not for two" },
  { "1 | 2 | 3 | 4", "for one channel or for three" },
  { "1 2 | 3 | 4", "the first has 2" },
  { "1;2 | 3 | 4", "this channel has 1 rows, the first has 2" },
  { "[", "the closing ] is missing" },
  { "[]", "empty brackets" },
  { "[[1, 2], []]", "empty brackets" },
  { "[[1, 2], [3]]", "the first has 2" },
  { "[[1, 2], 3]", "side by side" },
  { "[1, [2]]", "side by side" },
  { "[[1, 2}]", "} closes what [ opened" },
  { "[[1, 2], [3, 4]", "the closing ] is missing" },
  { "[[1, 2]; [3, 4]]", "" },
  { "[[[[1]]]]", "three levels" },
  { "[[1]] 2", "\"2\" after the end of the kernel" },
  { "[[1]]]", "after the end" },
  { "[[1]] / 0", "cannot be divided by 0" },
  { "[[1]] * 1e9", "out of range" },
  { "[[1e6]] * 10", "row 1, column 1" },
  { "np.array", "the opening ( of array is missing" },
  { "np.array(1, 2)", "the opening bracket is missing" },
  { "np.array([[1]]", "the closing ) is missing" },
  { "np.ones((3, 3))", "is not a number" },
  { "kernel = ", "no numbers" },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      RfKernel kernel, before;

      rf_kernel_init (&kernel, 2, 3);
      before = kernel;
      if (rf_kernel_parse (&kernel, refused[i][0], -1, &error))
        g_error ("\"%s\" was read", refused[i][0]);
      g_assert_true (error->domain == RF_ERROR);
      if (!strstr (error->message, refused[i][1]))
        g_error ("\"%s\": \"%s\" does not say \"%s\"", refused[i][0], error->message,
                 refused[i][1]);
      g_assert_true (rf_kernel_equal (&kernel, &before));
    }

  /* Too long, not UTF-8, a zero byte. */
  g_autofree char *large = g_strnfill (RF_KERNEL_MAX_TEXT + 1, '1');
  g_autoptr (GError) error = NULL;
  RfKernel kernel;
  g_assert_false (rf_kernel_parse (&kernel, large, -1, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (rf_kernel_parse (&kernel, "1 \xff", -1, &error));
  g_clear_error (&error);
  g_assert_false (rf_kernel_parse (&kernel, "1\0 2", 4, &error));
  g_assert_nonnull (error);
}

static void
test_number (void)
{
  g_autoptr (GError) error = NULL;
  double number = 7;

  g_assert_true (rf_kernel_parse_number (" -1/9 ", &number, NULL));
  g_assert_cmpfloat (number, ==, -1. / 9);
  g_assert_false (rf_kernel_parse_number ("1 2", &number, &error));
  g_assert_nonnull (strstr (error->message, "one number"));
  g_assert_cmpfloat (number, ==, -1. / 9);

  static const struct
  {
    double number;
    const char *text;
  } numbers[] = { { 1. / 9, "1/9" },
                  { -5. / 273, "-5/273" },
                  { .5, "0.5" },
                  { .1, "0.1" },
                  { 3, "3" },
                  { 0, "0" },
                  { 2. / 3, "2/3" },
                  { .123456789, "0.123456789" },
                  { -1000000, "-1000000" },
                  { G_PI, "3.14159265" } };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = rf_kernel_number_to_text (numbers[i].number);
      g_assert_cmpstr (text, ==, numbers[i].text);
    }
}

static RfKernel
random_kernel (int height, int width, RfKernelMode mode, RfRandom *random)
{
  RfKernel kernel;

  rf_kernel_init (&kernel, height, width);
  kernel.mode = mode;
  for (int plane = 0; plane < rf_kernel_n_planes (&kernel); plane++)
    for (int i = 0; i < height * width; i++)
      kernel.weights[plane][i] = (double) rf_random_normal (random);
  return kernel;
}

/* What is written is read as the same, up to the nine digits. */
static void
test_round_trip (void)
{
  RfRandom random = rf_random (1, RF_RANDOM_BENCH, 0, 0);

  for (int side = 1; side <= RF_KERNEL_MAX_SIDE; side++)
    for (int k = 0; k < 6; k++)
      {
        const RfKernel kernel = random_kernel (side, RF_KERNEL_MAX_SIDE + 1 - side, k % 2, &random);
        g_autofree char *text = rf_kernel_format (&kernel, k / 2);
        const RfKernel again = read_kernel (text);
        g_autofree char *second = rf_kernel_format (&again, k / 2);
        g_assert_cmpstr (text, ==, second);
        g_assert_cmpint (again.mode, ==, kernel.mode);
        for (int i = 0; i < again.height * again.width; i++)
          g_assert_cmpfloat_with_epsilon (again.weights[0][i], kernel.weights[0][i], 1e-7);
      }

  const RfKernel kernel = read_kernel ("1/9 -2; 0 0.5");
  g_autofree char *text = rf_kernel_format (&kernel, RF_KERNEL_TEXT);
  g_autofree char *numpy = rf_kernel_format (&kernel, RF_KERNEL_NUMPY);
  g_autofree char *c = rf_kernel_format (&kernel, RF_KERNEL_C);
  g_assert_cmpstr (text, ==, "1/9 -2\n0 0.5\n");
  g_assert_cmpstr (numpy, ==, "np.array([[0.111111111, -2],\n[0, 0.5]])\n");
  g_assert_cmpstr (c, ==, "{\n{ 0.111111111f, -2.0f },\n{ 0.0f, 0.5f }\n}\n");
}

/* --- Operations ----------------------------------------------------------------------------- */

static void
test_turns (void)
{
  RfKernel kernel = read_kernel ("1 2 3; 4 5 6");

  rf_kernel_rotate (&kernel);
  assert_kernel (&kernel, "4 1; 5 2; 6 3");
  rf_kernel_transpose (&kernel);
  assert_kernel (&kernel, "4 5 6; 1 2 3");
  rf_kernel_flip_vertical (&kernel);
  assert_kernel (&kernel, "1 2 3; 4 5 6");
  rf_kernel_flip_horizontal (&kernel);
  assert_kernel (&kernel, "3 2 1; 6 5 4");
  rf_kernel_flip_both (&kernel);
  assert_kernel (&kernel, "4 5 6; 1 2 3");
  rf_kernel_negate (&kernel);
  assert_kernel (&kernel, "-4 -5 -6; -1 -2 -3");

  RfRandom random = rf_random (2, RF_RANDOM_BENCH, 0, 0);
  for (int side = 1; side <= RF_KERNEL_MAX_SIDE; side++)
    {
      const RfKernel start = random_kernel (side, 4, RF_KERNEL_PER_CHANNEL, &random);
      RfKernel turned = start, flipped = start;
      for (int i = 0; i < 4; i++)
        {
          rf_kernel_rotate (&turned);
          if (i == 1)
            {
              rf_kernel_flip_both (&flipped);
              g_assert_true (rf_kernel_equal (&turned, &flipped));
            }
        }
      g_assert_true (rf_kernel_equal (&turned, &start));
    }
}

static void
test_resize (void)
{
  RfKernel kernel = read_kernel ("1 2 3; 4 5 6; 7 8 9");

  g_assert_true (rf_kernel_resize (&kernel, 5, 4));
  assert_kernel (&kernel, "0 0 0 0; 1 2 3 0; 4 5 6 0; 7 8 9 0; 0 0 0 0");
  g_assert_true (rf_kernel_resize (&kernel, 3, 3));
  assert_kernel (&kernel, "1 2 3; 4 5 6; 7 8 9");
  g_assert_false (rf_kernel_resize (&kernel, 1, 2));
  assert_kernel (&kernel, "5 6");
  /* The cell over the output pixel stays over it. */
  for (int side = 1; side <= RF_KERNEL_MAX_SIDE; side++)
    {
      rf_kernel_init (&kernel, 1, 1);
      kernel.weights[0][0] = 1;
      g_assert_true (rf_kernel_resize (&kernel, side, side));
      g_assert_cmpfloat (rf_kernel_get (&kernel, 0, (side - 1) / 2, (side - 1) / 2), ==, 1);
    }
}

static void
test_normalize (void)
{
  g_autoptr (GError) error = NULL;
  RfKernel kernel = read_kernel ("1 2; 3 2");

  g_assert_true (rf_kernel_normalize_sum (&kernel, NULL));
  assert_kernel (&kernel, "0.125 0.25; 0.375 0.25");
  rf_kernel_zero_mean (&kernel);
  assert_kernel (&kernel, "-0.125 0; 0.125 0");
  const RfKernel before = kernel;
  g_assert_false (rf_kernel_normalize_sum (&kernel, &error));
  g_assert_nonnull (strstr (error->message, "add up to 0"));
  g_assert_true (rf_kernel_equal (&kernel, &before));

  /* Three planes: each by itself, or all as one sum. */
  kernel = read_kernel ("1 1 | 2 2 | 3 3");
  g_assert_true (rf_kernel_normalize_sum (&kernel, NULL));
  assert_kernel (&kernel, "0.5 0.5 | 0.5 0.5 | 0.5 0.5");
  kernel = read_kernel ("1 1 | 1 1 | 2 2");
  kernel.mode = RF_KERNEL_COMBINED;
  g_assert_true (rf_kernel_normalize_sum (&kernel, NULL));
  g_assert_cmpfloat (kernel.weights[2][1], ==, .25);

  kernel = read_kernel ("1 2 | 3 4 | 5 6");
  rf_kernel_set_mode (&kernel, RF_KERNEL_SHARED);
  assert_kernel (&kernel, "3 4");
  rf_kernel_set_mode (&kernel, RF_KERNEL_PER_CHANNEL);
  assert_kernel (&kernel, "3 4 | 3 4 | 3 4");
}

/* --- Analysis ------------------------------------------------------------------------------- */

static void
test_rank (void)
{
  static const struct
  {
    const char *text;
    int rank;
  } cases[] = { { "0 0; 0 0", 0 },
                { "5", 1 },
                { "1 2 1; 0 0 0; -1 -2 -1", 1 },
                { "0 -1 0; -1 5 -1; 0 -1 0", 2 },
                { "1 0 0 0; 0 1 0 0; 0 0 1 0", 3 },
                { "1 2 3 4 5", 1 },
                { "1 2; 2 4.0001", 2 },
                { "1e-6 2e-6; 2e-6 4e-6", 1 },
                { "1000000 0; 0 0.1", 2 } };
  RfRandom random = rf_random (3, RF_RANDOM_BENCH, 0, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const RfKernel kernel = read_kernel (cases[i].text);
      double column[RF_KERNEL_MAX_SIDE], row[RF_KERNEL_MAX_SIDE];

      g_assert_cmpint (rf_kernel_rank (&kernel, 0), ==, cases[i].rank);
      g_assert_cmpint (rf_kernel_factor (&kernel, 0, column, row), ==, cases[i].rank == 1);
      for (int k = 0; cases[i].rank == 1 && k < kernel.height * kernel.width; k++)
        g_assert_cmpfloat_with_epsilon (column[k / kernel.width] * row[k % kernel.width],
                                        kernel.weights[0][k], 1e-14);
    }
  /* Σ σ² = Σ w², and no rank where there is none. */
  for (int side = 1; side <= RF_KERNEL_MAX_SIDE; side++)
    {
      const RfKernel kernel = random_kernel (side, 7, RF_KERNEL_SHARED, &random);
      double values[RF_KERNEL_MAX_SIDE], squares = 0, wanted = 0;
      const int n = rf_kernel_singular_values (&kernel, 0, values);

      g_assert_cmpint (n, ==, MIN (side, 7));
      for (int i = 0; i < n; i++)
        {
          squares += values[i] * values[i];
          g_assert_true (i == 0 || values[i] <= values[i - 1]);
        }
      for (int i = 0; i < side * 7; i++)
        wanted += kernel.weights[0][i] * kernel.weights[0][i];
      g_assert_cmpfloat_with_epsilon (squares, wanted, 1e-9 * wanted);
      g_assert_cmpint (rf_kernel_rank (&kernel, 0), ==, n);
    }
}

static void
test_response (void)
{
  float magnitudes[16 * 16];
  RfKernel kernel = read_kernel ("1 0 -1");

  /* |1 - e^(-2πi·2v)| = 2 |sin 2πv| at every row. */
  kernel.scale = -3;
  rf_kernel_response (&kernel, 0, 16, magnitudes);
  for (int u = 0; u < 16; u++)
    for (int v = 0; v < 16; v++)
      g_assert_cmpfloat_with_epsilon (magnitudes[u * 16 + v],
                                      6 * fabs (sin (2 * G_PI * (v - 8) / 16)), 1e-5);
  /* At zero, the sum of the weights. */
  kernel = read_kernel ("1 2; 3 4");
  rf_kernel_response (&kernel, 0, 16, magnitudes);
  g_assert_cmpfloat_with_epsilon (magnitudes[8 * 16 + 8], 10, 1e-6);
  rf_kernel_transpose (&kernel);
  float turned[16 * 16];
  rf_kernel_response (&kernel, 0, 16, turned);
  for (int i = 0; i < 256; i++)
    g_assert_cmpfloat_with_epsilon (turned[i], magnitudes[i % 16 * 16 + i / 16], 1e-5);
}

/* --- Presets -------------------------------------------------------------------------------- */

static void
test_presets (void)
{
  int n = 0;

  for (const RfPreset *preset = rf_presets; preset->name; preset++, n++)
    {
      RfKernel kernel, other;
      double low[RF_PRESET_MAX_PARAMETERS] = { 0 }, high[RF_PRESET_MAX_PARAMETERS] = { 0 };

      g_test_message ("%s", preset->name);
      g_assert_true (preset == rf_preset_find (preset->name));
      g_assert_true (*preset->title && *preset->summary);
      for (int i = 0; i < rf_preset_n_parameters (preset); i++)
        {
          const RfPresetParameter *p = &preset->parameters[i];
          g_assert_true (p->minimum <= p->fallback && p->fallback <= p->maximum && p->step > 0);
          low[i] = p->minimum;
          high[i] = 1e300;
        }
      rf_preset_build (preset, NULL, &kernel);
      g_assert_true (rf_kernel_check (&kernel, NULL));
      g_assert_true (rf_preset_parse (preset->name, &other, NULL, NULL, NULL));
      g_assert_true (rf_kernel_equal (&kernel, &other));
      rf_preset_build (preset, low, &other);
      g_assert_true (rf_kernel_check (&other, NULL));
      rf_preset_build (preset, high, &other);
      g_assert_true (rf_kernel_check (&other, NULL));
    }
  g_assert_cmpint (n, >=, 20);
}

static double
sum_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  RfKernel kernel;

  rf_preset_parse (text, &kernel, NULL, NULL, &error);
  g_assert_no_error (error);
  return rf_kernel_sum (&kernel, 0);
}

static void
test_preset_numbers (void)
{
  static const char *const ones[] = {
    "identity",         "box:size=4", "gaussian:sigma=0.3,size=11", "gaussian",           "sharpen",
    "sharpen:amount=3", "unsharp",    "motion-blur:angle=33",       "motion-blur:size=2", "emboss"
  };
  static const char *const zeros[]
      = { "sobel-x",     "sobel-y",       "prewitt-x", "prewitt-y",
          "scharr-x",    "scharr-y",      "roberts-1", "roberts-2",
          "laplacian-4", "laplacian-8",   "log",       "log:sigma=5,size=4",
          "outline",     "gabor:phase=90" };
  RfKernel kernel, other;

  for (gsize i = 0; i < G_N_ELEMENTS (ones); i++)
    g_assert_cmpfloat_with_epsilon (sum_of (ones[i]), 1, 1e-12);
  for (gsize i = 0; i < G_N_ELEMENTS (zeros); i++)
    g_assert_cmpfloat_with_epsilon (sum_of (zeros[i]), 0, 1e-12);

  /* x and y are each other's transpose; a blur along 0° is a row, along 90° a column. */
  rf_preset_parse ("scharr-x", &kernel, NULL, NULL, NULL);
  rf_preset_parse ("scharr-y", &other, NULL, NULL, NULL);
  rf_kernel_transpose (&other);
  g_assert_true (rf_kernel_equal (&kernel, &other));
  rf_preset_parse ("motion-blur:size=3", &kernel, NULL, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (kernel.weights[0][4], 1 / 3., 1e-12);
  g_assert_cmpfloat (kernel.weights[0][0], ==, 0);
  rf_preset_parse ("motion-blur:angle=90,size=3", &other, NULL, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (other.weights[0][1], 1 / 3., 1e-12);
  /* 45° rises to the right. */
  rf_preset_parse ("motion-blur:angle=45,size=3", &other, NULL, NULL, NULL);
  g_assert_cmpfloat (other.weights[0][2], >, other.weights[0][0]);
  rf_preset_parse ("gaussian", &kernel, NULL, NULL, NULL);
  g_assert_cmpint (rf_kernel_rank (&kernel, 0), ==, 1);
  rf_preset_parse ("random:seed=1", &kernel, NULL, NULL, NULL);
  rf_preset_parse ("random:seed=2", &other, NULL, NULL, NULL);
  g_assert_false (rf_kernel_equal (&kernel, &other));
}

static void
test_preset_refusals (void)
{
  static const char *const texts[][2] = {
    { "sobel", "did you mean \"sobel-x\"" },
    { "blurr everything", "known are identity" },
    { "gaussian:sigm=1", "it has: sigma, size" },
    { "sobel-x:size=3", "it has none" },
    { "gaussian:sigma", "sigma needs a number" },
    { "gaussian:sigma=", "sigma" },
    { "gaussian:sigma=0", "from 0.3 to 5, not 0" },
    { "gaussian:sigma=nan", "is not a number" },
    { "gaussian:size=2.5", "a whole number from 1 to 11, not 2.5" },
    { "gaussian:size=12", "from 1 to 11" },
    { "gaussian:size=3,", "no parameter \"\"" },
    { "", "no numbers" },
    { "NaN", "is not a number" },
    { "np.ones((3, 3))", "is not a number" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      RfKernel kernel;

      if (rf_preset_parse (texts[i][0], &kernel, NULL, NULL, &error))
        g_error ("\"%s\" was read", texts[i][0]);
      if (!strstr (error->message, texts[i][1]))
        g_error ("\"%s\": \"%s\" does not say \"%s\"", texts[i][0], error->message, texts[i][1]);
    }

  RfKernel kernel;
  const RfPreset *preset;
  double values[RF_PRESET_MAX_PARAMETERS];
  g_assert_true (
      rf_preset_parse (" gaussian: size = 5 , sigma=1/2 ", &kernel, &preset, values, NULL));
  g_assert_cmpstr (preset->name, ==, "gaussian");
  g_assert_cmpfloat (values[0], ==, .5);
  g_assert_cmpfloat (values[1], ==, 5);
  g_assert_true (rf_preset_parse ("np.array([[1]])", &kernel, &preset, NULL, NULL));
  g_assert_null (preset);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter-kernel/accepted", test_accepted);
  g_test_add_func ("/filter-kernel/refused", test_refused);
  g_test_add_func ("/filter-kernel/number", test_number);
  g_test_add_func ("/filter-kernel/round-trip", test_round_trip);
  g_test_add_func ("/filter-kernel/turns", test_turns);
  g_test_add_func ("/filter-kernel/resize", test_resize);
  g_test_add_func ("/filter-kernel/normalize", test_normalize);
  g_test_add_func ("/filter-kernel/rank", test_rank);
  g_test_add_func ("/filter-kernel/response", test_response);
  g_test_add_func ("/filter-kernel/presets", test_presets);
  g_test_add_func ("/filter-kernel/preset-numbers", test_preset_numbers);
  g_test_add_func ("/filter-kernel/preset-refusals", test_preset_refusals);
  return g_test_run ();
}
