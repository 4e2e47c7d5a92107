/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The painter of charts: its numbers, what it does with odd data and sizes, and its price. */

#include "widgets/plot/painters/run-plot.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* Times are judged where the compiler has optimised and nothing watches each access. */
#ifdef __has_feature
#define FEATURE(x) __has_feature (x)
#else
#define FEATURE(x) 0
#endif
#if defined __OPTIMIZE__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__          \
    && !FEATURE(address_sanitizer) && !FEATURE(thread_sanitizer)
#define JUDGE_TIME
#endif

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

/* Pixels that are not the background. */
static gsize
count_ink (cairo_surface_t *surface)
{
  cairo_surface_flush (surface);
  const int width = cairo_image_surface_get_width (surface);
  const int height = cairo_image_surface_get_height (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  gsize n = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint32 pixel;
        memcpy (&pixel, data + y * stride + 4 * x, sizeof pixel);
        n += (pixel & 0xffffff) != 0xffffff;
      }
  return n;
}

/* Paints on white and returns the ink. */
static gsize
paint (const RfChart *chart, int width, int height, RfChartArea *area)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, MAX (width, 1), MAX (height, 1));
  cairo_t *cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  RfChartStyle style;
  rf_chart_style_light (&style);
  rf_line_chart_paint (cr, width, height, &style, chart, area);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  const gsize ink = count_ink (surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return ink;
}

static void
test_odd_data (void)
{
  static const double x[] = { 1, 2, 3, 4, 5 };
  static const struct
  {
    const char *what;
    double y[5];
    gsize n;
  } cases[] = {
    { "nothing", { 0 }, 0 },
    { "one point", { 0.5 }, 1 },
    { "all NaN", { NAN, NAN, NAN, NAN, NAN }, 5 },
    { "gaps", { 1, NAN, 2, NAN, NAN }, 5 },
    { "infinities", { 1, INFINITY, 2, -INFINITY, 3 }, 5 },
    { "huge", { 1, 1e300, -1e300, G_MAXDOUBLE, 2 }, 5 },
    { "tiny", { 1e-310, 2e-310, 3e-310, 0, 1e-300 }, 5 },
    { "constant", { 2, 2, 2, 2, 2 }, 5 },
    { "zero", { 0, 0, 0, 0, 0 }, 5 },
    { "negative", { -1, -2, -3, -4, -5 }, 5 },
  };
  static const int sizes[][2]
      = { { 900, 300 }, { 200, 120 }, { 40, 40 }, { 10, 10 }, { 1, 1 }, { 0, 0 }, { 3000, 2 } };
  const RfChartFlag flags[]
      = { { -5, "before" }, { 2, "learning rate 0.1" }, { 2.001, NULL }, { 99, "after" } };
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (guint variant = 0; variant < 16; variant++)
        {
          RfChartSeries series[] = {
            { .label = "training", .x = x, .y = cases[c].y, .n = cases[c].n, .markers = TRUE },
            { .label = "raw", .x = x, .y = cases[c].y, .n = cases[c].n, .faint = TRUE },
            { .label = "test",
              .x = x,
              .y = cases[c].y,
              .n = cases[c].n,
              .color = 99,
              .dash = rf_chart_dash_test,
              .n_dashes = 2 },
          };
          const RfChart chart = {
            .title
            = variant & 1 ? "A title that is far too long for a chart as small as this" : NULL,
            .x_label = "step",
            .y_label = "what it means",
            .series = series,
            .n_series = G_N_ELEMENTS (series),
            .flags = flags,
            .n_flags = G_N_ELEMENTS (flags),
            .x_kind = RF_CHART_COUNT,
            .log_y = (variant & 2) != 0,
            .unit_range = (variant & 4) != 0,
            .crosshair = (variant & 8) != 0,
            .crosshair_x = 3,
            .empty = "Nothing yet.",
          };
          g_test_message ("%s, %d × %d, variant %u", cases[c].what, sizes[s][0], sizes[s][1],
                          variant);
          RfChartArea area;
          const gsize ink = paint (&chart, sizes[s][0], sizes[s][1], &area);
          if (sizes[s][0] == 900)
            g_assert_cmpuint (ink, >, 20);
          g_assert_true (isfinite (area.x_min) && isfinite (area.x_max));
          g_assert_true (isfinite (area.y_min) && isfinite (area.y_max));
          g_assert_true (area.width <= sizes[s][0] && area.height <= sizes[s][1]);
        }
}

/* What a chart shows: the line goes where its numbers say. */
static void
test_place (void)
{
  const double x[] = { 0, 100 }, y[] = { 0.5, 0.5 };
  RfChartSeries series = { .x = x, .y = y, .n = 2 };
  const RfChart chart = { .series = &series, .n_series = 1, .unit_range = TRUE };
  RfChartStyle style;
  rf_chart_style_light (&style);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 600, 300);
  cairo_t *cr = cairo_create (surface);
  RfChartArea area;
  rf_line_chart_paint (cr, 600, 300, &style, &chart, &area);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  g_assert_cmpfloat (area.y_min, ==, 0);
  g_assert_cmpfloat (area.y_max, ==, 1);
  g_assert_cmpfloat (area.x_min, ==, 0);
  g_assert_cmpfloat (area.x_max, ==, 100);

  const int column = (int) (area.left + 0.37 * area.width);
  int bluest = -1, most = 0;
  for (int row = (int) area.top; row < (int) (area.top + area.height); row++)
    {
      const guint8 *pixel = cairo_image_surface_get_data (surface)
                            + row * cairo_image_surface_get_stride (surface) + 4 * column;
      const int blueness = pixel[0] - pixel[2];
      if (blueness > most)
        most = blueness, bluest = row;
    }
  g_assert_cmpint (most, >, 100);
  g_assert_cmpfloat (fabs (bluest - (area.top + area.height / 2)), <=, 2);
  cairo_surface_destroy (surface);
}

