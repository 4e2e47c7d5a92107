/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Surfaces of two colours: what the drawn objects and their backgrounds are made of. */

#include "model/base/random.h"

G_BEGIN_DECLS

typedef struct
{
  float r, g, b; /* 0 to 1 */
} RfColor;

#define RF_TEXTURE_LATTICE 10

typedef struct
{
  int kind;
  RfColor a, b;
  float dx, dy, phase; /* periods a pixel, and where the first begins */
  float lattice[RF_TEXTURE_LATTICE][RF_TEXTURE_LATTICE]; /* 0 to 1, for blobs */
} RfTexture;

/* A surface of any kind and direction in the colours @a and @b. */
RfTexture rf_texture_random (RfRandom *random, RfColor a, RfColor b);
/* Its colour at a pixel; places from 0 to 32. */
RfColor rf_texture_at (const RfTexture *texture, float x, float y);

RfColor rf_color_random (RfRandom *random);
/* @a at @t = 0, @b at 1. */
RfColor rf_color_mix (RfColor a, RfColor b, float t);
float rf_color_distance (RfColor a, RfColor b);

/* A direction, every angle equally likely. */
void rf_random_direction (RfRandom *random, float *x, float *y);

G_END_DECLS
