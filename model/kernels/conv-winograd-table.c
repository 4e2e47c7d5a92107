/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Winograd's convolution is faster than the direct one. Below some number of channels the
 * transforms, and the zeros that fill up vectors, cost more than is saved; where planes are small,
 * tiles reach far beyond them, but the direct one's vectors do so too.
 *
 * The tables are made from what tests/bench/tune-conv.c prints, on an AMD EPYC of the Zen 5 kind;
 * near the limits the two algorithms differ by little. What is chosen is a function of the shape
 * and the width of vectors alone, so that the same seed gives the same bytes. */

#include "model/kernels/conv-winograd.h"

#define MAX_WEIGHTS (1 << 26)

/* For planes whose shorter side is at most @side: the least that in · out channels must be, and the
 * fewer of both. */
typedef struct
{
  int side;
  struct
  {
    int product, channels;
  } least[RF_CONV_N_PASSES];
} Row;

static const Row table_16_lanes[] = {
  { 2, { { 256, 8 }, { 256, 8 }, { G_MAXINT, 0 } } },
  { 8, { { 64, 8 }, { 64, 3 }, { 256, 12 } } },
  { 16, { { 160, 8 }, { 160, 8 }, { 256, 12 } } },
  { G_MAXINT, { { 256, 8 }, { 256, 8 }, { 256, 8 } } },
};

static const Row table_8_lanes[] = {
  { 2, { { 64, 8 }, { 64, 3 }, { G_MAXINT, 0 } } },
  { G_MAXINT, { { 64, 8 }, { 64, 3 }, { 64, 8 } } },
};

gboolean
rf_winograd_pays (const RfConv *conv, RfConvPass pass)
{
  const RfConvShape *shape = &conv->shape;
  int side = MIN (shape->out_height, shape->out_width);
  const Row *row = conv->kernels->tile->lanes == 16 ? table_16_lanes : table_8_lanes;

  while (side > row->side)
    row++;
  return (double) shape->in_channels * shape->out_channels >= row->least[pass].product
         && MIN (shape->in_channels, shape->out_channels) >= row->least[pass].channels
         && (double) shape->out_channels * conv->depth <= MAX_WEIGHTS;
}
