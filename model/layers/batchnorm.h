/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/layers/layer.h"

G_BEGIN_DECLS

/* Evaluation of the batchnorm @layer as y = x · scale + shift, for each channel. */
void rf_batchnorm_fold (RfLayer *layer, float *scale, float *shift);

G_END_DECLS
