/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The end of the network, one point at a time: loss, its derivative, and whether the answer is
 * right. Shared by all kernels, as it is never what takes the time. */

#include "model/playground/js-math.h"
#include "model/playground/kernels.h"

#include <math.h>

/* p = softmax (z) in place, shifted by the largest so that nothing overflows; NaN stays. */
static inline void
softmax (double *z, int n, int stride)
{
  double largest = z[0], sum = 0;
  for (int k = 1; k < n; k++)
    largest = z[k * stride] > largest ? z[k * stride] : largest;
  for (int k = 0; k < n; k++)
    {
      z[k * stride] = rf_js_exp (z[k * stride] - largest);
      sum += z[k * stride];
    }
  for (int k = 0; k < n; k++)
    z[k * stride] /= sum;
}

/* The class of a label; what is no class is the first or last one. */
static inline int
label_class (double label, int n)
{
  return label > 0 ? (label < n - 1 ? (int) label : n - 1) : 0;
}

/* Adds the loss of a point with outputs @out, already through the activation. */
static inline void
add_loss (const RfPlayShape *shape, const double *out, int stride, double label, RfPlaySums *sums)
{
  if (shape->output != RF_PLAY_OUTPUT_SOFTMAX)
    {
      sums->loss += 0.5 * (out[0] - label) * (out[0] - label);
      sums->correct += (out[0] >= 0) == (label >= 0);
      return;
    }
  const int wanted = label_class (label, shape->n_outputs);
  int best = 0;
  for (int k = 1; k < shape->n_outputs; k++)
    best = out[k * stride] > out[best * stride] ? k : best;
  sums->loss -= rf_js_log (out[wanted * stride]);
  sums->correct += best == wanted;
}

/* dE/dz of the output layer from its outputs. */
static inline void
output_delta (const RfPlayShape *shape, const double *out, double label, double *delta)
{
  switch (shape->output)
    {
    case RF_PLAY_OUTPUT_TANH:
      delta[0] = (out[0] - label) * (1 - out[0] * out[0]);
      break;
    case RF_PLAY_OUTPUT_LINEAR:
      delta[0] = out[0] - label;
      break;
    case RF_PLAY_OUTPUT_SOFTMAX:
      for (int k = 0; k < shape->n_outputs; k++)
        delta[k] = out[k] - (k == label_class (label, shape->n_outputs));
      break;
    }
}
