/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inspect/view.h"

#include <math.h>

void
rf_view_free (RfView *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_maps; i++)
    g_free (self->maps[i].values);
  g_free (self->maps);
  g_free (self->logits);
  g_free (self->probabilities);
  g_free (self);
}

void
rf_filters_free (RfFilters *self)
{
  if (!self)
    return;
  g_free (self->values);
  g_free (self);
}

static double
mean_of (const RfFeatureMaps *maps, int channel, gboolean signs)
{
  const gsize plane = (gsize) maps->shape.height * (gsize) maps->shape.width;
  const float *values = maps->values + (gsize) channel * plane;
  double sum = 0;
  for (gsize i = 0; i < plane; i++)
    if (isfinite (values[i]))
      sum += signs ? (double) values[i] : fabs ((double) values[i]);
  return sum / (double) plane;
}

double
rf_feature_maps_mean (const RfFeatureMaps *maps, int channel)
{
  return mean_of (maps, channel, TRUE);
}

int
rf_feature_maps_find_strongest (const RfFeatureMaps *maps)
{
  int best = 0;
  double most = -1;
  for (int c = 0; c < maps->shape.channels; c++)
    {
      const double size = mean_of (maps, c, FALSE);
      if (size > most)
        {
          most = size;
          best = c;
        }
    }
  return best;
}
