/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A network: layers in execution order, their parameters in one block, and a memory plan.
 *
 * Made from an experiment in two stages. rf_net_new() infers shapes and counts, takes no memory for
 * numbers, and explains what cannot be. rf_net_plan() lays out weights, gradients and activations
 * for batches up to a capacity; after it a step allocates nothing. One thread at a time uses a
 * network. */

#include "model/layers/layer.h"
#include "model/safetensors/safetensors.h"

G_BEGIN_DECLS

struct _RfNet
{
  RfExperiment *experiment; /* the one whose configs the layers read */
  RfShape input, output;
  GPtrArray
      *layers; /* of RfLayer *, all of them, nested ones before the residual that holds them */
  RfParam *params;
  guint n_params;
  gsize n_weights, n_buffers; /* floats of the blocks below; each parameter begins on 64 bytes, with
                               * zeros between, see RfParam.offset */
  float *weights, *gradients; /* trained parameters, in the order of params; NULL until planned, and
                               * no gradients where the plan is not for training */
  float *buffers;
  char **classes;         /* names of the outputs, NULL-terminated; NULL where they are not known */
  gboolean keeps_outputs; /* set before rf_net_plan(): each layer computes its own y, for somebody
                           * to look at; otherwise some are merged, see net-fuse.c */
  gboolean wants_input_gradient; /* set before rf_net_plan() */
  const float
      *input_gradient; /* then filled in by rf_net_backward(), [n, channels, height, width] */
  /*< private >*/
  struct _RfNetPrivate *priv;
};

/* @input: the data set's shape, used where the experiment leaves it open, checked where it does
 * not. channels 0: no data set at hand. */
RfNet *rf_net_new (RfExperiment *experiment, RfShape input, RfKernelPath path, GError **error);
void rf_net_free (RfNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfNet, rf_net_free)

/* Bytes that planning for @capacity would take in all. */
guint64 rf_net_memory (const RfNet *net, int capacity, gboolean training);
/* Lays out memory, or says how much it would need and for what (RF_ERROR_MEMORY; the plan before
 * stays). May be called again with another capacity: weights stay, and a smaller plan lies in the
 * memory of the larger. How sums are cut, and so their last bits, are a function of the capacity,
 * not of what was planned before. Without @training there is no way back, passes must not be in
 * training mode, and the outputs of layers
 * share memory. Must not hold the pool. */
gboolean rf_net_plan (RfNet *net, int capacity, gboolean training, GError **error);
int rf_net_capacity (const RfNet *net);

/* First weights, from the layers' `init` and @seed: each parameter's are a function of (seed, its
 * index). Needs a plan, as all that touches weights. */
void rf_net_reset (RfNet *net, guint64 seed);
/* Points the layers at the configs of @experiment, which has the same structure. Allocates nothing.
 */
void rf_net_set_experiment (RfNet *net, RfExperiment *experiment);

/* @images [n, channels, height, width], read until the backward pass ends. Returns logits
 * [n, classes]. The caller holds the pool. */
const float *rf_net_forward (RfNet *net, const RfPass *pass, const float *images);
/* Fills the gradients from those of the logits, which are read until it returns. Frozen layers'
 * gradients are computed too. Needs a plan for training; @pass as in the forward pass, which need
 * not have been in training mode. */
void rf_net_backward (RfNet *net, const RfPass *pass, const float *d_logits);

/* After a forward pass of @n samples of a plan for training: the first layer, in execution order,
 * whose output is not finite; else one whose weights are not; else NULL. */
const RfLayer *rf_net_find_not_finite (RfNet *net, int n);
gboolean rf_net_weights_finite (const RfNet *net);

/* Σ l1|w| + l2 w² over all layers with weights, in double, in fixed order. */
double rf_net_penalty (const RfNet *net);

/* Weights and buffers by name. Loading checks all before it changes any; the message names the
 * tensor, what was expected and what was found. `num_batches_tracked` is ignored. */
gboolean rf_net_load (RfNet *net, const RfSafetensors *file, GError **error);
gboolean rf_net_load_file (RfNet *net, const char *path, GError **error);
gboolean rf_net_save (const RfNet *net, const char *path, RfDtype dtype, GError **error);

/* Weights and running statistics of a network of the same structure; both are planned. */
void rf_net_copy_values (const RfNet *from, RfNet *to);

/* Names of the outputs. Weights are written with them; rf_net_load() takes those of a file, if it
 * has one for each output, where the network has none: those of its data set count for more. */
void rf_net_set_classes (RfNet *net, const char *const *classes);
void rf_net_take_classes (RfNet *net, const RfSafetensors *file);
/* Writes tensors of the network with what belongs beside weights. */
gboolean rf_net_write_tensors (const RfNet *net, const char *path, const RfTensor *tensors,
                               guint n_tensors, GError **error);

/* The network as a PyTorch script. */
char *rf_net_to_pytorch (const RfNet *net);

/* Multiply-adds of one sample, forward. */
guint64 rf_net_cost (const RfNet *net);
gsize rf_net_count_parameters (const RfNet *net);

G_END_DECLS
