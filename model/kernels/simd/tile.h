/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The register tile of convolution (RfTile in kernels.h): as many rows as there are registers for,
 * by two vectors. Each step of the depth loads two vectors and multiplies each with one broadcast
 * number a row. The number of rows is a constant in each copy of the loop, so that the sums stay in
 * registers. */

#include "model/kernels/kernels.h"

#if defined(__AVX512F__)
#define TILE_LANES 16
#define TILE_ROWS  14
#elif defined(__AVX2__)
#define TILE_LANES 8
#define TILE_ROWS  6
#elif defined(__ARM_NEON)
#define TILE_LANES 4
#define TILE_ROWS  8
#endif

#ifdef TILE_LANES

#ifdef __AVX2__
#include <immintrin.h>
#endif

typedef float Vector __attribute__ ((vector_size (TILE_LANES * sizeof (float))));
typedef float LooseVector
    __attribute__ ((vector_size (TILE_LANES * sizeof (float)), aligned (4), may_alias));

static inline Vector
load_vector (const float *x)
{
  return *(const LooseVector *) x;
}

static inline void
store_vector (float *x, Vector vector)
{
  *(LooseVector *) x = vector;
}

static inline __attribute__ ((always_inline)) void
multiply_rows (const int rows, int depth, const float *a, const float *b0, const float *b1,
               const int *offsets, gboolean accumulate, const float *bias, float *c0, float *c1,
               gsize ldc)
{
  Vector sums0[TILE_ROWS], sums1[TILE_ROWS];

#pragma GCC unroll 14
  for (int r = 0; r < rows; r++)
    if (accumulate)
      {
        sums0[r] = load_vector (c0 + (gsize) r * ldc);
        sums1[r] = load_vector (c1 + (gsize) r * ldc);
      }
    else
      sums0[r] = sums1[r] = (Vector){ 0 } + (bias ? bias[r] : 0);
  for (int p = 0; p < depth; p++, a += rows)
    {
      Vector x0 = load_vector (b0 + offsets[p]), x1 = load_vector (b1 + offsets[p]);

#pragma GCC unroll 14
      for (int r = 0; r < rows; r++)
        {
          sums0[r] += a[r] * x0;
          sums1[r] += a[r] * x1;
        }
    }
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++)
    {
      store_vector (c0 + (gsize) r * ldc, sums0[r]);
      store_vector (c1 + (gsize) r * ldc, sums1[r]);
    }
}

