/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

const RfLayerClass rf_silu_layer = {
  .spec = { .type = "silu",
            .title = N_ ("SiLU"),
            .summary = N_ ("x · σ(x), σ(x) = 1/(1 + e⁻ˣ): a smooth ReLU, also called swish"),
            .config_size = sizeof (RfActivationConfig),
            .options = rf_no_options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_SILU),
};
