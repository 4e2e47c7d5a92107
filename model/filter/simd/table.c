/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filtering in registers.
 *
 * A tile of up to four output rows by a few vectors stays in registers while the window passes. A
 * row of the input is loaded once for each column of the kernel and used by all output rows that
 * see it: with four rows, four products for each load. Above the first and below the last row that
 * all see, fewer do; these are loops of their own, so that every bound is a constant and no product
 * with nothing is computed. */

#include <string.h>

#include "model/filter/simd/simd.h"

extern const RfFilterSimd RF_FILTER_SIMD_TABLE;

#if defined(__AVX512F__)
#define LANES   16
#define VECTORS 4
#elif defined(__AVX2__)
#define LANES   8
#define VECTORS 2
#else
#define LANES   4
#define VECTORS 2
#endif
#define STEP (LANES * VECTORS)

typedef float Vector __attribute__ ((vector_size (LANES * sizeof (float))));
typedef float LooseVector
    __attribute__ ((vector_size (LANES * sizeof (float)), aligned (4), may_alias));

typedef Vector Sums[RF_FILTER_GROUP][VECTORS];

#define ALWAYS_INLINE inline __attribute__ ((always_inline))

/* One row of the input, seen by the output rows @first to @last - 1; @weights are those of output
 * row 0 for it, so that row r's are r rows of the kernel before. */
static ALWAYS_INLINE void
add_row (Sums sums, const int first, const int last, int width, const float *weights,
         const float *row, const int *offsets)
{
  for (int kx = 0; kx < width; kx++)
    {
      const LooseVector *x = (const LooseVector *) (row + offsets[kx]);
      Vector values[VECTORS];

#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++)
        values[v] = x[v];
#pragma GCC unroll 4
      for (int r = first; r < last; r++)
        {
          const float weight = weights[kx - r * width];
#pragma GCC unroll 4
          for (int v = 0; v < VECTORS; v++)
            sums[r][v] += weight * values[v];
        }
    }
}

static ALWAYS_INLINE void
correlate_rows (const int n_rows, int height, int width, const float *weights,
                const float *const *rows, const int *offsets, int n, float *out, gsize ld_out)
{
  for (int x = 0; x < n; x += STEP)
    {
      Sums sums;
      int i = 0;

#pragma GCC unroll 4
      for (int r = 0; r < n_rows; r++)
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++)
          sums[r][v] = (Vector){ 0 };
#pragma GCC unroll 4
      for (int last = 1; last < n_rows; last++, i++)
        add_row (sums, 0, last, width, weights + i * width, rows[i] + x, offsets);
      for (; i < height; i++)
        add_row (sums, 0, n_rows, width, weights + i * width, rows[i] + x, offsets);
#pragma GCC unroll 4
      for (int first = 1; first < n_rows; first++, i++)
        add_row (sums, first, n_rows, width, weights + i * width, rows[i] + x, offsets);
#pragma GCC unroll 4
      for (int r = 0; r < n_rows; r++)
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++)
          *(LooseVector *) (out + r * ld_out + x + v * LANES) = sums[r][v];
    }
}

static void
correlate (int n_rows, int height, int width, const float *weights, const float *const *rows,
           const int *offsets, int n, float *out, gsize ld_out)
{
#define ROWS(N)                                                                                    \
  case N:                                                                                          \
    correlate_rows (N, height, width, weights, rows, offsets, n, out, ld_out);                     \
    break

  switch (n_rows)
    {
      ROWS (1);
      ROWS (2);
      ROWS (3);
      ROWS (4);
    default:
      g_assert_not_reached ();
    }
#undef ROWS
}

static void
load_bytes (const guint8 *in, gsize pixel, int n, float *out)
{
  if (pixel == 1)
    for (int i = 0; i < n; i++)
      out[i] = in[i];
  else
    for (int i = 0; i < n; i++)
      out[i] = in[i * pixel];
}

static void
load_floats (const float *in, gsize pixel, int n, float *out)
{
  if (pixel == 1)
    memcpy (out, in, n * sizeof (float));
  else
    for (int i = 0; i < n; i++)
      out[i] = in[i * pixel];
}

/* Through a short line of bytes: taking every third byte apart from turning it into a float, both
 * become vectors. */
#define LINE 64

static void
load_rgb (const guint8 *in, int n, float *const out[3])
{
  for (int from = 0; from < n; from += LINE, in += 3 * LINE)
    {
      const int count = MIN (n - from, LINE);
      guint8 lines[3][LINE];

      if (count == LINE)
        for (int i = 0; i < LINE; i++)
          {
            lines[0][i] = in[3 * i];
            lines[1][i] = in[3 * i + 1];
            lines[2][i] = in[3 * i + 2];
          }
      else
        for (int i = 0; i < count; i++)
          for (int c = 0; c < 3; c++)
            lines[c][i] = in[3 * i + c];
      for (int c = 0; c < 3; c++)
        {
          float *to = out[c] + from;

          if (count == LINE)
            for (int i = 0; i < LINE; i++)
              to[i] = lines[c][i];
          else
            for (int i = 0; i < count; i++)
              to[i] = lines[c][i];
        }
    }
}

/* Adding 1.5 · 2²³ leaves the number, rounded, in the lowest bits of the float. NaN becomes 0. */
static ALWAYS_INLINE guint8
to_byte (float value)
{
  const float clipped = value > 0 ? (value < 255 ? value : 255) : 0;
  const float shifted = clipped + 12582912.f;
  guint32 bits;

  memcpy (&bits, &shifted, sizeof bits);
  return (guint8) bits;
}

static void
store_bytes (const float *in, int n, float factor, float shift, gsize pixel, guint8 *out)
{
  if (pixel == 1)
    for (int i = 0; i < n; i++)
      out[i] = to_byte (in[i] * factor + shift);
  else
    for (int i = 0; i < n; i++)
      out[i * pixel] = to_byte (in[i] * factor + shift);
}

static void
store_rgb (const float *const in[3], int n, float factor, float shift, guint8 *out)
{
  for (int from = 0; from < n; from += LINE, out += 3 * LINE)
    {
      const int count = MIN (n - from, LINE);
      guint8 lines[3][LINE];

      for (int c = 0; c < 3; c++)
        store_bytes (in[c] + from, count, factor, shift, 1, lines[c]);
      if (count == LINE)
        for (int i = 0; i < LINE; i++)
          {
            out[3 * i] = lines[0][i];
            out[3 * i + 1] = lines[1][i];
            out[3 * i + 2] = lines[2][i];
          }
      else
        for (int i = 0; i < count; i++)
          for (int c = 0; c < 3; c++)
            out[3 * i + c] = lines[c][i];
    }
}

static void
store_floats (const float *in, int n, float factor, float shift, gsize pixel, float *out)
{
  if (pixel == 1)
    for (int i = 0; i < n; i++)
      out[i] = in[i] * factor + shift;
  else
    for (int i = 0; i < n; i++)
      out[i * pixel] = in[i] * factor + shift;
}

const RfFilterSimd RF_FILTER_SIMD_TABLE = {
  .step = STEP,
  .correlate = correlate,
  .load_bytes = load_bytes,
  .load_floats = load_floats,
  .load_rgb = load_rgb,
  .store_bytes = store_bytes,
  .store_floats = store_floats,
  .store_rgb = store_rgb,
};
