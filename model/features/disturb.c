/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/features/disturb.h"

#include "model/base/random.h"

#include <math.h>

static float
sample (const float *plane, RfShape shape, double y, double x)
{
  y = CLAMP (y, 0, shape.height - 1);
  x = CLAMP (x, 0, shape.width - 1);
  const int top = (int) y, left = (int) x;
  const int bottom = MIN (top + 1, shape.height - 1), right = MIN (left + 1, shape.width - 1);
  const double v = y - top, u = x - left;
  const float *above = plane + top * shape.width, *below = plane + bottom * shape.width;
  return (float) ((1 - v) * ((1 - u) * (double) above[left] + u * (double) above[right])
                  + v * ((1 - u) * (double) below[left] + u * (double) below[right]));
}

void
rf_disturb (const float *image, RfShape shape, const RfDisturbance *disturbance, float *out)
{
  const double angle = disturbance->degrees * G_PI / 180, cosine = cos (angle), sine = sin (angle);
  const double middle_y = (shape.height - 1) / 2.0, middle_x = (shape.width - 1) / 2.0;
  RfRandom random = rf_random (disturbance->seed, RF_RANDOM_EXAMINE, 0, 0);
  for (int c = 0; c < shape.channels; c++)
    {
      const float *plane = image + (gsize) c * (gsize) shape.height * (gsize) shape.width;
      for (int y = 0; y < shape.height; y++)
        for (int x = 0; x < shape.width; x++)
          {
            /* Where the pixel was before it was moved, and before it was turned. */
            const double dy = y - disturbance->down - middle_y;
            const double dx = x - disturbance->right - middle_x;
            *out = sample (plane, shape, middle_y + cosine * dy - sine * dx,
                           middle_x + sine * dy + cosine * dx);
            if (disturbance->noise > 0)
              *out += (float) disturbance->noise * rf_random_normal (&random);
            out++;
          }
    }
}
