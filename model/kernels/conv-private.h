/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the driver (conv.c) and the algorithms of convolution know of each other. */

#include "model/kernels/conv.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  /* Whether this algorithm can do @conv; the driver takes the first in its table that can. */
  gboolean (*applies) (const RfConv *conv);
  /* Decides its tiles and fills in shared_scratch and worker_scratch; may keep its plan in data,
   * which free_plan (or NULL) frees. */
  void (*plan) (RfConv *conv);
  void (*free_plan) (RfConv *conv);
  void (*forward) (const RfConv *conv, int n, const float *x, const float *weights,
                   const float *bias, float *y, float *shared);
  void (*backward_input) (const RfConv *conv, int n, const float *dy, const float *weights,
                          float *dx, float *shared);
  void (*backward_weights) (const RfConv *conv, int n, const float *x, const float *dy,
                            float *d_weights, float *shared);
} RfConvAlgorithm;

struct _RfConv
{
  RfConvShape shape;
  int capacity;
  gboolean training; /* without it only forward is asked for */
  RfKernelPath path;
  const RfKernels *kernels;
  const RfConvAlgorithm *algorithm;
  gsize shared_scratch, worker_scratch; /* floats */

  /* Derived from the shape, per group. */
  int group_in, group_out; /* channels */
  int depth; /* group_in · kernel height · kernel width: length of one dot product */
  int in_pixels, out_pixels;

  gpointer data; /* of the algorithm */
};

static inline int
rf_divide_up (int a, int b)
{
  return (a + b - 1) / b;
}

/* Where part @i of @parts of @n samples begins. */
static inline int
rf_conv_part (int n, int parts, int i)
{
  return (int) ((gint64) n * i / parts);
}

/* Output columns j, from *first to *end - 1, whose input column j·stride - padding + v·dilation is
 * inside [0, width). */
static inline void
rf_conv_valid_range (int out_width, int width, int stride, int padding, int offset, int *first,
                     int *end)
{
  int shift = padding - offset; /* j·stride ≥ shift, j·stride ≤ width - 1 + shift */

  *first = shift > 0 ? MIN ((shift + stride - 1) / stride, out_width) : 0;
  *end = width - 1 + shift < 0 ? 0 : MIN ((width - 1 + shift) / stride + 1, out_width);
  *end = MAX (*end, *first);
}

/* d_weights = Σ over the @parts gradients at @partial, in their order. */
void rf_conv_add_parts (const RfConv *conv, const float *partial, int parts, float *d_weights);

extern const RfConvAlgorithm rf_conv_reference;
extern const RfConvAlgorithm rf_conv_im2col;
extern const RfConvAlgorithm rf_conv_direct;

G_END_DECLS
