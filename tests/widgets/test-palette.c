/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Palettes: even steps, apart for every eye, the right colour for each value, and legends. */

#include "widgets/plot/painters/legend-painter.h"

#include <math.h>

typedef struct
{
  double l, a, b;
} Lab;

static double
linear (guint32 byte)
{
  const double u = byte / 255.0;
  return u <= 0.04045 ? u / 12.92 : pow ((u + 0.055) / 1.055, 2.4);
}

/* Oklab of linear sRGB. */
static Lab
to_lab (const double rgb[3])
{
  const double l = cbrt (0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
  const double m = cbrt (0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
  const double s = cbrt (0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
  return (Lab){ 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
                1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s };
}

static void
to_linear (guint32 color, double rgb[3])
{
  g_assert_cmphex (color >> 24, ==, 0xff);
  for (int i = 0; i < 3; i++)
    rgb[i] = linear (color >> (16 - 8 * i) & 0xff);
}

static Lab
lab_of (guint32 color)
{
  double rgb[3];
  to_linear (color, rgb);
  return to_lab (rgb);
}

static double
distance (Lab a, Lab b)
{
  return sqrt ((a.l - b.l) * (a.l - b.l) + (a.a - b.a) * (a.a - b.a) + (a.b - b.b) * (a.b - b.b));
}

/* Over steps of eight entries, so that rounding to bytes does not count. */
static void
check_even (const guint32 *colors, int first, int last, double ratio)
{
  double smallest = INFINITY, largest = 0;
  for (int i = first; i + 8 <= last; i += 8)
    {
      const double step = distance (lab_of (colors[i]), lab_of (colors[i + 8]));
      smallest = MIN (smallest, step);
      largest = MAX (largest, step);
    }
  g_test_message ("steps from %f to %f", smallest, largest);
  g_assert_cmpfloat (smallest, >, 0.01);
  g_assert_cmpfloat (largest / smallest, <, ratio);
}

static void
test_even (void)
{
  const guint32 *diverging = rf_palette_get (RF_PALETTE_DIVERGING);
  const guint32 *magnitude = rf_palette_get (RF_PALETTE_MAGNITUDE);
  const guint32 *grey = rf_palette_get (RF_PALETTE_GREY);

  check_even (diverging, 1, RF_PALETTE_ZERO, 1.4);
  check_even (diverging, RF_PALETTE_ZERO, 255, 1.4);
  check_even (magnitude, 0, 255, 1.4);
  for (int i = 0; i < RF_PALETTE_SIZE; i++)
    g_assert_cmphex (grey[i], ==, 0xff000000u + 0x10101u * (guint32) i);
  for (int i = 1; i < RF_PALETTE_SIZE; i++)
    g_assert_cmpfloat (lab_of (magnitude[i]).l, >, lab_of (magnitude[i - 1]).l);

  /* The diverging one: light and without colour at zero, equally light on both sides. */
  const Lab zero = lab_of (diverging[RF_PALETTE_ZERO]);
  g_assert_cmpfloat (zero.l, >, 0.95);
  g_assert_cmpfloat (hypot (zero.a, zero.b), <, 0.004);
  g_assert_cmphex (diverging[0], ==, diverging[1]);
  for (int i = 1; i < 128; i++)
    {
      const Lab below = lab_of (diverging[128 - i]), above = lab_of (diverging[128 + i]);
      g_assert_cmpfloat_with_epsilon (below.l, above.l, 0.01);
      g_assert_cmpfloat (above.l, <, lab_of (diverging[127 + i]).l + 1e-3);
      if (i > 8)
        {
          g_assert_cmpfloat (below.b, <, -0.01); /* blue */
          g_assert_cmpfloat (above.b, >, 0.01);  /* orange */
        }
    }
}

/* As seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1), the sides of
 * the diverging palette stay apart. */
static void
test_deficiencies (void)
{
  static const double kinds[3][3][3] = {
    { { 0.152286, 1.052583, -0.204868 },
      { 0.114503, 0.786281, 0.099216 },
      { -0.003882, -0.048116, 1.051998 } },
    { { 0.367322, 0.860646, -0.227968 },
      { 0.280085, 0.672501, 0.047413 },
      { -0.011820, 0.042940, 0.968881 } },
    { { 1.255528, -0.076749, -0.178779 },
      { -0.078411, 0.930809, 0.147602 },
      { 0.004733, 0.691367, 0.303900 } },
  };
  const guint32 *diverging = rf_palette_get (RF_PALETTE_DIVERGING);
  for (guint k = 0; k < 3; k++)
    for (int i = 32; i < 128; i += 8)
      {
        Lab seen[2];
        for (int side = 0; side < 2; side++)
          {
            double rgb[3], other[3];
            to_linear (diverging[side ? 128 + i : 128 - i], rgb);
            for (int c = 0; c < 3; c++)
              other[c] = CLAMP (kinds[k][c][0] * rgb[0] + kinds[k][c][1] * rgb[1]
                                    + kinds[k][c][2] * rgb[2],
                                0, 1);
            seen[side] = to_lab (other);
          }
        g_assert_cmpfloat (distance (seen[0], seen[1]), >, 0.08);
      }
}

static void
test_colors (void)
{
  const guint32 *diverging = rf_palette_get (RF_PALETTE_DIVERGING);
  const guint32 *magnitude = rf_palette_get (RF_PALETTE_MAGNITUDE);
  const RfPaletteRange around = { RF_PALETTE_DIVERGING, -2, 2 };
  const RfPaletteRange above = { RF_PALETTE_MAGNITUDE, 0, 5 };

  g_assert_cmphex (rf_palette_color (&around, 0), ==, diverging[128]);
  g_assert_cmphex (rf_palette_color (&around, -0.0), ==, diverging[128]);
  g_assert_cmphex (rf_palette_color (&around, 2), ==, diverging[255]);
  g_assert_cmphex (rf_palette_color (&around, -2), ==, diverging[1]);
  g_assert_cmphex (rf_palette_color (&around, 1e30), ==, diverging[255]);
  g_assert_cmphex (rf_palette_color (&around, -INFINITY), ==, diverging[1]);
  g_assert_cmphex (rf_palette_color (&around, NAN), ==, RF_PALETTE_NOT_A_NUMBER);
  g_assert_cmphex (rf_palette_color (&above, 0), ==, magnitude[0]);
  g_assert_cmphex (rf_palette_color (&above, 5), ==, magnitude[255]);
  g_assert_cmphex (rf_palette_color (&above, -1), ==, magnitude[0]);
  g_assert_cmphex (rf_palette_color (&above, 1), ==, magnitude[51]);
  for (int p = 0; p < RF_N_PALETTES; p++)
    for (int i = 0; i < RF_PALETTE_SIZE; i++)
      g_assert_cmphex (rf_palette_get ((RfPalette) p)[i], !=, RF_PALETTE_NOT_A_NUMBER);

  const float values[] = { -3, -1, 0, 0.5f, NAN, 2 };
  guint32 colors[G_N_ELEMENTS (values)];
  rf_palette_colors (&around, values, G_N_ELEMENTS (values), colors);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmphex (colors[i], ==, rf_palette_color (&around, values[i]));
}

static void
test_extent (void)
{
  const float values[] = { NAN, 3, -INFINITY, -1, INFINITY, 2 };
  float low, high;
  rf_palette_extent (values, G_N_ELEMENTS (values), &low, &high);
  g_assert_cmpfloat (low, ==, -1);
  g_assert_cmpfloat (high, ==, 3);
  rf_palette_extent (values, 1, &low, &high);
  g_assert_cmpfloat (low, ==, 0);
  g_assert_cmpfloat (high, ==, 0);
  rf_palette_extent (NULL, 0, &low, &high);
  g_assert_cmpfloat (high, ==, 0);
}

static void
assert_range (RfPaletteRange range, RfPalette palette, double low, double high)
{
  g_assert_cmpint (range.palette, ==, palette);
  g_assert_cmpfloat_with_epsilon (range.low, low, 1e-9 * high);
  g_assert_cmpfloat_with_epsilon (range.high, high, 1e-9 * high);
}

/* A range is round, calm, and of the kind that its values need. */
static void
test_settle (void)
{
  RfPaletteRange range = { 0 };
  range = rf_palette_settle (&range, 0, 0.93);
  assert_range (range, RF_PALETTE_MAGNITUDE, 0, 1);
  range = rf_palette_settle (&range, 0, 0.51);
  assert_range (range, RF_PALETTE_MAGNITUDE, 0, 1);
  range = rf_palette_settle (&range, 0, 0.41);
  assert_range (range, RF_PALETTE_MAGNITUDE, 0, 0.5);
  range = rf_palette_settle (&range, -0.1, 0.41);
  assert_range (range, RF_PALETTE_DIVERGING, -0.5, 0.5);
  range = rf_palette_settle (&range, 0.1, 0.41);
  assert_range (range, RF_PALETTE_DIVERGING, -0.5, 0.5);
  range = rf_palette_settle (&range, -7.3, 0.41);
  assert_range (range, RF_PALETTE_DIVERGING, -8, 8);

  const RfPaletteRange none = { 0 };
  assert_range (rf_palette_settle (&none, 0, 0), RF_PALETTE_MAGNITUDE, 0, 1);
  assert_range (rf_palette_settle (&none, 0, 1000), RF_PALETTE_MAGNITUDE, 0, 1000);
  for (double size = 1e-30; size < 1e38; size *= 7.7)
    {
      range = rf_palette_settle (&none, -size, 0);
      g_assert_cmpfloat (range.high, >=, size * (1 - 1e-6));
      g_assert_cmpfloat (range.high, <=, 1.5 * size);
      g_assert_cmphex (rf_palette_color (&range, 0), ==, rf_palette_get (range.palette)[128]);
    }
  range = rf_palette_settle (&none, -G_MAXFLOAT, G_MAXFLOAT);
  g_assert_cmphex (rf_palette_color (&range, G_MAXFLOAT), ==, rf_palette_get (range.palette)[255]);
}

static void
test_legend (void)
{
  static const struct
  {
    double value;
    const char *text;
  } numbers[]
      = { { 0, "0" },   { 0.25, "0.25" }, { -0.5, "−0.5" },       { 1, "1" },  { 1200, "1200" },
          { 12, "12" }, { 2e6, "2×10⁶" }, { 1.5e-5, "1.5×10⁻⁵" }, { NAN, "–" } };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = rf_legend_format (numbers[i].value);
      g_assert_cmpstr (text, ==, numbers[i].text);
    }

  /* The strip's columns are the palette's entries, its middle is zero. */
  RfChartStyle style;
  rf_chart_style_light (&style);
  const RfPaletteRange range = { RF_PALETTE_DIVERGING, -1, 1 };
  const int width = 255, height = (int) rf_legend_height (&style);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  rf_legend_paint (cr, width, &style, &range, NAN);
  cairo_surface_flush (surface);
  const guint32 *row
      = (const guint32 *) (const void *) (cairo_image_surface_get_data (surface)
                                          + 4 * cairo_image_surface_get_stride (surface));
  for (int x = 2; x < width - 2; x++)
    g_assert_cmphex (row[x], ==, rf_palette_get (RF_PALETTE_DIVERGING)[x + 1]);
  rf_legend_paint (cr, width, &style, &range, 0.5);
  cairo_surface_flush (surface);
  g_assert_cmphex (row[191], ==, 0xff2e3436);
  /* Sizes that nobody wants do no harm. */
  rf_legend_paint (cr, 0, &style, &range, 0.5);
  rf_legend_paint (cr, 3, &style, &range, -7);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/even", test_even);
  g_test_add_func ("/palette/deficiencies", test_deficiencies);
  g_test_add_func ("/palette/colors", test_colors);
  g_test_add_func ("/palette/extent", test_extent);
  g_test_add_func ("/palette/settle", test_settle);
  g_test_add_func ("/palette/legend", test_legend);
  return g_test_run ();
}
