/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Update rules, as in PyTorch to the place of epsilon.
 *
 * An optimizer class updates a range of one parameter; the driver (rf_optimizer_step()) walks over
 * all parameters in fixed chunks on the pool, adds the penalties' derivatives, and skips frozen
 * layers. */

#include "model/net/net.h"

G_BEGIN_DECLS

#define RF_OPTIMIZER_MAX_STATES 3

/* Everything about one parameter's update in one step. */
typedef struct
{
  double rate;         /* live learning rate × schedule × lr_scale */
  double weight_decay; /* of the optimizer */
  double l1, l2;       /* of the layer; 0 for biases. l1 is 0 here under the proximal rule */
  double threshold;    /* proximal: rate · l1, else 0 */
  gint64 step;         /* updates this parameter has had, this one included */
  const RfKernels *kernels;
} RfUpdate;

typedef struct
{
  RfSpecClass spec; /* every class has learning_rate and weight_decay, both live */
  int (*n_states) (const void *config); /* floats per weight to remember */
  const char *const *state_names;       /* "momentum", …: names in the state file */
  /* w and states of a range of @n floats, g its gradient (may be overwritten). */
  void (*update) (const void *config, const RfUpdate *update, float *w, float *g, float **states,
                  gsize n);
  gsize learning_rate, weight_decay; /* offsets in the config */
} RfOptimizerClass;

extern const RfOptimizerClass *const rf_optimizer_classes[];

typedef struct _RfOptimizer RfOptimizer;

RfOptimizer *rf_optimizer_new (RfNet *net, const RfSpec *spec, GError **error);
void rf_optimizer_free (RfOptimizer *optimizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfOptimizer, rf_optimizer_free)

/* One update of the network from its gradients. @experiment gives the live values; @factor is the
 * schedule's. Allocates nothing; the caller holds the pool. */
void rf_optimizer_step (RfOptimizer *optimizer, const RfExperiment *experiment, double factor);

/* The state as tensors "momentum/0.weight" (F32) and "step/0.weight" (I64), which point into the
 * optimizer; free the array with g_array_unref(). */
GArray *rf_optimizer_tensors (RfOptimizer *optimizer);
gboolean rf_optimizer_load (RfOptimizer *optimizer, const RfSafetensors *file, GError **error);
void rf_optimizer_reset (RfOptimizer *optimizer);

G_END_DECLS
