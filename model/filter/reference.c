/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The definition of filtering, as a loop: what the fast one is tested against. */
#include "model/filter/filter.h"

static inline double
value_at (const RfPixels *pixels, int channel, int y, int x)
{
  const gsize place = channel * pixels->plane + y * pixels->row + x * pixels->pixel;

  return pixels->bytes ? ((const guint8 *) pixels->data)[place] / 255.0
                       : ((const float *) pixels->data)[place];
}

double
rf_pixels_value (const RfPixels *pixels, RfBorder border, int channel, gint64 y, gint64 x)
{
  const int from_y = rf_border_place (border, y, pixels->shape.height);
  const int from_x = rf_border_place (border, x, pixels->shape.width);

  return from_y < 0 || from_x < 0 ? 0 : value_at (pixels, channel, from_y, from_x);
}

/* The window's columns, as places in the picture, are found once for all of its rows. */
static double
sum_window (const RfKernel *kernel, const RfFilterOptions *options, const RfPixels *input,
            int plane, int channel, gint64 top, gint64 left)
{
  const int height = kernel->height, width = kernel->width;
  int columns[RF_KERNEL_MAX_SIDE];
  double sum = 0;

  for (int kx = 0; kx < width; kx++)
    columns[kx]
        = rf_border_place (options->border, left + kx * options->dilation[1], input->shape.width);
  for (int ky = 0; ky < height; ky++)
    {
      const int row
          = rf_border_place (options->border, top + ky * options->dilation[0], input->shape.height);

      for (int kx = 0; row >= 0 && kx < width; kx++)
        if (columns[kx] >= 0)
          {
            const int y = options->convolve ? height - 1 - ky : ky;
            const int x = options->convolve ? width - 1 - kx : kx;
            sum += kernel->weights[plane][y * width + x]
                   * value_at (input, channel, row, columns[kx]);
          }
    }
  return sum;
}

void
rf_filter_reference (const RfKernel *kernel, const RfFilterOptions *options, const RfPixels *input,
                     double *output)
{
  RfShape shape;
  int padding[4];

  if (!rf_filter_output_shape (kernel, options, input->shape, &shape, NULL))
    g_return_if_reached ();

  rf_filter_padding (kernel, options, padding);
  for (int c = 0; c < shape.channels; c++)
    for (int y = 0; y < shape.height; y++)
      for (int x = 0; x < shape.width; x++)
        {
          const gint64 top = (gint64) y * options->stride[0] - padding[0];
          const gint64 left = (gint64) x * options->stride[1] - padding[2];
          double sum = 0;

          if (kernel->mode == RF_KERNEL_COMBINED)
            for (int plane = 0; plane < RF_KERNEL_MAX_PLANES; plane++)
              sum += sum_window (kernel, options, input, plane, plane, top, left);
          else
            sum = sum_window (kernel, options, input, kernel->mode == RF_KERNEL_SHARED ? 0 : c, c,
                              top, left);
          *output++ = kernel->scale * sum + kernel->bias;
        }
}
