/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Winograd's convolution F(4×4, 3×3) on vectors of channels; the mathematics is in
 * kernels/conv-winograd.h, what each function does in kernels.h (RfWinograd).
 *
 * A transform of a tile is the transform of its columns and then that of its rows. The points are
 * 0, ±3/4, ±3/2 and ∞: with them all constants are exact, and the error is a quarter of that of the
 * usual 0, ±1, ±2, ∞. Each of the transforms takes the even and the odd part once for both signs of
 * a point: 12 multiply-adds make 6 numbers of 6. */

#include "model/kernels/simd/tile.h"

#ifdef TILE_LANES

#define POINTS   36
#define POINT_A  0.75f
#define POINT_B  1.5f
#define SQUARE_A (POINT_A * POINT_A)
#define SQUARE_B (POINT_B * POINT_B)

/* Six numbers of six: Bᵀ. */
static inline __attribute__ ((always_inline)) void
transform_input (const Vector x[6], Vector y[6])
{
  Vector even_a = x[4] - SQUARE_B * x[2], odd_a = x[3] - SQUARE_B * x[1];
  Vector even_b = x[4] - SQUARE_A * x[2], odd_b = x[3] - SQUARE_A * x[1];

  y[0] = x[4] - (SQUARE_A + SQUARE_B) * x[2] + (SQUARE_A * SQUARE_B) * x[0];
  y[1] = even_a + POINT_A * odd_a;
  y[2] = even_a - POINT_A * odd_a;
  y[3] = even_b + POINT_B * odd_b;
  y[4] = even_b - POINT_B * odd_b;
  y[5] = x[5] - (SQUARE_A + SQUARE_B) * x[3] + (SQUARE_A * SQUARE_B) * x[1];
}

/* Four of six: Aᵀ. */
static inline __attribute__ ((always_inline)) void
transform_output (const Vector m[6], Vector y[4])
{
  Vector sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  Vector sum_b = m[3] + m[4], difference_b = m[3] - m[4];

  y[0] = m[0] + sum_a + sum_b;
  y[1] = POINT_A * difference_a + POINT_B * difference_b;
  y[2] = SQUARE_A * sum_a + SQUARE_B * sum_b;
  y[3] = m[5] + (POINT_A * SQUARE_A) * difference_a + (POINT_B * SQUARE_B) * difference_b;
}

/* Six of four: A. */
static inline __attribute__ ((always_inline)) void
transform_gradient (const Vector y[4], Vector m[6])
{
  Vector even_a = y[0] + SQUARE_A * y[2], odd_a = y[1] + SQUARE_A * y[3];
  Vector even_b = y[0] + SQUARE_B * y[2], odd_b = y[1] + SQUARE_B * y[3];

  m[0] = y[0];
  m[1] = even_a + POINT_A * odd_a;
  m[2] = even_a - POINT_A * odd_a;
  m[3] = even_b + POINT_B * odd_b;
  m[4] = even_b - POINT_B * odd_b;
  m[5] = y[3];
}

#define SCALE_0 (1 / (SQUARE_A * SQUARE_B))
#define SCALE_A (1 / (2 * SQUARE_A * (SQUARE_A - SQUARE_B)))
#define SCALE_B (1 / (2 * SQUARE_B * (SQUARE_B - SQUARE_A)))

/* Six of three: G. */
static inline __attribute__ ((always_inline)) void
transform_weights (const Vector g[3], Vector u[6])
{
  Vector even_a = SCALE_A * g[0] + (SCALE_A * SQUARE_A) * g[2], odd_a = (SCALE_A * POINT_A) * g[1];
  Vector even_b = SCALE_B * g[0] + (SCALE_B * SQUARE_B) * g[2], odd_b = (SCALE_B * POINT_B) * g[1];

  u[0] = SCALE_0 * g[0];
  u[1] = even_a + odd_a;
  u[2] = even_a - odd_a;
  u[3] = even_b + odd_b;
  u[4] = even_b - odd_b;
  u[5] = g[2];
}

/* Three of six: Gᵀ. */
static inline __attribute__ ((always_inline)) void
transform_weights_gradient (const Vector u[6], Vector g[3])
{
  Vector sum_a = SCALE_A * (u[1] + u[2]), difference_a = SCALE_A * (u[1] - u[2]);
  Vector sum_b = SCALE_B * (u[3] + u[4]), difference_b = SCALE_B * (u[3] - u[4]);

  g[0] = SCALE_0 * u[0] + sum_a + sum_b;
  g[1] = POINT_A * difference_a + POINT_B * difference_b;
  g[2] = SQUARE_A * sum_a + SQUARE_B * sum_b + u[5];
}

