/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How one value of a convolution's or a linear layer's output came about: its window of the input,
 * times the weights, plus the bias; and what normalisation and activation make of it. */

#include "model/net/net.h"

G_BEGIN_DECLS

/* A layer that turns each value into another in the same place. */
typedef struct
{
  const RfLayer *layer;
  double value; /* that it gave */
} RfArithmeticStep;

/* Arrays [channels, height, width] of the kernel; of a linear layer all of its input. */
typedef struct
{
  int first_channel; /* of the input, of those that the group sees */
  int channels, height, width;
  int top, left, dilation[2]; /* of the window on the input; may lie in the padding */
  float *inputs, *weights;    /* zeros in the padding */
  float *sums;                /* [channels]: Σ inputs · weights */
  double bias, value;         /* value: bias + Σ sums */
  RfArithmeticStep *steps;    /* [n_steps]: the layers that follow, up to one that is no such */
  guint n_steps;
} RfArithmetic;

/* Whether @layer has such a sum. */
gboolean rf_arithmetic_possible (const RfLayer *layer);
/* Of picture 0 of the last forward pass of a network that keeps all outputs; @place counts over
 * [channels, height, width] of the layer's output. */
RfArithmetic *rf_arithmetic_new (const RfLayer *layer, gsize place);
void rf_arithmetic_free (RfArithmetic *arithmetic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfArithmetic, rf_arithmetic_free)

G_END_DECLS
