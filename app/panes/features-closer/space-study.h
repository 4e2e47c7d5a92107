/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Many pictures as points of a plane, near each other where the chosen layer makes the same of
 * them. */

#include "app/features/feature-bench.h"
#include "app/features/study-job.h"

G_BEGIN_DECLS

#define RF_SPACE_PICTURES 2000

typedef enum
{
  RF_SPACE_PCA,
  RF_SPACE_TSNE,
  RF_N_SPACES
} RfSpaceMethod;

typedef struct
{
  gsize n;
  guint32 *rows;    /* [n], of the data set */
  double *places;   /* [n, 2], each coordinate within −1 and 1 */
  double shares[2]; /* of PCA: the shares of the variance along both axes */
} RfSpaceMap;

/* Of the split that is browsed. @show gets an RfSpaceMap; of t-SNE again and again as it goes on.
 * NULL: there is no data set. */
RfStudyJob *rf_space_study_start (RfFeatureBench *bench, RfSpaceMethod method, RfStudyShow show,
                                  gpointer data);
RfSpaceMap *rf_space_map_copy (const RfSpaceMap *map);
void rf_space_map_free (RfSpaceMap *map);

G_END_DECLS
