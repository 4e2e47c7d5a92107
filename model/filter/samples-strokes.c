/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters and digits of strokes: each a few polylines over a grid of 5 × 7 points, drawn with a
 * round pen. */
#include <math.h>
#include <string.h>

#include "model/filter/samples-private.h"

/* Points "xy", lines between them; a bar lifts the pen. */
static const struct
{
  char letter;
  const char *strokes;
} glyphs[] = {
  { '0', "10 30 41 45 36 16 05 01 10" },
  { '1', "11 20 26|16 36" },
  { '2', "01 10 30 41 42 06 46" },
  { '3', "00 40 22 32 43 45 36 16 05" },
  { '4', "36 30 04 44" },
  { '5', "40 00 03 33 44 45 36 06" },
  { '6', "30 10 01 05 16 36 45 44 33 03" },
  { '7', "00 40 16" },
  { '8', "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33" },
  { '9', "43 13 02 01 10 30 41 45 36 16" },
  { 'A', "06 20 46|14 34" },
  { 'B', "03 00 30 41 42 33 03 06 36 45 44 33" },
  { 'C', "41 30 10 01 05 16 36 45" },
  { 'D', "00 06 26 45 41 20 00" },
  { 'E', "40 00 06 46|03 33" },
  { 'F', "40 00 06|03 33" },
  { 'G', "41 30 10 01 05 16 36 45 43 23" },
  { 'H', "00 06|40 46|03 43" },
  { 'I', "10 30|20 26|16 36" },
  { 'K', "00 06|40 03 46" },
  { 'L', "00 06 46" },
  { 'M', "06 00 23 40 46" },
  { 'N', "06 00 46 40" },
  { 'O', "10 30 41 45 36 16 05 01 10" },
  { 'P', "06 00 30 41 42 33 03" },
  { 'Q', "10 30 41 45 36 16 05 01 10|24 46" },
  { 'R', "06 00 30 41 42 33 03|23 46" },
  { 'S', "41 30 10 01 02 13 33 44 45 36 16 05" },
  { 'T', "00 40|20 26" },
  { 'U', "00 05 16 36 45 40" },
  { 'V', "00 26 40" },
  { 'W', "00 16 23 36 40" },
  { 'X', "00 46|40 06" },
  { 'Y', "00 23 40|23 26" },
  { 'Z', "00 40 06 46" },
};

/* Of a point from the segment a–b. */
static double
segment_distance (double x, double y, const char *a, const char *b)
{
  const double ax = a[0] - '0', ay = a[1] - '0', dx = b[0] - a[0], dy = b[1] - a[1];
  const double t = CLAMP (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1);

  return hypot (x - ax - t * dx, y - ay - t * dy);
}

/* From the strokes of a letter, in steps of the grid; far for a letter that has none. */
static double
letter_distance (char letter, double x, double y)
{
  double nearest = 100;

  for (gsize i = 0; i < G_N_ELEMENTS (glyphs); i++)
    if (glyphs[i].letter == letter)
      for (const char *p = glyphs[i].strokes; p[2]; p += 3)
        if (p[2] == ' ')
          nearest = fmin (nearest, segment_distance (x, y, p, p + 3));
  return nearest;
}

/* A text in cells of 6 × 9 steps, from the point (left, top) on, @step long each. */
static double
text_distance (const RfSamplePoint *p, const char *text, double left, double top, double step)
{
  const double x = (p->x - left) / step, y = (p->y - top) / step;
  const int place = (int) floor ((x + 1) / 6);

  if (place < 0 || place >= (int) strlen (text) || y < -1.5 || y > 7.5)
    return 100;
  return letter_distance (text[place], x - 6 * place, y) * step;
}

RfSampleColor
rf_sample_letters (const RfSamplePoint *p)
{
  static const char *const lines[]
      = { "FILTERS", "LOOK AT PIXELS", "A WINDOW SLIDES OVER", "AND SUMS PRODUCTS UNDER IT",
          "EACH SUM IS ONE PIXEL OF THE RESULT" };
  double top = -.4, ink = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const double step = fmin (p->width * .94 / (6. * (double) strlen (lines[i])), .9 / 9 / 2.2);
      const double left = -p->width * .47;
      const double distance = text_distance (p, lines[i], left, top, step);
      ink = fmax (ink, rf_sample_cover (distance - .45 * step, p->pixel));
      top += 10 * step;
    }
  return rf_sample_mix ((RfSampleColor){ .97f, .96f, .92f }, (RfSampleColor){ .12f, .12f, .2f },
                        ink);
}

RfSampleColor
rf_sample_digits (const RfSamplePoint *p)
{
  const int across = 5, down = 2;
  const double cell_width = p->width / across, cell_height = p->height / down;
  const int column = CLAMP ((int) ((p->x + p->width / 2) / cell_width), 0, across - 1);
  const int row = CLAMP ((int) ((p->y + p->height / 2) / cell_height), 0, down - 1);
  const double step = fmin (cell_width / 7, cell_height / 9);
  /* Each leans a little, as written by hand. */
  const double lean = .25 * (rf_sample_hash (column, row, 5) - .5);
  const double x = (p->x + p->width / 2 - (column + .5) * cell_width) / step;
  const double y = (p->y + p->height / 2 - (row + .5) * cell_height) / step;
  const double distance
      = letter_distance ((char) ('0' + row * across + column), x + lean * y + 2, y + 3) * step;

  return rf_sample_grey (rf_sample_cover (distance - .5 * step, 1.5 * p->pixel));
}
