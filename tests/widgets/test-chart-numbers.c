/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbers behind charts: ticks and how they are written, smoothing, extents of many values, and
 * where things lie. */

#include "widgets/plot/painters/chart-map.h"
#include "widgets/plot/painters/chart-pyramid.h"
#include "widgets/plot/painters/line-chart-painter.h"

#include <math.h>
#include <string.h>

static void
test_ticks (void)
{
  static const struct
  {
    double low, high;
    guint max;
    guint n;
    double first, step;
  } cases[] = {
    { 0, 1, 6, 6, 0, 0.2 },         { 0, 1, 5, 3, 0, 0.5 },
    { 0, 10, 11, 11, 0, 1 },        { 0, 2.3, 8, 5, 0, 0.5 },
    { 0.13, 0.87, 5, 4, 0.2, 0.2 }, { -3, 3, 4, 3, -2, 2 },
    { 0, 7500, 12, 8, 0, 1000 },    { 1e-7, 5e-7, 5, 5, 1e-7, 1e-7 },
    { 0, 1e12, 6, 6, 0, 2e11 },     { -1e-3, 0, 3, 3, -1e-3, 5e-4 },
    { 999, 1001, 3, 3, 999, 1 },    { 0, 0.3, 4, 4, 0, 0.1 },
    { 0, 1, 1, 1, 0, 2 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double first, step;
      const guint n = rf_chart_ticks (cases[i].low, cases[i].high, cases[i].max, &first, &step);
      g_test_message ("%g … %g, at most %u: %u from %g by %g", cases[i].low, cases[i].high,
                      cases[i].max, n, first, step);
      g_assert_cmpuint (n, ==, cases[i].n);
      g_assert_cmpfloat_with_epsilon (first, cases[i].first, 1e-9 * cases[i].step);
      g_assert_cmpfloat_with_epsilon (step, cases[i].step, 1e-9 * cases[i].step);
    }
}

/* Whatever the range: never more than asked for, all inside, and there if there can be any. */
static void
test_ticks_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  for (int i = 0; i < 100000; i++)
    {
      const double size = pow (10, g_rand_double_range (random, -30, 30));
      const double low = g_rand_double_range (random, -1, 1) * size;
      const double high = low + g_rand_double (random) * size;
      const guint max = (guint) g_rand_int_range (random, 1, 20);
      double first, step;
      const guint n = rf_chart_ticks (low, high, max, &first, &step);
      g_assert_cmpuint (n, <=, max);
      g_assert_true (n == 0 || first >= low - 1e-6 * step);
      g_assert_true (n == 0 || first + (n - 1) * step <= high + 1e-6 * step);
      if (max >= 4)
        g_assert_cmpuint (n, >, 0);
    }
  double first, step;
  g_assert_cmpuint (rf_chart_ticks (1, 0, 5, &first, &step), ==, 0);
  g_assert_cmpuint (rf_chart_ticks (NAN, 1, 5, &first, &step), ==, 0);
  g_assert_cmpuint (rf_chart_ticks (0, INFINITY, 5, &first, &step), ==, 0);
  g_assert_cmpuint (rf_chart_ticks (-G_MAXDOUBLE, G_MAXDOUBLE, 5, &first, &step), ==, 0);
  g_assert_cmpuint (rf_chart_ticks (0, 1, 0, &first, &step), ==, 0);
  g_assert_cmpuint (rf_chart_ticks (3, 3, 5, &first, &step), ==, 1);
}

