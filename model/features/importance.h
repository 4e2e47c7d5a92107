/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/features/specimen.h"

G_BEGIN_DECLS

/* How much each unit of @layer adds to the logit of @klass for one @image (normalised): the sum
 * over its map of value · gradient, which is what the logit would lose by the unit's silence if the
 * layers behind were linear. @out: [channels of the layer]. */
void rf_importance (RfSpecimen *specimen, const float *image, const RfLayer *layer, int klass,
                    float *out);

G_END_DECLS
