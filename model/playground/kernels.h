/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of a network, and the loops that compute with it.
 *
 * Training takes one point after the other through small layers, so the vectors run over the units
 * of a layer, and a few points are taken through each layer side by side to hide the time that one
 * result needs for the next. Weights lie as [input][unit] with units padded to eight: forward and
 * gradients walk down the rows. The backward pass walks over a transposed copy, made anew after
 * each update. Evaluation has many points and no such chain: there the vectors run over points.
 *
 * kernels/simd.c is compiled once per instruction set; kernels/reference.c is the plain truth that
 * it is tested against. All of them add and multiply in the original's order, lane by lane, and
 * give the same bits (js-math.h says why that matters). */

#include "model/playground/network.h"

G_BEGIN_DECLS

/* Points that go through a layer side by side. */
#define RF_PLAY_BLOCK     8
#define RF_PLAY_LANES     8
#define RF_PLAY_PADDED(n) (((n) + RF_PLAY_LANES - 1) / RF_PLAY_LANES * RF_PLAY_LANES)

/* Rows of w, g, m and v: one for each input and a last one for the biases. Lanes beyond n_out hold
 * zeros, or anything once the network has exploded, and never reach a real one. */
typedef struct
{
  int n_in, n_out, p_in, p_out; /* p: padded */
  int activation;
  double dropout;
  double *w, *g;     /* [n_in + 1][p_out] */
  double *m, *v;     /* optimizer state */
  gint64 *dead;      /* [n_in][p_out]: all bits or none */
  double *w_by_unit; /* [n_out][p_in], the transposed */
  double *out;       /* [block][p_out] */
  double *delta;     /* [block][p_out]: dE/dz */
  double *mask;      /* [block][p_out]: 0 or 1 / (1 - rate), with dropout */
  double *slope;     /* [block][p_out]: f'(z) · mask, with dropout */
} RfPlayLayer;

typedef struct
{
  RfPlayRates rates;
  double count;                    /* points that were accumulated */
  double correction1, correction2; /* of Adam: 1 - betaᵗ, √(1 - beta2ᵗ) */
} RfPlayStep;

typedef struct
{
  double loss; /* sum */
  gsize correct;
} RfPlaySums;

typedef struct
{
  /* Up to RF_PLAY_BLOCK points forward and backward; adds to the gradients. */
  void (*accumulate) (RfPlayNet *net, const double *rows, const double *labels, int n);
  /* Updates every parameter, zeroes the gradients, transposes. */
  void (*update) (RfPlayNet *net, const RfPlayStep *step);
  /* All points; @maps or @sums may be NULL. */
  void (*evaluate) (const RfPlayNet *net, const RfPlayTable *table, float *const *maps,
                    RfPlaySums *sums);
} RfPlayKernels;

struct _RfPlayNet
{
  RfPlayShape shape;
  int n_layers; /* with the output */
  RfPlayLayer layers[RF_PLAY_MAX_LAYERS + 1];
  const RfPlayKernels *kernels;
  int n_accumulated, last; /* place in the block of the last point */
  guint64 n_updates, n_points, dropout_seed;
  double *memory; /* everything the layers point to */
  gsize memory_size;
};

const RfPlayKernels *rf_play_kernels_get (RfKernelPath path);

extern const RfPlayKernels rf_play_kernels_reference;

#define RF_PLAY_RMSPROP_ALPHA 0.99
#define RF_PLAY_ADAM_BETA1    0.9
#define RF_PLAY_ADAM_BETA2    0.999
#define RF_PLAY_EPSILON       1e-8

G_END_DECLS
