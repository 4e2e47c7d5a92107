/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The names of the lines: beside their ends where there is room, else in a legend. */

#include "widgets/plot/painters/chart-labels.h"

/* From the end of a line to its label: past the ring of a best point. */
#define LEADER(painting) (8 + 2 * (painting)->style->line_width)

static gboolean
is_labelled (const RfChartSeries *series)
{
  return !series->faint && series->label && *series->label;
}

double
rf_chart_labels_width (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  double widest = 0;
  for (guint i = 0; i < chart->n_series; i++)
    if (is_labelled (&chart->series[i]))
      {
        const RfTextSize size = rf_chart_measure (painting, chart->series[i].label, 1, FALSE);
        widest = MAX (widest, size.width);
      }
  return widest > 0 ? LEADER (painting) + widest + 4 : 0;
}

gboolean
rf_chart_labels_fit (RfChartPainting *painting, double width, double height)
{
  const RfChart *chart = painting->chart;
  guint n = 0;
  for (guint i = 0; i < chart->n_series; i++)
    n += is_labelled (&chart->series[i]);
  return n * painting->em <= height && rf_chart_labels_width (painting) <= 0.28 * width;
}

typedef struct
{
  const RfChartSeries *series;
  double x, y; /* end of the line */
  double at;   /* where the label's middle comes to lie */
} End;

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const End *left = a, *right = b;
  return (left->y > right->y) - (left->y < right->y);
}

/* Labels keep a line's height apart and stay, on the whole, as near to their lines as can be: each
 * group that touches lies around the mean of what its members wish (pooling adjacent violators). */
static void
spread (End *ends, guint n, double spacing, double low, double high)
{
  g_autofree guint *sizes = g_new (guint, n + 1);
  g_autofree double *tops = g_new (double, n + 1);
  guint n_groups = 0;
  for (guint i = 0; i < n; i++)
    {
      guint size = 1;
      double top = CLAMP (ends[i].y, low, MAX (low, high));
      while (n_groups > 0 && tops[n_groups - 1] + sizes[n_groups - 1] * spacing > top)
        {
          n_groups--;
          const guint before = sizes[n_groups];
          top = (before * tops[n_groups] + size * (top - before * spacing)) / (before + size);
          size += before;
          top = MAX (low, MIN (top, high - (size - 1) * spacing));
        }
      tops[n_groups] = top;
      sizes[n_groups++] = size;
    }
  for (guint group = 0, i = 0; group < n_groups; group++)
    for (guint k = 0; k < sizes[group]; k++)
      ends[i++].at = tops[group] + k * spacing;
}

void
rf_chart_paint_labels (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  cairo_t *cr = painting->cr;
  const double right = area->left + area->width;
  g_autofree End *ends = g_new0 (End, chart->n_series + 1);
  guint n = 0;

  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      const gssize at
          = is_labelled (series) ? rf_chart_series_nearest (series, area->x_max, area->log_y) : -1;
      if (at < 0)
        continue;
      ends[n++]
          = (End){ .series = series,
                   .x = MIN (rf_chart_map_x (painting, rf_chart_series_x (series, at)), right),
                   .y = rf_chart_map_y (painting, series->y[at]) };
    }
  qsort (ends, n, sizeof *ends, compare_ends);
  spread (ends, n, painting->em, area->top, area->top + area->height);

  for (guint i = 0; i < n; i++)
    {
      const RfColor *color = rf_chart_color_of (painting, ends[i].series);
      const double y = CLAMP (ends[i].y, area->top, area->top + area->height);
      const double from = MAX (ends[i].x + 2 * painting->style->line_width, area->left);
      cairo_save (cr);
      rf_chart_set_color (cr, color, 0.45);
      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, (double[]){ 1, 2 }, 2, 0);
      cairo_move_to (cr, from, y);
      cairo_line_to (cr, MAX (from, right), y);
      cairo_line_to (cr, right + LEADER (painting) - 2, ends[i].at);
      cairo_stroke (cr);
      cairo_restore (cr);
      rf_chart_text (painting, right + LEADER (painting), ends[i].at - painting->em / 2,
                     ends[i].series->label, 1, FALSE, color, 1);
    }
}

/* One entry at x, y. */
static void
paint_entry (RfChartPainting *painting, const RfChartSeries *series, double x, double y,
             double swatch, double gap)
{
  cairo_t *cr = painting->cr;
  cairo_save (cr);
  rf_chart_dash (painting, series);
  rf_chart_set_color (cr, rf_chart_color_of (painting, series), 1);
  cairo_set_line_width (cr, rf_chart_width_of (painting, series));
  cairo_move_to (cr, x, y + painting->em / 2);
  cairo_line_to (cr, x + swatch, y + painting->em / 2);
  cairo_stroke (cr);
  cairo_restore (cr);
  rf_chart_text_within (painting, x + swatch + gap, y, painting->width - (x + swatch + gap),
                        series->label, 1, FALSE, &painting->style->text, 1);
}

double
rf_chart_paint_legend (RfChartPainting *painting, double top, double width, guint max_lines,
                       gboolean paint)
{
  const RfChart *chart = painting->chart;
  const double swatch = 1.6 * painting->em, gap = 0.4 * painting->em;
  double x = 0;
  guint line = 0, n_left = 0, n_labels = 0;
  for (guint i = 0; i < chart->n_series; i++)
    n_labels += is_labelled (&chart->series[i]);
  if (n_labels == 0 || max_lines == 0)
    return 0;
  const RfTextSize more = rf_chart_measure (painting, "+99", 1, FALSE);

  for (guint i = 0, n = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      if (!is_labelled (series))
        continue;
      n++;
      const double needed
          = swatch + gap + rf_chart_measure (painting, series->label, 1, FALSE).width;
      const gboolean last_line = line + 1 == max_lines && n < n_labels;
      if (x > 0 && x + needed > width - (last_line ? more.width + painting->em : 0))
        {
          if (line + 1 == max_lines)
            {
              n_left = n_labels - n + 1;
              break;
            }
          x = 0;
          line++;
        }
      if (paint)
        paint_entry (painting, series, x, top + line * painting->em, swatch, gap);
      x += needed + painting->em;
    }
  if (paint && n_left > 0)
    {
      g_autofree char *text = g_strdup_printf ("+%u", n_left);
      rf_chart_text (painting, x, top + line * painting->em, text, 1, FALSE, &painting->style->text,
                     0.8);
    }
  return (line + 1) * painting->em;
}
