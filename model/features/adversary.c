/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/adversary.h"

#include "model/losses/loss.h"

#include <math.h>

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
  rf_softmax (logits, n_classes, wish);
  wish[klass] -= 1;
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
