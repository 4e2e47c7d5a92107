/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a layer makes of many pictures, one row of numbers for each: the points of PCA and t-SNE.
 * Done a batch at a time. */

#include "model/dataset/dataset.h"
#include "model/features/specimen.h"

G_BEGIN_DECLS

/* Numbers of a row at most, unless there are more channels. */
#define RF_HARVEST_DIMENSIONS 4096

typedef struct _RfHarvest RfHarvest;

/* Of the first @n pictures of a split, in an order that @seed shuffles, the same as a survey's; all
 * if there are fewer. @layer: index of RfLayer. */
RfHarvest *rf_harvest_new (RfDataset *dataset, RfSplit split, gsize n, guint64 seed, guint layer);
void rf_harvest_free (RfHarvest *harvest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfHarvest, rf_harvest_free)

/* A batch more. TRUE when it is done. */
gboolean rf_harvest_step (RfHarvest *harvest, RfSpecimen *specimen);
double rf_harvest_get_progress (const RfHarvest *harvest);

/* Once done: [n, d], all values of the layer's output in its own order; of maps that would be more
 * than RF_HARVEST_DIMENSIONS, the means of cells of a grid as fine as fits. NULL before the first
 * step. */
const float *rf_harvest_get_points (const RfHarvest *harvest, gsize *n, gsize *d);
/* The rows of the data set, [n]. */
const guint32 *rf_harvest_get_rows (const RfHarvest *harvest);
/* FALSE where any value was not a finite number: then PCA and t-SNE mean nothing. */
gboolean rf_harvest_is_finite (const RfHarvest *harvest);

G_END_DECLS
