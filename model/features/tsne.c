/* SPDX-License-Identifier: GPL-3.0-or-later */

/* p is symmetric and adds up to 1; q ~ 1 / (1 + distance²) in the plane. The gradient by point i is
 * 4 Σ (p − q) q' (yᵢ − yⱼ) with q' not normalised, in two sweeps over all pairs: the first adds up
 * the normaliser. Gains and momentum as in the authors' programs. */

#include "model/features/tsne.h"

#include "model/base/random.h"

#include <math.h>
#include <string.h>

#define EXAGGERATED  100 /* steps */
#define EXAGGERATION 12.

struct _RfTsne
{
  gsize n;
  float *p; /* [n, n] */
  double *layout, *speed, *gains, *gradient;
  int steps;
};

/* ---- similarities ---- */

static void
measure_distances (const float *points, gsize n, gsize d, gsize i, double *distances)
{
  for (gsize j = 0; j < n; j++)
    {
      double sum = 0;
      for (gsize k = 0; k < d; k++)
        {
          const double difference = (double) points[i * d + k] - points[j * d + k];
          sum += difference * difference;
        }
      distances[j] = sum;
    }
}

/* Fills @row with exp (−β · distance²) / Σ, with the β that gives the perplexity, by bisection. */
static void
fit_row (const double *distances, gsize n, gsize i, double perplexity, float *row)
{
  const double wanted = log (perplexity);
  double beta = 1, low = 0, high = INFINITY, nearest = INFINITY;
  for (gsize j = 0; j < n; j++)
    if (j != i)
      nearest = fmin (nearest, distances[j]);
  for (int round = 0; round < 64; round++)
    {
      double sum = 0, weighted = 0;
      for (gsize j = 0; j < n; j++)
        {
          const double p = j == i ? 0 : exp (-beta * (distances[j] - nearest));
          row[j] = (float) p;
          sum += p;
          weighted += p * (distances[j] - nearest);
        }
      for (gsize j = 0; j < n; j++)
        row[j] = (float) (row[j] / sum);
      const double entropy = log (sum) + beta * weighted / sum;
      if (fabs (entropy - wanted) < 1e-5)
        break;
      if (entropy > wanted)
        low = beta;
      else
        high = beta;
      beta = isinf (high) ? beta * 2 : (low + high) / 2;
    }
}

static void
fill_similarities (RfTsne *self, const float *points, gsize d, double perplexity)
{
  const gsize n = self->n;
  g_autofree double *distances = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      measure_distances (points, n, d, i, distances);
      fit_row (distances, n, i, perplexity, self->p + i * n);
    }
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        const float p = (self->p[i * n + j] + self->p[j * n + i]) / (2 * (float) n);
        self->p[i * n + j] = self->p[j * n + i] = fmaxf (p, 1e-12f);
      }
}

RfTsne *
rf_tsne_new (const float *points, gsize n, gsize d, double perplexity, guint64 seed)
{
  g_return_val_if_fail (points && n > 3 && d > 0, NULL);
  RfTsne *self = g_new0 (RfTsne, 1);
  RfRandom random = rf_random (seed, RF_RANDOM_EXAMINE, 3, 0);
  self->n = n;
  self->p = g_new (float, n *n);
  self->layout = g_new (double, 2 * n);
  self->speed = g_new0 (double, 2 * n);
  self->gains = g_new (double, 2 * n);
  self->gradient = g_new (double, 2 * n);
  for (gsize i = 0; i < 2 * n; i++)
    {
      self->layout[i] = 1e-2 * rf_random_normal (&random);
      self->gains[i] = 1;
    }
  fill_similarities (self, points, d, CLAMP (perplexity, 1.5, (double) (n - 1) / 3));
  return self;
}

void
rf_tsne_free (RfTsne *self)
{
  if (!self)
    return;
  g_free (self->p);
  g_free (self->layout);
  g_free (self->speed);
  g_free (self->gains);
  g_free (self->gradient);
  g_free (self);
}

/* ---- the gradient ---- */

static double
add_normalizer (const double *y, gsize n)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    {
      double row = 0;
      for (gsize j = 0; j < n; j++)
        {
          const double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
          row += 1 / (1 + dx * dx + dy * dy);
        }
      sum += row - 1;
    }
  return sum;
}

static void
fill_gradient (const RfTsne *self, const double *y, double exaggeration, double *gradient)
{
  const gsize n = self->n;
  const double normalizer = add_normalizer (y, n);
  for (gsize i = 0; i < n; i++)
    {
      const float *p = self->p + i * n;
      double gx = 0, gy = 0;
      for (gsize j = 0; j < n; j++)
        {
          const double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
          const double near = 1 / (1 + dx * dx + dy * dy);
          const double pull = (exaggeration * p[j] - near / normalizer) * near;
          gx += pull * dx;
          gy += pull * dy;
        }
      gradient[2 * i] = 4 * gx;
      gradient[2 * i + 1] = 4 * gy;
    }
}

double
rf_tsne_divergence (RfTsne *self, const double *layout, double *gradient)
{
  const gsize n = self->n;
  const double normalizer = add_normalizer (layout, n);
  double divergence = 0;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      {
        if (i == j)
          continue;
        const double dx = layout[2 * i] - layout[2 * j];
        const double dy = layout[2 * i + 1] - layout[2 * j + 1];
        const double p = self->p[i * n + j];
        divergence += p * log (p * normalizer * (1 + dx * dx + dy * dy));
      }
  if (gradient)
    fill_gradient (self, layout, 1, gradient);
  return divergence;
}

/* ---- steps ---- */

static void
move (RfTsne *self, gsize i, double rate, double momentum)
{
  const gboolean same = (self->gradient[i] > 0) == (self->speed[i] > 0);
  self->gains[i] = same ? fmax (self->gains[i] * 0.8, 0.01) : self->gains[i] + 0.2;
  self->speed[i] = momentum * self->speed[i] - rate * self->gains[i] * self->gradient[i];
  self->layout[i] += self->speed[i];
}

void
rf_tsne_step (RfTsne *self)
{
  const gsize n = self->n;
  const gboolean early = self->steps < EXAGGERATED;
  const double rate = fmax ((double) n / EXAGGERATION, 20);
  double mean[2] = { 0, 0 };
  fill_gradient (self, self->layout, early ? EXAGGERATION : 1, self->gradient);
  for (gsize i = 0; i < 2 * n; i++)
    {
      move (self, i, rate, early ? 0.5 : 0.8);
      mean[i % 2] += self->layout[i] / (double) n;
    }
  for (gsize i = 0; i < 2 * n; i++)
    self->layout[i] -= mean[i % 2];
  self->steps++;
}

int
rf_tsne_get_steps (const RfTsne *self)
{
  return self->steps;
}

const double *
rf_tsne_get_layout (const RfTsne *self)
{
  return self->layout;
}
