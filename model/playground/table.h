/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Inputs of a network for many points: the chosen features, once as rows (for training, which takes
 * point after point) and once as columns (for looking at all points at once). Immutable, counted.
 */

#include "model/playground/points.h"

#include <stdatomic.h>

G_BEGIN_DECLS

/* Columns are padded with zeros to a multiple of this. */
#define RF_PLAY_TABLE_STRIDE 64
/* Doubles of a row; those beyond n_features are 0. */
#define RF_PLAY_ROW 8

typedef struct
{
  atomic_int n_references;
  gsize n, stride; /* points; doubles from column to column */
  int n_features;
  double *columns; /* [n_features][stride] */
  double *rows;    /* [n][RF_PLAY_ROW] */
  double *labels;  /* [stride] */
} RfPlayTable;

/* @features: which of RfPlayFeature, in their order. */
RfPlayTable *rf_play_table_new (const RfPlayPoint *points, gsize n,
                                const gboolean features[RF_PLAY_N_FEATURES]);

/* The grid of the original's pictures: @side × @side points from -@extent to +@extent in both
 * directions, row after row, with the largest y in the first. */
RfPlayTable *rf_play_table_new_grid (int side, double extent,
                                     const gboolean features[RF_PLAY_N_FEATURES]);

RfPlayTable *rf_play_table_ref (const RfPlayTable *table);
void rf_play_table_unref (RfPlayTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPlayTable, rf_play_table_unref)

/* One feature of a point. */
double rf_play_feature (RfPlayFeature feature, double x, double y);

G_END_DECLS
