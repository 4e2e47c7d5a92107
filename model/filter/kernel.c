/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels as values, and what turns one into another. */
#include "model/filter/kernel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/spec/json.h"

void
rf_kernel_init (RfKernel *kernel, int height, int width)
{
  g_return_if_fail (height >= 1 && height <= RF_KERNEL_MAX_SIDE);
  g_return_if_fail (width >= 1 && width <= RF_KERNEL_MAX_SIDE);

  *kernel = (RfKernel){ .height = height, .width = width, .scale = 1 };
}

int
rf_kernel_n_planes (const RfKernel *kernel)
{
  return kernel->mode == RF_KERNEL_SHARED ? 1 : RF_KERNEL_MAX_PLANES;
}

static int
count_cells (const RfKernel *kernel)
{
  return kernel->height * kernel->width;
}

void
rf_kernel_set_mode (RfKernel *kernel, RfKernelMode mode)
{
  const int n = count_cells (kernel);

  if (kernel->mode == RF_KERNEL_SHARED && mode != RF_KERNEL_SHARED)
    for (int plane = 1; plane < RF_KERNEL_MAX_PLANES; plane++)
      memcpy (kernel->weights[plane], kernel->weights[0], sizeof kernel->weights[0]);
  else if (kernel->mode != RF_KERNEL_SHARED && mode == RF_KERNEL_SHARED)
    for (int i = 0; i < n; i++)
      {
        /* Equal ones stay as they are, to the last bit. */
        const double a = kernel->weights[0][i], b = kernel->weights[1][i];
        const double c = kernel->weights[2][i];
        kernel->weights[0][i] = a == b && b == c ? a : (a + b + c) / 3;
      }
  kernel->mode = mode;
}

gboolean
rf_kernel_equal (const RfKernel *a, const RfKernel *b)
{
  if (a->height != b->height || a->width != b->width || a->mode != b->mode || a->scale != b->scale
      || a->bias != b->bias)
    return FALSE;
  for (int plane = 0; plane < rf_kernel_n_planes (a); plane++)
    for (int i = 0; i < count_cells (a); i++)
      if (a->weights[plane][i] != b->weights[plane][i])
        return FALSE;
  return TRUE;
}

static gboolean
is_sound (double number)
{
  return isfinite (number) && fabs (number) <= RF_KERNEL_MAX_WEIGHT;
}

gboolean
rf_kernel_check (const RfKernel *kernel, GError **error)
{
  if (kernel->height < 1 || kernel->height > RF_KERNEL_MAX_SIDE || kernel->width < 1
      || kernel->width > RF_KERNEL_MAX_SIDE)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   _ ("a kernel has 1 to %d rows and columns, not %d×%d"), RF_KERNEL_MAX_SIDE,
                   kernel->height, kernel->width);
      return FALSE;
    }
  for (int plane = 0; plane < rf_kernel_n_planes (kernel); plane++)
    for (int i = 0; i < count_cells (kernel); i++)
      if (!is_sound (kernel->weights[plane][i]))
        {
          g_autofree char *shown = rf_number_to_text (kernel->weights[plane][i]);
          g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                       _ ("the weight in row %d, column %d is %s; it must be from -1000000 to "
                          "1000000"),
                       i / kernel->width + 1, i % kernel->width + 1, shown);
          return FALSE;
        }
  if (!is_sound (kernel->scale) || !is_sound (kernel->bias))
    {
      g_autofree char *shown
          = rf_number_to_text (is_sound (kernel->scale) ? kernel->bias : kernel->scale);
      g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                   is_sound (kernel->scale)
                       ? _ ("the bias is %s; it must be from -1000000 to 1000000")
                       : _ ("the scale is %s; it must be from -1000000 to 1000000"),
                   shown);
      return FALSE;
    }
  return TRUE;
}

double
rf_kernel_get (const RfKernel *kernel, int plane, int y, int x)
{
  g_return_val_if_fail (plane >= 0 && plane < RF_KERNEL_MAX_PLANES, 0);
  g_return_val_if_fail (y >= 0 && y < kernel->height && x >= 0 && x < kernel->width, 0);

  return kernel->weights[plane][y * kernel->width + x];
}

void
rf_kernel_set (RfKernel *kernel, int plane, int y, int x, double weight)
{
  g_return_if_fail (plane >= 0 && plane < RF_KERNEL_MAX_PLANES);
  g_return_if_fail (y >= 0 && y < kernel->height && x >= 0 && x < kernel->width);

  kernel->weights[plane][y * kernel->width + x] = weight;
}

double
rf_kernel_sum (const RfKernel *kernel, int plane)
{
  double sum = 0;

  for (int i = 0; i < count_cells (kernel); i++)
    sum += kernel->weights[plane][i];
  return sum;
}

