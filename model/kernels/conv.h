/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Two-dimensional cross-correlation: the driver that chooses an algorithm and cuts work items.
 *
 *   y[n,o,i,j] = b[o] + Σ_{c,u,v} w[o,c,u,v] · x[n, c, i·stride - padding + u·dilation, …]
 *
 * x [n, in_channels, in_height, in_width], w [out_channels, in_channels/groups, kh, kw],
 * y [n, out_channels, out_height, out_width]; zeros outside. */

#include "model/kernels/kernels.h"

G_BEGIN_DECLS

typedef struct
{
  int in_channels, in_height, in_width;
  int out_channels, out_height, out_width;
  int kernel[2], stride[2], padding[2], dilation[2]; /* height, width */
  int groups;
} RfConvShape;

typedef struct _RfConv RfConv;

/* What is done to a result while it is in the cache: addend, of its shape, is added, unless it is
 * NULL; then with rectify what is negative becomes 0. */
typedef struct
{
  const float *addend;
  gboolean rectify;
} RfConvFinish;

/* A plan for batches of up to @capacity. The algorithm is a pure function of (shape, capacity,
 * path). */
RfConv *rf_conv_new (const RfConvShape *shape, int capacity, gboolean training, RfKernelPath path);
void rf_conv_free (RfConv *conv);
const char *rf_conv_algorithm (const RfConv *conv);

/* Floats of scratch that all workers share during a call, and that each worker needs. */
gsize rf_conv_shared_scratch (const RfConv *conv);
gsize rf_conv_worker_scratch (const RfConv *conv);

/* @bias and @finish may be NULL. @shared: rf_conv_shared_scratch() floats. The caller holds the
 * pool. */
void rf_conv_forward (RfConv *conv, int n, const float *x, const float *weights, const float *bias,
                      const RfConvFinish *finish, float *y, float *shared);
void rf_conv_backward_input (RfConv *conv, int n, const float *dy, const float *weights, float *dx,
                             float *shared);
/* Overwrites d_weights and d_bias (which may be NULL). */
void rf_conv_backward_weights (RfConv *conv, int n, const float *x, const float *dy,
                               float *d_weights, float *d_bias, float *shared);

G_END_DECLS
