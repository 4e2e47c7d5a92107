/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the driver of products (gemm.c) and the product of register tiles (gemm-tile.c) know of each
 * other. */

#include "model/kernels/gemm.h"

G_BEGIN_DECLS

typedef struct
{
  RfKernelPath path;
  gboolean transpose_a, transpose_b;
  int m, n, k;
  const float *a, *b, *bias;
  int lda, ldb, ldc;
  float beta;
  float *c;
} RfProduct;

/* The element at @row, @column of op(matrix). */
static inline const float *
rf_product_element (const float *matrix, int ld, gboolean transpose, int row, int column)
{
  return transpose ? matrix + (gsize) column * (gsize) ld + row
                   : matrix + (gsize) row * (gsize) ld + column;
}

/* C = beta C + bias in a part of C at @c, after which the product is added. */
void rf_product_start (const RfProduct *product, float *c, const float *bias, int rows,
                       int columns);

/* Whether tiles are faster than OpenBLAS: not for few rows or columns, nor without tiles. */
gboolean rf_gemm_tile_applies (RfKernelPath path, int m, int n, int k);
/* @shared: m · k floats. */
void rf_gemm_tile (const RfProduct *product, float *shared);

G_END_DECLS
