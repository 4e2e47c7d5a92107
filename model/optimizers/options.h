/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Rows that the option tables of several optimizers share. Include <glib/gi18n-lib.h> after this.
 */

#include "model/spec/spec.h"

/* A rate beyond this is a slip of the keyboard, not an experiment. */
#define RF_OPTIMIZER_MAX_RATE 1e6

#define RF_OPTIMIZER_RATE(Config, flag, fallback)                                                  \
  {                                                                                                \
    "learning_rate", RF_OPTION_NUMBER, RF_OPTION_LIVE | RF_OPTION_LOG | (flag),                    \
        G_STRUCT_OFFSET (Config, learning_rate), fallback, 0, RF_OPTIMIZER_MAX_RATE, NULL,         \
        N_ ("Learning rate"),                                                                      \
        N_ ("How far a step goes: too small learns slowly, too large diverges")                    \
  }

#define RF_OPTIMIZER_WEIGHT_DECAY(Config)                                                          \
  {                                                                                                \
    "weight_decay", RF_OPTION_NUMBER, RF_OPTION_LIVE | RF_OPTION_LOG,                              \
        G_STRUCT_OFFSET (Config, weight_decay), 0, 0, RF_OPTIMIZER_MAX_RATE, NULL,                 \
        N_ ("Weight decay"),                                                                       \
        N_ ("Pulls every parameter, biases included, towards zero: g ← g + decay·w")               \
  }

/* Added to a denominator. */
#define RF_OPTIMIZER_EPSILON(Config, fallback)                                                     \
  {                                                                                                \
    "eps", RF_OPTION_NUMBER, RF_OPTION_LIVE | RF_OPTION_LOG, G_STRUCT_OFFSET (Config, eps),        \
        fallback, 0, 1, NULL, N_ ("Epsilon"),                                                      \
        N_ ("Keeps the step finite where gradients are tiny: g / (√v + ε)")                        \
  }
