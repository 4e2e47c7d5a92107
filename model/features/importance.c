/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/importance.h"

void
rf_importance (RfSpecimen *specimen, const float *image, const RfLayer *layer, int klass,
               float *out)
{
  const RfNet *net = rf_specimen_get_net (specimen);
  const gsize plane = (gsize) layer->out.height * (gsize) layer->out.width;
  rf_specimen_forward (specimen, image, 1);
  g_autofree float *d_logits = g_new0 (float, RF_SHAPE_COUNT (net->output));
  d_logits[klass] = 1;
  const float *gradient = rf_specimen_pull_to (specimen, 1, layer, d_logits);
  for (int c = 0; c < layer->out.channels; c++)
    {
      double sum = 0;
      for (gsize i = (gsize) c * plane; i < (gsize) (c + 1) * plane; i++)
        sum += (double) layer->y[i] * (double) gradient[i];
      out[c] = (float) sum;
    }
}