/* Columns that neighbouring tiles share are transformed once, into @columns: [column][6][lanes]. */
static void
winograd_input (const float *x, gsize row, int tiles, float *columns, float *v)
{
  for (int j = 0; j < 4 * tiles + 2; j++)
    {
      Vector in[6], out[6];

#pragma GCC unroll 6
      for (int i = 0; i < 6; i++)
        in[i] = load_vector (x + (gsize) i * row + j * TILE_LANES);
      transform_input (in, out);
#pragma GCC unroll 6
      for (int i = 0; i < 6; i++)
        store_vector (columns + (j * 6 + i) * TILE_LANES, out[i]);
    }
  for (int t = 0; t < tiles; t++, v += POINTS * TILE_LANES)
    for (int i = 0; i < 6; i++)
      {
        Vector in[6], out[6];

#pragma GCC unroll 6
        for (int j = 0; j < 6; j++)
          in[j] = load_vector (columns + ((4 * t + j) * 6 + i) * TILE_LANES);
        transform_input (in, out);
#pragma GCC unroll 6
        for (int j = 0; j < 6; j++)
          store_vector (v + (i * 6 + j) * TILE_LANES, out[j]);
      }
}

static void
winograd_output (const float *m, int tiles, const float *bias, float *y, gsize row)
{
  Vector start = load_vector (bias);

  for (int t = 0; t < tiles; t++, m += POINTS * TILE_LANES)
    {
      Vector half[4][6];

#pragma GCC unroll 6
      for (int j = 0; j < 6; j++)
        {
          Vector in[6], out[4];

#pragma GCC unroll 6
          for (int i = 0; i < 6; i++)
            in[i] = load_vector (m + (i * 6 + j) * TILE_LANES);
          transform_output (in, out);
#pragma GCC unroll 4
          for (int i = 0; i < 4; i++)
            half[i][j] = out[i];
        }
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++)
        {
          Vector out[4];

          transform_output (half[i], out);
#pragma GCC unroll 4
          for (int j = 0; j < 4; j++)
            store_vector (y + (gsize) i * row + (4 * t + j) * TILE_LANES, out[j] + start);
        }
    }
}

static void
winograd_gradient (const float *dy, gsize row, int tiles, float *m)
{
  for (int t = 0; t < tiles; t++, m += POINTS * TILE_LANES)
    {
      Vector half[6][4];

#pragma GCC unroll 4
      for (int j = 0; j < 4; j++)
        {
          Vector in[4], out[6];

#pragma GCC unroll 4
          for (int i = 0; i < 4; i++)
            in[i] = load_vector (dy + (gsize) i * row + (4 * t + j) * TILE_LANES);
          transform_gradient (in, out);
#pragma GCC unroll 6
          for (int i = 0; i < 6; i++)
            half[i][j] = out[i];
        }
#pragma GCC unroll 6
      for (int i = 0; i < 6; i++)
        {
          Vector out[6];

          transform_gradient (half[i], out);
#pragma GCC unroll 6
          for (int j = 0; j < 6; j++)
            store_vector (m + (i * 6 + j) * TILE_LANES, out[j]);
        }
    }
}

static void
winograd_weights (const float *taps, gboolean flip, float *u, gsize point)
{
  Vector half[6][3];

#pragma GCC unroll 3
  for (int j = 0; j < 3; j++)
    {
      Vector in[3], out[6];

      for (int i = 0; i < 3; i++)
        {
          int tap = i * 3 + j;

          in[i] = load_vector (taps + (flip ? 8 - tap : tap) * TILE_LANES);
        }
      transform_weights (in, out);
      for (int i = 0; i < 6; i++)
        half[i][j] = out[i];
    }
#pragma GCC unroll 6
  for (int i = 0; i < 6; i++)
    {
      Vector out[6];

      transform_weights (half[i], out);
      for (int j = 0; j < 6; j++)
        store_vector (u + (gsize) (i * 6 + j) * point, out[j]);
    }
}

