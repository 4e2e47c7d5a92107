/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of sample pictures, and those of a line or two. */
#include "model/filter/samples.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "model/base/pool.h"
#include "model/filter/samples-private.h"

#define ROWS_PER_ITEM 8

/* Multiplications by odd numbers with shifts between them: every bit in changes every bit out. Good
 * enough for clouds, and ten times faster than the generator of the training. */
double
rf_sample_hash (gint64 x, gint64 y, guint32 seed)
{
  guint32 h = (guint32) x * 0x9E3779B1u ^ ((guint32) y + seed * 0x27D4EB2Fu) * 0x85EBCA77u;

  h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
  h = (h ^ (h >> 12)) * 0x297A2D39u;
  h = (h ^ (h >> 16)) * 0xC2B2AE35u;
  return (h ^ (h >> 15)) * 0x1p-32;
}

double
rf_sample_value_noise (double x, double y, guint32 seed)
{
  const double left = floor (x), top = floor (y);
  const double u = x - left, v = y - top;
  const double s = u * u * (3 - 2 * u), t = v * v * (3 - 2 * v);
  const gint64 i = (gint64) left, j = (gint64) top;
  const double above = rf_sample_hash (i, j, seed) * (1 - s) + rf_sample_hash (i + 1, j, seed) * s;
  const double below
      = rf_sample_hash (i, j + 1, seed) * (1 - s) + rf_sample_hash (i + 1, j + 1, seed) * s;

  return above * (1 - t) + below * t;
}

double
rf_sample_clouds (double x, double y, int n_octaves, guint32 seed)
{
  double sum = 0, all = 0, weight = 1;

  for (int i = 0; i < n_octaves; i++, weight /= 2, x *= 2, y *= 2)
    {
      sum += weight * rf_sample_value_noise (x, y, seed + (guint32) i);
      all += weight;
    }
  return sum / all;
}

RfSampleColor
rf_sample_mix (RfSampleColor a, RfSampleColor b, double share)
{
  const float t = (float) share;

  return (RfSampleColor){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t };
}

/* --- Patterns ------------------------------------------------------------------------------- */

/* cos (k r²): the frequency grows with the distance and reaches half a cycle a pixel at the nearest
 * edge. */
static RfSampleColor
zone_plate (const RfSamplePoint *p)
{
  const double r2 = p->x * p->x + p->y * p->y;

  return rf_sample_grey (.5 + .5 * cos (G_PI * r2 / p->pixel));
}

static RfSampleColor
checkerboard (const RfSamplePoint *p)
{
  const int odd = ((int) floor (p->x * 8) + (int) floor (p->y * 8)) & 1;

  return rf_sample_grey (odd ? .9 : .1);
}

static RfSampleColor
star (const RfSamplePoint *p)
{
  const double r = hypot (p->x, p->y), wave = cos (36 * atan2 (p->y, p->x));

  if (r > .48)
    return rf_sample_grey (.5);
  /* Between two edges a line is 2πr/72 wide. */
  return rf_sample_grey (rf_sample_cover (-wave * r / 36, p->pixel));
}

static RfSampleColor
gradients (const RfSamplePoint *p)
{
  const double u = p->x / p->width + .5, v = p->y / p->height + .5;

  if (v < 1 / 3.)
    return rf_sample_grey (u);
  if (v < 2 / 3.)
    {
      const double hue = u * 6;
      return (RfSampleColor){ (float) CLAMP (fabs (hue - 3) - 1, 0, 1),
                              (float) CLAMP (2 - fabs (hue - 2), 0, 1),
                              (float) CLAMP (2 - fabs (hue - 4), 0, 1) };
    }
  return rf_sample_grey (floor (u * 8) / 7);
}

static RfSampleColor
noise (const RfSamplePoint *p)
{
  return (RfSampleColor){ (float) rf_sample_hash (p->column, p->row, 1),
                          (float) rf_sample_hash (p->column, p->row, 2),
                          (float) rf_sample_hash (p->column, p->row, 3) };
}

static RfSampleColor
clouds (const RfSamplePoint *p)
{
  const double a = rf_sample_clouds (p->x * 5 + 20, p->y * 5 + 20, 7, 11);
  const double b = rf_sample_clouds (p->x * 4 + 50, p->y * 4 + 50, 6, 31);
  const RfSampleColor warm = { .95f, .66f, .35f }, cold = { .12f, .26f, .45f };

  return rf_sample_mix (rf_sample_mix (cold, warm, CLAMP (2.2 * a - .6, 0, 1)),
                        rf_sample_grey (.95), CLAMP (3 * b - 1.6, 0, 1));
}

/* Lines one to sixteen pixels wide, upright and lying. */
static RfSampleColor
stripes (const RfSamplePoint *p)
{
  const double u = p->x / p->width + .5;
  const int band = CLAMP ((int) (u * 5), 0, 4), width = 1 << band;
  const int place = p->y < 0 ? p->column : p->row;

  return rf_sample_grey (place / width & 1 ? .95 : .05);
}

static double
box_distance (double x, double y, double half_width, double half_height)
{
  const double dx = fabs (x) - half_width, dy = fabs (y) - half_height;

  return hypot (fmax (dx, 0), fmax (dy, 0)) + fmin (fmax (dx, dy), 0);
}

