/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_gelu_layer = {
  .spec = { .type = "gelu",
            .title = N_ ("GELU"),
            .summary = N_ ("x · Φ(x), Φ the normal distribution: a smooth ReLU that lets small "
                           "negative values through"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_GELU),
};
