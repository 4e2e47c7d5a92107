/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The directions in which points vary most (Pearson, 1901), a round at a time: for a look at a
 * layer's features, and as what t-SNE begins with. Takes the pool for each round, behind whoever
 * trains. Same bytes for any number of threads. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RfPca RfPca;

/* The @k directions in which @n points of @d dimensions ([n, d], row after row; copied) vary most,
 * 1 ≤ k ≤ d, n ≥ 1. */
RfPca *rf_pca_new (const float *points, gsize n, gsize d, int k);
void rf_pca_free (RfPca *pca);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPca, rf_pca_free)

/* A round more. TRUE when it is done: when none of the k variances changes by more than a
 * 100,000th of the largest, or after 30 rounds. */
gboolean rf_pca_step (RfPca *pca);
/* From 0 to 1, a guess. */
double rf_pca_get_progress (const RfPca *pca);

/* Once done: coordinates of the points along the directions, about their mean, into @out [n, k],
 * the largest variance first. @shares [k], or NULL: the share of all variance along each. Signs are
 * such that each direction's largest coordinate is positive. Directions beyond those in which the
 * points vary at all have coordinates of 0. */
void rf_pca_get (const RfPca *pca, float *out, double *shares);

/* All of that at once; the caller does not hold the pool. */
void rf_pca (const float *points, gsize n, gsize d, int k, float *out, double *shares);

G_END_DECLS
