/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_relu_layer = {
  .spec = { .type = "relu",
            .title = N_ ("ReLU"),
            .summary = N_ ("max(0, x): passes what is positive and stops the rest"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_RELU),
};
