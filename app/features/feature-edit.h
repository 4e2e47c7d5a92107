/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Kernels painted by hand in the place of learned ones: edits of the bench, which can be undone and
 * end with the network that they are of. */

#include "app/features/feature-bench.h"

G_BEGIN_DECLS

/* The kernel of the chosen unit, [channels, height, width], NULL where it has none or it is not
 * known yet. Borrowed. */
const float *rf_feature_bench_get_kernel (RfFeatureBench *bench, int *channels, int *height,
                                          int *width);
/* Puts @values, of that shape, in its place; NULL: what was learned. @label names the edit in the
 * history; edits of one unit that follow each other within a second are one. */
void rf_feature_bench_set_kernel (RfFeatureBench *bench, const float *values, const char *label);
/* Whether the chosen unit's kernel is not the one that was learned. */
gboolean rf_feature_bench_is_edited (RfFeatureBench *bench);

G_END_DECLS
