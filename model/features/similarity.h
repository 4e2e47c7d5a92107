/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How near points are to each other, as t-SNE means it. */

#include <glib.h>

G_BEGIN_DECLS

/* Fills @row [n] with p(j|i) = exp (−β · distance²) / Σ, 0 for i itself, with the β that gives the
 * perplexity exp (entropy), by bisection. @distances [n]: scratch. One thread, one point. */
void rf_similarity_fit (const float *points, gsize n, gsize d, gsize i, double perplexity,
                        double *distances, float *row);

G_END_DECLS
