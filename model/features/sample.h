/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pictures of a data set in a shuffled order, a batch after the other. */

#include "model/dataset/dataset.h"
#include "model/features/specimen.h"

G_BEGIN_DECLS

typedef struct
{
  RfDataset *dataset;
  guint32 *rows;
  gsize n, done;
  float *batch;
} RfSample;

/* The first @n of the split in the order of @seed; all if there are fewer. */
void rf_sample_init (RfSample *sample, RfDataset *dataset, RfSplit split, gsize n, guint64 seed);
void rf_sample_clear (RfSample *sample);

/* Has the specimen look at the next batch. Returns how many pictures it is, 0 at the end, without
 * counting them as done. */
int rf_sample_forward (RfSample *sample, RfSpecimen *specimen);
double rf_sample_get_progress (const RfSample *sample);

G_END_DECLS
