/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the two halves of direct convolution share: correlations of planes (conv-direct.c), which
 * are forward and the gradient of the input, and the gradient of the weights
 * (conv-direct-weights.c). */

#include "model/kernels/conv-private.h"

G_BEGIN_DECLS

/* A correlation of planes, group by group:
 *
 *   out[o, i, j] = Σ w[o, c, u, v] · in[c, i·stride + u·dilation + start, …]
 *
 * Forward is one of them. The gradient of the input at stride s is s² of them at stride 1: pixels
 * of the input whose row and column leave the same remainders by s were read at the same subset of
 * the taps. All are cut into the same number of bands, so that an item makes the same part of each
 * while it is in the cache. Indices of pairs are 0 for rows, 1 for columns. */
typedef struct
{
  int in_channels, out_channels; /* of a group, as this correlation sees them */
  int in_size[2], out_size[2];
  int taps[2], stride[2], dilation[2], start[2];

  /* Tap (u, v) is the kernel's (tap_first + u · tap_step, …); transposed: in and out are swapped in
   * the layout of the weights. */
  gboolean transposed;
  int tap_first[2], tap_step[2];

  /* Output (i, j) is written to (dest_first + i · dest_stride, …) of a plane of dest_size. */
  int dest_size[2], dest_first[2], dest_stride[2];

  int depth;        /* in_channels · taps */
  int depth_blocks; /* runs of channels whose weights stay in a cache */
  int row_blocks;   /* runs of output channels of at most a tile's rows */
  int band_rows;    /* output rows of an item … */
  int samples;      /* … or its samples, if bands are whole planes */

  /* The padded copy of a channel is stride² phases: rows and columns that leave the same remainder
   * by the stride, so that the pixels one tap reads are side by side. */
  int phase_rows, phase_columns;
  /* Where rows are no multiple of a vector, vectors run on over the row's end: the pixels between
   * are computed and thrown away. */
  gboolean runs_on;
  int band_vectors; /* of one sample */
  int *offsets;     /* of each of the depth's numbers in the padded copy */
} RfCorrelation;

/* How the gradient of the weights is cut; see conv-direct-weights.c. */
typedef struct
{
  int padded_columns;
  int band_rows, samples;
  int parts, splits;
  int run_units, n_units;
  int *pixel_offsets, *unit_offsets;
} RfWeightGradient;

/* The plan of a pass: its correlations, or that of the gradient of the weights. */
typedef struct
{
  int n_correlations;
  RfCorrelation *correlations;
  int bands, samples; /* of each of them; samples of an item */
  RfWeightGradient gradient;
} RfDirect;

/* Correlations of a pass, at most: the stride squared. */
#define RF_DIRECT_PHASES_MAX 64

/* Padded copies hold at most this many floats, where one row of output allows it. */
#define RF_DIRECT_PADDED_FLOATS (1 << 17)

static inline gsize
rf_direct_phase_floats (const RfCorrelation *correlation)
{
  return (gsize) correlation->phase_rows * (gsize) correlation->phase_columns;
}

static inline gsize
rf_direct_channel_floats (const RfCorrelation *correlation)
{
  return rf_direct_phase_floats (correlation)
         * (gsize) (correlation->stride[0] * correlation->stride[1]);
}

/* Vectors that @rows output rows of one sample take. */
static inline int
rf_direct_count_vectors (const RfCorrelation *correlation, int lanes, int rows)
{
  int width = correlation->out_size[1];

  if (correlation->runs_on)
    return rf_divide_up ((rows - 1) * correlation->phase_columns + width, lanes);
  return rows * rf_divide_up (width, lanes);
}

/* Where sums begin in the worker's scratch: after the padded copies, beyond whose end vectors may
 * be loaded. */
static inline gsize
rf_direct_sums_offset (const RfCorrelation *correlation, int lanes)
{
  gsize copies = (gsize) (correlation->samples * correlation->in_channels)
                 * rf_direct_channel_floats (correlation);

  return (copies / (gsize) lanes + 2) * (gsize) lanes;
}

gboolean rf_direct_applies (const RfConv *conv, RfConvPass pass);
void rf_direct_plan (RfConv *conv, RfConvPass pass);
void rf_direct_free_plan (RfConv *conv, RfConvPass pass);

void rf_direct_plan_gradient (RfConv *conv, RfWeightGradient *gradient);
void rf_direct_backward_weights (const RfConv *conv, int n, const float *x, const float *dy,
                                 float *d_weights, float *shared);

G_END_DECLS
