/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/features/specimen.h"

G_BEGIN_DECLS

/* A picture that the network gets wrong though people see no difference, in one step along the sign
 * of the gradient (Goodfellow et al., 2014): @image + @epsilon[channel] · sign (d loss / d pixel),
 * where the loss is the cross entropy of @klass; no pixel leaves @low to @high of its channel,
 * NULL: no bounds. All are normalised, [channels, height, width] and [channels]; @out may not be
 * @image. */
void rf_adversary (RfSpecimen *specimen, const float *image, int klass, const float *epsilon,
                   const float *low, const float *high, float *out);

G_END_DECLS
