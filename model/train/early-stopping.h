/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Early stopping: training ends when the validation loss has not fallen for some epochs, and the
 * weights of the epoch that had the lowest are taken. It is a function of the rows of epochs.csv
 * and of the patience in force, so that a run which is resumed decides the same. */

#include "model/dataset/dataset.h"
#include "model/train/rows.h"

G_BEGIN_DECLS

/* Early stopping needs a validation split; says how to get one. */
gboolean rf_early_stopping_check (const RfExperiment *experiment, const RfDataset *dataset,
                                  GError **error);

/* TRUE if the last of @n rows is @patience epochs or more after that of the lowest validation loss,
 * which is put into @best (may be NULL). Never with a patience of 0. */
gboolean rf_early_stopping_is_due (const RfEpochRow *rows, gsize n, int patience,
                                   const RfEpochRow **best);

G_END_DECLS
