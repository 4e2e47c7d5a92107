/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only +, −, ×, ÷ and square roots: IEEE 754 rounds these the same everywhere, which it does not
 * promise of sines. Formulas: Quilez, "2D distance functions",
 * iquilezles.org/articles/distfunctions2d. */
#include "model/dataset/sources/outlines.h"

#include <math.h>

const char *const rf_outline_names[] = { "circle",   "square", "triangle", "star", "cross", "ring",
                                         "crescent", "heart",  "arrow",    "bolt", NULL };

enum
{
  CIRCLE,
  SQUARE,
  TRIANGLE,
  STAR,
  CROSS,
  RING,
  CRESCENT,
  HEART,
  ARROW,
  BOLT,
};

static const RfPoint square[]
    = { { -.76f, -.76f }, { .76f, -.76f }, { .76f, .76f }, { -.76f, .76f } };
static const RfPoint triangle[] = { { 0, -1 }, { .9f, .6f }, { -.9f, .6f } };
static const RfPoint star[] = { { 0, -1 },         { .247f, -.340f }, { .951f, -.309f },
                                { .399f, .130f },  { .588f, .809f },  { 0, .420f },
                                { -.588f, .809f }, { -.399f, .130f }, { -.951f, -.309f },
                                { -.247f, -.340f } };
static const RfPoint cross[] = { { -.3f, -.9f }, { .3f, -.9f }, { .3f, -.3f },  { .9f, -.3f },
                                 { .9f, .3f },   { .3f, .3f },  { .3f, .9f },   { -.3f, .9f },
                                 { -.3f, .3f },  { -.9f, .3f }, { -.9f, -.3f }, { -.3f, -.3f } };
static const RfPoint arrow[] = { { 0, -1 },       { .8f, -.1f },   { .28f, -.1f }, { .28f, .95f },
                                 { -.28f, .95f }, { -.28f, -.1f }, { -.8f, -.1f } };
static const RfPoint bolt[] = { { .35f, -1 }, { -.6f, .2f },  { -.02f, .2f },
                                { -.35f, 1 }, { .6f, -.25f }, { .02f, -.25f } };

static float
length (float x, float y)
{
  return sqrtf (x * x + y * y);
}

static float
polygon (const RfPoint *v, int n, RfPoint p)
{
  float nearest = (p.x - v[0].x) * (p.x - v[0].x) + (p.y - v[0].y) * (p.y - v[0].y);
  gboolean inside = FALSE;
  for (int i = 0, j = n - 1; i < n; j = i++)
    {
      float ex = v[j].x - v[i].x, ey = v[j].y - v[i].y;
      float wx = p.x - v[i].x, wy = p.y - v[i].y;
      float t = CLAMP ((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
      float dx = wx - ex * t, dy = wy - ey * t;
      nearest = MIN (nearest, dx * dx + dy * dy);
      gboolean below = p.y >= v[i].y, above = p.y<v[j].y, left = ex * wy> ey * wx;
      if ((below && above && left) || (!below && !above && !left))
        inside = !inside;
    }
  return inside ? -sqrtf (nearest) : sqrtf (nearest);
}

static float
heart (RfPoint p)
{
  float x = fabsf (p.x) * 0.62f, y = 0.55f - p.y * 0.62f, distance;
  if (x + y > 1)
    distance = length (x - .25f, y - .75f) - 0.353553391f;
  else
    {
      float m = 0.5f * MAX (x + y, 0);
      distance = MIN (length (x, y - 1), length (x - m, y - m));
      if (x < y)
        distance = -distance;
    }
  return distance / 0.62f;
}

float
rf_outline_distance (int outline, RfPoint p)
{
  switch (outline)
    {
    case CIRCLE:
      return length (p.x, p.y) - .85f;
    case SQUARE:
      return polygon (square, G_N_ELEMENTS (square), p);
    case TRIANGLE:
      return polygon (triangle, G_N_ELEMENTS (triangle), p);
    case STAR:
      return polygon (star, G_N_ELEMENTS (star), p);
    case CROSS:
      return polygon (cross, G_N_ELEMENTS (cross), p);
    case RING:
      return fabsf (length (p.x, p.y) - .68f) - .22f;
    case CRESCENT:
      return MAX (length (p.x + .2f, p.y) - .95f, .75f - length (p.x - .3f, p.y));
    case HEART:
      return heart (p);
    case ARROW:
      return polygon (arrow, G_N_ELEMENTS (arrow), p);
    case BOLT:
      return polygon (bolt, G_N_ELEMENTS (bolt), p);
    default:
      g_return_val_if_reached (1);
    }
}
