/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The options that every layer with weights has: five rows of its option table, for a config struct
 * with a field `RfWeightOptions weights`. */

#include "model/layers/layer.h"
#include <glib/gi18n-lib.h>

/* Names of RfInit in files, NULL-terminated. */
extern const char *const rf_init_names[];

#define RF_WEIGHT_OPTIONS(Config)                                                                  \
  { .name = "l1",                                                                                  \
    .kind = RF_OPTION_NUMBER,                                                                      \
    .flags = RF_OPTION_LIVE | RF_OPTION_LOG,                                                       \
    .offset = G_STRUCT_OFFSET (Config, weights.l1),                                                \
    .maximum = 1e3,                                                                                \
    .title = N_ ("L1"),                                                                            \
    .summary                                                                                       \
    = N_ ("Adds L1 · Σ|w| over this layer's weights to the loss: drives the weights that "       \
          "matter least to zero") },                                                               \
      { .name = "l2",                                                                              \
        .kind = RF_OPTION_NUMBER,                                                                  \
        .flags = RF_OPTION_LIVE | RF_OPTION_LOG,                                                   \
        .offset = G_STRUCT_OFFSET (Config, weights.l2),                                            \
        .maximum = 1e3,                                                                            \
        .title = N_ ("L2"),                                                                        \
        .summary                                                                                   \
        = N_ ("Adds L2 · Σw² over this layer's weights to the loss: shrinks all weights, the "  \
              "large ones most; the gradient gains 2 · L2 · w") },                                 \
      { .name = "init",                                                                            \
        .kind = RF_OPTION_CHOICE,                                                                  \
        .offset = G_STRUCT_OFFSET (Config, weights.init),                                          \
        .maximum = RF_INIT_COSINE,                                                                 \
        .choices = rf_init_names,                                                                  \
        .title = N_ ("First weights"),                                                             \
        .summary                                                                                   \
        = N_ ("Where training starts: pytorch is uniform within ±1/√fan_in, he normal with "    \
              "deviation √(2/fan_in), xavier uniform within ±√(6/(fan_in + fan_out)); zero "  \
              "lets all units of the layer learn the same; cosine gives waves of rising "          \
              "frequency, which part a picture into channels that tell each other little") },      \
      { .name = "lr_scale",                                                                        \
        .kind = RF_OPTION_NUMBER,                                                                  \
        .flags = RF_OPTION_LIVE | RF_OPTION_LOG,                                                   \
        .offset = G_STRUCT_OFFSET (Config, weights.lr_scale),                                      \
        .fallback = 1,                                                                             \
        .maximum = 1e3,                                                                            \
        .title = N_ ("Learning rate ×"),                                                           \
        .summary = N_ ("Multiplies the learning rate for this layer alone") },                     \
  {                                                                                                \
    .name = "frozen", .kind = RF_OPTION_BOOL, .flags = RF_OPTION_LIVE,                             \
    .offset = G_STRUCT_OFFSET (Config, weights.frozen), .maximum = 1, .title = N_ ("Frozen"),      \
    .summary = N_ ("Keeps this layer's weights as they are while the others learn; its penalty "   \
                   "still counts, and running statistics still move")                              \
  }
