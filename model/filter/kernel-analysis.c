/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kernel is made of: singular values, factors, frequencies.
 *
 * The singular value decomposition is one-sided Jacobi: pairs of columns are turned until all are
 * orthogonal; their lengths are then the singular values. Small matrices need few sweeps, and small
 * values come out with full relative precision.
 *
 * A kernel of rank 1 is a column times a row; filtering with one after the other costs h + w
 * instead of h · w products a pixel. The frequency response is |H(u, v)| = |Σ w[y][x]
 * e^(-2πi (u y + v x))|, rows first, then columns. */
#include "model/filter/kernel.h"

#include <math.h>
#include <string.h>

#define MAX_SWEEPS        60
#define RANK_TOLERANCE    1e-9
#define FACTOR_TOLERANCE  1e-8
#define MAX_RESPONSE_SIDE 512

/* Turns columns p and q of a [n_rows × n_columns] matrix; FALSE if they were orthogonal already. */
static gboolean
turn_pair (double *matrix, int n_rows, int n_columns, int p, int q)
{
  double pp = 0, qq = 0, pq = 0;

  for (int i = 0; i < n_rows; i++)
    {
      const double a = matrix[i * n_columns + p], b = matrix[i * n_columns + q];
      pp += a * a;
      qq += b * b;
      pq += a * b;
    }
  if (pq == 0 || fabs (pq) <= 1e-15 * sqrt (pp * qq))
    return FALSE;

  const double zeta = (qq - pp) / (2 * pq);
  const double t = copysign (1, zeta) / (fabs (zeta) + hypot (1, zeta));
  const double c = 1 / hypot (1, t), s = c * t;
  for (int i = 0; i < n_rows; i++)
    {
      const double a = matrix[i * n_columns + p], b = matrix[i * n_columns + q];
      matrix[i * n_columns + p] = c * a - s * b;
      matrix[i * n_columns + q] = s * a + c * b;
    }
  return TRUE;
}

int
rf_kernel_singular_values (const RfKernel *kernel, int plane, double *values)
{
  RfKernel tall = *kernel;
  int n_rows, n_columns;
  gboolean turned = TRUE;

  if (tall.width > tall.height)
    rf_kernel_transpose (&tall);
  n_rows = tall.height;
  n_columns = tall.width;
  for (int sweep = 0; turned && sweep < MAX_SWEEPS; sweep++)
    {
      turned = FALSE;
      for (int p = 0; p < n_columns; p++)
        for (int q = p + 1; q < n_columns; q++)
          turned |= turn_pair (tall.weights[plane], n_rows, n_columns, p, q);
    }
  for (int j = 0; j < n_columns; j++)
    {
      double length = 0;
      int place = j;

      for (int i = 0; i < n_rows; i++)
        length = hypot (length, tall.weights[plane][i * n_columns + j]);
      for (; place > 0 && values[place - 1] < length; place--)
        values[place] = values[place - 1];
      values[place] = length;
    }
  return n_columns;
}

int
rf_kernel_rank (const RfKernel *kernel, int plane)
{
  double values[RF_KERNEL_MAX_SIDE];
  const int n = rf_kernel_singular_values (kernel, plane, values);
  int rank = 0;

  while (rank < n && values[rank] > 0 && values[rank] > RANK_TOLERANCE * values[0])
    rank++;
  return rank;
}

/* Through the largest weight: of a matrix of rank 1 any row and column that are not zero are
 * multiples of its factors. */
gboolean
rf_kernel_factor (const RfKernel *kernel, int plane, double *column, double *row)
{
  const double *weights = kernel->weights[plane];
  const int n = kernel->height * kernel->width;
  int largest = 0;

  for (int i = 1; i < n; i++)
    if (fabs (weights[i]) > fabs (weights[largest]))
      largest = i;
  const double peak = weights[largest], size = fabs (peak);
  if (size < 1e-150)
    return FALSE;

  const int at_y = largest / kernel->width, at_x = largest % kernel->width;
  for (int y = 0; y < kernel->height; y++)
    for (int x = 0; x < kernel->width; x++)
      {
        const double product
            = weights[y * kernel->width + at_x] * weights[at_y * kernel->width + x] / peak;
        if (!(fabs (product - weights[y * kernel->width + x]) <= FACTOR_TOLERANCE * size))
          return FALSE;
      }

  double column_length = 0, row_length = 0;
  for (int y = 0; y < kernel->height; y++)
    column_length = hypot (column_length, weights[y * kernel->width + at_x]);
  for (int x = 0; x < kernel->width; x++)
    row_length = hypot (row_length, weights[at_y * kernel->width + x]);
  /* column · row / peak, its length shared alike. */
  const double share = sqrt (column_length * row_length / size);
  for (int y = 0; y < kernel->height; y++)
    column[y] = weights[y * kernel->width + at_x] / column_length * share;
  for (int x = 0; x < kernel->width; x++)
    row[x] = weights[at_y * kernel->width + x] / row_length * share * (peak < 0 ? -1 : 1);
  return TRUE;
}

void
rf_kernel_response (const RfKernel *kernel, int plane, int side, float *magnitudes)
{
  g_return_if_fail (side >= 1 && side <= MAX_RESPONSE_SIDE);

  const int height = kernel->height, width = kernel->width;
  g_autofree double *waves = g_new (double, 2 * (gsize) side * RF_KERNEL_MAX_SIDE);
  double *cosines = waves, *sines = waves + (gsize) side * RF_KERNEL_MAX_SIDE;

  for (int f = 0; f < side; f++)
    for (int i = 0; i < RF_KERNEL_MAX_SIDE; i++)
      {
        const double angle = 2 * G_PI * (f - side / 2) * i / side;
        cosines[f * RF_KERNEL_MAX_SIDE + i] = cos (angle);
        sines[f * RF_KERNEL_MAX_SIDE + i] = sin (angle);
      }
  for (int v = 0; v < side; v++)
    {
      /* Each row of the kernel at this horizontal frequency. */
      double real[RF_KERNEL_MAX_SIDE] = { 0 }, imaginary[RF_KERNEL_MAX_SIDE] = { 0 };

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            const double weight = kernel->weights[plane][y * width + x];
            real[y] += weight * cosines[v * RF_KERNEL_MAX_SIDE + x];
            imaginary[y] -= weight * sines[v * RF_KERNEL_MAX_SIDE + x];
          }
      for (int u = 0; u < side; u++)
        {
          double a = 0, b = 0;

          for (int y = 0; y < height; y++)
            {
              const double c = cosines[u * RF_KERNEL_MAX_SIDE + y];
              const double s = sines[u * RF_KERNEL_MAX_SIDE + y];
              a += real[y] * c + imaginary[y] * s;
              b += imaginary[y] * c - real[y] * s;
            }
          magnitudes[u * side + v] = (float) (fabs (kernel->scale) * hypot (a, b));
        }
    }
}
