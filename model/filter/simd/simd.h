/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inner loops of filtering, compiled once for each instruction set. They work on rows of floats
 * in one thread. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_FILTER_GROUP 4 /* output rows computed together, at most */

typedef struct
{
  int step; /* columns are computed in steps of so many; rows have room for whole steps */

  /* out[r][x] = Σ over ky < @height, kx < @width of
   * weights[ky · width + kx] · rows[r + ky][offsets[kx] + x]
   * for r < @n_rows ≤ MIN (RF_FILTER_GROUP, @height) and x < @n, rounded up to whole steps.
   * Sums run over ky, then kx, for every r and x. */
  void (*correlate) (int n_rows, int height, int width, const float *weights,
                     const float *const *rows, const int *offsets, int n, float *out, gsize ld_out);

  /* out[x] = in[x · pixel]. */
  void (*load_bytes) (const guint8 *in, gsize pixel, int n, float *out);
  void (*load_floats) (const float *in, gsize pixel, int n, float *out);
  /* Three channels side by side. */
  void (*load_rgb) (const guint8 *in, int n, float *const out[3]);

  /* out[x · pixel] = in[x] · factor + shift; to bytes clipped, rounded, halves to even. */
  void (*store_bytes) (const float *in, int n, float factor, float shift, gsize pixel, guint8 *out);
  void (*store_floats) (const float *in, int n, float factor, float shift, gsize pixel, float *out);
  void (*store_rgb) (const float *const in[3], int n, float factor, float shift, guint8 *out);
} RfFilterSimd;

G_END_DECLS
