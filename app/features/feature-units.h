/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the bench knows of the units of the chosen layer beyond the one picture. It looks at
 * RF_UNIT_PICTURES of the data set as soon as a layer is chosen, but not while the network trains:
 * its weights would be others before it is done. */

#include "app/features/feature-bench.h"
#include "model/features/survey.h"

G_BEGIN_DECLS

#define RF_UNIT_PICTURES 512

typedef struct
{
  guint layer;
  int n_units, n_dead; /* dead: active in none of the pictures */
  int n_pictures;
  RfSurveyUnit *units; /* [n_units] */
} RfUnitSurvey;

/* Signal "survey" when it is another. NULL: none, or not yet. */
const RfUnitSurvey *rf_feature_bench_get_survey (RfFeatureBench *bench);
/* From 0 to 1 while it is being made; −1 else. */
double rf_feature_bench_get_surveyed (RfFeatureBench *bench);

/* Of each unit for the likeliest class (rf_importance()); signal "importance" when it is another.
 * NULL: not known. It is found out as long as it is wanted. */
void rf_feature_bench_want_importance (RfFeatureBench *bench, gboolean wanted);
const float *rf_feature_bench_get_importance (RfFeatureBench *bench);

G_END_DECLS
