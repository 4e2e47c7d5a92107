/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the logit of a class depends on, as a map over the picture. */

#include "app/features/feature-bench.h"
#include "app/features/study-job.h"
#include "model/features/attribution.h"

G_BEGIN_DECLS

typedef struct
{
  RfWhy method;
  int klass;
  int height, width;
  double logit, expected, sum; /* see attribution.h */
  float values[];              /* [height, width] */
} RfWhyMap;

/* @show gets an RfWhyMap when it is done. */
RfStudyJob *rf_why_study_start (RfFeatureBench *bench, guint number, RfWhy method, int klass,
                                RfStudyShow show, gpointer data);

/* The picture in grey, with the map over it: the larger a value, the less is seen of the picture,
 * up to @opacity. */
RfRaster *rf_why_overlay (const RfFeatureInput *input, const RfWhyMap *map,
                          const RfPaletteRange *range, double opacity);

G_END_DECLS