gboolean
rf_kernel_normalize_sum (RfKernel *kernel, GError **error)
{
  const int n_planes = rf_kernel_n_planes (kernel);
  double sums[RF_KERNEL_MAX_PLANES], total = 0;
  RfKernel normalized = *kernel;

  for (int plane = 0; plane < n_planes; plane++)
    total += sums[plane] = rf_kernel_sum (kernel, plane);
  for (int plane = 0; plane < n_planes; plane++)
    {
      const double sum = kernel->mode == RF_KERNEL_COMBINED ? total : sums[plane];
      double size = 0;

      for (int i = 0; i < count_cells (kernel); i++)
        size = fmax (size, fabs (kernel->weights[plane][i]));
      /* What is left of weights that cancel is no sum to divide by. */
      if (fabs (sum) <= 1e-9 * size || sum == 0)
        {
          g_set_error_literal (error, RF_ERROR, RF_ERROR_OPTION,
                               _ ("the weights add up to 0 and cannot be made to add up to 1"));
          return FALSE;
        }
      for (int i = 0; i < count_cells (kernel); i++)
        normalized.weights[plane][i] /= sum;
    }
  if (!rf_kernel_check (&normalized, error))
    return FALSE;
  *kernel = normalized;
  return TRUE;
}

void
rf_kernel_zero_mean (RfKernel *kernel)
{
  const int n = count_cells (kernel), n_planes = rf_kernel_n_planes (kernel);
  double total = 0;

  for (int plane = 0; plane < n_planes; plane++)
    total += rf_kernel_sum (kernel, plane);
  for (int plane = 0; plane < n_planes; plane++)
    {
      const double mean = kernel->mode == RF_KERNEL_COMBINED ? total / (n * n_planes)
                                                             : rf_kernel_sum (kernel, plane) / n;
      for (int i = 0; i < n; i++)
        kernel->weights[plane][i] -= mean;
    }
}

/* Where the weight of a cell of the new kernel comes from. */
typedef void (*PlaceFunc) (const RfKernel *old, int *y, int *x);

static void
rearrange (RfKernel *kernel, int height, int width, PlaceFunc place)
{
  const RfKernel old = *kernel;

  kernel->height = height;
  kernel->width = width;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int from_y = y, from_x = x;

        place (&old, &from_y, &from_x);
        for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
          kernel->weights[plane][y * width + x] = old.weights[plane][from_y * old.width + from_x];
      }
}

static void
place_rotated (const RfKernel *old, int *y, int *x)
{
  const int to_y = *y;

  *y = old->height - 1 - *x;
  *x = to_y;
}

static void
place_transposed (const RfKernel *old, int *y, int *x)
{
  const int to_y = *y;

  *y = *x;
  *x = to_y;
}

static void
place_flipped_horizontal (const RfKernel *old, int *y, int *x)
{
  *x = old->width - 1 - *x;
}

static void
place_flipped_vertical (const RfKernel *old, int *y, int *x)
{
  *y = old->height - 1 - *y;
}

void
rf_kernel_rotate (RfKernel *kernel)
{
  rearrange (kernel, kernel->width, kernel->height, place_rotated);
}

void
rf_kernel_transpose (RfKernel *kernel)
{
  rearrange (kernel, kernel->width, kernel->height, place_transposed);
}

void
rf_kernel_flip_horizontal (RfKernel *kernel)
{
  rearrange (kernel, kernel->height, kernel->width, place_flipped_horizontal);
}

void
rf_kernel_flip_vertical (RfKernel *kernel)
{
  rearrange (kernel, kernel->height, kernel->width, place_flipped_vertical);
}

void
rf_kernel_flip_both (RfKernel *kernel)
{
  rf_kernel_flip_horizontal (kernel);
  rf_kernel_flip_vertical (kernel);
}

void
rf_kernel_negate (RfKernel *kernel)
{
  for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
    for (int i = 0; i < count_cells (kernel); i++)
      kernel->weights[plane][i] = 0 - kernel->weights[plane][i];
}

/* The cell that lies over the output pixel: the middle, of an even side the upper or left of two.
 */
static int
centre_of (int side)
{
  return (side - 1) / 2;
}

gboolean
rf_kernel_resize (RfKernel *kernel, int height, int width)
{
  const RfKernel old = *kernel;
  const int shift_y = centre_of (height) - centre_of (old.height);
  const int shift_x = centre_of (width) - centre_of (old.width);
  gboolean whole = TRUE;

  g_return_val_if_fail (height >= 1 && height <= RF_KERNEL_MAX_SIDE, FALSE);
  g_return_val_if_fail (width >= 1 && width <= RF_KERNEL_MAX_SIDE, FALSE);

  kernel->height = height;
  kernel->width = width;
  memset (kernel->weights, 0, sizeof kernel->weights);
  for (int plane = 0; plane < rf_kernel_n_planes (kernel); plane++)
    for (int y = 0; y < old.height; y++)
      for (int x = 0; x < old.width; x++)
        {
          const int to_y = y + shift_y, to_x = x + shift_x;
          const double weight = old.weights[plane][y * old.width + x];

          if (to_y >= 0 && to_y < height && to_x >= 0 && to_x < width)
            kernel->weights[plane][to_y * width + to_x] = weight;
          else if (weight != 0)
            whole = FALSE;
        }
  return whole;
}
