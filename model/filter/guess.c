/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loss over n windows X (n × k, one row a window) and targets t is a quadratic,
 *
 *   L(w, b) = 1/n Σ (x·w + b - t)² = w'Aw - 2c'w + d,   A = cov (X, X), c = cov (X, t), d = var (t)
 *
 * once the bias b = mean (t) - mean (x)·w is put in, which is its best value for any w. So A, c and
 * d are gathered once, and the exact gradient over all windows, 2 (Aw - c), costs k² instead of
 * n · k a step. Taking the means out is also what makes descent quick: otherwise the brightness,
 * which all pixels share, outweighs everything else that A says.
 *
 * Descent converges for rates below 2 / λ, λ = 2 · largest eigenvalue of A; power iteration finds
 * it, and the default rate is 1 / λ. The smallest loss is that of the solution of Aw = c, by
 * Cholesky with a trace of ridge, as pictures leave some directions empty. */
#include "model/filter/guess.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"

#define MAX_WINDOWS 12000
#define MAX_WEIGHTS (RF_KERNEL_MAX_PLANES * RF_KERNEL_MAX_CELLS)
#define MIN_WINDOWS 4
#define POWER_STEPS 60
#define ADAM_RATE   0.01
#define BETA_1      0.9
#define BETA_2      0.999
#define EPSILON     1e-8
#define RIDGE       1e-10

struct _RfGuess
{
  RfGuessConfig config;
  int n_cells, n_groups; /* weights of a plane; independent kernels: 3 where each channel has one */
  int n_weights;         /* of a group: n_cells, or three planes' */
  double rate;
  guint64 n_steps;
  double best_loss;
  /* By group. */
  double *a, *c, *d;                /* [group][n × n], [group][n], [group] */
  double *means, *targets;          /* mean of each weight's pixel, and of the target */
  double *weights, *first, *second; /* [group][n]; moments */
};

/* --- Gathering ------------------------------------------------------------------------------ */

typedef struct
{
  const RfGuess *guess;
  const RfPixels *input, *target;
  int group, padding[4];
} Gather;

/* One window as a row of X, in the order of the weights, and its target. */
static double
read_window (const Gather *gather, int channel, int y, int x, double *row)
{
  const RfGuess *guess = gather->guess;
  const RfGuessConfig *config = &guess->config;
  const RfFilterOptions *options = &config->options;
  const gboolean combined = config->mode == RF_KERNEL_COMBINED;

  for (int plane = 0; plane < (combined ? RF_KERNEL_MAX_PLANES : 1); plane++)
    for (int i = 0; i < guess->n_cells; i++)
      {
        const int cell = options->convolve ? guess->n_cells - 1 - i : i;
        const int at_y = y - gather->padding[0] + cell / config->width * options->dilation[0];
        const int at_x = x - gather->padding[2] + cell % config->width * options->dilation[1];
        *row++ = rf_pixels_value (gather->input, options->border, combined ? plane : channel, at_y,
                                  at_x);
      }
  return rf_pixels_value (gather->target, RF_BORDER_ZERO, combined ? 0 : channel, y, x);
}

/* Adds every so-many-th window; sums, not means yet. */
static int
gather_group (const Gather *gather, double *row)
{
  const RfGuess *guess = gather->guess;
  const RfShape shape = gather->target->shape;
  const gboolean shared = guess->config.mode == RF_KERNEL_SHARED;
  const int n_weights = guess->n_weights, group = gather->group;
  const gint64 n_pixels = (gint64) shape.height * shape.width;
  const gint64 n_all = n_pixels * (shared ? shape.channels : 1);
  const gint64 n = MIN (n_all, MAX_WINDOWS);
  double *a = guess->a + (gsize) group * n_weights * n_weights;
  double *c = guess->c + (gsize) group * n_weights;
  double *means = guess->means + (gsize) group * n_weights;

  for (gint64 i = 0; i < n; i++)
    {
      const gint64 at = i * n_all / n, pixel = at % n_pixels;
      const int channel = shared ? (int) (at / n_pixels) : group;
      const double t = read_window (gather, channel, (int) (pixel / shape.width),
                                    (int) (pixel % shape.width), row);
      for (int p = 0; p < n_weights; p++)
        {
          double *line = a + (gsize) p * n_weights;
          const double value = row[p];
          means[p] += value;
          c[p] += value * t;
          for (int q = 0; q <= p; q++)
            line[q] += value * row[q];
        }
      guess->d[group] += t * t;
      guess->targets[group] += t;
    }
  return (int) n;
}