static void
test_numbers (void)
{
  static const struct
  {
    double value, step;
    const char *text;
  } ticks[] = {
    { 0, 1, "0" },
    { 0.2, 0.2, "0.2" },
    { 1, 0.5, "1.0" },
    { 15000, 5000, "15k" },
    { 500, 500, "500" },
    { 2e6, 5e5, "2.0M" },
    { -3, 1, "−3" },
    { 0.00002, 0.00002, "2×10⁻⁵" },
    { 2e12, 1e12, "2×10¹²" },
    { 1e-6, 1e-6, "10⁻⁶" },
    { 1e-17, 0.2, "0" },
    { 1.5e19, 5e18, "15×10¹⁸" },
    { 1e12 + 2, 1, "1.000×10¹²" },
    { NAN, 1, "–" },
    { 0.05, 0.05, "0.05" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
    {
      g_autofree char *text = rf_chart_format_tick (ticks[i].value, ticks[i].step);
      g_assert_cmpstr (text, ==, ticks[i].text);
    }
  static const struct
  {
    double value;
    gboolean unit_range;
    const char *text;
  } values[] = {
    { 0.4312, FALSE, "0.431" },         { 12.3456, FALSE, "12.35" },
    { 0.8649, TRUE, "86.5 %" },         { 1234.5, FALSE, "1234" },
    { 0.00012345, FALSE, "1.23×10⁻⁴" }, { NAN, TRUE, "–" },
    { 9.9999e7, FALSE, "1.00×10⁸" },    { 0, FALSE, "0.000" },
    { INFINITY, FALSE, "–" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = rf_chart_format_value (values[i].value, values[i].unit_range);
      g_assert_cmpstr (text, ==, values[i].text);
    }
}

static void
test_smoothing (void)
{
  /* A constant stays what it is from the first value on; NaN is passed over. */
  const double y[] = { 3, NAN, 3, INFINITY, 3 };
  double out[5];
  rf_chart_smooth (y, 5, out);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon (out[i], 3, 1e-12);
  const double nothing[] = { NAN, NAN };
  rf_chart_smooth (nothing, 2, out);
  g_assert_true (isnan (out[0]) && isnan (out[1]));
  const double two[] = { 1, 3 };
  rf_chart_smooth (two, 2, out);
  g_assert_cmpfloat (out[0], ==, 1);
  g_assert_cmpfloat_with_epsilon (out[1], 1 + 2 / (1 + 1 / 32.0), 1e-12);

  /* Noise of ±1 about a slope: what is left of it is small, and the line is less than a tenth of
   * the chart late. */
  const gsize n = 10000;
  g_autofree double *noisy = g_new (double, n), *smooth = g_new (double, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (gsize i = 0; i < n; i++)
    noisy[i] = 10.0 * i / n + g_rand_double_range (random, -1, 1);
  rf_chart_smooth (noisy, n, smooth);
  for (gsize i = n / 2; i < n; i++)
    {
      g_assert_cmpfloat (smooth[i], <, 10.0 * i / n + 0.2);
      g_assert_cmpfloat (smooth[i], >, 10.0 * i / n - 0.2 - 10 / 32.0);
    }
}

/* The pyramid says what a look at every value says, after few looks. */
static void
test_pyramid (void)
{
  const gsize n = 100000;
  g_autofree double *y = g_new (double, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  g_autoptr (RfChartPyramid) pyramid = rf_chart_pyramid_new ();
  g_assert_cmpint (rf_chart_pyramid_find (pyramid, y, 0, TRUE), ==, -1);
  for (gsize i = 0; i < n; i++)
    {
      const double u = g_rand_double_range (random, -1, 3);
      y[i] = i % 97 == 0 ? NAN : i % 101 == 0 ? INFINITY : i / 5000 == 7 ? -1 - fabs (u) : u;
      rf_chart_pyramid_append (pyramid, y[i]);
    }
  g_assert_cmpuint (rf_chart_pyramid_get_n (pyramid), ==, n);
  for (int trial = 0; trial < 3000; trial++)
    {
      const gsize size = (gsize) pow (10, g_rand_double_range (random, 0, 5));
      const gsize begin = (gsize) g_rand_double_range (random, 0, n - size);
      RfChartExtent fast, slow;
      const gsize looks = rf_chart_pyramid_extent (pyramid, y, begin, begin + size, TRUE, &fast);
      g_assert_cmpuint (rf_chart_pyramid_extent (NULL, y, begin, begin + size, TRUE, &slow), ==,
                        size);
      g_assert_cmpfloat (fast.low, ==, slow.low);
      g_assert_cmpfloat (fast.high, ==, slow.high);
      g_assert_cmpfloat (fast.positive, ==, slow.positive);
      g_assert_cmpuint (looks, <=, 14 * (2 + (gsize) (log (size) / log (8))));
    }
  for (int greatest = 0; greatest <= 1; greatest++)
    g_assert_cmpint (rf_chart_pyramid_find (pyramid, y, n, greatest), ==,
                     rf_chart_pyramid_find (NULL, y, n, greatest));
}

static void
test_map (void)
{
  g_assert_cmpfloat (rf_chart_map_apply (NULL, 7), ==, 7);
  g_autoptr (RfChartMap) map = rf_chart_map_new ();
  g_assert_cmpfloat (rf_chart_map_invert (map, 7), ==, 7);
  /* Ten steps an epoch, then twenty; a pause; what does not go on is passed over. */
  for (int step = 1; step <= 100; step++)
    rf_chart_map_append (map, step, step / 10.0);
  for (int step = 101; step <= 200; step++)
    rf_chart_map_append (map, step, 10 + (step - 100) / 20.0);
  rf_chart_map_append (map, 150, 3);
  rf_chart_map_append (map, 220, 1);
  rf_chart_map_append (map, 240, NAN);
  rf_chart_map_append (map, 240, 19);
  static const double pairs[][2]
      = { { 0, 0 }, { 5, 0.5 }, { 100, 10 }, { 150, 12.5 }, { 200, 15 }, { 230, 17 }, { 250, 21 } };
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_assert_cmpfloat_with_epsilon (rf_chart_map_apply (map, pairs[i][0]), pairs[i][1], 1e-9);
      g_assert_cmpfloat_with_epsilon (rf_chart_map_invert (map, pairs[i][1]), pairs[i][0], 1e-9);
    }
  g_assert_cmpfloat_with_epsilon (rf_chart_map_apply (map, 210), 15, 1e-9);
  g_autoptr (RfChartMap) copy = rf_chart_map_copy (map);
  g_assert_cmpfloat (rf_chart_map_apply (copy, 33), ==, rf_chart_map_apply (map, 33));
  /* Random monotone places, there and back. */
  g_autoptr (RfChartMap) rough = rf_chart_map_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  double x = 0, value = 0;
  for (int i = 0; i < 5000; i++)
    rf_chart_map_append (rough, x += g_rand_double (random), value += g_rand_double (random));
  for (int i = 0; i < 5000; i++)
    {
      const double at = g_rand_double_range (random, 0.1, 1.1 * x);
      g_assert_cmpfloat_with_epsilon (rf_chart_map_invert (rough, rf_chart_map_apply (rough, at)),
                                      at, 1e-6);
    }
}

static void
test_durations (void)
{
  static const struct
  {
    double x;
    RfChartXKind kind;
    const char *text;
  } cases[] = {
    { 1200.4, RF_CHART_COUNT, "1200" },     { 2.5, RF_CHART_NUMBER, "2.50" },
    { 0.25, RF_CHART_DURATION, "0.25 s" },  { 12, RF_CHART_DURATION, "12 s" },
    { 59.99, RF_CHART_DURATION, "1:00" },   { 185.2, RF_CHART_DURATION, "3:05" },
    { 7384, RF_CHART_DURATION, "2:03:04" }, { -90, RF_CHART_DURATION, "−1:30" },
    { NAN, RF_CHART_DURATION, "–" },        { 1e300, RF_CHART_NUMBER, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rf_chart_format_x (cases[i].x, cases[i].kind);
      if (cases[i].text)
        g_assert_cmpstr (text, ==, cases[i].text);
    }
  static const double steps[][2] = { { 5, 1 }, { 100, 15 }, { 1000, 120 }, { 3600 * 5, 3600 } };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      double first, step;
      const guint n = rf_chart_duration_ticks (0, steps[i][0], 10, &first, &step);
      g_assert_cmpuint (n, >, 3);
      g_assert_cmpfloat (first, ==, 0);
      g_assert_cmpfloat (step, ==, steps[i][1]);
    }
  double first, step;
  g_assert_cmpuint (rf_chart_duration_ticks (0, 1e9, 10, &first, &step), >, 2);
  g_assert_cmpuint (rf_chart_duration_ticks (0, NAN, 10, &first, &step), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-numbers/ticks", test_ticks);
  g_test_add_func ("/chart-numbers/ticks-random", test_ticks_random);
  g_test_add_func ("/chart-numbers/numbers", test_numbers);
  g_test_add_func ("/chart-numbers/smoothing", test_smoothing);
  g_test_add_func ("/chart-numbers/pyramid", test_pyramid);
  g_test_add_func ("/chart-numbers/map", test_map);
  g_test_add_func ("/chart-numbers/durations", test_durations);
  return g_test_run ();
}
