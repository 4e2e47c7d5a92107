/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* OpenBLAS, loaded on first use.
 *
 * Version 0.3.21 does not know newer processors, and its choice can only be set in the environment
 * before it loads; so it is opened with dlopen() after rf_blas_prepare() has set OPENBLAS_CORETYPE
 * (unless the user has) and one thread per call. Never called from the main thread of the window.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Sets the environment. Called first thing in main(), before any thread. */
void rf_blas_prepare (void);

/* Name of the library and its kernels ("OpenBLAS 0.3.21 SkylakeX"), or NULL if there is none: then
 * rf_blas_sgemm() is a plain product of our own. Loads it. */
const char *rf_blas_name (void);

/* C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C, row-major, in the calling thread. */
void rf_blas_sgemm (gboolean transpose_a, gboolean transpose_b, int m, int n, int k, float alpha,
                    const float *a, int lda, const float *b, int ldb, float beta, float *c,
                    int ldc);

G_END_DECLS
