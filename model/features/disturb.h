/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture that is turned, moved and made noisy, to see what a network makes of that. */

#include "model/experiment/experiment.h"

G_BEGIN_DECLS

typedef struct
{
  double degrees;     /* about the middle, clockwise */
  double down, right; /* pixels */
  double noise;       /* deviation of what is added to each value, in deviations of the data */
  guint64 seed;       /* of the noise */
} RfDisturbance;

/* @image and @out [channels, height, width], not the same. Values between pixels are blended from
 * the four nearest; what comes in from outside repeats the edge. */
void rf_disturb (const float *image, RfShape shape, const RfDisturbance *disturbance, float *out);

G_END_DECLS
