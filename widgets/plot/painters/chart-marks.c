/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Marks on a chart: flags at moments of the run, its cursor, the best points, and the range that is
 * being chosen. */

#include "widgets/plot/painters/chart-private.h"

#define FLAG_TEXT 0.88 /* of the size of other texts */

guint
rf_chart_count_pole (const RfChartArea *area, const RfChartFlag *flags, guint n, guint first)
{
  const double end = rf_chart_area_place_of (area, flags[first].x) + area->reach;
  guint count = 1;
  while (first + count < n && rf_chart_area_place_of (area, flags[first + count].x) < end)
    count++;
  return count;
}

int
rf_chart_find_pole (const RfChartArea *area, const RfChartFlag *flags, guint n, double place,
                    double reach)
{
  int nearest = -1;
  for (guint i = 0; i < n; i += rf_chart_count_pole (area, flags, n, i))
    {
      const double distance = fabs (rf_chart_area_place_of (area, flags[i].x) - place);
      if (distance <= reach)
        {
          nearest = (int) i;
          reach = distance;
        }
    }
  return nearest;
}

static void
paint_pole (RfChartPainting *painting, double pole, double pennant)
{
  const RfChartArea *area = &painting->area;
  const RfColor *color = &painting->style->text;
  const double top = area->top - pennant;
  cairo_t *cr = painting->cr;
  cairo_save (cr);
  rf_chart_set_color (cr, color, 0.45);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, (double[]){ 2, 3 }, 2, 0);
  cairo_move_to (cr, pole, area->top);
  cairo_line_to (cr, pole, area->top + area->height);
  cairo_stroke (cr);
  rf_chart_set_color (cr, color, 0.75);
  cairo_move_to (cr, pole, top);
  cairo_line_to (cr, pole + pennant, top + pennant / 2);
  cairo_line_to (cr, pole, top + pennant);
  cairo_close_path (cr);
  cairo_fill (cr);
  cairo_restore (cr);
}

/* A slider that is dragged leaves a change at every step it passed: a pole's text is that of its
 * last flag, and how many there are besides. Texts that would run into each other are shortened to
 * the number of flags, or left out; the crosshair tells them. */
void
rf_chart_paint_flags (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  const double pennant = area->reach, right = area->left + area->width;
  double text_end = -INFINITY;

  for (guint i = 0; i < chart->n_flags;)
    {
      const double pole = floor (rf_chart_map_x (painting, chart->flags[i].x)) + 0.5;
      const guint n = rf_chart_count_pole (area, chart->flags, chart->n_flags, i);
      const char *newest = chart->flags[i + n - 1].text;
      i += n;
      if (pole < area->left || pole > right)
        continue;
      paint_pole (painting, pole, pennant);

      g_autofree char *count = n > 1 ? g_strdup_printf ("%u", n) : NULL;
      g_autofree char *full
          = newest && n > 1 ? g_strdup_printf ("%s +%u", newest, n - 1) : g_strdup (newest);
      const double next
          = i < chart->n_flags ? rf_chart_map_x (painting, chart->flags[i].x) : INFINITY;
      const char *const texts[] = { full, count };
      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        {
          if (!texts[t])
            continue;
          const RfTextSize size = rf_chart_measure (painting, texts[t], FLAG_TEXT, FALSE);
          double x = pole + pennant + 3;
          if (x + size.width > MIN (next - 2, right))
            x = pole - 4 - size.width;
          if (x < text_end + 4 || x < area->left)
            continue;
          text_end = MAX (x + size.width, pole + pennant);
          rf_chart_text (painting, x, area->top - (pennant + size.height) / 2, texts[t], FLAG_TEXT,
                         FALSE, &style->text, 0.85);
          break;
        }
    }
}

/* A thick line that stands on a grip. */
void
rf_chart_paint_cursor (RfChartPainting *painting)
{
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  const double place = rf_chart_map_x (painting, painting->chart->cursor_x);
  const double bottom = area->top + area->height;
  if (place < area->left - 1 || place > area->left + area->width + 1)
    return;
  cairo_t *cr = painting->cr;
  const double x = round (place), half = round (0.42 * painting->em), height = 1.9 * half;
  cairo_save (cr);
  rf_chart_set_color (cr, &style->background, 0.8);
  cairo_set_line_width (cr, 5);
  cairo_move_to (cr, x, area->top);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  rf_chart_set_color (cr, &style->text, 0.9);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x, area->top);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
  /* The grip points at the axis, and has two grooves. */
  cairo_move_to (cr, x, bottom - half);
  cairo_line_to (cr, x + half, bottom);
  cairo_line_to (cr, x + half, bottom + height - half);
  cairo_line_to (cr, x - half, bottom + height - half);
  cairo_line_to (cr, x - half, bottom);
  cairo_close_path (cr);
  rf_chart_set_color (cr, &style->text, 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke_preserve (cr);
  cairo_fill (cr);
  rf_chart_set_color (cr, &style->background, 1);
  cairo_set_line_width (cr, 1);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + side * half / 2.5, bottom);
      cairo_line_to (cr, x + side * half / 2.5, bottom + height - 1.6 * half);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
