/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/net/net.h"

G_BEGIN_DECLS

typedef struct
{
  double loss;  /* batch mean */
  gint64 right; /* samples whose largest logit is their class; the first of equal ones */
  gint64 right_top5;
} RfLossResult;

typedef struct
{
  const char *type;
  const char *title;
  /* Loss of @logits [n, classes] against @labels [n], and its gradient by the logits unless
   * @d_logits is NULL. */
  RfLossResult (*compute) (const float *logits, const gint32 *labels, int n, int classes,
                           double label_smoothing, float *d_logits);
} RfLossClass;

extern const RfLossClass *const rf_loss_classes[]; /* the first is the default */

/* p = softmax(logits), one row of @classes. */
void rf_softmax (const float *logits, int classes, float *p);

G_END_DECLS
