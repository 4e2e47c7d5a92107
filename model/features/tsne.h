/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Neighbours in many dimensions as neighbours in the plane: t-SNE (van der Maaten and Hinton,
 * 2008), exact, a step at a time. Memory: n² floats. Same seed, same bytes. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RfTsne RfTsne;

/* @points [n, d]; @perplexity is brought below n / 3. */
RfTsne *rf_tsne_new (const float *points, gsize n, gsize d, double perplexity, guint64 seed);
void rf_tsne_free (RfTsne *tsne);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTsne, rf_tsne_free)

void rf_tsne_step (RfTsne *tsne);
int rf_tsne_get_steps (const RfTsne *tsne);
/* [n, 2], about 0. */
const double *rf_tsne_get_layout (const RfTsne *tsne);

/* For tests: the Kullback-Leibler divergence of a layout, and (unless NULL) its gradient, both
 * without early exaggeration. */
double rf_tsne_divergence (RfTsne *tsne, const double *layout, double *gradient);

G_END_DECLS
