/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a frame of a chart costs: eight series of a million points each, 900 × 450 pixels, by kind
 * of line and at several zooms; and what a point costs to append. Times are the best of some, in
 * milliseconds of this thread with cold caches; those of lines are without the frame, which is
 * painted in any case.
 */

#include "widgets/plot/painters/line-chart-painter.h"

#include <math.h>
#include <time.h>

#define N_SERIES 8
#define N_POINTS 1000000
#define WIDTH    900
#define HEIGHT   450
#define REPEAT   12

typedef struct
{
  double *x, *noise, *mean;
  RfChartPyramid *noise_pyramid, *mean_pyramid;
} Data;

static double
milliseconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void
make_data (Data *data, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  data->x = g_new (double, N_POINTS);
  data->noise = g_new (double, N_POINTS);
  data->mean = g_new (double, N_POINTS);
  data->noise_pyramid = rf_chart_pyramid_new ();
  data->mean_pyramid = rf_chart_pyramid_new ();
  RfSmoother smoother = { 0 };
  for (gsize i = 0; i < N_POINTS; i++)
    {
      data->x[i] = i + 1;
      data->noise[i] = (2 + 0.1 * seed) * exp (-3.0 * i / N_POINTS) + g_rand_double (random);
      data->mean[i] = rf_smoother_next (&smoother, data->noise[i]);
      rf_chart_pyramid_append (data->noise_pyramid, data->noise[i]);
      rf_chart_pyramid_append (data->mean_pyramid, data->mean[i]);
    }
}

/* Between two frames a program uses its caches for other things. */
static void
cool_caches (void)
{
  enum
  {
    SIZE = 48 << 20
  };
  static volatile guint8 *memory;
  if (!memory)
    memory = g_malloc0 (SIZE);
  for (gsize i = 0; i < SIZE; i += 64)
    memory[i]++;
}

static double
paint (const RfChart *chart, cairo_surface_t *surface)
{
  RfChartStyle style;
  rf_chart_style_light (&style);
  double best = INFINITY;
  for (int i = 0; i < REPEAT; i++)
    {
      cool_caches ();
      const double start = milliseconds ();
      cairo_t *cr = cairo_create (surface);
      rf_line_chart_paint (cr, WIDTH, HEIGHT, &style, chart, NULL);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      best = MIN (best, milliseconds () - start);
    }
  return best;
}

static void
report (const char *what, RfChart *chart, cairo_surface_t *surface)
{
  static const double views[] = { N_POINTS, 100000, 10000, 2000, 800, 200, 20 };
  g_print ("%-28s", what);
  for (guint v = 0; v < G_N_ELEMENTS (views); v++)
    {
      chart->x_min = 0.4 * (N_POINTS - views[v]);
      chart->x_max = chart->x_min + views[v];
      if (chart->series[0].map)
        {
          chart->x_min *= 0.01;
          chart->x_max *= 0.01;
        }
      const double all = paint (chart, surface);
      /* The frame alone: a line of two points that are not in sight. */
      const double x[] = { -2, -1 }, y[] = { 0, 4 };
      RfChart empty = *chart;
      RfChartSeries hidden = { .x = x, .y = y, .n = 2 };
      empty.series = &hidden;
      empty.n_series = 1;
      g_print (" %6.2f", all - paint (&empty, surface));
    }
  g_print ("\n");
}

int
main (void)
{
  static Data data[N_SERIES];
  double start = milliseconds ();
  for (guint i = 0; i < N_SERIES; i++)
    make_data (&data[i], i);
  g_autoptr (RfChartPyramid) pyramid = rf_chart_pyramid_new ();
  start = milliseconds ();
  for (gsize i = 0; i < N_POINTS; i++)
    rf_chart_pyramid_append (pyramid, data[0].noise[i]);
  g_print ("appending: %.1f ns a point\n", (milliseconds () - start) * 1e6 / N_POINTS);

  g_autoptr (RfChartMap) seconds = rf_chart_map_new ();
  for (gsize i = 0; i < N_POINTS; i++)
    rf_chart_map_append (seconds, i + 1, 0.01 * i + 0.004 * sin (i));

  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  g_print (
      "%u series of %u points, ms a frame; points in sight:\n%-28s %6d %6d %6d %6d %6d %6d %6d\n",
      N_SERIES, N_POINTS, "", N_POINTS, 100000, 10000, 2000, 800, 200, 20);
  static const struct
  {
    const char *name;
    gboolean noise, faint, map;
  } kinds[] = {
    { "noise behind lines", TRUE, TRUE, FALSE },       { "noise as lines", TRUE, FALSE, FALSE },
    { "smoothed lines", FALSE, FALSE, FALSE },         { "noise, by time", TRUE, TRUE, TRUE },
    { "smoothed lines, by time", FALSE, FALSE, TRUE },
  };
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      RfChartSeries series[N_SERIES];
      for (guint i = 0; i < N_SERIES; i++)
        series[i] = (RfChartSeries){
          .x = data[i].x,
          .y = kinds[k].noise ? data[i].noise : data[i].mean,
          .n = N_POINTS,
          .pyramid = kinds[k].noise ? data[i].noise_pyramid : data[i].mean_pyramid,
          .color = i,
          .faint = kinds[k].faint,
          .map = kinds[k].map ? seconds : NULL,
        };
      RfChart chart = { .series = series, .n_series = N_SERIES, .x_kind = RF_CHART_COUNT };
      report (kinds[k].name, &chart, surface);
    }
  cairo_surface_destroy (surface);
  return 0;
}
