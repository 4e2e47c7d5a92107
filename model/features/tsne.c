/* SPDX-License-Identifier: GPL-3.0-or-later */

/* p is symmetric and adds up to 1; q = near / Σ near with near = 1 / (1 + distance²) in the plane.
 * The gradient by point i is 4 Σ (p − q) near (yᵢ − yⱼ): in one sweep over all pairs, since what
 * attracts and what repels are added up apart and Σ near, which only divides what repels,
 * meanwhile. Gains, momentum and the factor of p in the beginning as in the authors' programs; the
 * rate after Belkina et al. (2019), n over that factor, for a gradient with its 4. */

#include "model/features/tsne.h"

#include "model/base/pool.h"
#include "model/base/random.h"
#include "model/features/similarity.h"

#include <math.h>

#define EARLY        250 /* steps */
#define EXAGGERATION 12.
#define ROWS         16 /* of a work item */
#define FITTED       4  /* items of them in a step */
#define SMALLEST     1e-12f

typedef struct
{
  double attract[2], repel[2], near;
} Force;

struct _RfTsne
{
  gsize n, d, fitted;
  double perplexity;
  float *points;
  float *p;          /* [n, n] */
  double *distances; /* [ROWS · FITTED, n] */
  double *layout, *speed, *gains, *gradient;
  const double *y; /* the layout that forces are wanted of */
  Force *forces;   /* [n] */
  int steps;
};

static int
count_items (gsize n)
{
  return (int) ((n + ROWS - 1) / ROWS);
}

RfTsne *
rf_tsne_new (const float *points, gsize n, gsize d, double perplexity, guint64 seed)
{
  g_return_val_if_fail (points && n > 3 && d > 0, NULL);
  RfTsne *self = g_new0 (RfTsne, 1);
  RfRandom random = rf_random (seed, RF_RANDOM_EXAMINE, 3, 0);
  self->n = n;
  self->d = d;
  self->perplexity = MAX (MIN (perplexity, (double) (n - 1) / 3), 1.5);
  self->points = g_memdup2 (points, n * d * sizeof (float));
  self->p = g_new (float, n *n);
  self->distances = g_new (double, ROWS *FITTED *n);
  self->layout = g_new (double, 2 * n);
  self->speed = g_new0 (double, 2 * n);
  self->gains = g_new (double, 2 * n);
  self->gradient = g_new (double, 2 * n);
  self->forces = g_new (Force, n);
  for (gsize i = 0; i < 2 * n; i++)
    {
      self->layout[i] = 1e-4 * rf_random_normal (&random);
      self->gains[i] = 1;
    }
  return self;
}

void
rf_tsne_free (RfTsne *self)
{
  if (!self)
    return;
  g_free (self->points);
  g_free (self->p);
  g_free (self->distances);
  g_free (self->layout);
  g_free (self->speed);
  g_free (self->gains);
  g_free (self->gradient);
  g_free (self->forces);
  g_free (self);
}

/* ---- similarities ---- */

static void
fit_rows (void *data, int item, int worker)
{
  RfTsne *self = data;
  const gsize first = self->fitted + (gsize) item * ROWS;
  for (gsize i = first; i < MIN (first + ROWS, self->n); i++)
    rf_similarity_fit (self->points, self->n, self->d, i, self->perplexity,
                       self->distances + (i - self->fitted) * self->n, self->p + i * self->n);
}

/* p(i, j) = (p(i|j) + p(j|i)) / 2n. A pair belongs to the item of its smaller row. */
static void
symmetrize_rows (void *data, int item, int worker)
{
  RfTsne *self = data;
  const gsize n = self->n, first = (gsize) item * ROWS;
  for (gsize i = first; i < MIN (first + ROWS, n); i++)
    for (gsize j = i + 1; j < n; j++)
      {
        const float p = (self->p[i * n + j] + self->p[j * n + i]) / (2 * (float) n);
        self->p[i * n + j] = self->p[j * n + i] = fmaxf (p, SMALLEST);
      }
}

