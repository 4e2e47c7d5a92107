/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two charts of a run as one picture: loss above, accuracy below. One run has a colour for each
 * split; of several, each has a colour of its own, and its splits differ in their dashes. */

#include "widgets/plot/painters/run-plot.h"
#include "widgets/plot/painters/chart-file.h"
#include "widgets/plot/painters/chart-private.h"

#include <glib/gi18n-lib.h>

#define WIDTH  900.0
#define HEIGHT 640.0
#define MARGIN 24.0

/* One line per split at most, and the raw values behind. */
#define SERIES_PER_RUN 4

typedef struct
{
  const double *steps; /* one value per step */
  const double *train; /* per epoch, as the rest */
  const double *test, *validation;
} Curves;

static char *
label_of (const RfCurves *run, guint n_runs, const char *split)
{
  return n_runs > 1 ? g_strdup (run->name) : g_strdup (split);
}

static gboolean
has_values (const double *y, gsize n)
{
  for (gsize i = 0; y && i < n; i++)
    if (isfinite (y[i]))
      return TRUE;
  return FALSE;
}

/* The epoch that one would choose by these values, and, where there are few lines, in words. */
static void
mark_best (RfChartSeries *series, const RfCurves *run, gboolean loss, gboolean words,
           GPtrArray *owned)
{
  const gssize best = rf_chart_pyramid_find (NULL, series->y, series->n, !loss);
  if (best < 0)
    return;
  series->best = best + 1;
  if (!words)
    return;
  g_autofree char *value = rf_chart_format_value (series->y[best], !loss);
  g_autofree char *epoch
      = rf_chart_format_x (run->epoch ? run->epoch[best] : best + 1.0, RF_CHART_COUNT);
  /* Translators: the best value of a line, and in which epoch. */
  char *text = g_strdup_printf (_ ("best %s · epoch %s"), value, epoch);
  g_ptr_array_add (owned, text);
  series->best_text = text;
}

/* Flags of all runs between each other; of several, each says of which run it is. */
static const RfChartFlag *
gather_flags (const RfCurves *runs, guint n_runs, guint *n, GPtrArray *owned)
{
  guint n_flags = 0;
  for (guint i = 0; i < n_runs; i++)
    n_flags += runs[i].n_flags;
  RfChartFlag *flags = g_new (RfChartFlag, n_flags + 1);
  g_ptr_array_add (owned, flags);
  *n = 0;
  for (guint i = 0; i < n_runs; i++)
    for (guint k = 0; k < runs[i].n_flags; k++)
      {
        RfChartFlag flag = runs[i].flags[k];
        if (n_runs > 1 && flag.text)
          {
            char *text = g_strdup_printf ("%s: %s", runs[i].name, flag.text);
            g_ptr_array_add (owned, text);
            flag.text = text;
          }
        /* They are sorted run by run: each finds its place from behind. */
        guint at = (*n)++;
        for (; at > 0 && flags[at - 1].x > flag.x; at--)
          flags[at] = flags[at - 1];
        flags[at] = flag;
      }
  return flags;
}

/* Adds what there is of one run. @owned gathers what must live until the chart is painted. */
static guint
add_series (RfChartSeries *series, const RfCurves *run, const Curves *curves, guint index,
            guint n_runs, gboolean loss, GPtrArray *owned)
{
  const gboolean alone = n_runs == 1;
  guint n = 0;
  if (run->n_steps > 0)
    {
      if (alone)
        series[n++] = (RfChartSeries){
          .x = run->step, .y = curves->steps, .n = run->n_steps, .color = index, .faint = TRUE
        };
      double *smooth = g_new (double, run->n_steps);
      g_ptr_array_add (owned, smooth);
      rf_chart_smooth (curves->steps, run->n_steps, smooth);
      char *label = label_of (run, n_runs, _ ("training"));
      g_ptr_array_add (owned, label);
      series[n++] = (RfChartSeries){
        .label = label, .x = run->step, .y = smooth, .n = run->n_steps, .color = index
      };
    }
  else if (run->n_epochs > 0)
    {
      char *label = label_of (run, n_runs, _ ("training"));
      g_ptr_array_add (owned, label);
      series[n++] = (RfChartSeries){ .label = label,
                                     .x = run->epoch_step,
                                     .y = curves->train,
                                     .n = run->n_epochs,
                                     .color = index,
                                     .markers = TRUE };
    }

  const struct
  {
    const char *label;
    const double *y, *dash;
  } splits[] = {
    { _ ("validation"), curves->validation, rf_chart_dash_validation },
    { _ ("test"), curves->test, rf_chart_dash_test },
  };
  for (guint i = 0; i < G_N_ELEMENTS (splits); i++)
    if (has_values (splits[i].y, run->n_epochs))
      series[n++] = (RfChartSeries){ .label = alone ? splits[i].label : NULL,
                                     .x = run->epoch_step,
                                     .y = splits[i].y,
                                     .n = run->n_epochs,
                                     .color = alone ? 2 - i : index,
                                     .markers = TRUE,
                                     .dash = splits[i].dash,
                                     .n_dashes = 2 };
  /* Between epochs one chooses by the validation split; the test is for the end. */
  const double *choice
      = has_values (curves->validation, run->n_epochs) ? curves->validation : curves->test;
  for (guint i = 0; i < n; i++)
    {
      if (series[i].y == choice)
        mark_best (&series[i], run, loss, n_runs <= 2, owned);
      if (index > 0)
        series[i].width = 0.75;
    }
  return n;
}