rf_chart_paint_selection (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const double right = area->left + area->width;
  const double a = CLAMP (rf_chart_map_x (painting, chart->select_from), area->left, right);
  const double b = CLAMP (rf_chart_map_x (painting, chart->select_to), area->left, right);
  cairo_t *cr = painting->cr;
  cairo_rectangle (cr, floor (MIN (a, b)) + 0.5, area->top + 0.5, round (fabs (b - a)),
                   area->height - 1);
  rf_chart_set_color (cr, &painting->style->text, 0.1);
  cairo_fill_preserve (cr);
  rf_chart_set_color (cr, &painting->style->text, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static gboolean
overlaps (const cairo_rectangle_t *a, const cairo_rectangle_t *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

/* How many lines run through @box, at a few places. */
static guint
count_lines (const RfChartPainting *painting, const cairo_rectangle_t *box)
{
  const RfChart *chart = painting->chart;
  guint n = 0;
  for (guint i = 0; i < chart->n_series; i++)
    for (int k = 0; k <= 4 && !chart->series[i].faint; k++)
      {
        const double x = rf_chart_area_x_at (&painting->area, box->x + k * box->width / 4);
        const gssize at = rf_chart_series_nearest (&chart->series[i], x, chart->log_y);
        const double y = at < 0 ? NAN : rf_chart_map_y (painting, chart->series[i].y[at]);
        n += y > box->y && y < box->y + box->height;
      }
  return n;
}

/* A place for a text of @size near x, y: above, below, to the left, to the right; inside the data
 * area, clear of the @n that are @taken, and of lines as far as can be. */
static gboolean
find_place (const RfChartPainting *painting, double x, double y, RfTextSize size,
            const cairo_rectangle_t *taken, guint n, cairo_rectangle_t *place)
{
  const RfChartArea *area = &painting->area;
  const double gap = 3.2 * painting->style->line_width;
  const double right = area->left + area->width - size.width - 2;
  const double places[][2] = {
    { x - size.width / 2, y - gap - size.height },
    { x - size.width / 2, y + gap },
    { x - gap - 4 - size.width, y - size.height / 2 },
    { x + gap + 4, y - size.height / 2 },
    { x - size.width, y + gap + size.height },
    { x - size.width, y - gap - 2 * size.height },
  };
  guint least = G_MAXUINT;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      cairo_rectangle_t box = { places[i][0], places[i][1], size.width, size.height };
      if (i != 2 && i != 3)
        box.x = CLAMP (box.x, area->left + 2, MAX (area->left + 2, right));
      gboolean clear = box.x >= area->left && box.x <= right + 2 && box.y >= area->top
                       && box.y + size.height <= area->top + area->height;
      for (guint k = 0; k < n && clear; k++)
        clear = !overlaps (&box, &taken[k]);
      const guint lines = clear ? count_lines (painting, &box) : G_MAXUINT;
      if (lines < least)
        {
          least = lines;
          *place = box;
        }
    }
  return least < G_MAXUINT;
}

/* Rings first, and then words where there is room between all of them. */
void
rf_chart_paint_best (RfChartPainting *painting)
{
  const RfChart *chart = painting->chart;
  const RfChartArea *area = &painting->area;
  const RfChartStyle *style = painting->style;
  cairo_t *cr = painting->cr;
  const double radius = 2.6 * style->line_width;
  g_autofree cairo_rectangle_t *taken = g_new (cairo_rectangle_t, 2 * chart->n_series + 1);
  g_autofree gboolean *ringed = g_new0 (gboolean, chart->n_series + 1);
  guint n = 0;
  cairo_save (cr);
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      if (series->best == 0 || series->best > series->n
          || !rf_chart_drawable (painting, series->y[series->best - 1]))
        continue;
      const double x = rf_chart_map_x (painting, rf_chart_series_x (series, series->best - 1));
      const double y = rf_chart_map_y (painting, series->y[series->best - 1]);
      if (x < area->left - 1 || x > area->left + area->width + 1 || y < area->top - 1
          || y > area->top + area->height + 1)
        continue;
      cairo_new_path (cr);
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      rf_chart_set_color (cr, &style->background, 1);
      cairo_set_line_width (cr, 0.9 * style->line_width + 2);
      cairo_stroke_preserve (cr);
      rf_chart_set_color (cr, rf_chart_color_of (painting, series), 1);
      cairo_set_line_width (cr, 0.9 * style->line_width);
      cairo_stroke (cr);
      taken[n++] = (cairo_rectangle_t){ x - radius, y - radius, 2 * radius, 2 * radius };
      ringed[i] = TRUE;
    }
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RfChartSeries *series = &chart->series[i];
      if (!ringed[i] || !series->best_text)
        continue;
      const double x = rf_chart_map_x (painting, rf_chart_series_x (series, series->best - 1));
      const double y = rf_chart_map_y (painting, series->y[series->best - 1]);
      const RfTextSize size = rf_chart_measure (painting, series->best_text, FLAG_TEXT, FALSE);
      cairo_rectangle_t place;
      if (!find_place (painting, x, y, size, taken, n, &place))
        continue;
      taken[n++] = place;
      rf_chart_text_on_lines (painting, place.x, place.y, series->best_text, FLAG_TEXT,
                              rf_chart_color_of (painting, series));
    }
  cairo_restore (cr);
}