/* Sums to covariances. */
static void
finish_group (const RfGuess *guess, int group, int n)
{
  const int n_weights = guess->n_weights;
  double *a = guess->a + (gsize) group * n_weights * n_weights;
  double *c = guess->c + (gsize) group * n_weights;
  double *means = guess->means + (gsize) group * n_weights;
  const double target = guess->targets[group] /= n;

  for (int p = 0; p < n_weights; p++)
    means[p] /= n;
  for (int p = 0; p < n_weights; p++)
    {
      c[p] = c[p] / n - means[p] * target;
      for (int q = 0; q <= p; q++)
        a[q * n_weights + p] = a[p * n_weights + q]
            = a[p * n_weights + q] / n - means[p] * means[q];
    }
  guess->d[group] = fmax (guess->d[group] / n - target * target, 0);
}

/* --- Linear algebra ------------------------------------------------------------------------- */

/* y = A x. */
static void
multiply (const double *a, int n, const double *x, double *y)
{
  for (int p = 0; p < n; p++)
    {
      double sum = 0;
      for (int q = 0; q < n; q++)
        sum += a[p * n + q] * x[q];
      y[p] = sum;
    }
}

static double
dot (const double *a, const double *b, int n)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* The largest eigenvalue; from below, so a little is added. */
static double
largest_eigenvalue (const double *a, int n)
{
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  double value = 0;

  for (int i = 0; i < n; i++)
    x[i] = 1 + .37 * (i % 3);
  for (int step = 0; step < POWER_STEPS; step++)
    {
      const double length = sqrt (dot (x, x, n));
      if (!(length > 0))
        return 0;
      for (int i = 0; i < n; i++)
        x[i] /= length;
      multiply (a, n, x, y);
      value = dot (x, y, n);
      memcpy (x, y, (gsize) n * sizeof *x);
    }
  return 1.05 * value;
}

static double
group_loss (const RfGuess *guess, int group, const double *weights)
{
  const int n = guess->n_weights;
  double product[MAX_WEIGHTS];

  multiply (guess->a + (gsize) group * n * n, n, weights, product);
  const double loss = dot (weights, product, n) - 2 * dot (guess->c + (gsize) group * n, weights, n)
                      + guess->d[group];
  return loss < 0 ? 0 : loss;
}

/* The loss of the solution of A w = c. */
static double
solve_group (const RfGuess *guess, int group)
{
  const int n = guess->n_weights;
  const double *a = guess->a + (gsize) group * n * n;
  g_autofree double *l = g_memdup2 (a, (gsize) n * n * sizeof *l);
  double x[MAX_WEIGHTS], largest = 0;

  for (int p = 0; p < n; p++)
    largest = fmax (largest, a[p * n + p]);
  if (!(largest > 0))
    return guess->d[group];
  for (int p = 0; p < n; p++)
    for (int q = 0; q <= p; q++)
      {
        const double rest = l[p * n + q] - dot (l + (gsize) p * n, l + (gsize) q * n, q)
                            + (p == q ? RIDGE * largest : 0);
        l[p * n + q] = p == q ? sqrt (fmax (rest, RIDGE * largest)) : rest / l[q * n + q];
      }
  for (int p = 0; p < n; p++)
    x[p] = (guess->c[(gsize) group * n + p] - dot (l + (gsize) p * n, x, p)) / l[p * n + p];
  for (int p = n - 1; p >= 0; p--)
    {
      for (int q = p + 1; q < n; q++)
        x[p] -= l[q * n + p] * x[q];
      x[p] /= l[p * n + p];
    }
  return group_loss (guess, group, x);
}