static void
winograd_weights_gradient (const float *u, gsize point, float *taps)
{
  Vector half[3][6];

#pragma GCC unroll 6
  for (int j = 0; j < 6; j++)
    {
      Vector in[6], out[3];

      for (int i = 0; i < 6; i++)
        in[i] = load_vector (u + (gsize) (i * 6 + j) * point);
      transform_weights_gradient (in, out);
      for (int i = 0; i < 3; i++)
        half[i][j] = out[i];
    }
#pragma GCC unroll 3
  for (int i = 0; i < 3; i++)
    {
      Vector out[3];

      transform_weights_gradient (half[i], out);
      for (int j = 0; j < 3; j++)
        store_vector (taps + (i * 3 + j) * TILE_LANES, out[j]);
    }
}

static inline __attribute__ ((always_inline)) void
multiply_tiles (const int rows, const int vectors, int blocks, const float *v, gsize v_block,
                const float *u, float *m, gsize m_block)
{
  Vector sums[TILE_ROWS][2];

#pragma GCC unroll 14
  for (int r = 0; r < rows; r++)
    sums[r][0] = sums[r][1] = (Vector){ 0 };
  for (int block = 0; block < blocks; block++, v += v_block)
    for (int p = 0; p < TILE_LANES; p++, u += vectors * TILE_LANES)
      {
        Vector x0 = load_vector (u), x1 = vectors > 1 ? load_vector (u + TILE_LANES) : x0;

#pragma GCC unroll 14
        for (int r = 0; r < rows; r++)
          {
            sums[r][0] += v[r * POINTS * TILE_LANES + p] * x0;
            if (vectors > 1)
              sums[r][1] += v[r * POINTS * TILE_LANES + p] * x1;
          }
      }
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++)
    for (int h = 0; h < vectors; h++)
      store_vector (m + (gsize) h * m_block + r * POINTS * TILE_LANES, sums[r][h]);
}

static void
winograd_multiply (int rows, int vectors, int blocks, const float *v, gsize v_block, const float *u,
                   float *m, gsize m_block)
{
#define ROWS(N)                                                                                    \
  case N:                                                                                          \
    if (vectors > 1)                                                                               \
      multiply_tiles (N, 2, blocks, v, v_block, u, m, m_block);                                    \
    else                                                                                           \
      multiply_tiles (N, 1, blocks, v, v_block, u, m, m_block);                                    \
    break

  switch (rows)
    {
      ROWS (1);
      ROWS (2);
      ROWS (3);
      ROWS (4);
      ROWS (5);
      ROWS (6);
#if TILE_ROWS > 6
      ROWS (7);
      ROWS (8);
#endif
#if TILE_ROWS > 8
      ROWS (9);
      ROWS (10);
      ROWS (11);
      ROWS (12);
      ROWS (13);
      ROWS (14);
#endif
    default:
      g_assert_not_reached ();
    }
#undef ROWS
}

static inline __attribute__ ((always_inline)) void
add_outer (const int rows, const int vectors, int tiles, const float *dm, const float *v,
           gsize v_block, gboolean accumulate, float *du)
{
  Vector sums[TILE_LANES][2];

#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    for (int h = 0; h < vectors; h++)
      sums[r][h] = accumulate ? load_vector (du + (r * vectors + h) * TILE_LANES) : (Vector){ 0 };
  for (int t = 0; t < tiles; t++, dm += POINTS * TILE_LANES, v += POINTS * TILE_LANES)
    {
      Vector x0 = load_vector (v), x1 = vectors > 1 ? load_vector (v + v_block) : x0;

#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
        {
          sums[r][0] += dm[r] * x0;
          if (vectors > 1)
            sums[r][1] += dm[r] * x1;
        }
    }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    for (int h = 0; h < vectors; h++)
      store_vector (du + (r * vectors + h) * TILE_LANES, sums[r][h]);
}

static void
winograd_outer (int vectors, int tiles, const float *dm, const float *v, gsize v_block,
                gboolean accumulate, float *du)
{
  const int half = TILE_LANES > 4 ? TILE_LANES / 2 : TILE_LANES;

  if (vectors == 1)
    add_outer (TILE_LANES, 1, tiles, dm, v, v_block, accumulate, du);
  else
    for (int r = 0; r < TILE_LANES; r += half)
      add_outer (half, 2, tiles, dm + r, v, v_block, accumulate, du + r * 2 * TILE_LANES);
}

static const RfWinograd winograd = {
  winograd_input,   winograd_output,           winograd_gradient,
  winograd_weights, winograd_weights_gradient, winograd_multiply,
  winograd_outer,
};

#endif
