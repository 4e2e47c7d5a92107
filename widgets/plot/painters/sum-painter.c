/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Three grids stand side by side with × and = between them; pixels are grey, weights and products
 * have the diverging palette, each with a range of its own. Numbers are written where a cell has
 * room for them: small windows, or wide drawings. */

#include "widgets/plot/painters/sum-painter.h"

#include "widgets/plot/painters/palette.h"

#include <math.h>
#include <pango/pangocairo.h>

#define PIXELS     (4. / 3)
#define SIGN       16. /* room for × and = */
#define LARGEST    44.
#define WITH_TEXT  19. /* a cell from this size on has its number */
#define BETWEEN    6.
#define SHEETS_GAP 14.

void
rf_sum_sheet_free (RfSumSheet *sheet)
{
  if (!sheet)
    return;
  g_free (sheet->title);
  g_free (sheet->words);
  g_free (sheet->terms);
  g_free (sheet);
}

typedef struct
{
  cairo_t *cr; /* NULL: only measuring */
  const RfChartStyle *style;
  PangoContext *context;
  double width;
} Painting;

static void
set_color (cairo_t *cr, const RfColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

/* A minus is a minus, not a hyphen. */
static char *
set_signs (const char *text)
{
  GString *out = g_string_new (NULL);
  for (; *text; text++)
    if (*text == '-' && g_ascii_isdigit (text[1]))
      g_string_append (out, "−");
    else
      g_string_append_c (out, *text);
  return g_string_free (out, FALSE);
}

static PangoLayout *
make_text (const Painting *self, const char *text, double size, gboolean bold)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font = pango_font_description_from_string (self->style->font);
  pango_font_description_set_absolute_size (font, size * PIXELS * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  g_autofree char *signs = set_signs (text);
  pango_layout_set_text (layout, signs, -1);
  return layout;
}

/* Lines of text at @y; returns their height. */
static double
paint_lines (const Painting *self, const char *text, double y, gboolean bold)
{
  int height;
  g_autoptr (PangoLayout) layout = make_text (self, text, self->style->font_size, bold);
  pango_layout_set_width (layout, (int) (self->width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size (layout, NULL, &height);
  if (self->cr)
    {
      set_color (self->cr, &self->style->text);
      cairo_move_to (self->cr, 0, y);
      pango_cairo_show_layout (self->cr, layout);
    }
  return height;
}

static void
paint_centered (const Painting *self, const char *text, double x, double y, double size,
                double room)
{
  int width, height;
  g_autoptr (PangoLayout) layout = make_text (self, text, size, FALSE);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width > room)
    return;
  cairo_move_to (self->cr, x - width / 2., y - height / 2.);
  pango_cairo_show_layout (self->cr, layout);
}

/* ---- grids ---- */

typedef enum
{
  SHOW_VALUE,
  SHOW_WEIGHT,
  SHOW_PRODUCT
} What;

static double
get_number (const RfSumTerm *term, What what)
{
  return what == SHOW_VALUE    ? term->value
         : what == SHOW_WEIGHT ? term->weight
                               : term->value * term->weight;
}

static RfPaletteRange
get_range (const RfSumSheet *sheet, What what)
{
  double low = 0, high = 1e-9;
  for (int i = 0; i < sheet->planes * sheet->rows * sheet->columns; i++)
    {
      const double number = get_number (&sheet->terms[i], what);
      low = MIN (low, number);
      high = MAX (high, number);
    }
  if (what == SHOW_VALUE && low >= 0)
    return (RfPaletteRange){ RF_PALETTE_GREY, 0, MAX (high, 1) };
  const double end = MAX (-low, high);
  return (RfPaletteRange){ RF_PALETTE_DIVERGING, -end, end };
}

static void
paint_cell (const Painting *self, const RfSumTerm *term, What what, const RfPaletteRange *range,
            double x, double y, double cell)
{
  cairo_t *cr = self->cr;
  const double number = get_number (term, what);
  const guint32 color = rf_palette_color (range, number);
  const double red = (color >> 16 & 255) / 255., green = (color >> 8 & 255) / 255.;
  const double blue = (color & 255) / 255.;
  cairo_rectangle (cr, x, y, cell, cell);
  cairo_set_source_rgb (cr, red, green, blue);
  cairo_fill (cr);
  if (term->imagined && what == SHOW_VALUE && cell >= 6)
    {
      /* What is beyond the border is not there: dashed. */
      const double dash[] = { 2, 2 };
      cairo_set_dash (cr, dash, 2, 0);
      cairo_set_line_width (cr, 1);
      cairo_set_source_rgb (cr, 0.5, 0.5, 0.5);
      cairo_rectangle (cr, x + 1.5, y + 1.5, cell - 3, cell - 3);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
    }
  if (cell < WITH_TEXT)
    return;
  char text[32];
  const double ink = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 ? 0.1 : 1;
  g_snprintf (text, sizeof text, fabs (number) >= 100 || number == 0 ? "%.3g" : "%.2g",
              number == 0 ? 0 : number);
  cairo_set_source_rgba (cr, ink, ink, ink, term->counts ? 1 : 0.55);
  paint_centered (self, text, x + cell / 2, y + cell / 2, cell < 26 ? 5.6 : 7, cell);
}

static void
paint_grid (const Painting *self, const RfSumSheet *sheet, int plane, What what, double x, double y,
            double cell)
{
  const RfPaletteRange range = get_range (sheet, what);
  const RfSumTerm *terms = sheet->terms + plane * sheet->rows * sheet->columns;
  for (int row = 0; row < sheet->rows; row++)
    for (int column = 0; column < sheet->columns; column++)
      paint_cell (self, &terms[row * sheet->columns + column], what, &range, x + column * cell,
                  y + row * cell, cell - (cell >= 6 ? 1 : 0));
  cairo_set_line_width (self->cr, 1);
  set_color (self->cr, &self->style->axis);
  cairo_rectangle (self->cr, x - 0.5, y - 0.5, sheet->columns * cell, sheet->rows * cell);
  cairo_stroke (self->cr);
  for (int i = 0; i < sheet->rows * sheet->columns && !sheet->products; i++)
    if (terms[i].counts)
      {
        cairo_set_line_width (self->cr, 2);
        set_color (self->cr, &self->style->series[1]);
        cairo_rectangle (self->cr, x + (i % sheet->columns) * cell, y + (i / sheet->columns) * cell,
                         cell - 1, cell - 1);
        if (cell >= 6)
          cairo_stroke (self->cr);
        cairo_new_path (self->cr);
      }
}

static double
paint_plane (const Painting *self, const RfSumSheet *sheet, int plane, double y)
{
  const int n = sheet->products ? 3 : 1;
  const double room = (self->width - 2 * SIGN - 2) / 3;
  const double cell = floor (MIN (MIN (room / sheet->columns, LARGEST), 240. / sheet->rows));
  if (!self->cr || cell < 1)
    return cell * sheet->rows;
  double x = 1;
  for (int i = 0; i < n; i++)
    {
      paint_grid (self, sheet, plane, (What) i, x, y, cell);
      x += cell * sheet->columns;
      if (i + 1 < n)
        {
          set_color (self->cr, &self->style->text);
          paint_centered (self, i == 0 ? "×" : "=", x + SIGN / 2, y + cell * sheet->rows / 2,
                          self->style->font_size * 1.1, SIGN);
        }
      x += SIGN;
    }
  return cell * sheet->rows;
}

static double
paint_sheet (const Painting *self, const RfSumSheet *sheet, double y)
{
  const double top = y;
  y += paint_lines (self, sheet->title, y, TRUE) + BETWEEN;
  for (int plane = 0; plane < sheet->planes && sheet->rows > 0; plane++)
    y += paint_plane (self, sheet, plane, y) + BETWEEN;
  y += paint_lines (self, sheet->words, y, FALSE);
  return y - top;
}

double
rf_sum_paint (cairo_t *cr, double width, const RfChartStyle *style, RfSumSheet *const *sheets,
              guint n)
{
  g_return_val_if_fail (style && (sheets || n == 0), 0);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_resolution (context, 96);
  if (cr)
    pango_cairo_update_context (cr, context);
  const Painting self = { cr, style, context, width };
  double y = 0;
  for (guint i = 0; i < n; i++)
    y += (i > 0 ? SHEETS_GAP : 0) + paint_sheet (&self, sheets[i], y + (i > 0 ? SHEETS_GAP : 0));
  g_object_unref (context);
  return ceil (y);
}