/* --- Life ----------------------------------------------------------------------------------- */

static gboolean
check (const RfPixels *input, const RfPixels *target, const RfGuessConfig *config, GError **error)
{
  const RfFilterOptions *options = &config->options;
  RfKernel kernel;
  RfShape shape;

  if (config->height < 1 || config->height > RF_KERNEL_MAX_SIDE || config->width < 1
      || config->width > RF_KERNEL_MAX_SIDE)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("a kernel has 1 to %d rows and columns, not %d×%d"), RF_KERNEL_MAX_SIDE,
                   config->height, config->width);
      return FALSE;
    }
  rf_kernel_init (&kernel, config->height, config->width);
  kernel.mode = config->mode;
  if (!rf_filter_output_shape (&kernel, options, input->shape, &shape, error))
    return FALSE;
  if (shape.channels != target->shape.channels || shape.height != target->shape.height
      || shape.width != target->shape.width)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("such a kernel makes %d×%d×%d of the picture, but the target is %d×%d×%d; "
                      "the two must show the same"),
                   shape.channels, shape.height, shape.width, target->shape.channels,
                   target->shape.height, target->shape.width);
      return FALSE;
    }
  if ((gint64) shape.height * shape.width < MIN_WINDOWS || options->stride[0] != 1
      || options->stride[1] != 1)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_SHAPE,
                           _ ("guessing needs a picture of some pixels, filtered with stride 1"));
      return FALSE;
    }
  return TRUE;
}

/* A value that is not a number would make every weight one. */
static gboolean
check_finite (const RfGuess *guess, GError **error)
{
  for (int group = 0; group < guess->n_groups; group++)
    {
      double sum = guess->d[group] + guess->targets[group];
      for (int p = 0; p < guess->n_weights; p++)
        sum += guess->a[((gsize) group * guess->n_weights + p) * guess->n_weights + p];
      if (!isfinite (sum))
        {
          g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT,
                               _ ("the pictures have values that are not finite numbers"));
          return FALSE;
        }
    }
  return TRUE;
}

RfGuess *
rf_guess_new (const RfPixels *input, const RfPixels *target, const RfGuessConfig *config,
              GError **error)
{
  g_return_val_if_fail (input != NULL && target != NULL && config != NULL, NULL);

  if (!check (input, target, config, error))
    return NULL;

  g_autoptr (RfGuess) guess = g_new0 (RfGuess, 1);
  guess->config = *config;
  guess->n_cells = config->height * config->width;
  guess->n_groups = config->mode == RF_KERNEL_PER_CHANNEL ? RF_KERNEL_MAX_PLANES : 1;
  guess->n_weights
      = guess->n_cells * (config->mode == RF_KERNEL_COMBINED ? RF_KERNEL_MAX_PLANES : 1);
  const gsize n = (gsize) guess->n_groups * (gsize) guess->n_weights;
  guess->a = g_new0 (double, n *(gsize) guess->n_weights);
  guess->c = g_new0 (double, n);
  guess->means = g_new0 (double, n);
  guess->weights = g_new0 (double, n);
  guess->first = g_new0 (double, n);
  guess->second = g_new0 (double, n);
  guess->d = g_new0 (double, guess->n_groups);
  guess->targets = g_new0 (double, guess->n_groups);

  double row[MAX_WEIGHTS];
  Gather gather = { guess, input, target, 0, { 0 } };
  RfKernel kernel;
  rf_kernel_init (&kernel, config->height, config->width);
  rf_filter_padding (&kernel, &config->options, gather.padding);
  for (; gather.group < guess->n_groups; gather.group++)
    finish_group (guess, gather.group, gather_group (&gather, row));
  if (!check_finite (guess, error))
    return NULL;
  for (int group = 0; group < guess->n_groups; group++)
    guess->best_loss += solve_group (guess, group) / guess->n_groups;
  rf_guess_set_rate (guess, config->rate);
  return g_steal_pointer (&guess);
}

