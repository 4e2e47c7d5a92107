/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A network under the microscope: in evaluation mode, with the output of every layer at hand, and
 * gradients of anything by the input. Belongs to one thread; never the network that is trained. It
 * takes the pool for a batch at a time, behind whoever trains. */

#include "model/net/net.h"

G_BEGIN_DECLS

#define RF_SPECIMEN_BATCH 16

typedef struct _RfSpecimen RfSpecimen;

/* As rf_net_new() and rf_net_plan(), for batches of RF_SPECIMEN_BATCH. Weights are those that
 * training begins with, until they are copied or loaded into its network. */
RfSpecimen *rf_specimen_new (RfExperiment *experiment, RfShape input, RfKernelPath path,
                             GError **error);
void rf_specimen_free (RfSpecimen *specimen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSpecimen, rf_specimen_free)

/* Its weights may be changed between two calls. */
RfNet *rf_specimen_get_net (RfSpecimen *specimen);
/* Layers that are inside no other; those of a network without residuals are all. */
const GPtrArray *rf_specimen_get_top (RfSpecimen *specimen);

/* @images: [n, channels, height, width], normalised, read until the next call; @n at most
 * RF_SPECIMEN_BATCH. Returns logits [n, classes]. */
const float *rf_specimen_forward (RfSpecimen *specimen, const float *images, int n);

/* After a forward pass of @n pictures, the gradient of Σ @dy · y by the input, [n, channels,
 * height, width]: of the output y of a layer, or (NULL) of the logits. What a layer inside a
 * residual puts out reaches the input by its own branch alone. Valid until the next call. */
const float *rf_specimen_pull (RfSpecimen *specimen, int n, const RfLayer *layer, const float *dy);
/* The gradient of Σ @d_logits · logits by the output of any layer, [n, channels, height, width].
 * Valid until the next call, and no longer than @d_logits. */
const float *rf_specimen_pull_to (RfSpecimen *specimen, int n, const RfLayer *layer,
                                  const float *d_logits);

G_END_DECLS
