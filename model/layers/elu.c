/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_elu_layer = {
  .spec = { .type = "elu",
            .title = N_ ("ELU"),
            .summary = N_ ("x where positive, eˣ - 1 below: negative values fade smoothly to -1"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_ELU),
};
