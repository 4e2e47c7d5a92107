/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Palettes are curves through Oklab (B. Ottosson, "A perceptual color space for image processing",
 * 2020), in which equal distances look equally large. With t from 0 to 1:
 *
 *   diverging   lightness 0.97 − 0.5 t, chroma 0.36 t − 0.25 t², hue 252° (blue) or 55° (orange)
 *   magnitude   lightness 0.26 + 0.67 t, chroma 0.115 − 0.12 t + 0.17 t², hue 305° − 200° t
 *   grey        lightness 0 to 1 in sRGB's own steps, as pictures have them
 *
 * The chromas are as high as the cube of sRGB colours allows on the way. */

#include "widgets/plot/painters/palette.h"

#include <math.h>

static double
gamma_of (double linear)
{
  linear = CLAMP (linear, 0, 1);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;
}

static guint32
pack (double red, double green, double blue)
{
  const guint32 r = (guint32) lround (255 * red), g = (guint32) lround (255 * green);
  return 0xff000000u | r << 16 | g << 8 | (guint32) lround (255 * blue);
}

static guint32
from_oklch (double lightness, double chroma, double degrees)
{
  const double a = chroma * cos (degrees * G_PI / 180), b = chroma * sin (degrees * G_PI / 180);
  const double l = pow (lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = pow (lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = pow (lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return pack (gamma_of (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
               gamma_of (-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
               gamma_of (-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
}

static void
fill (guint32 (*tables)[RF_PALETTE_SIZE])
{
  for (int i = 0; i < RF_PALETTE_SIZE; i++)
    {
      const int from_zero = MAX (i, 1) - RF_PALETTE_ZERO;
      const double t = abs (from_zero) / 127.0, u = i / 255.0;
      tables[RF_PALETTE_DIVERGING][i]
          = from_oklch (0.97 - 0.5 * t, 0.36 * t - 0.25 * t * t, from_zero < 0 ? 252 : 55);
      tables[RF_PALETTE_MAGNITUDE][i]
          = from_oklch (0.26 + 0.67 * u, 0.115 - 0.12 * u + 0.17 * u * u, 305 - 200 * u);
      tables[RF_PALETTE_GREY][i] = pack (u, u, u);
    }
}

const guint32 *
rf_palette_get (RfPalette palette)
{
  static guint32 tables[RF_N_PALETTES][RF_PALETTE_SIZE];
  static gsize filled;

  g_return_val_if_fail (palette < RF_N_PALETTES, NULL);
  if (g_once_init_enter (&filled))
    {
      fill (tables);
      g_once_init_leave (&filled, 1);
    }
  return tables[palette];
}

/* Entry of a value: first + scale · (value − low), within the entries first to 255. */
typedef struct
{
  const guint32 *table;
  float first, scale, low;
} Mapping;

static Mapping
make_mapping (const RfPaletteRange *range)
{
  const float first = range->palette == RF_PALETTE_DIVERGING ? 1 : 0;
  return (Mapping){ rf_palette_get (range->palette), first,
                    (255 - first) / (float) (range->high - range->low), (float) range->low };
}

static inline guint32
map (const Mapping *mapping, float value)
{
  const float place = mapping->first + mapping->scale * (value - mapping->low) + 0.5f;
  if (isnan (place))
    return RF_PALETTE_NOT_A_NUMBER;
  return mapping->table[(int) CLAMP (place, mapping->first, 255)];
}

guint32
rf_palette_color (const RfPaletteRange *range, double value)
{
  g_return_val_if_fail (range && range->low < range->high, RF_PALETTE_NOT_A_NUMBER);
  const Mapping mapping = make_mapping (range);
  return map (&mapping, (float) value);
}

void
rf_palette_colors (const RfPaletteRange *range, const float *values, gsize n, guint32 *colors)
{
  g_return_if_fail (range && range->low < range->high);
  const Mapping mapping = make_mapping (range);
  for (gsize i = 0; i < n; i++)
    colors[i] = map (&mapping, values[i]);
}

void
rf_palette_extent (const float *values, gsize n, float *smallest, float *largest)
{
  float low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < n; i++)
    {
      /* A value that is not finite is equal to neither, and not smaller or larger than itself. */
      const gboolean finite = fabsf (values[i]) <= G_MAXFLOAT;
      low = finite && values[i] < low ? values[i] : low;
      high = finite && values[i] > high ? values[i] : high;
    }
  *smallest = low <= high ? low : 0;
  *largest = low <= high ? high : 0;
}

/* The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 · 10ⁿ that is not below. */
static double
round_up (double size)
{
  static const double steps[] = { 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 };
  if (size < 1e-30)
    return 1;
  const double power = pow (10, floor (log10 (size)));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (size <= steps[i] * power * (1 + 1e-9))
      return steps[i] * power;
  return 10 * power;
}

RfPaletteRange
rf_palette_settle (const RfPaletteRange *before, double smallest, double largest)
{
  /* Twice as far is still a float. */
  const double size = MIN (MAX (fabs (smallest), fabs (largest)), 1e38);
  const gboolean diverging
      = smallest < 0 || (before->high > before->low && before->palette == RF_PALETTE_DIVERGING);
  double high = before->high;
  if (!(before->high > before->low) || size > high || size < high / 2)
    high = round_up (size);
  return (RfPaletteRange){ diverging ? RF_PALETTE_DIVERGING : RF_PALETTE_MAGNITUDE,
                           diverging ? -high : 0, high };
}
