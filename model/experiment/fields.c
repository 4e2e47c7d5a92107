/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/experiment/fields.h"

#include <glib/gi18n-lib.h>

#define LARGEST_WHOLE 9007199254740991.0 /* 2^53 - 1: beyond, a double skips numbers */

const char *const rf_dataset_kinds[] = { "id", "folder", "safetensors", NULL };

static const char *const l1_rules[] = { "gradient", "proximal", NULL };

const RfOption rf_dataset_options[] = {
  { .name = "seed",
    .kind = RF_OPTION_UINT64,
    .offset = G_STRUCT_OFFSET (RfDatasetConfig, seed),
    .maximum = LARGEST_WHOLE,
    .title = N_ ("Seed of the data"),
    .summary = N_ ("Decides which rows the limit and the fractions take") },
  { .name = "limit",
    .kind = RF_OPTION_UINT64,
    .offset = G_STRUCT_OFFSET (RfDatasetConfig, limit),
    .fallback = 0, /* all; not written */
    .minimum = 1,
    .maximum = LARGEST_WHOLE,
    .title = N_ ("Limit"),
    .summary = N_ ("How many training samples are used, of all in random order") },
  { .name = "validation_fraction",
    .kind = RF_OPTION_NUMBER,
    .flags = RF_OPTION_BELOW,
    .offset = G_STRUCT_OFFSET (RfDatasetConfig, validation_fraction),
    .maximum = 1,
    .title = N_ ("Validation fraction"),
    .summary = N_ ("Part of the training samples kept apart to choose settings with") },
  { .name = "test_fraction",
    .kind = RF_OPTION_NUMBER,
    .flags = RF_OPTION_BELOW,
    .offset = G_STRUCT_OFFSET (RfDatasetConfig, test_fraction),
    .maximum = 1,
    .title = N_ ("Test fraction"),
    .summary
    = N_ ("Part of the training samples kept apart for the end, where the data bring no test "
          "samples") },
  { NULL },
};

const RfOption rf_training_options[] = {
  { .name = "batch_size",
    .kind = RF_OPTION_INT,
    .flags = RF_OPTION_LIVE | RF_OPTION_LOG,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, batch_size),
    .fallback = 128,
    .minimum = 1,
    .maximum = RF_MAX_BATCH_SIZE,
    .title = N_ ("Batch size"),
    .summary = N_ ("Samples whose mean gradient makes one step") },
  { .name = "epochs",
    .kind = RF_OPTION_INT,
    .flags = RF_OPTION_LIVE,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, epochs),
    .fallback = 10,
    .minimum = 1,
    .maximum = RF_MAX_EPOCHS,
    .title = N_ ("Epochs"),
    .summary = N_ ("How often each training sample is used") },
  { .name = "seed",
    .kind = RF_OPTION_UINT64,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, seed),
    .fallback = 1,
    .maximum = LARGEST_WHOLE,
    .title = N_ ("Seed"),
    .summary
    = N_ ("Decides first weights, order, augmentation and dropout: the same seed gives the "
          "same run") },
  { .name = "shuffle",
    .kind = RF_OPTION_BOOL,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, shuffle),
    .fallback = TRUE,
    .maximum = 1,
    .title = N_ ("Shuffle"),
    .summary = N_ ("Takes the samples in a new random order in each epoch") },
  { .name = "label_smoothing",
    .kind = RF_OPTION_NUMBER,
    .flags = RF_OPTION_BELOW,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, label_smoothing),
    .maximum = 1,
    .title = N_ ("Label smoothing"),
    .summary = N_ ("The part of each target that is spread evenly over all classes") },
  { .name = "l1_rule",
    .kind = RF_OPTION_CHOICE,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, l1_rule),
    .fallback = RF_L1_GRADIENT,
    .maximum = RF_L1_PROXIMAL,
    .choices = l1_rules,
    .title = N_ ("L1 rule"),
    .summary
    = N_ ("How L1 acts: gradient adds L1 · sign(w) to the gradient; proximal moves each weight "
          "by rate · L1 towards zero after the step and stops there, so that zeros are exact") },
  { NULL },
};

const RfOption rf_early_stopping_options[] = {
  { .name = "patience",
    .kind = RF_OPTION_INT,
    .flags = RF_OPTION_LIVE,
    .offset = G_STRUCT_OFFSET (RfTrainingConfig, patience),
    .maximum = RF_MAX_EPOCHS,
    .title = N_ ("Patience"),
    .summary = N_ ("Ends the training after so many epochs without a lower validation loss, and "
                   "restores the weights of the epoch that had the lowest; 0 trains all epochs") },
  { NULL },
};
