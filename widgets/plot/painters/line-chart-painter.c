/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The frame of a line chart: its texts, and the order in which all is painted.
 *
 * From above: a title and, dimmed, a word about the values; the legend, if labels beside the lines
 * have no room; the flags' pennants; the data area; the numbers of the x axis, at whose end its
 * name stands. */

#include "widgets/plot/painters/chart-labels.h"

#define TICK     RF_CHART_TICK
#define MIN_AREA 8.0 /* a smaller data area is not worth painting */

/* The headings; returns their height. */
static double
paint_title (RfChartPainting *painting, double whole_width)
{
  const double width = whole_width - painting->chart->title_room;
  const RfChart *chart = painting->chart;
  const RfChartStyle *style = painting->style;
  double x = 0, height = 0;
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_END);
  if (chart->title)
    {
      const RfTextSize size = rf_chart_measure (painting, chart->title, 1.1, TRUE);
      rf_chart_text (painting, 0, 0, chart->title, 1.1, TRUE, &style->text, 1);
      x = size.width + painting->em * 0.7;
      height = size.height;
    }
  if (chart->y_label && width - x > 4 * painting->em)
    {
      const RfTextSize size = rf_chart_measure (painting, chart->y_label, 1, FALSE);
      pango_layout_set_width (painting->layout, (int) ((width - x) * PANGO_SCALE));
      rf_chart_text (painting, x, MAX (0, (height - size.height) * 0.8), chart->y_label, 1, FALSE,
                     &style->text, 0.7);
      pango_layout_set_width (painting->layout, -1);
      height = MAX (height, size.height);
    }
  pango_layout_set_ellipsize (painting->layout, PANGO_ELLIPSIZE_NONE);
  return height > 0 ? height + 0.5 * painting->em : 0.5 * painting->em;
}

static void
paint_empty (RfChartPainting *painting, double top, double width, double height)
{
  if (!painting->chart->empty)
    return;
  pango_layout_set_width (painting->layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (painting->layout, PANGO_ALIGN_CENTER);
  const RfTextSize size = rf_chart_measure (painting, painting->chart->empty, 1, FALSE);
  rf_chart_text (painting, 0, top + MAX (0, (height - top - size.height) / 2),
                 painting->chart->empty, 1, FALSE, &painting->style->text, 0.65);
}

/* All but the background; the state of @painting->cr is the caller's to restore. */
static void
paint_chart (RfChartPainting *painting)
{
  const double width = painting->width, height = painting->height;
  const RfChart *chart = painting->chart;
  RfChartArea *area = &painting->area;
  cairo_t *cr = painting->cr;

  double top = paint_title (painting, width);
  const double below = painting->em + TICK + 2;
  const gboolean beside = rf_chart_labels_fit (painting, width, height - top - below);
  if (!beside)
    {
      const double lines = floor ((height - top) / 4 / painting->em);
      const double legend
          = rf_chart_paint_legend (painting, top, width, (guint) MAX (lines, 0), TRUE);
      top += legend > 0 ? legend + 0.3 * painting->em : 0;
    }

  /* Flags stand above the lines, which are at the very top as often as not. */
  area->reach = 0.45 * painting->em;
  area->flags_top = top;
  if (chart->n_flags > 0)
    top += 0.7 * painting->em;
  top = round (top);

  const RfTextSize name = chart->x_label ? rf_chart_measure (painting, chart->x_label, 1, FALSE)
                                         : (RfTextSize){ 0, 0 };
  double margin = beside ? rf_chart_labels_width (painting) : 0;
  const gboolean name_beside = name.width + 0.8 * painting->em <= margin;
  margin = MAX (margin, 0.6 * painting->em);
  area->top = top;
  area->height = floor (height - top - below - (name.width > 0 && !name_beside ? painting->em : 0));

  const guint max_ticks = (guint) CLAMP (area->height / (1.7 * painting->em), 2, 11);
  if (area->height < MIN_AREA || !rf_chart_choose_range (painting, max_ticks))
    {
      area->width = area->height = 0;
      paint_empty (painting, top, width, height);
      return;
    }
  g_autoptr (GArray) y_ticks = rf_chart_make_y_ticks (painting, max_ticks);
  double numbers = rf_chart_widest_tick (painting, y_ticks);
  if (chart->widest_tick)
    numbers = MAX (numbers, rf_chart_measure (painting, chart->widest_tick, 1, FALSE).width);
  area->left = ceil (numbers + TICK + 3);
  area->width = floor (width - area->left - margin);
  if (area->width < MIN_AREA)
    {
      area->width = area->height = 0;
      return;
    }
  g_autoptr (GArray) x_ticks = rf_chart_make_x_ticks (painting);
  rf_chart_paint_axes (painting, y_ticks, x_ticks);
  if (chart->x_label)
    rf_chart_text (painting, width - name.width - (name_beside ? 2 : margin),
                   area->top + area->height + TICK + 1 + (name_beside ? 0 : painting->em),
                   chart->x_label, 1, FALSE, &painting->style->text, 0.7);

  rf_chart_paint_flags (painting);
  rf_chart_paint_all_series (painting);
  cairo_new_path (cr);
  if (beside)
    rf_chart_paint_labels (painting);
  rf_chart_paint_best (painting);
  if (chart->cursor)
    rf_chart_paint_cursor (painting);
  if (chart->select_from != chart->select_to)
    rf_chart_paint_selection (painting);
  if (chart->crosshair)
    rf_chart_paint_crosshair (painting);
}

/* Pixels per unit: what the surface and the transformation say, or else the style. */
static void
find_pixels (RfChartPainting *painting)
{
  cairo_surface_t *surface = cairo_get_group_target (painting->cr);
  const cairo_surface_type_t type = cairo_surface_get_type (surface);
  painting->vector = type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF
                     || type == CAIRO_SURFACE_TYPE_PS;
  double dx = 1, dy = 0, scale_x, scale_y;
  cairo_user_to_device_distance (painting->cr, &dx, &dy);
  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  const double pixels = hypot (dx, dy) * scale_x * MAX (painting->style->pixels, 1);
  painting->pixels = isfinite (pixels) ? CLAMP (pixels, 0.25, 8) : 1;
}

void
rf_line_chart_paint (cairo_t *cr, double width, double height, const RfChartStyle *style,
                     const RfChart *chart, RfChartArea *area)
{
  g_return_if_fail (cr && style && chart);

  RfChartPainting painting
      = { .cr = cr, .style = style, .chart = chart, .width = width, .height = height };
  if (width > 0 && height > 0)
    {
      cairo_save (cr);
      cairo_rectangle (cr, 0, 0, width, height);
      cairo_clip_preserve (cr);
      rf_chart_set_color (cr, &style->background, 1);
      cairo_fill (cr);

      painting.layout = pango_cairo_create_layout (cr);
      /* Digits of one width, so that numbers stand still while they change. */
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (painting.layout, attributes);
      painting.em = ceil (rf_chart_measure (&painting, "0", 1, FALSE).height);
      find_pixels (&painting);
      paint_chart (&painting);
      g_object_unref (painting.layout);
      g_free (painting.borders.places);
      cairo_restore (cr);
    }
  if (area)
    *area = painting.area;
}