static void
multiply_tile (int rows, int depth, const float *a, const float *const b[2], const int *offsets,
               gboolean accumulate, const float *bias, float *const c[2], gsize ldc)
{
#define ROWS(N)                                                                                    \
  case N:                                                                                          \
    multiply_rows (N, depth, a, b[0], b[1], offsets, accumulate, bias, c[0], c[1], ldc);           \
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

#ifdef __AVX2__

typedef float Eight __attribute__ ((vector_size (32)));

#define SHUFFLE(a, b, ...) __builtin_shufflevector (a, b, __VA_ARGS__)

/* Rows of eight become columns. */
static inline __attribute__ ((always_inline)) void
transpose_eight (Eight x[8])
{
  Eight pairs[8], fours[8];

#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2)
    {
      pairs[i] = SHUFFLE (x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
      pairs[i + 1] = SHUFFLE (x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4)
    {
      fours[i] = SHUFFLE (pairs[i], pairs[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[i + 1] = SHUFFLE (pairs[i], pairs[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
      fours[i + 2] = SHUFFLE (pairs[i + 1], pairs[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[i + 3] = SHUFFLE (pairs[i + 1], pairs[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      x[i] = SHUFFLE (fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
      x[i + 4] = SHUFFLE (fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/* Of the first @rows only; what stands for the others is zero. */
static inline void
transpose_block (int rows, const float *in, gsize ld_in, float *out, gsize ld_out)
{
  Eight x[8];

#pragma GCC unroll 8
  for (int i = 0; i < 8; i++)
    x[i] = i < rows ? (Eight) _mm256_loadu_ps (in + (gsize) i * ld_in) : (Eight){ 0 };
  transpose_eight (x);
#pragma GCC unroll 8
  for (int j = 0; j < 8; j++)
    _mm256_storeu_ps (out + (gsize) j * ld_out, (__m256) x[j]);
}

/* At the edges. Masked loads are cheap, and so are stores with masks in registers of their own; the
 * older masked stores cost some processors a dozen cycles each, so there numbers that do not fill a
 * vector are stored one by one. */
static void
transpose_edge (int rows, int columns, const float *in, gsize ld_in, float *out, gsize ld_out)
{
  __m256i mask = _mm256_cmpgt_epi32 (_mm256_set1_epi32 (columns),
                                     _mm256_setr_epi32 (0, 1, 2, 3, 4, 5, 6, 7));
  Eight x[8];

#pragma GCC unroll 8
  for (int i = 0; i < 8; i++)
    x[i] = i < rows ? (Eight) _mm256_maskload_ps (in + (gsize) i * ld_in, mask) : (Eight){ 0 };
  transpose_eight (x);
  if (rows == 8)
    {
#pragma GCC unroll 8
      for (int j = 0; j < 8; j++)
        if (j < columns)
          _mm256_storeu_ps (out + (gsize) j * ld_out, (__m256) x[j]);
      return;
    }
#ifdef __AVX512VL__
#pragma GCC unroll 8
  for (int j = 0; j < 8; j++)
    if (j < columns)
      _mm256_mask_storeu_ps (out + (gsize) j * ld_out, (__mmask8) ((1 << rows) - 1), (__m256) x[j]);
#else
  for (int j = 0; j < columns; j++)
    for (int i = 0; i < rows; i++)
      out[(gsize) j * ld_out + (gsize) i] = ((const float *) x)[j * 8 + i];
#endif
}

#if TILE_LANES == 16

/* 16×16 numbers: the halves of row i and row i + 8 are put side by side while they are loaded, so
 * that three rounds of shuffles within halves do. */
static inline void
transpose_large_block (const float *in, gsize ld_in, float *out, gsize ld_out)
{
#pragma GCC unroll 2
  for (int half = 0; half < 2; half++)
    {
      __m512 x[8], pairs[8];
      __m512d fours[8];

#pragma GCC unroll 8
      for (int i = 0; i < 8; i++)
        {
          const float *row = in + (gsize) i * ld_in + half * 8;

          x[i] = _mm512_insertf32x8 (_mm512_castps256_ps512 (_mm256_loadu_ps (row)),
                                     _mm256_loadu_ps (row + 8 * ld_in), 1);
        }
#pragma GCC unroll 4
      for (int i = 0; i < 8; i += 2)
        {
          pairs[i] = _mm512_unpacklo_ps (x[i], x[i + 1]);
          pairs[i + 1] = _mm512_unpackhi_ps (x[i], x[i + 1]);
        }
#pragma GCC unroll 2
      for (int i = 0; i < 8; i += 4)
#pragma GCC unroll 2
        for (int j = 0; j < 2; j++)
          {
            __m512d a = (__m512d) pairs[i + j], b = (__m512d) pairs[i + j + 2];

            fours[i + 2 * j] = _mm512_unpacklo_pd (a, b);
            fours[i + 2 * j + 1] = _mm512_unpackhi_pd (a, b);
          }
          /* fours[j] has column j of rows 0 to 3 and 8 to 11, and column j + 4, by turns. */
#pragma GCC unroll 4
      for (int j = 0; j < 4; j++)
        {
          const __m512i low = _mm512_setr_epi64 (0, 1, 8, 9, 4, 5, 12, 13);
          const __m512i high = _mm512_setr_epi64 (2, 3, 10, 11, 6, 7, 14, 15);
          float *to = out + (gsize) (half * 8 + j) * ld_out;

          _mm512_storeu_ps (to, (__m512) _mm512_permutex2var_pd (fours[j], low, fours[j + 4]));
          _mm512_storeu_ps (to + 4 * ld_out,
                            (__m512) _mm512_permutex2var_pd (fours[j], high, fours[j + 4]));
        }
    }
}

#endif

/* Block by block, as the rows of a plane of 2ⁿ pixels would fall on the same lines of the cache. */
static void
transpose (int rows, int columns, const float *in, gsize ld_in, float *out, gsize ld_out)
{
  int j = 0;

#if TILE_LANES == 16
  if (rows == 16)
    for (; j + 16 <= columns; j += 16)
      transpose_large_block (in + j, ld_in, out + (gsize) j * ld_out, ld_out);
  else if (columns == 16)
    {
      int i = 0;

      for (; i + 16 <= rows; i += 16)
        transpose_large_block (in + (gsize) i * ld_in, ld_in, out + i, ld_out);
      in += (gsize) i * ld_in;
      out += i;
      rows -= i;
    }
#endif
  /* Whole vectors into columns of fewer numbers, side by side: what is too much of one is where the
   * next comes. */
  if (rows < 8 && ld_out == (gsize) rows)
    for (; (columns - j - 8) * rows >= 8 - rows; j += 8)
      transpose_block (rows, in + j, ld_in, out + (gsize) j * ld_out, ld_out);
  for (; j < columns; j += 8)
    for (int i = 0; i < rows; i += 8)
      {
        const float *from = in + (gsize) i * ld_in + j;
        float *to = out + (gsize) j * ld_out + i;

        if (rows - i >= 8 && columns - j >= 8)
          transpose_block (8, from, ld_in, to, ld_out);
        else
          transpose_edge (MIN (rows - i, 8), MIN (columns - j, 8), from, ld_in, to, ld_out);
      }
}

#else

static void
transpose (int rows, int columns, const float *in, gsize ld_in, float *out, gsize ld_out)
{
  for (int j0 = 0; j0 < columns; j0 += 8)
    for (int i = 0; i < rows; i++)
      for (int j = j0; j < MIN (j0 + 8, columns); j++)
        out[(gsize) j * ld_out + i] = in[(gsize) i * ld_in + j];
}

#endif

static void
take_every (const float *in, int stride, int n, float *out)
{
  if (stride == 2)
    {
#pragma omp simd
      for (int i = 0; i < n; i++)
        out[i] = in[2 * i];
    }
  else
    for (int i = 0; i < n; i++)
      out[i] = in[i * stride];
}

static const RfTile tile = { TILE_LANES, TILE_ROWS, multiply_tile, transpose, take_every };

#endif
