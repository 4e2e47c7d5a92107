/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small fully connected network in double precision, as TensorFlow Playground has it.
 *
 * z = b + Σ w · x, y = f(z); the loss of a point is ½ (y - label)², or with softmax -log y[label].
 * rf_play_net_accumulate () adds the gradients of points up, rf_play_net_update () applies their
 * mean and then the penalty's part:
 *
 *   w₁ = w - rate · g (or the optimizer's step),  w₂ = w₁ - rate · (l1 · sign (w) + l2 · w)
 *
 * both with the old w. With L1, a weight whose w₁ and w₂ have different signs becomes 0 and is
 * dead: it is left alone until it is revived. Biases have no penalty.
 *
 * Weights are numbered by layer (hidden ones first, the output last), node and input. A network
 * belongs to one thread at a time; copying is one memcpy. Its kernels (kernels.h) are compiled for
 * several instruction sets and give the same bits with each. */

#include "model/kernels/kernels.h"
#include "model/playground/seedrandom.h"
#include "model/playground/state.h"
#include "model/playground/table.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PLAY_OUTPUT_TANH,    /* one output, labels -1 and +1 */
  RF_PLAY_OUTPUT_LINEAR,  /* one output, any labels */
  RF_PLAY_OUTPUT_SOFTMAX, /* n_outputs classes */
} RfPlayOutput;

typedef struct
{
  int n_inputs; /* 0 to RF_PLAY_ROW */
  int n_layers; /* hidden */
  int units[RF_PLAY_MAX_LAYERS];
  int activation[RF_PLAY_MAX_LAYERS]; /* RfPlayActivation */
  double dropout[RF_PLAY_MAX_LAYERS];
  RfPlayOutput output;
  int n_outputs; /* 1, or for softmax 2 to RF_PLAY_MAX_CLASSES */
} RfPlayShape;

/* What may change between two updates. */
typedef struct
{
  double learning_rate, l1, l2;
  int optimizer;   /* RfPlayOptimizer */
  double momentum; /* of RF_PLAY_MOMENTUM */
  gboolean revive; /* a weight at 0 is not dead */
} RfPlayRates;

typedef struct _RfPlayNet RfPlayNet;

/* Draws the first weights from U(-.5, .5) in the order of the links; biases are .1. With @init_zero
 * all are 0, and the numbers are drawn nevertheless. @dropout_seed: what is dropped is a function
 * of it and of how many points were taken. */
RfPlayNet *rf_play_net_new (const RfPlayShape *shape, RfSeedRandom *random, gboolean init_zero,
                            guint64 dropout_seed);
RfPlayNet *rf_play_net_copy (const RfPlayNet *net);
/* Without allocating; both have the same shape. */
void rf_play_net_copy_into (const RfPlayNet *net, RfPlayNet *into);
void rf_play_net_free (RfPlayNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPlayNet, rf_play_net_free)

const RfPlayShape *rf_play_net_get_shape (const RfPlayNet *net);
/* By default rf_kernels_path (). */
void rf_play_net_set_kernels (RfPlayNet *net, RfKernelPath path);

/* --- Looking and editing -------------------------------------------------------------------- */

/* Layers with weights: the hidden ones and the output. */
int rf_play_net_count_layers (const RfPlayNet *net);
int rf_play_net_count_units (const RfPlayNet *net, int layer);
int rf_play_net_count_inputs (const RfPlayNet *net, int layer);
/* Units of all layers: the pictures of rf_play_net_draw_maps (). */
int rf_play_net_count_nodes (const RfPlayNet *net);

double rf_play_net_get_weight (const RfPlayNet *net, int layer, int unit, int input);
double rf_play_net_get_bias (const RfPlayNet *net, int layer, int unit);
/* A dead weight can be set, and keeps what it is given. */
void rf_play_net_set_weight (RfPlayNet *net, int layer, int unit, int input, double weight);
void rf_play_net_set_bias (RfPlayNet *net, int layer, int unit, double bias);
gboolean rf_play_net_is_dead (const RfPlayNet *net, int layer, int unit, int input);
void rf_play_net_revive (RfPlayNet *net);
/* Of a hidden layer, from now on: 0 ≤ rate < 1. */
void rf_play_net_set_dropout (RfPlayNet *net, int layer, double rate);

typedef struct
{
  int weights, dead, zero; /* zero: exactly, dead ones included */
  double sum_abs, sum_squares;
} RfPlayWeights;
/* Counts and sums over all weights, not biases. */
void rf_play_net_sum_weights (const RfPlayNet *net, RfPlayWeights *sums);

/* All parameters as one list, for a history: layer after layer, each unit's bias and weights. A
 * network keeps which weights are dead when they are set. */
int rf_play_net_count_parameters (const RfPlayNet *net);
void rf_play_net_get_parameters (const RfPlayNet *net, double *parameters);
void rf_play_net_set_parameters (RfPlayNet *net, const double *parameters);

/* The first layer and unit with a parameter that is not finite; FALSE where there is none. */
gboolean rf_play_net_find_not_finite (const RfPlayNet *net, int *layer, int *unit);

/* --- Training ------------------------------------------------------------------------------- */

/* Forward and backward over @n points from @first, in order, with dropout. */
void rf_play_net_accumulate (RfPlayNet *net, const RfPlayTable *table, gsize first, gsize n);
/* Applies what was accumulated; nothing if that is nothing. */
void rf_play_net_update (RfPlayNet *net, const RfPlayRates *rates);
/* Points accumulated since the last update. */
int rf_play_net_count_accumulated (const RfPlayNet *net);

/* Of the point accumulated last: a unit's output, after dropout, and dE/dz. */
double rf_play_net_get_last_output (const RfPlayNet *net, int layer, int unit);
double rf_play_net_get_last_delta (const RfPlayNet *net, int layer, int unit);

/* --- Evaluation, without dropout ------------------------------------------------------------ */

/* The mean loss, without penalty, NaN for no points. *@accuracy, if not NULL: the fraction on the
 * right side (output ≥ 0 for a positive label) or with the label as the most probable class; NaN
 * for a linear output. */
double rf_play_net_measure (const RfPlayNet *net, const RfPlayTable *table, double *accuracy);

/* Outputs of every unit for each point: maps[node][point]. A map that is NULL is left out. Nodes
 * are the hidden units, layer after layer, then the outputs (softmax: probabilities). */
void rf_play_net_draw_maps (const RfPlayNet *net, const RfPlayTable *table, float *const *maps);

G_END_DECLS
