/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Neighbours in many dimensions as neighbours in the plane: t-SNE (van der Maaten and Hinton,
 * 2008), exact, a step at a time. Takes the pool for each step, behind whoever trains. Memory: n²
 * floats. Same seed, same bytes, for any number of threads.
 *
 * A step takes a time that grows with n², and in the beginning with n · d too: of more than some
 * dozens of dimensions one gives it the first 50 of a PCA. */

#include <glib.h>

G_BEGIN_DECLS

/* After these the layout hardly changes any more. */
#define RF_TSNE_STEPS 1000

typedef struct _RfTsne RfTsne;

/* @points [n, d], finite, copied; n > 3. @perplexity, how many neighbours each has, is brought
 * between 1.5 and (n - 1) / 3; 30 is usual. */
RfTsne *rf_tsne_new (const float *points, gsize n, gsize d, double perplexity, guint64 seed);
void rf_tsne_free (RfTsne *tsne);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTsne, rf_tsne_free)

/* A little more: first the neighbours of some of the points, until all are known, then a step of
 * the layout. TRUE once RF_TSNE_STEPS of those are done; one may go on. */
gboolean rf_tsne_step (RfTsne *tsne);
/* Of the layout. */
int rf_tsne_get_steps (const RfTsne *tsne);
double rf_tsne_get_progress (const RfTsne *tsne);
/* [n, 2], about 0. */
const double *rf_tsne_get_layout (const RfTsne *tsne);

/* For tests: p [n, n], once all neighbours are known, else NULL; the Kullback-Leibler divergence of
 * a layout, and (unless NULL) its gradient, both without early exaggeration. */
const float *rf_tsne_get_similarities (const RfTsne *tsne);
double rf_tsne_divergence (RfTsne *tsne, const double *layout, double *gradient);

G_END_DECLS
