/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The strip has one column for each entry of the palette, stretched without blending; its numbers
 * are round where the range is, and are written short. */

#include "widgets/plot/painters/legend-painter.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define STRIP  8.0 /* height */
#define GAP    3.0 /* to the numbers */
#define PIXELS (4.0 / 3)

static void
set_color (cairo_t *cr, const RfColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

char *
rf_legend_format (double value)
{
  char *text = rf_chart_format_value (value, FALSE);
  /* Zeros at the end say nothing about a round number. */
  char *exponent = strstr (text, "×");
  char *end = exponent ? exponent : text + strlen (text), *from = end;
  if (memchr (text, '.', (gsize) (end - text)))
    {
      while (from[-1] == '0')
        from--;
      if (from[-1] == '.')
        from--;
      memmove (from, end, strlen (end) + 1);
    }
  return text;
}

double
rf_legend_height (const RfChartStyle *style)
{
  return STRIP + GAP + ceil (1.5 * PIXELS * style->font_size);
}

/* @share of the width of the text lies left of @x. */
static void
paint_number (cairo_t *cr, PangoLayout *layout, double value, double x, double share)
{
  g_autofree char *text = rf_legend_format (value);
  int width, height;
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, round (x - share * width), STRIP + GAP);
  pango_cairo_show_layout (cr, layout);
}

static void
paint_strip (cairo_t *cr, double width, const RfPaletteRange *range)
{
  const int first = range->palette == RF_PALETTE_DIVERGING ? 1 : 0;
  cairo_surface_t *strip = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, RF_PALETTE_SIZE, 1);
  memcpy (cairo_image_surface_get_data (strip), rf_palette_get (range->palette),
          RF_PALETTE_SIZE * sizeof (guint32));
  cairo_surface_mark_dirty (strip);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, STRIP);
  cairo_clip (cr);
  cairo_scale (cr, width / (RF_PALETTE_SIZE - first), STRIP);
  cairo_set_source_surface (cr, strip, -first, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (strip);
}

static void
paint_mark (cairo_t *cr, double width, const RfChartStyle *style, const RfPaletteRange *range,
            double mark)
{
  const double share = CLAMP ((mark - range->low) / (range->high - range->low), 0, 1);
  const double x = CLAMP (round (share * width), 1, width - 1);
  set_color (cr, &style->background);
  cairo_rectangle (cr, x - 2.5, -1, 5, STRIP + 2);
  cairo_fill (cr);
  set_color (cr, &style->text);
  cairo_rectangle (cr, x - 1, -1, 2, STRIP + 2);
  cairo_fill (cr);
}

void
rf_legend_paint (cairo_t *cr, double width, const RfChartStyle *style, const RfPaletteRange *range,
                 double mark)
{
  if (width < 2 || !(range->low < range->high))
    return;
  paint_strip (cr, width, range);
  set_color (cr, &style->axis);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, 0.5, 0.5, width - 1, STRIP - 1);
  cairo_stroke (cr);
  if (isfinite (mark))
    paint_mark (cr, width, style, range, mark);

  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (style->font);
  pango_font_description_set_absolute_size (font, PIXELS * style->font_size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  set_color (cr, &style->text);
  paint_number (cr, layout, range->low, 0, 0);
  if (range->low < 0 && range->high > 0)
    paint_number (cr, layout, 0, width * -range->low / (range->high - range->low), 0.5);
  paint_number (cr, layout, range->high, width, 1);
  pango_font_description_free (font);
  g_object_unref (layout);
}
