/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two rendered scenes: a painted landscape in layers, and spheres by casting rays. */
#include <math.h>

#include "model/filter/samples-private.h"

/* --- Landscape ------------------------------------------------------------------------------ */

/* Height of a ridge over the middle. */
static double
ridge (double x, double level, double rough, guint32 seed)
{
  return level + rough * (rf_sample_clouds (x * 2.3 + 40, 3.5, 6, seed) - .5);
}

static RfSampleColor
sky_at (double x, double y)
{
  const RfSampleColor high = { .25f, .47f, .78f }, low = { .93f, .83f, .72f };
  const double cloud = rf_sample_clouds (x * 3 + 9, y * 9 + 9, 6, 71);
  const double sun = hypot (x - .28, y + .3);
  RfSampleColor color = rf_sample_mix (high, low, CLAMP ((y + .5) * 1.9, 0, 1));

  color = rf_sample_mix (color, rf_sample_grey (.97), CLAMP (4 * cloud - 2.1, 0, .85));
  return rf_sample_mix (color, (RfSampleColor){ 1, .96f, .8f },
                        fmax (rf_sample_cover (sun - .055, .004), .5 * exp (-sun * 9)));
}

static RfSampleColor
land_at (double x, double y)
{
  const RfSampleColor far = { .45f, .53f, .66f }, middle = { .3f, .44f, .4f };
  const RfSampleColor meadow = { .42f, .55f, .24f };
  RfSampleColor color = sky_at (x, y);

  if (y > ridge (x, -.1, .3, 101))
    color = rf_sample_mix (far, color, .15);
  if (y > ridge (x, .02, .22, 131))
    color
        = rf_sample_mix (middle, rf_sample_grey (.1), .5 * rf_sample_clouds (x * 40, y * 40, 3, 7));
  if (y > .14 + .02 * sin (5 * x))
    color = rf_sample_mix (meadow, (RfSampleColor){ .2f, .32f, .12f },
                           rf_sample_clouds (x * 50, y * 90, 4, 17));
  return color;
}

/* A house with a gable, a door and four windows, one unit wide from its middle. */
static gboolean
house_at (double x, double y, RfSampleColor *color)
{
  const gboolean wall = fabs (x) < .5 && y > 0 && y < .7;
  const gboolean roof = y > -.45 && y <= 0 && fabs (x) < .6 + .6 * y / .45 * .8 + .001;

  if (roof)
    *color = rf_sample_mix ((RfSampleColor){ .62f, .25f, .18f }, rf_sample_grey (.15),
                            fmod (y + 1, .075) < .018 ? .6 : 0);
  else if (wall)
    {
      const double wx = fabs (fabs (x) - .28), wy = fabs (fabs (y - .32) - .17);
      *color = (RfSampleColor){ .9f, .85f, .74f };
      if (fabs (x) < .09 && y > .38)
        *color = (RfSampleColor){ .35f, .2f, .12f };
      else if (wx < .1 && wy < .09)
        *color = wx < .012 || wy < .012 ? rf_sample_grey (.95) : (RfSampleColor){ .2f, .3f, .4f };
    }
  return roof || wall;
}

static gboolean
tree_at (double x, double y, RfSampleColor *color)
{
  const double edge = .3 + .12 * (rf_sample_clouds (x * 9 + 7, y * 9 + 7, 3, 23) - .5);
  const double r = hypot (x, y * .9);

  if (r < edge)
    {
      const double light = CLAMP (.5 - x - y, 0, 1) * rf_sample_clouds (x * 25 + 60, y * 25, 3, 29);
      *color = rf_sample_mix ((RfSampleColor){ .08f, .22f, .1f },
                              (RfSampleColor){ .45f, .62f, .25f }, light);
      return TRUE;
    }
  if (fabs (x) < .035 && y > 0 && y < .62)
    {
      *color = (RfSampleColor){ .3f, .2f, .13f };
      return TRUE;
    }
  return FALSE;
}

static RfSampleColor
above_water (double x, double y)
{
  RfSampleColor color = land_at (x, y);

  house_at ((x + .22) / .28, (y - .02) / .28, &color);
  tree_at ((x - .17) / .42, (y + .02) / .42, &color);
  tree_at ((x - .4) / .25, (y - .08) / .25, &color);
  tree_at ((x + .47) / .3, (y - .05) / .3, &color);
  return color;
}

