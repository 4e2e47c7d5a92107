/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax and cross entropy in one, as torch.nn.CrossEntropyLoss. With z the logits of a sample,
 * K classes, t its class and ε the label smoothing:
 *
 *   log p_k = z_k - log Σ_j exp z_j
 *   loss = (1 - ε) (-log p_t) + ε/K Σ_k (-log p_k),   mean over the batch
 *   dz_k = (p_k - (1 - ε) [k = t] - ε/K) / n
 *
 * The largest logit is subtracted before exp(), so nothing overflows. A logit that is not finite
 * makes the loss NaN, so that divergence cannot hide. */
#include "model/losses/loss.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* log Σ exp z; NaN where a logit is not finite. */
static double
log_sum_exp (const float *logits, int classes)
{
  double largest = logits[0], sum = 0;
  for (int k = 0; k < classes; k++)
    {
      if (!isfinite (logits[k]))
        return NAN;
      largest = MAX (largest, logits[k]);
    }
  for (int k = 0; k < classes; k++)
    sum += exp (logits[k] - largest);
  return largest + log (sum);
}

void
rf_softmax (const float *logits, int classes, float *p)
{
  double normalizer = log_sum_exp (logits, classes);
  for (int k = 0; k < classes; k++)
    p[k] = (float) exp (logits[k] - normalizer);
}

/* Classes before @label in the order of falling logits, the first of equal ones first. */
static int
rank_of (const float *logits, int classes, int label)
{
  int rank = 0;
  for (int k = 0; k < classes; k++)
    rank += logits[k] > logits[label] || (logits[k] == logits[label] && k < label);
  return rank;
}

static RfLossResult
compute (const float *logits, const gint32 *labels, int n, int classes, double label_smoothing,
         float *d_logits)
{
  RfLossResult result = { 0 };
  double share = label_smoothing / classes;
  for (int i = 0; i < n; i++)
    {
      const float *z = logits + (gsize) i * classes;
      int label = labels[i];
      g_assert (label >= 0 && label < classes);
      double normalizer = log_sum_exp (z, classes), sum = 0;
      for (int k = 0; k < classes; k++)
        {
          sum += normalizer - z[k];
          if (d_logits)
            {
              double target = (k == label ? 1 - label_smoothing : 0) + share;
              d_logits[(gsize) i * classes + k] = (float) ((exp (z[k] - normalizer) - target) / n);
            }
        }
      result.loss += (1 - label_smoothing) * (normalizer - z[label]) + share * sum;
      if (!isnan (normalizer))
        {
          int rank = rank_of (z, classes, label);
          result.right += rank == 0;
          result.right_top5 += rank < 5;
        }
    }
  result.loss /= n;
  return result;
}

const RfLossClass rf_cross_entropy_loss = {
  .type = "cross_entropy",
  .title = N_ ("Cross entropy"),
  .compute = compute,
};
