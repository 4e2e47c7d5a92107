/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layers/activation.h"

static const RfOption options[] = {
  { .name = "slope",
    .kind = RF_OPTION_NUMBER,
    .offset = G_STRUCT_OFFSET (RfActivationConfig, slope),
    .fallback = 0.01,
    .minimum = -1,
    .maximum = 1,
    .title = N_ ("Slope"),
    .summary = N_ ("What negative values are multiplied by: 0 makes it a ReLU, 1 passes all") },
  { NULL },
};

const RfLayerClass rf_leaky_relu_layer = {
  .spec = { .type = "leaky_relu",
            .title = N_ ("Leaky ReLU"),
            .summary = N_ ("x where positive, slope · x below: no unit stops learning for good"),
            .config_size = sizeof (RfActivationConfig),
            .options = options },
  RF_ACTIVATION_MEMBERS (RF_ACTIVATION_LEAKY_RELU),
};
