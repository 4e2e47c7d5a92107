/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The numbers of the playground as knobs, wherever they are turned, and the names of choices. */

#include "model/playground/state.h"
#include "widgets/knob/knob.h"

G_BEGIN_DECLS

typedef enum
{
  RF_TOY_TRAIN_SHARE, /* percent */
  RF_TOY_NOISE,       /* percent */
  RF_TOY_BATCH_SIZE,
  RF_TOY_LEARNING_RATE,
  RF_TOY_L1,
  RF_TOY_L2,
  RF_TOY_MOMENTUM,
  RF_TOY_DROPOUT, /* of a hidden layer */
  RF_TOY_N_NUMBERS
} RfToyNumber;

/* Titles and summaries are N_(). */
extern const RfKnobRange rf_toy_ranges[RF_TOY_N_NUMBERS];

/* N_(), NULL-terminated. */
extern const char *const rf_toy_activation_titles[];

G_END_DECLS