/* Discs, boxes, a triangle and a ring, each darker or lighter than what it lies on. */
static RfSampleColor
shapes (const RfSamplePoint *p)
{
  static const RfSampleColor red = { .85f, .25f, .2f }, blue = { .2f, .4f, .8f };
  static const RfSampleColor yellow = { .95f, .8f, .25f }, green = { .25f, .6f, .4f };
  static const RfSampleColor paper = { .93f, .91f, .87f };
  const double sx = fmin (p->width, 1.6) / 1.25, x = p->x / sx, y = p->y;
  const double c = cos (.4), s = sin (.4), bx = x - .28, by = y + .22;
  const double px = p->pixel;
  /* Two slopes and a floor. */
  const double triangle = fmax (.866 * fabs (x + .3) - .5 * (y - .06), y - .38);
  RfSampleColor color = paper;

  color = rf_sample_mix (color, red, rf_sample_cover (hypot (x + .3, y + .2) - .17, px));
  color = rf_sample_mix (
      color, blue, rf_sample_cover (box_distance (c * bx + s * by, c * by - s * bx, .17, .12), px));
  color = rf_sample_mix (color, green, rf_sample_cover (triangle, px));
  color = rf_sample_mix (color, yellow,
                         rf_sample_cover (fabs (hypot (x - .3, y - .24) - .13) - .035, px));
  return rf_sample_mix (color, rf_sample_grey (.1),
                        rf_sample_cover (box_distance (x + .02, y - .02, .06, .06), px));
}

/* One edge of every direction: a disc that is blurred more and more towards one side. */
static RfSampleColor
soft_disc (const RfSamplePoint *p)
{
  const double r = hypot (p->x, p->y);
  const double blur = p->pixel + .3 * CLAMP (p->x + .5, 0, 1);

  return rf_sample_grey (.15 + .7 * rf_sample_cover (r - .33, blur));
}

const RfSample rf_samples[] = {
  { "landscape", N_ ("Landscape"), N_ ("A drawn scene: fine and coarse, straight and round."), TRUE,
    rf_sample_landscape },
  { "spheres", N_ ("Spheres"), N_ ("Light, shade and reflections on smooth bodies."), TRUE,
    rf_sample_spheres },
  { "letters", N_ ("Letters"), N_ ("Strokes of every direction, large and small."), FALSE,
    rf_sample_letters },
  { "digits", N_ ("Digits"), N_ ("0 to 9, white on black, as recognisers see them."), FALSE,
    rf_sample_digits },
  { "shapes", N_ ("Shapes"), N_ ("Flat areas of colour with clean edges."), FALSE, shapes },
  { "zone-plate", N_ ("Zone plate"),
    N_ ("Every frequency in every direction: shows what a kernel lets through."), FALSE,
    zone_plate },
  { "star", N_ ("Star"), N_ ("Edges of every direction that meet in a point."), FALSE, star },
  { "checkerboard", N_ ("Checkerboard"), N_ ("Corners, and edges of two directions."), TRUE,
    checkerboard },
  { "stripes", N_ ("Stripes"), N_ ("Lines from one to sixteen pixels wide."), FALSE, stripes },
  { "gradients", N_ ("Gradients"), N_ ("Slopes, hues and steps: slow changes and sudden ones."),
    FALSE, gradients },
  { "soft-disc", N_ ("Soft disc"),
    N_ ("One edge all around, sharp on one side and soft on the other."), FALSE, soft_disc },
  { "clouds", N_ ("Clouds"), N_ ("Detail at every size, as nature has it."), FALSE, clouds },
  { "noise", N_ ("Noise"), N_ ("Every pixel by chance: blurring has nothing to find."), FALSE,
    noise },
  { NULL },
};

const RfSample *
rf_sample_find (const char *name)
{
  for (const RfSample *sample = rf_samples; sample->name; sample++)
    if (g_str_equal (sample->name, name))
      return sample;
  return NULL;
}

/* --- Drawing -------------------------------------------------------------------------------- */

typedef struct
{
  const RfSample *sample;
  int width, height;
  guint8 *rgb;
} Drawing;

static guint8
to_byte (double value)
{
  return (guint8) lrint (255 * CLAMP (value, 0, 1));
}

static void
draw_pixel (const Drawing *drawing, int column, int row, guint8 *rgb)
{
  const RfSample *sample = drawing->sample;
  const double pixel = 1. / MIN (drawing->width, drawing->height);
  const int n = sample->smooth ? 2 : 1;
  RfSampleColor sum = { 0 };

  for (int i = 0; i < n * n; i++)
    {
      const double u = (i % n + .5) / n, v = (i / n + .5) / n;
      const RfSamplePoint point = { (column + u - drawing->width / 2.) * pixel,
                                    (row + v - drawing->height / 2.) * pixel,
                                    drawing->width * pixel,
                                    drawing->height * pixel,
                                    pixel,
                                    column,
                                    row };
      const RfSampleColor color = sample->color_at (&point);
      sum.r += CLAMP (color.r, 0, 1);
      sum.g += CLAMP (color.g, 0, 1);
      sum.b += CLAMP (color.b, 0, 1);
    }
  rgb[0] = to_byte (sum.r / (n * n));
  rgb[1] = to_byte (sum.g / (n * n));
  rgb[2] = to_byte (sum.b / (n * n));
}

static void
draw_rows (void *data, int item, int worker)
{
  const Drawing *drawing = data;
  const int first = item * ROWS_PER_ITEM, end = MIN (first + ROWS_PER_ITEM, drawing->height);

  for (int row = first; row < end; row++)
    for (int column = 0; column < drawing->width; column++)
      draw_pixel (drawing, column, row, drawing->rgb + ((gsize) row * drawing->width + column) * 3);
}

void
rf_sample_draw (const RfSample *sample, int width, int height, guint8 *rgb)
{
  Drawing drawing = { sample, width, height, rgb };

  g_return_if_fail (sample != NULL && rgb != NULL && width > 0 && height > 0);

  rf_pool_enter (RF_POOL_INSPECT);
  rf_pool_run ((height + ROWS_PER_ITEM - 1) / ROWS_PER_ITEM, draw_rows, &drawing);
  rf_pool_leave ();
}
