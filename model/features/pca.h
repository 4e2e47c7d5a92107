/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The @k directions in which @n points of @d dimensions ([n, d], row after row) vary most, by
 * subspace iteration: coordinates of the points along them, about their mean, into @out [n, k], the
 * largest variance first. @shares [k], or NULL: the share of all variance along each. Signs are
 * such that each direction's largest coordinate is positive. k ≤ d. */
void rf_pca (const float *points, gsize n, gsize d, int k, float *out, double *shares);

G_END_DECLS
