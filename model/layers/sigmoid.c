/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_sigmoid_layer = {
  .spec = { .type = "sigmoid",
            .title = N_ ("Sigmoid"),
            .summary
            = N_ ("1/(1 + e⁻ˣ): squeezes values into 0 to 1; far from zero little gradient passes"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_SIGMOID),
};
