/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parts of the experiment format that reading and writing share. */

#include "model/experiment/experiment.h"

G_BEGIN_DECLS

#define RF_EXPERIMENT_FORMAT 1

/* Options of RfDatasetConfig and RfTrainingConfig that are plain numbers and words, in the order in
 * which they are written. */
extern const RfOption rf_dataset_options[];
extern const RfOption rf_training_options[];
/* What is inside training.early_stopping, which is there if its patience is above 0. */
extern const RfOption rf_early_stopping_options[];

/* Keys of RfDatasetConfig's source, indexed by RfDatasetKind, NULL-terminated. */
extern const char *const rf_dataset_kinds[];

/* Applies "PATH=VALUE" to the JSON of an experiment. */
gboolean rf_experiment_override (json_t *root, const char *assignment, GError **error);

/* With all members unset and one reference. */
RfExperiment *rf_experiment_new (void);

G_END_DECLS
