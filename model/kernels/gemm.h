/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kernels/kernels.h"

G_BEGIN_DECLS

/* C[m,n] = op(A)[m,k] op(B)[k,n] + beta C, row-major, cut into tiles of C over the pool. The tiles
 * depend on the shapes alone and each is summed over k by one thread, so the bytes do not depend on
 * the number of threads.
 * @bias: NULL or n values added to each row. @shared: rf_gemm_scratch() floats. The reference path
 * accumulates in double. The caller holds the pool. */
void rf_gemm (RfKernelPath path, gboolean transpose_a, gboolean transpose_b, int m, int n, int k,
              const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc,
              const float *bias, float *shared);

/* Floats of scratch that all workers share during a product of up to this size. */
gsize rf_gemm_scratch (RfKernelPath path, int m, int n, int k);
/* "tiles", "blas" or "reference". */
const char *rf_gemm_algorithm (RfKernelPath path, int m, int n, int k);

G_END_DECLS
