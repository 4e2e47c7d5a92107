/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/adversary.h"

#include <math.h>

/* The gradient of the cross entropy by the logits is p − 1 for the class and p for the others.
 * Signs stay the same if all is divided by 1 − p of the class, and then the class need not be in
 * doubt: of a network that is certain, p − 1 is 0 in floats, and no direction would be left. */
static void
fill_direction (const float *logits, int n_classes, int klass, float *direction)
{
  double largest = -INFINITY, sum = 0;
  for (int i = 0; i < n_classes; i++)
    if (i != klass)
      largest = fmax (largest, logits[i]);
  for (int i = 0; i < n_classes; i++)
    if (i != klass)
      sum += exp (logits[i] - largest);
  for (int i = 0; i < n_classes; i++)
    direction[i] = i == klass ? -1 : (float) (exp (logits[i] - largest) / sum);
}

void
rf_adversary (RfSpecimen *specimen, const float *image, int klass, const float *epsilon,
              const float *low, const float *high, float *out)
{
  const RfNet *net = rf_specimen_get_net (specimen);
  const int n_classes = (int) RF_SHAPE_COUNT (net->output);
  g_return_if_fail (klass >= 0 && klass < n_classes);
  const gsize size = RF_SHAPE_COUNT (net->input), area = size / (gsize) net->input.channels;
  g_autofree float *wish = g_new (float, n_classes);
  const float *logits = rf_specimen_forward (specimen, image, 1);
  fill_direction (logits, n_classes, klass, wish);
  const float *gradient = rf_specimen_pull (specimen, 1, NULL, wish);
  for (gsize i = 0; i < size; i++)
    {
      const gsize channel = i / area;
      const float sign = gradient[i] > 0 ? 1 : gradient[i] < 0 ? -1 : 0;
      float value = image[i] + epsilon[channel] * sign;
      if (low)
        value = fmaxf (value, low[channel]);
      if (high)
        value = fminf (value, high[channel]);
      out[i] = value;
    }
}
