/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the driver (conv.c) and the algorithms of convolution know of each other. */

#include "model/kernels/conv.h"

G_BEGIN_DECLS

/* What a convolution is asked for; each may run on another algorithm. */
typedef enum
{
  RF_CONV_FORWARD,
  RF_CONV_INPUT,   /* the gradient by x */
  RF_CONV_WEIGHTS, /* … by the weights */
  RF_CONV_N_PASSES
} RfConvPass;

typedef struct
{
  const char *name;
  /* Whether this algorithm can do @pass of @conv, and whether it is worth while (NULL: always); the
   * driver takes the first in its table that says so. */
  gboolean (*applies) (const RfConv *conv, RfConvPass pass);
  gboolean (*pays) (const RfConv *conv, RfConvPass pass);
  /* Decides its tiles and raises shared_scratch and worker_scratch to what @pass needs; may keep
   * its plan in data[pass], which free_plan (or NULL) frees. */
  void (*plan) (RfConv *conv, RfConvPass pass);
  void (*free_plan) (RfConv *conv, RfConvPass pass);
  void (*forward) (const RfConv *conv, int n, const float *x, const float *weights,
                   const float *bias, const RfConvFinish *finish, float *y, float *shared);
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
  const RfConvAlgorithm *algorithms[RF_CONV_N_PASSES];
  char name[64];                        /* of the algorithms, for people */
  gsize shared_scratch, worker_scratch; /* floats */

  /* Derived from the shape, per group. */
  int group_in, group_out; /* channels */
  int depth; /* group_in · kernel height · kernel width: length of one dot product */
  int in_pixels, out_pixels;

  gpointer data[RF_CONV_N_PASSES]; /* of the algorithms */
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

/* As rf_conv_new(), but on @wanted wherever that applies, worth while or not: to compare them. */
RfConv *rf_conv_new_using (const RfConvShape *shape, int capacity, gboolean training,
                           RfKernelPath path, const RfConvAlgorithm *wanted);

/* Whether @conv is a plain 3×3: stride, dilation and groups 1. */
static inline gboolean
rf_conv_is_plain_3x3 (const RfConv *conv)
{
  const RfConvShape *shape = &conv->shape;

  return shape->kernel[0] == 3 && shape->kernel[1] == 3 && shape->stride[0] == 1
         && shape->stride[1] == 1 && shape->dilation[0] == 1 && shape->dilation[1] == 1
         && shape->groups == 1;
}

static inline void
rf_conv_need_scratch (RfConv *conv, gsize shared, gsize worker)
{
  conv->shared_scratch = MAX (conv->shared_scratch, shared);
  conv->worker_scratch = MAX (conv->worker_scratch, worker);
}

/* Finishes @count numbers of a result from @out on, which begins at @start. */
static inline void
rf_conv_finish (const RfConv *conv, const RfConvFinish *finish, const float *start, float *out,
                gsize count)
{
  if (finish->addend)
    conv->kernels->accumulate (finish->addend + (out - start), out, count);
  if (finish->rectify)
    conv->kernels->activation[RF_ACTIVATION_RELU](out, out, count, 0);
}

/* The same for a whole result, for algorithms that have it by themselves. */
void rf_conv_finish_all (const RfConv *conv, const RfConvFinish *finish, int n, float *y);

/* d_weights = Σ over the @parts gradients at @partial, in their order. */
void rf_conv_add_parts (const RfConv *conv, const float *partial, int parts, float *d_weights);

extern const RfConvAlgorithm rf_conv_reference;
extern const RfConvAlgorithm rf_conv_im2col;
extern const RfConvAlgorithm rf_conv_direct;
extern const RfConvAlgorithm rf_conv_winograd;

G_END_DECLS
