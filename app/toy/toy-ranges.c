/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/toy/toy-ranges.h"

#include <glib/gi18n-lib.h>

const char *const rf_toy_activation_titles[]
    = { N_ ("ReLU"), N_ ("Tanh"), N_ ("Sigmoid"), N_ ("Linear"), NULL };

#define RATE(least)                                                                                \
  .minimum = 0, .maximum = 1e6, .low = least, .high = 10, .logarithmic = TRUE, .zero = TRUE
#define SHARE(most) .minimum = 0, .maximum = 1, .below_maximum = TRUE, .low = 0, .high = most

const RfKnobRange rf_toy_ranges[RF_TOY_N_NUMBERS] = {
  [RF_TOY_TRAIN_SHARE] = { .title = N_ ("To train on (%)"),
                           .summary = N_ ("The others are for testing"),
                           .minimum = 1,
                           .maximum = 99,
                           .low = 10,
                           .high = 90 },
  [RF_TOY_NOISE]
  = { .title = N_ ("Noise (%)"),
      .summary = N_ ("How far points stray; for some sets it moves labels, for others places"),
      .minimum = 0,
      .maximum = 1000,
      .low = 0,
      .high = 50 },
  [RF_TOY_BATCH_SIZE]
  = { .title = N_ ("Batch size"),
      .summary = N_ ("The weights change after so many points; by their mean gradient"),
      .minimum = 1,
      .maximum = 100000,
      .low = 1,
      .high = 30 },
  [RF_TOY_LEARNING_RATE] = { .title = N_ ("Learning rate"),
                             .summary = N_ ("w ← w − rate · gradient: acts from the next point on"),
                             RATE (1e-5) },
  [RF_TOY_L1] = { .title = N_ ("L1 rate"),
                  .summary = N_ ("w ← w − learning rate · L1 · sign(w); a weight that crosses zero "
                                 "stays there"),
                  RATE (1e-4) },
  [RF_TOY_L2]
  = { .title = N_ ("L2 rate"), .summary = N_ ("w ← w − learning rate · L2 · w"), RATE (1e-4) },
  [RF_TOY_MOMENTUM] = { .title = N_ ("Momentum"),
                        .summary = N_ ("m ← momentum · m + gradient, w ← w − rate · m"),
                        SHARE (0.99) },
  [RF_TOY_DROPOUT] = { .title = N_ ("Dropout"),
                       .summary = N_ ("The share of outputs that is set to zero in training; the "
                                      "others grow by 1 / (1 − rate)"),
                       SHARE (0.9) },
};
