/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All eigenvalues of the symmetric @matrix [n, n], which is overwritten, the largest first, into
 * @values [n]; row i of @vectors [n, n] is the eigenvector of values[i], of length 1. By Jacobi's
 * rotations (1846): slow for large n, exact for small ones. */
void rf_eigen (double *matrix, int n, double *values, double *vectors);

G_END_DECLS
