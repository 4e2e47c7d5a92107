/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The painter of charts: what it does with odd data and sizes, and its price. */

#include "widgets/plot/painters/chart-file.h"
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
      for (guint variant = 0; variant < 32; variant++)
        {
          RfChartSeries series[] = {
            { .label = "training",
              .x = x,
              .y = cases[c].y,
              .n = cases[c].n,
              .low = cases[c].y,
              .high = cases[c].y,
              .best = 2,
              .best_text = "best",
              .markers = TRUE },
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
            .log_x = (variant & 16) != 0,
            .cursor = (variant & 16) != 0,
            .cursor_x = 2,
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

/* Paints and keeps the picture; @pixel reads it. */
static cairo_surface_t *
paint_picture (const RfChart *chart, int width, int height, RfChartArea *area)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  RfChartStyle style;
  rf_chart_style_light (&style);
  rf_line_chart_paint (cr, width, height, &style, chart, area);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, double x, double y)
{
  guint32 value;
  memcpy (&value,
          cairo_image_surface_get_data (surface)
              + (int) y * cairo_image_surface_get_stride (surface) + 4 * (int) x,
          sizeof value);
  return value & 0xffffff;
}

/* First and last row that is blue in a column. */
static void
find_blue (cairo_surface_t *surface, const RfChartArea *area, int column, int *top, int *bottom)
{
  *top = *bottom = -1;
  for (int row = (int) area->top; row < (int) (area->top + area->height); row++)
    {
      const guint32 value = pixel (surface, column, row);
      if ((int) (value & 255) - (int) (value >> 16) < 30)
        continue;
      *bottom = row;
      if (*top < 0)
        *top = row;
    }
}

/* Dense lines cover what their values reach, at any zoom, on either axis, with or without pyramid.
 */
static void
test_dense (void)
{
  const gsize n = 200000;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  g_autoptr (RfChartPyramid) pyramid = rf_chart_pyramid_new ();
  g_autoptr (RfChartMap) map = rf_chart_map_new ();
  for (gsize i = 0; i < n; i++)
    {
      x[i] = i + 1;
      y[i] = i % 2 == 0 ? 0.3 : 0.7;
      rf_chart_pyramid_append (pyramid, y[i]);
      rf_chart_map_append (map, x[i], x[i] / 1000);
    }
  static const struct
  {
    double x_min, x_max;
    gboolean log_x, map, faint;
  } cases[] = {
    { 0, 0, FALSE, FALSE, TRUE },       { 0, 0, FALSE, FALSE, FALSE },
    { 1000, 3000, FALSE, FALSE, TRUE }, { 150000, 151000, FALSE, FALSE, FALSE },
    { 50, 100, FALSE, TRUE, TRUE },     { 1, 200000, TRUE, FALSE, FALSE },
    { 0.001, 200, TRUE, TRUE, FALSE },
  };
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      RfChartSeries series
          = { .x = x, .y = y, .n = n, .faint = cases[c].faint, .map = cases[c].map ? map : NULL };
      const RfChart chart = { .series = &series,
                              .n_series = 1,
                              .unit_range = TRUE,
                              .x_min = cases[c].x_min,
                              .x_max = cases[c].x_max,
                              .log_x = cases[c].log_x };
      RfChartArea area;
      cairo_surface_t *slow = paint_picture (&chart, 600, 300, &area);
      series.pyramid = pyramid;
      cairo_surface_t *fast = paint_picture (&chart, 600, 300, &area);
      int top, bottom;
      find_blue (fast, &area, (int) (area.left + 0.9 * area.width), &top, &bottom);
      g_test_message ("case %u: rows %d … %d", c, top, bottom);
      g_assert_cmpfloat (fabs (top - (area.top + 0.3 * area.height)), <=, 2.5);
      g_assert_cmpfloat (fabs (bottom - (area.top + 0.7 * area.height)), <=, 2.5);
      const gsize size = 300 * (gsize) cairo_image_surface_get_stride (fast);
      g_assert_cmpmem (cairo_image_surface_get_data (fast), size,
                       cairo_image_surface_get_data (slow), size);
      cairo_surface_destroy (fast);
      cairo_surface_destroy (slow);
    }
}

/* A view between two points shows the line that joins them; axes lead from values to places and
 * back. */