void
rf_guess_free (RfGuess *guess)
{
  if (!guess)
    return;
  g_free (guess->a);
  g_free (guess->c);
  g_free (guess->d);
  g_free (guess->means);
  g_free (guess->targets);
  g_free (guess->weights);
  g_free (guess->first);
  g_free (guess->second);
  g_free (guess);
}

void
rf_guess_set_rate (RfGuess *guess, double rate)
{
  const int n = guess->n_weights;
  double largest = 0;

  guess->rate = rate;
  if (rate > 0)
    return;
  if (guess->config.rule == RF_GUESS_ADAM)
    {
      guess->rate = ADAM_RATE;
      return;
    }
  for (int group = 0; group < guess->n_groups; group++)
    largest = fmax (largest, largest_eigenvalue (guess->a + (gsize) group * n * n, n));
  /* The gradient is 2 (Aw - c). A picture of one colour has no curvature, and nothing to learn. */
  guess->rate = largest > 0 ? .5 / largest : 1;
}

static void
step_group (RfGuess *guess, int group)
{
  const int n = guess->n_weights;
  const gsize from = (gsize) group * n;
  double *weights = guess->weights + from, *first = guess->first + from;
  double *second = guess->second + from, gradient[MAX_WEIGHTS];
  const double correction_1 = 1 - pow (BETA_1, (double) guess->n_steps + 1);
  const double correction_2 = 1 - pow (BETA_2, (double) guess->n_steps + 1);

  multiply (guess->a + from * n, n, weights, gradient);
  for (int p = 0; p < n; p++)
    {
      const double g = 2 * (gradient[p] - guess->c[from + p]);

      if (guess->config.rule == RF_GUESS_MOMENTUM)
        {
          first[p] = guess->config.momentum * first[p] - guess->rate * g;
          weights[p] += first[p];
          continue;
        }
      first[p] = BETA_1 * first[p] + (1 - BETA_1) * g;
      second[p] = BETA_2 * second[p] + (1 - BETA_2) * g * g;
      weights[p]
          -= guess->rate * (first[p] / correction_1) / (sqrt (second[p] / correction_2) + EPSILON);
    }
}

double
rf_guess_step (RfGuess *guess, int n_steps)
{
  g_return_val_if_fail (guess != NULL && n_steps >= 0, NAN);

  for (int i = 0; i < n_steps; i++, guess->n_steps++)
    for (int group = 0; group < guess->n_groups; group++)
      step_group (guess, group);
  return rf_guess_get_loss (guess);
}

double
rf_guess_get_loss (const RfGuess *guess)
{
  double loss = 0;

  for (int group = 0; group < guess->n_groups; group++)
    loss += group_loss (guess, group, guess->weights + (gsize) group * guess->n_weights)
            / guess->n_groups;
  return loss;
}

double
rf_guess_get_best_loss (const RfGuess *guess)
{
  return guess->best_loss;
}

guint64
rf_guess_get_n_steps (const RfGuess *guess)
{
  return guess->n_steps;
}

double
rf_guess_get_rate (const RfGuess *guess)
{
  return guess->rate;
}

/* The bias is a kernel's one number: where each channel has its own kernel, their mean. */
void
rf_guess_get_kernel (const RfGuess *guess, RfKernel *kernel)
{
  const int n = guess->n_weights;

  rf_kernel_init (kernel, guess->config.height, guess->config.width);
  kernel->mode = guess->config.mode;
  for (int group = 0; group < guess->n_groups; group++)
    {
      const double *weights = guess->weights + (gsize) group * n;

      kernel->bias += (guess->targets[group] - dot (guess->means + (gsize) group * n, weights, n))
                      / guess->n_groups;
      for (int p = 0; p < n; p++)
        kernel->weights[group + p / guess->n_cells][p % guess->n_cells] = weights[p];
    }
}