/* The caller holds the pool. */
static void
fit_some (RfTsne *self)
{
  const gsize rows = MIN (ROWS * FITTED, self->n - self->fitted);
  rf_pool_run (count_items (rows), fit_rows, self);
  self->fitted += rows;
  if (self->fitted == self->n)
    rf_pool_run (count_items (self->n), symmetrize_rows, self);
}

/* ---- the gradient ---- */

static void
add_forces (void *data, int item, int worker)
{
  RfTsne *self = data;
  const gsize n = self->n, first = (gsize) item * ROWS;
  const double *y = self->y;
  for (gsize i = first; i < MIN (first + ROWS, n); i++)
    {
      const float *p = self->p + i * n;
      Force force = { 0 };
      for (gsize j = 0; j < n; j++)
        {
          const double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
          const double near = 1 / (1 + dx * dx + dy * dy);
          const double attract = p[j] * near, repel = near * near;
          force.attract[0] += attract * dx;
          force.attract[1] += attract * dy;
          force.repel[0] += repel * dx;
          force.repel[1] += repel * dy;
          force.near += near;
        }
      force.near -= 1; /* itself */
      self->forces[i] = force;
    }
}

/* Returns Σ near. The caller holds the pool. */
static double
fill_gradient (RfTsne *self, const double *y, double exaggeration, double *gradient)
{
  double sum = 0;
  self->y = y;
  rf_pool_run (count_items (self->n), add_forces, self);
  for (gsize i = 0; i < self->n; i++)
    sum += self->forces[i].near;
  for (gsize i = 0; i < 2 * self->n; i++)
    {
      const Force *force = &self->forces[i / 2];
      gradient[i] = 4 * (exaggeration * force->attract[i % 2] - force->repel[i % 2] / sum);
    }
  return sum;
}

double
rf_tsne_divergence (RfTsne *self, const double *layout, double *gradient)
{
  g_return_val_if_fail (self && self->fitted == self->n, NAN);
  const gsize n = self->n;
  g_autofree double *scratch = g_new (double, 2 * n);
  double divergence = 0;
  rf_pool_enter (RF_POOL_INSPECT);
  const double sum = fill_gradient (self, layout, 1, gradient ? gradient : scratch);
  rf_pool_leave ();
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      {
        const double dx = layout[2 * i] - layout[2 * j];
        const double dy = layout[2 * i + 1] - layout[2 * j + 1];
        const double p = self->p[i * n + j];
        if (i != j)
          divergence += p * log (p * sum * (1 + dx * dx + dy * dy));
      }
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

static void
step_layout (RfTsne *self)
{
  const gsize n = self->n;
  const gboolean early = self->steps < EARLY;
  const double rate = fmax ((double) n / EXAGGERATION / 4, 12.5);
  double mean[2] = { 0, 0 };
  for (gsize i = 0; i < 2 * n; i++)
    {
      move (self, i, rate, early ? 0.5 : 0.8);
      mean[i % 2] += self->layout[i] / (double) n;
    }
  for (gsize i = 0; i < 2 * n; i++)
    self->layout[i] -= mean[i % 2];
  self->steps++;
}

gboolean
rf_tsne_step (RfTsne *self)
{
  g_return_val_if_fail (self, TRUE);
  const gboolean fitting = self->fitted < self->n;
  rf_pool_enter (RF_POOL_INSPECT);
  if (fitting)
    fit_some (self);
  else
    fill_gradient (self, self->layout, self->steps < EARLY ? EXAGGERATION : 1, self->gradient);
  rf_pool_leave ();
  if (!fitting)
    step_layout (self);
  return self->steps >= RF_TSNE_STEPS;
}

int
rf_tsne_get_steps (const RfTsne *self)
{
  return self->steps;
}

/* The neighbours take about as long as a tenth of the steps. */
double
rf_tsne_get_progress (const RfTsne *self)
{
  const double fitted = (double) self->fitted / (double) self->n;
  return MIN (0.1 * fitted + 0.9 * self->steps / RF_TSNE_STEPS, 1);
}

const double *
rf_tsne_get_layout (const RfTsne *self)
{
  return self->layout;
}

const float *
rf_tsne_get_similarities (const RfTsne *self)
{
  return self->fitted == self->n ? self->p : NULL;
}
