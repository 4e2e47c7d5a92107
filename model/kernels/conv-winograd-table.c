/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Winograd's convolution is faster than the direct one. Below some number of channels the
 * transforms, and the zeros that fill up vectors, cost more than is saved; so do tiles that reach
 * far beyond a small plane. */

#include "model/kernels/conv-winograd.h"

#define MIN_CHANNELS 8
#define MIN_SIDE     3
#define MAX_WEIGHTS  (1 << 26)

gboolean
rf_winograd_pays (const RfConv *conv, RfConvPass pass)
{
  const RfConvShape *shape = &conv->shape;

  return MIN (shape->in_channels, shape->out_channels) >= MIN_CHANNELS
         && MIN (shape->out_height, shape->out_width) >= MIN_SIDE
         && (double) shape->out_channels * conv->depth <= MAX_WEIGHTS;
}
