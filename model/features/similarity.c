/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/features/similarity.h"

#include <math.h>

#define MOST_ROUNDS 64
#define CLOSE       1e-5 /* of entropies, in nats */

static void
measure_distances (const float *points, gsize n, gsize d, gsize i, double *distances)
{
  const float *point = points + i * d;
  for (gsize j = 0; j < n; j++)
    {
      const float *other = points + j * d;
      double sums[4] = { 0 };
      gsize k = 0;
      for (; k + 4 <= d; k += 4)
        for (gsize lane = 0; lane < 4; lane++)
          {
            const double difference = (double) point[k + lane] - other[k + lane];
            sums[lane] += difference * difference;
          }
      for (; k < d; k++)
        sums[0] += ((double) point[k] - other[k]) * ((double) point[k] - other[k]);
      distances[j] = sums[0] + sums[1] + sums[2] + sums[3];
    }
}

/* Fills the row, not normalised; returns the entropy, and the sum. */
static double
fill_row (const double *distances, gsize n, gsize i, double nearest, double beta, float *row,
          double *sum)
{
  double weighted = 0;
  *sum = 0;
  for (gsize j = 0; j < n; j++)
    {
      const double away = distances[j] - nearest;
      const double p = j == i ? 0 : exp (-beta * away);
      row[j] = (float) p;
      *sum += p;
      weighted += p * away;
    }
  return log (*sum) + beta * weighted / *sum;
}

/* Distances count from the nearest, which changes no p but keeps the sum from becoming 0; the first
 * β is that of a mean distance, whatever the scale of the points. */
void
rf_similarity_fit (const float *points, gsize n, gsize d, gsize i, double perplexity,
                   double *distances, float *row)
{
  const double wanted = log (perplexity);
  double low = 0, high = INFINITY, nearest = INFINITY, mean = 0, sum = 1;
  measure_distances (points, n, d, i, distances);
  for (gsize j = 0; j < n; j++)
    if (j != i)
      nearest = fmin (nearest, distances[j]);
  for (gsize j = 0; j < n; j++)
    if (j != i)
      mean += (distances[j] - nearest) / (double) (n - 1);
  double beta = mean > 0 ? 1 / mean : 1;
  for (int round = 0; round < MOST_ROUNDS; round++)
    {
      const double entropy = fill_row (distances, n, i, nearest, beta, row, &sum);
      if (fabs (entropy - wanted) < CLOSE)
        break;
      if (entropy > wanted)
        low = beta;
      else
        high = beta;
      beta = isinf (high) ? beta * 2 : (low + high) / 2;
    }
  for (gsize j = 0; j < n; j++)
    row[j] = (float) (row[j] / sum);
}
