/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Like the outlines without sines, so that a picture is the same bytes everywhere. */
#include "model/dataset/sources/textures.h"

#include <math.h>

enum
{
  GRADIENT,
  STRIPES,
  CHECKS,
  BLOBS,
  DOTS,
  N_KINDS
};

void
rf_random_direction (RfRandom *random, float *x, float *y)
{
  float u, v, square;
  do
    {
      u = rf_random_between (random, -1, 1);
      v = rf_random_between (random, -1, 1);
      square = u * u + v * v;
    }
  while (square > 1 || square < 0.01f);
  *x = u / sqrtf (square);
  *y = v / sqrtf (square);
}

RfColor
rf_color_random (RfRandom *random)
{
  float r = rf_random_uniform (random);
  float g = rf_random_uniform (random);
  float b = rf_random_uniform (random);
  return (RfColor){ r, g, b };
}

RfColor
rf_color_mix (RfColor a, RfColor b, float t)
{
  return (RfColor){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t };
}

float
rf_color_distance (RfColor a, RfColor b)
{
  float r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;
  return sqrtf (r * r + g * g + blue * blue);
}

RfTexture
rf_texture_random (RfRandom *random, RfColor a, RfColor b)
{
  RfTexture texture = { .kind = (int) rf_random_below (random, N_KINDS), .a = a, .b = b };
  float period = rf_random_between (random, 4, 12);
  rf_random_direction (random, &texture.dx, &texture.dy);
  texture.dx /= period;
  texture.dy /= period;
  texture.phase = rf_random_uniform (random);
  if (texture.kind == BLOBS)
    for (int i = 0; i < RF_TEXTURE_LATTICE; i++)
      for (int j = 0; j < RF_TEXTURE_LATTICE; j++)
        texture.lattice[i][j] = rf_random_uniform (random);
  return texture;
}

/* 0 to 1 and back over one period, with edges about a pixel wide. */
static float
wave (float x)
{
  float ramp = fabsf (2 * (x - floorf (x)) - 1);
  return CLAMP ((ramp - .5f) * 3 + .5f, 0, 1);
}

static float
smooth (float t)
{
  return t * t * (3 - 2 * t);
}

/* Value noise: lattice values four pixels apart, blended smoothly. */
static float
blobs (const RfTexture *texture, float x, float y)
{
  float u = x / 4, v = y / 4;
  int i = CLAMP ((int) v, 0, RF_TEXTURE_LATTICE - 2),
      j = CLAMP ((int) u, 0, RF_TEXTURE_LATTICE - 2);
  float s = smooth (u - (float) j), t = smooth (v - (float) i);
  const float (*l)[RF_TEXTURE_LATTICE] = texture->lattice;
  float upper = l[i][j] + (l[i][j + 1] - l[i][j]) * s;
  float lower = l[i + 1][j] + (l[i + 1][j + 1] - l[i + 1][j]) * s;
  return upper + (lower - upper) * t;
}

RfColor
rf_texture_at (const RfTexture *texture, float x, float y)
{
  float along = x * texture->dx + y * texture->dy + texture->phase;
  float across = x * texture->dy - y * texture->dx + texture->phase;
  float t = 0;
  switch (texture->kind)
    {
    case GRADIENT: /* over the whole picture, whatever the period */
      {
        float slope = 1 / (fabsf (texture->dx) + fabsf (texture->dy)) / 32;
        t = CLAMP (.5f + ((x - 16) * texture->dx + (y - 16) * texture->dy) * slope, 0, 1);
        break;
      }
    case STRIPES:
      t = wave (along);
      break;
    case CHECKS:
      {
        float u = wave (along), v = wave (across);
        t = u + v - 2 * u * v;
        break;
      }
    case BLOBS:
      t = blobs (texture, x, y);
      break;
    case DOTS:
      {
        float u = along - floorf (along) - .5f, v = across - floorf (across) - .5f;
        t = CLAMP ((.09f - u * u - v * v) * 20 + .5f, 0, 1);
        break;
      }
    }
  return rf_color_mix (texture->a, texture->b, t);
}
