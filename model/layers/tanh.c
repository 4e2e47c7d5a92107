/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_tanh_layer = {
  .spec = { .type = "tanh",
            .title = N_ ("Tanh"),
            .summary = N_ ("(eˣ - e⁻ˣ)/(eˣ + e⁻ˣ): squeezes values into -1 to 1; far from zero "
                           "little gradient passes"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_TANH),
};