static void
test_view (void)
{
  const double x[] = { 1, 1000 }, y[] = { 0.5, 0.5 };
  RfChartSeries series = { .x = x, .y = y, .n = 2 };
  RfChart chart
      = { .series = &series, .n_series = 1, .unit_range = TRUE, .x_min = 400, .x_max = 500 };
  RfChartArea area;
  cairo_surface_t *surface = paint_picture (&chart, 600, 300, &area);
  int top, bottom;
  find_blue (surface, &area, (int) (area.left + 0.5 * area.width), &top, &bottom);
  g_assert_cmpfloat (fabs (top - (area.top + area.height / 2)), <=, 2);
  cairo_surface_destroy (surface);
  g_assert_cmpfloat (area.x_min, ==, 400);

  chart.x_min = chart.x_max = 0;
  chart.log_x = TRUE;
  paint (&chart, 600, 300, &area);
  g_assert_cmpfloat (area.x_min, ==, 1);
  for (double at = 1; at <= 1000; at *= 3)
    g_assert_cmpfloat_with_epsilon (rf_chart_area_x_at (&area, rf_chart_area_place_of (&area, at)),
                                    at, 1e-6 * at);
  g_assert_cmpfloat_with_epsilon (rf_chart_area_place_of (&area, sqrt (1000)),
                                  area.left + area.width / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (rf_chart_area_y_at (&area, area.top), 1, 1e-9);
}

/* Ring, cursor, selection and band are where they should be. */
static void
test_marks (void)
{
  const double x[] = { 0, 50, 100 }, y[] = { 0.2, 0.8, 0.5 }, low[] = { 0.1, 0.6, 0.3 },
               high[] = { 0.3, 0.9, 0.6 };
  RfChartSeries series = { .x = x, .y = y, .n = 3 };
  RfChart chart = { .series = &series, .n_series = 1, .unit_range = TRUE };
  RfChartArea area;
  cairo_surface_t *plain = paint_picture (&chart, 600, 300, &area);
  const double peak_x = area.left + area.width / 2, peak_y = area.top + 0.2 * area.height;
  series.best = 2;
  series.best_text = "best 80.0 % · epoch 2";
  chart.cursor = TRUE;
  chart.cursor_x = 20;
  chart.select_from = 70;
  chart.select_to = 90;
  series.low = low;
  series.high = high;
  cairo_surface_t *marked = paint_picture (&chart, 600, 300, &area);
  RfChartStyle style;
  rf_chart_style_light (&style);
  const double ring = 2.6 * style.line_width;
  g_assert_cmphex (pixel (plain, peak_x, peak_y - ring), ==, 0xffffff);
  g_assert_cmphex (pixel (marked, peak_x, peak_y - ring), !=, 0xffffff);
  const double cursor = rf_chart_area_place_of (&area, 20),
               selected = rf_chart_area_place_of (&area, 80);
  g_assert_cmphex (pixel (plain, cursor, area.top + 11), ==, 0xffffff);
  g_assert_cmphex (pixel (marked, cursor, area.top + 11) >> 16, <, 0x80);
  g_assert_cmphex (pixel (plain, selected, area.top + 11), ==, 0xffffff);
  g_assert_cmphex (pixel (marked, selected, area.top + 11), !=, 0xffffff);
  /* Between the line and the upper border of the band, at its last point. */
  const double in_band = area.top + 0.45 * area.height, x_in_band = area.left + area.width - 3;
  g_assert_cmphex (pixel (plain, x_in_band, in_band), ==, 0xffffff);
  g_assert_cmphex (pixel (marked, x_in_band, in_band), !=, 0xffffff);
  cairo_surface_destroy (plain);
  cairo_surface_destroy (marked);
}

static void
test_flags (void)
{
  const RfChartArea area = { .left = 10, .width = 100, .x_max = 100, .reach = 7 };
  const RfChartFlag flags[] = { { 0, "a" }, { 20, "b" }, { 20, "c" }, { 26, "d" }, { 30, "e" } };
  const guint n = G_N_ELEMENTS (flags);
  g_assert_cmpuint (rf_chart_count_pole (&area, flags, n, 0), ==, 1);
  g_assert_cmpuint (rf_chart_count_pole (&area, flags, n, 1), ==, 3);
  g_assert_cmpuint (rf_chart_count_pole (&area, flags, n, 4), ==, 1);
  g_assert_cmpint (rf_chart_find_pole (&area, flags, n, 33, 5), ==, 1);
  g_assert_cmpint (rf_chart_find_pole (&area, flags, n, 38, 5), ==, 4);
  g_assert_cmpint (rf_chart_find_pole (&area, flags, n, 60, 5), ==, -1);
  g_assert_cmpint (rf_chart_find_pole (&area, flags, 0, 60, 5), ==, -1);
}

/* Twelve runs and a crosshair at the end of a small chart: its border, a grey of 0xae, is
 * inside. */
static void
test_crowded (void)
{
  const double x[] = { 1, 2, 3 }, y[] = { 0.1, 0.5, 0.8 };
  RfChartSeries series[12];
  char labels[12][40];
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    {
      g_snprintf (labels[i], sizeof labels[i], "a run with a rather long name, %u", i);
      series[i] = (RfChartSeries){ .label = labels[i], .x = x, .y = y, .n = 3, .color = i };
    }
  const RfChart chart = { .title = "Accuracy",
                          .series = series,
                          .n_series = G_N_ELEMENTS (series),
                          .unit_range = TRUE,
                          .crosshair = TRUE,
                          .crosshair_x = 3 };
  static const int sizes[][2] = { { 340, 240 }, { 200, 120 }, { 1100, 300 } };
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      const int width = sizes[s][0], height = sizes[s][1];
      RfChartArea area;
      cairo_surface_t *surface = paint_picture (&chart, width, height, &area);
      g_assert_cmpfloat (area.width, >, 0);
      for (int row = 0; row < height; row++)
        g_assert_cmphex (pixel (surface, width - 1, row) & 0xff, >, 0xc0);
      for (int column = 0; column < width; column++)
        g_assert_cmphex (pixel (surface, column, height - 1) & 0xff, >, 0xc0);
      cairo_surface_destroy (surface);
    }
}

