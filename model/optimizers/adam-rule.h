/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What Adam (Kingma, Ba 2015) and AdamW (Loshchilov, Hutter 2019) have in common, with the epsilon
 * of torch.optim: after t updates of a parameter
 *
 *   m ← beta1 · m + (1 − beta1) · g
 *   v ← beta2 · v + (1 − beta2) · g²
 *   w ← w − rate / (1 − beta1ᵗ) · m / (√v / √(1 − beta2ᵗ) + eps)
 *
 * They differ in the weight decay alone: Adam adds decay · w to g; AdamW shrinks w by rate · decay
 * first. */

#include "model/optimizers/optimizer.h"

typedef struct
{
  double learning_rate, beta1, beta2, eps, weight_decay;
} RfAdamConfig;

extern const RfOption rf_adam_options[];
extern const char *const rf_adam_state_names[];

int rf_adam_n_states (const void *config);

/* @decay: added to the gradient times w; @shrink: factor of w before the step. */
void rf_adam_rule (const RfAdamConfig *config, const RfUpdate *update, float decay, float shrink,
                   float *w, const float *g, float **states, gsize n);