/* A linear axis of positive values begins at 0; a range that does not is marked. */
static void
test_range (void)
{
  const double x[] = { 1, 1000 }, y[] = { 95, 98.7 };
  RfChartSeries series = { .x = x, .y = y, .n = 2 };
  RfChart chart = { .series = &series, .n_series = 1 };
  RfChartArea area;
  paint (&chart, 600, 300, &area);
  g_assert_cmpfloat (area.y_min, ==, 0);
  g_assert_cmpfloat (area.y_max, >=, 98.7);
  g_assert_cmpfloat (area.x_min, ==, 0);

  chart.y_min = 90;
  chart.y_max = 100;
  const gsize marked = paint (&chart, 600, 300, &area);
  g_assert_cmpfloat (area.y_min, ==, 90);
  g_assert_cmpuint (marked, >, 0);

  chart.y_min = chart.y_max = 0;
  chart.log_y = TRUE;
  const double wide[] = { 1e-3, 100 };
  series.y = wide;
  paint (&chart, 600, 300, &area);
  g_assert_cmpfloat_with_epsilon (area.y_min, 1e-3, 1e-12);
  g_assert_cmpfloat_with_epsilon (area.y_max, 100, 1e-9);
}

static double
thread_milliseconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* A million points, raw and smoothed, at the size of a large window. */
static void
test_million (void)
{
  const gsize n = 1000000;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n), *smooth = g_new (double, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = i + 1;
      y[i] = i % 1000 == 7 ? NAN : 2 * exp (-3.0 * i / n) + 0.3 * g_rand_double (random);
    }
  rf_chart_smooth (y, n, smooth);
  RfChartSeries series[] = { { .x = x, .y = y, .n = n, .faint = TRUE },
                             { .label = "training", .x = x, .y = smooth, .n = n } };
  const RfChart chart = { .title = "Loss", .series = series, .n_series = 2, .x_kind = RF_CHART_COUNT };
  /* In time of this thread: others may be busy. */
  double best = INFINITY;
  for (int i = 0; i < 8; i++)
    {
      const double start = thread_milliseconds ();
      g_assert_cmpuint (paint (&chart, 1200, 500, NULL), >, 10000);
      best = MIN (best, thread_milliseconds () - start);
    }
  g_test_minimized_result (best, "two series of a million points: %.1f ms", best);
#ifdef JUDGE_TIME
  g_assert_cmpfloat (best, <, 50);
#endif
}

static void
test_save (void)
{
  const double x[] = { 1, 2, 3 }, y[] = { 2.3, 1.1, 0.7 }, a[] = { 0.1, 0.5, 0.8 };
  const double epoch[] = { 3 }, value[] = { 0.9 }, none[] = { NAN };
  const RfCurves runs[] = {
    { .name = "first",
      .step = x,
      .loss = y,
      .accuracy = a,
      .n_steps = 3,
      .epoch_step = epoch,
      .train_loss = value,
      .test_loss = value,
      .validation_loss = none,
      .train_accuracy = value,
      .test_accuracy = value,
      .validation_accuracy = none,
      .n_epochs = 1 },
    { .name = "no step yet" },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("receptive-plot-XXXXXX", &error);
  g_assert_no_error (error);
  static const struct
  {
    const char *name, *magic;
  } files[] = { { "a.png", "\211PNG" }, { "a.svg", "<?xml" }, { "a.pdf", "%PDF" } };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    for (guint n = 0; n <= 2; n++)
      {
        g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
        g_assert_true (rf_run_plot_save (path, runs, n, &error));
        g_assert_no_error (error);
        g_autofree char *bytes = NULL;
        gsize length;
        g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
        g_assert_cmpuint (length, >, 1000);
        g_assert_true (g_str_has_prefix (bytes, files[i].magic));
        g_unlink (path);
      }
  g_assert_false (rf_run_plot_save ("curves.bmp", runs, 1, &error));
  g_assert_nonnull (strstr (error->message, "curves.bmp"));
  g_clear_error (&error);
  g_assert_false (rf_run_plot_save ("/nowhere/at/all/a.png", runs, 1, &error));
  g_assert_nonnull (error);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-painter/ticks", test_ticks);
  g_test_add_func ("/chart-painter/ticks-random", test_ticks_random);
  g_test_add_func ("/chart-painter/numbers", test_numbers);
  g_test_add_func ("/chart-painter/smoothing", test_smoothing);
  g_test_add_func ("/chart-painter/odd-data", test_odd_data);
  g_test_add_func ("/chart-painter/place", test_place);
  g_test_add_func ("/chart-painter/range", test_range);
  g_test_add_func ("/chart-painter/million", test_million);
  g_test_add_func ("/chart-painter/save", test_save);
  return g_test_run ();
}