static double
thread_milliseconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

typedef struct
{
  double *x, *noise, *mean;
  RfChartPyramid *noise_pyramid, *mean_pyramid;
} Million;

#define MILLION 1000000

static void
make_million (Million *data)
{
  data->x = g_new (double, MILLION);
  data->noise = g_new (double, MILLION);
  data->mean = g_new (double, MILLION);
  data->noise_pyramid = rf_chart_pyramid_new ();
  data->mean_pyramid = rf_chart_pyramid_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  for (gsize i = 0; i < MILLION; i++)
    {
      data->x[i] = i + 1;
      data->noise[i]
          = i % 1000 == 7 ? NAN : 2 * exp (-3.0 * i / MILLION) + 0.3 * g_rand_double (random);
      rf_chart_pyramid_append (data->noise_pyramid, data->noise[i]);
    }
  rf_chart_smooth (data->noise, MILLION, data->mean);
  for (gsize i = 0; i < MILLION; i++)
    rf_chart_pyramid_append (data->mean_pyramid, data->mean[i]);
}

static void
free_million (Million *data)
{
  g_free (data->x);
  g_free (data->noise);
  g_free (data->mean);
  rf_chart_pyramid_free (data->noise_pyramid);
  rf_chart_pyramid_free (data->mean_pyramid);
}

static void
paint_million (cairo_t *cr, double width, double height, gpointer data)
{
  RfChartStyle style;
  rf_chart_style_light (&style);
  rf_line_chart_paint (cr, width, height, &style, data, NULL);
}

/* Eight series of a million points, raw and smoothed: quick on a screen at any zoom, and small as
 * drawings, without a picture in them. */
static void
test_million (void)
{
  Million data;
  make_million (&data);
  RfChartSeries series[8];
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    series[i] = (RfChartSeries){ .label = i % 2 ? "training" : NULL,
                                 .x = data.x,
                                 .y = i % 2 ? data.mean : data.noise,
                                 .pyramid = i % 2 ? data.mean_pyramid : data.noise_pyramid,
                                 .n = MILLION,
                                 .color = i,
                                 .faint = i % 2 == 0 };
  RfChart chart = { .title = "Loss", .series = series, .n_series = 8, .x_kind = RF_CHART_COUNT };
  static const double views[] = { 1e6, 1e5, 1e4, 1e3, 1e2 };
  for (guint v = 0; v < G_N_ELEMENTS (views); v++)
    {
      chart.x_min = 0.3 * (MILLION - views[v]);
      chart.x_max = chart.x_min + views[v];
      /* In time of this thread: others may be busy. */
      double best = INFINITY;
      for (int i = 0; i < 8; i++)
        {
          const double start = thread_milliseconds ();
          g_assert_cmpuint (paint (&chart, 900, 450, NULL), >, 5000);
          best = MIN (best, thread_milliseconds () - start);
        }
      g_test_message ("eight series of a million points, %g in sight: %.1f ms", views[v], best);
#ifdef JUDGE_TIME
      g_assert_cmpfloat (best, <, 40);
#endif
    }

  chart.x_min = chart.x_max = 0;
  static const char *const names[] = { "a.svg", "a.pdf" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes
          = rf_chart_file_render (names[i], 900, 450, paint_million, &chart, &error);
      g_assert_no_error (error);
      gsize size;
      const char *text = g_bytes_get_data (bytes, &size);
      g_test_message ("%s: %u bytes", names[i], (guint) size);
      g_assert_cmpuint (size, <, 400000);
      g_assert_null (g_strstr_len (text, (gssize) size, "<image"));
      g_assert_null (g_strstr_len (text, (gssize) size, "/Subtype /Image"));
    }
  free_million (&data);
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
  g_test_add_func ("/chart-painter/odd-data", test_odd_data);
  g_test_add_func ("/chart-painter/place", test_place);
  g_test_add_func ("/chart-painter/range", test_range);
  g_test_add_func ("/chart-painter/dense", test_dense);
  g_test_add_func ("/chart-painter/view", test_view);
  g_test_add_func ("/chart-painter/marks", test_marks);
  g_test_add_func ("/chart-painter/flags", test_flags);
  g_test_add_func ("/chart-painter/crowded", test_crowded);
  g_test_add_func ("/chart-painter/million", test_million);
  g_test_add_func ("/chart-painter/save", test_save);
  return g_test_run ();
}