static void
paint_half (cairo_t *cr, double width, double height, const RfChartStyle *style,
            const RfCurves *runs, guint n_runs, gboolean loss)
{
  g_autofree RfChartSeries *series = g_new0 (RfChartSeries, n_runs * SERIES_PER_RUN + 1);
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  RfChart chart = {
    .title = loss ? _ ("Loss") : _ ("Accuracy"),
    .x_label = _ ("step"),
    .y_label = n_runs > 1 ? _ ("solid: training, smoothed; dashed: test; dotted: validation")
                          : _ ("training mode while learning; test and validation per epoch"),
    .series = series,
    .x_kind = RF_CHART_COUNT,
    .unit_range = !loss,
    .widest_tick = "100 %",
    .empty = _ ("No step has been recorded."),
  };
  for (guint i = 0; i < n_runs; i++)
    {
      const RfCurves *run = &runs[i];
      const Curves curves = {
        .steps = loss ? run->loss : run->accuracy,
        .train = loss ? run->train_loss : run->train_accuracy,
        .test = loss ? run->test_loss : run->test_accuracy,
        .validation = loss ? run->validation_loss : run->validation_accuracy,
      };
      chart.n_series += add_series (series + chart.n_series, run, &curves, i, n_runs, loss, owned);
    }
  chart.flags = gather_flags (runs, n_runs, &chart.n_flags, owned);
  rf_line_chart_paint (cr, width, height, style, &chart, NULL);
}

/* The run's name above both charts; returns the height used. */
static double
paint_heading (cairo_t *cr, double width, const RfChartStyle *style, const char *name)
{
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (style->font);
  pango_font_description_set_absolute_size (font, 1.35 * style->font_size * 4 / 3 * PANGO_SCALE);
  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_text (layout, name, -1);
  int height;
  pango_layout_get_pixel_size (layout, NULL, &height);

  cairo_save (cr);
  rf_chart_set_color (cr, &style->text, 1);
  cairo_move_to (cr, MARGIN, MARGIN);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
  return height + MARGIN / 2;
}

void
rf_run_plot_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                   const RfCurves *curves, guint n_runs)
{
  g_return_if_fail (cr && style && (curves || n_runs == 0));

  cairo_save (cr);
  rf_chart_set_color (cr, &style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
  double top = MARGIN;
  if (n_runs == 1 && curves->name)
    top += paint_heading (cr, width - 2 * MARGIN, style, curves->name);
  const double half = (height - top - 2 * MARGIN) / 2;
  for (int i = 0; i < 2; i++)
    {
      cairo_save (cr);
      cairo_translate (cr, MARGIN, top + i * (half + MARGIN));
      paint_half (cr, width - 2 * MARGIN, half, style, curves, n_runs, i == 0);
      cairo_restore (cr);
    }
}

typedef struct
{
  const RfCurves *curves;
  guint n_runs;
} Runs;

static void
paint_runs (cairo_t *cr, double width, double height, gpointer data)
{
  const Runs *runs = data;
  RfChartStyle style;
  rf_chart_style_light (&style);
  rf_run_plot_paint (cr, width, height, &style, runs->curves, runs->n_runs);
}

gboolean
rf_run_plot_save (const char *path, const RfCurves *curves, guint n_runs, GError **error)
{
  Runs runs = { curves, n_runs };
  return rf_chart_file_write (path, WIDTH, HEIGHT, paint_runs, &runs, error);
}