RfSampleColor
rf_sample_landscape (const RfSamplePoint *p)
{
  const double shore = .27;
  const double x = p->x, y = p->y;

  if (y < shore)
    return above_water (x, y);
  /* The lake mirrors what is above it, with waves that grow towards us. */
  const double depth = y - shore;
  const double wave = .05 * depth * sin (55 * log (1 + 8 * depth) + 5 * x)
                      + .02 * depth * (rf_sample_value_noise (x * 15, depth * 160, 3) - .5);
  return rf_sample_mix (above_water (x + wave, shore - 1.3 * depth - wave),
                        (RfSampleColor){ .1f, .22f, .3f }, .25 + .5 * depth);
}

/* --- Spheres -------------------------------------------------------------------------------- */

typedef struct
{
  double x, y, z;
} Vec;

static Vec
along (Vec from, Vec direction, double t)
{
  return (Vec){ from.x + t * direction.x, from.y + t * direction.y, from.z + t * direction.z };
}

static double
dot (Vec a, Vec b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static Vec
unit (Vec a)
{
  const double length = sqrt (dot (a, a));

  return (Vec){ a.x / length, a.y / length, a.z / length };
}

static const struct
{
  Vec centre;
  double radius;
  RfSampleColor color;
} balls[] = {
  { { -.9, .0, 4.2 }, 1, { .85f, .25f, .2f } },     { { 1.1, -.25, 5 }, .75, { .2f, .45f, .8f } },
  { { .25, -.55, 3.1 }, .45, { .95f, .75f, .2f } }, { { 2.6, .3, 7.5 }, 1.3, { .35f, .65f, .4f } },
  { { -2.8, .1, 7 }, 1.1, { .7f, .7f, .72f } },
};

#define FLOOR_Y (-1.)

/* Distance along a ray of unit length to the nearest ball, its index into @hit; -1: none. */
static double
hit_ball (Vec from, Vec direction, int *hit)
{
  double nearest = 1e9;

  *hit = -1;
  for (int i = 0; i < (int) G_N_ELEMENTS (balls); i++)
    {
      const Vec to = along (balls[i].centre, from, -1);
      const double middle = dot (to, direction);
      const double inside = middle * middle - dot (to, to) + balls[i].radius * balls[i].radius;
      const double t = inside > 0 ? middle - sqrt (inside) : -1;
      if (t > 1e-6 && t < nearest)
        {
          nearest = t;
          *hit = i;
        }
    }
  return nearest;
}

static RfSampleColor
cast (Vec from, Vec direction, int depth)
{
  const Vec light = unit ((Vec){ -.6, .9, -.5 });
  const RfSampleColor horizon = { .85f, .88f, .92f }, zenith = { .3f, .5f, .8f };
  Vec normal = { 0, 1, 0 };
  RfSampleColor color;
  int ball, shadow;
  double t = hit_ball (from, direction, &ball), mirror = .08;

  if (ball < 0 && direction.y > -1e-4)
    return rf_sample_mix (horizon, zenith, CLAMP (direction.y * 1.6, 0, 1));
  if (ball < 0)
    t = (FLOOR_Y - from.y) / direction.y;
  const Vec at = along (from, direction, t);
  if (ball >= 0)
    {
      normal = unit (along (at, balls[ball].centre, -1));
      color = balls[ball].color;
      mirror = .22;
    }
  else
    color = rf_sample_grey (((int) floor (at.x) + (int) floor (at.z)) & 1 ? .82 : .3);

  hit_ball (along (at, normal, 1e-4), light, &shadow);
  const double lit = shadow < 0 ? fmax (dot (normal, light), 0) : 0;
  color = rf_sample_mix (rf_sample_grey (0), color, .25 + .75 * lit);
  if (depth > 0)
    {
      const Vec back = unit (along (direction, normal, -2 * dot (direction, normal)));
      color = rf_sample_mix (color, cast (along (at, normal, 1e-4), back, depth - 1), mirror);
      if (ball >= 0 && lit > 0)
        color = rf_sample_mix (color, rf_sample_grey (1), pow (fmax (dot (back, light), 0), 60));
    }
  if (ball < 0)
    color = rf_sample_mix (horizon, color, exp (-t * .05));
  return color;
}

RfSampleColor
rf_sample_spheres (const RfSamplePoint *p)
{
  return cast ((Vec){ 0, .35, -.6 }, unit ((Vec){ p->x, -p->y - .06, 1 }), 2);
}
