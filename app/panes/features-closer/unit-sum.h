/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How one value of a layer came about, as sheets of a sum: for each channel of the input that
 * counts, window times kernel; then the sum, the bias, and what follows. */

#include "app/features/feature-bench.h"
#include "app/features/study-job.h"

G_BEGIN_DECLS

/* Begins to find out; @show gets a GPtrArray of RfSumSheet. NULL: such a value is no sum. */
RfStudyJob *rf_unit_sum_start (RfFeatureBench *bench, RfStudyShow show, gpointer data);

G_END_DECLS
