/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/features/eigen.h"

#include <math.h>
#include <string.h>

#define MOST_SWEEPS 30

/* Turns rows @p and @q by the angle with cosine @c and sine @s. */
static void
turn (double *matrix, int n, int p, int q, double c, double s)
{
  for (int i = 0; i < n; i++)
    {
      const double a = matrix[p * n + i], b = matrix[q * n + i];
      matrix[p * n + i] = c * a - s * b;
      matrix[q * n + i] = s * a + c * b;
    }
}

/* Makes the element at (@p, @q) 0 by a rotation of both sides. */
static void
annihilate (double *matrix, int n, int p, int q, double *vectors)
{
  const double theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * matrix[p * n + q]);
  const double t = (theta < 0 ? -1 : 1) / (fabs (theta) + sqrt (theta * theta + 1));
  const double c = 1 / sqrt (t * t + 1), s = t * c;
  turn (matrix, n, p, q, c, s);
  for (int i = 0; i < n; i++)
    {
      const double a = matrix[i * n + p], b = matrix[i * n + q];
      matrix[i * n + p] = c * a - s * b;
      matrix[i * n + q] = s * a + c * b;
    }
  turn (vectors, n, p, q, c, s);
}

/* Whether there was anything to be made 0. */
static gboolean
sweep (double *matrix, int n, double *vectors)
{
  gboolean turned = FALSE;
  for (int p = 0; p < n; p++)
    for (int q = p + 1; q < n; q++)
      {
        const double scale = sqrt (fabs (matrix[p * n + p] * matrix[q * n + q]));
        if (fabs (matrix[p * n + q]) <= 1e-15 * scale || fabs (matrix[p * n + q]) < 1e-300)
          continue;
        annihilate (matrix, n, p, q, vectors);
        turned = TRUE;
      }
  return turned;
}

static void
swap_rows (double *vectors, int n, int a, int b)
{
  for (int i = 0; i < n; i++)
    {
      const double value = vectors[a * n + i];
      vectors[a * n + i] = vectors[b * n + i];
      vectors[b * n + i] = value;
    }
}

void
rf_eigen (double *matrix, int n, double *values, double *vectors)
{
  g_return_if_fail (matrix && values && vectors && n > 0);
  memset (vectors, 0, (gsize) n * (gsize) n * sizeof (double));
  for (int i = 0; i < n; i++)
    vectors[i * n + i] = 1;
  for (int i = 0; i < MOST_SWEEPS && sweep (matrix, n, vectors); i++)
    ;
  for (int i = 0; i < n; i++)
    values[i] = matrix[i * n + i];
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      if (values[j] > values[i])
        {
          const double value = values[i];
          values[i] = values[j];
          values[j] = value;
          swap_rows (vectors, n, i, j);
        }
}
