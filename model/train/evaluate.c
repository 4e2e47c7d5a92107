/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluation of a split with the engine's own network, in batches as large as its plan. Between two
 * batches it gives the pool away, so that training elsewhere goes first. */

#include "model/base/pool.h"
#include "model/train/engine.h"

#include <math.h>

typedef struct
{
  const RfDataset *dataset;
  const guint32 *rows;
  float *images;
} Fill;

static void
fill_image (void *data, int item, int worker)
{
  const Fill *fill = data;
  gsize size = RF_SHAPE_COUNT (fill->dataset->shape);
  rf_dataset_get (fill->dataset, fill->rows[item], fill->images + (gsize) item * size);
}

static void
count_confusion (const float *logits, const gint32 *labels, int n, int n_classes, gint64 *confusion)
{
  for (int i = 0; i < n; i++, logits += n_classes)
    {
      int best = 0;
      for (int c = 1; c < n_classes; c++)
        if (logits[c] > logits[best])
          best = c;
      confusion[(gsize) labels[i] * n_classes + best]++;
    }
}

static RfLossResult
evaluate_batch (RfEngine *self, const guint32 *rows, int n, gint64 *confusion)
{
  const RfDataset *dataset = self->dataset;
  RfPass pass = { n, FALSE, self->experiment->training.seed, self->step };
  Fill fill = { dataset, rows, self->images };

  for (int i = 0; i < n; i++)
    self->labels[i] = dataset->labels[rows[i]];
  rf_pool_enter (RF_POOL_INSPECT);
  rf_pool_run (n, fill_image, &fill);
  const float *logits = rf_net_forward (self->net, &pass, self->images);
  RfLossResult result
      = rf_loss_classes[0]->compute (logits, self->labels, n, dataset->n_classes, 0, NULL);
  if (confusion)
    count_confusion (logits, self->labels, n, dataset->n_classes, confusion);
  rf_pool_leave ();
  return result;
}

void
rf_engine_evaluate (RfEngine *self, RfSplit split, const gint *cancel, double *loss,
                    double *accuracy, double *top5, gint64 *confusion)
{
  g_return_if_fail (self && split < RF_N_SPLITS && loss && accuracy);

  const RfRows *rows = &self->dataset->splits[split];
  gsize capacity = (gsize) rf_net_capacity (self->net), done = 0;
  double loss_sum = 0;
  gint64 right = 0, right_top5 = 0;

  while (done < rows->n && !(cancel && g_atomic_int_get ((gint *) cancel)))
    {
      int n = (int) MIN (capacity, rows->n - done);
      RfLossResult result = evaluate_batch (self, rows->rows + done, n, confusion);
      loss_sum += result.loss * n;
      right += result.right;
      right_top5 += result.right_top5;
      done += n;
    }

  gboolean complete = done == rows->n && done > 0;
  *loss = complete ? loss_sum / (double) done : NAN;
  *accuracy = complete ? (double) right / (double) done : NAN;
  if (top5)
    *top5 = complete ? (double) right_top5 / (double) done : NAN;
}
