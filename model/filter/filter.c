/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning a filter, and running the plan block by block on the pool. */
#include "model/filter/filter.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/pool.h"
#include "model/filter/filter-private.h"
#include "model/kernels/kernels.h"

/* Larger blocks load fewer borders twice; smaller ones stay in the second cache. */
#define BLOCK_HEIGHT 32
#define BLOCK_WIDTH  512
#define BLOCK_FLOATS (96 * 1024)
/* Products for one ticket of the pool: some ten milliseconds, so that training waits no longer. */
#define PRODUCTS_PER_TICKET 1e9

const char *const rf_border_names[] = { "zero", "edge", "reflect", "wrap", NULL };
const char *const rf_border_titles[]
    = { N_ ("Zeros"), N_ ("Edge pixel"), N_ ("Mirrored"), N_ ("Wrapped around"), NULL };

extern const RfFilterSimd rf_filter_simd_plain;
#ifdef __x86_64__
extern const RfFilterSimd rf_filter_simd_avx2;
extern const RfFilterSimd rf_filter_simd_avx512;
#endif

static const RfFilterSimd *
get_simd (void)
{
  switch (rf_kernels_path ())
    {
    case RF_KERNELS_REFERENCE:
      return NULL;
#ifdef __x86_64__
    case RF_KERNELS_AVX2:
      return &rf_filter_simd_avx2;
    case RF_KERNELS_AVX512:
      return &rf_filter_simd_avx512;
#endif
    default:
      return &rf_filter_simd_plain;
    }
}

/* --- Shapes --------------------------------------------------------------------------------- */

int
rf_border_place (RfBorder border, gint64 i, int n)
{
  if (i >= 0 && i < n)
    return (int) i;
  switch (border)
    {
    case RF_BORDER_EDGE:
      return i < 0 ? 0 : n - 1;
    case RF_BORDER_REFLECT:
      {
        const gint64 period = MAX (2 * ((gint64) n - 1), 1);
        const gint64 rest = ((i % period) + period) % period;
        return (int) (rest < n ? rest : period - rest);
      }
    case RF_BORDER_WRAP:
      return (int) (((i % n) + n) % n);
    case RF_BORDER_ZERO:
    default:
      return -1;
    }
}

void
rf_filter_padding (const RfKernel *kernel, const RfFilterOptions *options, int padding[4])
{
  const int sides[2] = { kernel->height, kernel->width };

  for (int axis = 0; axis < 2; axis++)
    {
      const int total = options->dilation[axis] * (sides[axis] - 1);
      padding[2 * axis] = options->same ? total / 2 : options->padding[2 * axis];
      padding[2 * axis + 1] = options->same ? total - total / 2 : options->padding[2 * axis + 1];
    }
}

int
rf_filter_output_side (int n, int side, int stride, int dilation, int before, int after)
{
  const int room = n + before + after - dilation * (side - 1) - 1;

  return room < 0 ? 0 : room / stride + 1;
}

int
rf_filter_output_channels (const RfKernel *kernel, int channels)
{
  if (kernel->mode == RF_KERNEL_SHARED)
    return channels;
  if (channels != RF_KERNEL_MAX_PLANES)
    return 0;
  return kernel->mode == RF_KERNEL_COMBINED ? 1 : channels;
}

static gboolean
check_options (const RfFilterOptions *options, GError **error)
{
  for (int axis = 0; axis < 2; axis++)
    {
      if (options->stride[axis] < 1 || options->stride[axis] > RF_FILTER_MAX_STRIDE)
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("the stride must be from 1 to %d, not %d"), RF_FILTER_MAX_STRIDE,
                     options->stride[axis]);
      else if (options->dilation[axis] < 1 || options->dilation[axis] > RF_FILTER_MAX_DILATION)
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("the dilation must be from 1 to %d, not %d"), RF_FILTER_MAX_DILATION,
                     options->dilation[axis]);
      else
        continue;
      return FALSE;
    }
  for (int side = 0; !options->same && side < 4; side++)
    if (options->padding[side] < 0 || options->padding[side] > RF_FILTER_MAX_PADDING)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
                     _ ("the padding must be from 0 to %d, not %d"), RF_FILTER_MAX_PADDING,
                     options->padding[side]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_input (const RfKernel *kernel, RfShape input, GError **error)
{
  if (input.channels < 1 || input.channels > RF_FILTER_MAX_CHANNELS || input.height < 1
      || input.width < 1)
    g_set_error (
        error, RF_ERROR, RF_ERROR_SHAPE,
        _ ("a picture to filter has 1 to %d channels and at least one pixel, not %d×%d×%d"),
        RF_FILTER_MAX_CHANNELS, input.channels, input.height, input.width);
  else if ((gint64) input.height * input.width > RF_FILTER_MAX_PIXELS)
    g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                 _ ("the picture has %d×%d pixels, more than the %d million that can be filtered"),
                 input.width, input.height, RF_FILTER_MAX_PIXELS / 1000000);
  else if (rf_filter_output_channels (kernel, input.channels) == 0)
    g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                 _ ("a kernel with weights for red, green and blue needs 3 channels, not %d"),
                 input.channels);
  else
    return TRUE;
  return FALSE;
}

gboolean
rf_filter_output_shape (const RfKernel *kernel, const RfFilterOptions *options, RfShape input,
                        RfShape *output, GError **error)
{
  int padding[4];

  if (!rf_kernel_check (kernel, error) || !check_options (options, error)
      || !check_input (kernel, input, error))
    return FALSE;

  rf_filter_padding (kernel, options, padding);
  output->channels = rf_filter_output_channels (kernel, input.channels);
  output->height = rf_filter_output_side (input.height, kernel->height, options->stride[0],
                                          options->dilation[0], padding[0], padding[1]);
  output->width = rf_filter_output_side (input.width, kernel->width, options->stride[1],
                                         options->dilation[1], padding[2], padding[3]);
  if (output->height < 1 || output->width < 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_SHAPE,
                   _ ("a %d×%d kernel with dilation %d×%d does not fit into a picture of %d×%d "
                      "pixels; more padding or a smaller kernel would"),
                   kernel->height, kernel->width, options->dilation[0], options->dilation[1],
                   input.width, input.height);
      return FALSE;
    }
  if ((gint64) output->height * output->width > RF_FILTER_MAX_PIXELS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED,
                   _ ("the result would have %d×%d pixels, more than %d million; pad less"),
                   output->width, output->height, RF_FILTER_MAX_PIXELS / 1000000);
      return FALSE;
    }
  return TRUE;
}

RfPixels
rf_pixels_rgb (guint8 *rgb, int height, int width)
{
  return (RfPixels){ TRUE, { 3, height, width }, 1, (gsize) width * 3, 3, rgb };
}

RfPixels
rf_pixels_planar (float *values, RfShape shape)
{
  return (RfPixels){ FALSE, shape, (gsize) shape.height * shape.width, (gsize) shape.width,
                     1,     values };
}

/* --- Plans ---------------------------------------------------------------------------------- */

static void
plan_weights (RfFilterPlan *plan)
{
  RfKernel kernel = plan->kernel;
  const int n = kernel.height * kernel.width;
  double columns[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_SIDE];
  double rows[RF_KERNEL_MAX_PLANES][RF_KERNEL_MAX_SIDE];

  if (plan->options.convolve)
    rf_kernel_flip_both (&kernel);
  /* Two passes cost h + w products and one more walk through memory. */
  plan->separable = kernel.height > 1 && kernel.width > 1 && n > kernel.height + kernel.width + 4;
  for (int plane = 0; plan->separable && plane < rf_kernel_n_planes (&kernel); plane++)
    plan->separable = rf_kernel_factor (&kernel, plane, columns[plane], rows[plane]);
  plan->slot_width = plan->separable ? 1 : kernel.width;

  for (int plane = 0; plane < rf_kernel_n_planes (&kernel); plane++)
    if (plan->separable)
      {
        for (int y = 0; y < kernel.height; y++)
          plan->weights[plane][y] = (float) (columns[plane][y] * kernel.scale);
        for (int x = 0; x < kernel.width; x++)
          plan->rows[plane][x] = (float) rows[plane][x];
      }
    else
      for (int i = 0; i < n; i++)
        plan->weights[plane][i] = (float) (kernel.weights[plane][i] * kernel.scale);
}

/* Floats of a row that vectors may run over the end of. */
static int
with_room (const RfFilterPlan *plan, int n)
{
  const int step = plan->simd->step;

  return (n + step - 1) / step * step + step;
}

/* Where each column of the kernel finds its first value, for blocks of this width. */
static void
plan_columns (RfFilterPlan *plan)
{
  const int stride = plan->options.stride[1], dilation = plan->options.dilation[1];
  const int width = plan->kernel.width;
  const int line = (plan->block_width - 1) * stride + (width - 1) * dilation + 1;

  plan->line_floats = with_room (plan, line);
  plan->phase_floats = with_room (plan, (line + stride - 1) / stride);
  plan->n_phases = 0;
  for (int kx = 0; kx < width; kx++)
    {
      const int phase = kx * dilation % stride;
      int p = 0;

      while (p < plan->n_phases && plan->phases[p] != phase)
        p++;
      if (p == plan->n_phases)
        plan->phases[plan->n_phases++] = phase;
      plan->offsets[kx] = p * plan->phase_floats + kx * dilation / stride;
    }
  if (plan->separable)
    {
      plan->slot_floats = with_room (plan, plan->block_width);
      plan->slot_offsets[0] = 0;
    }
  else
    {
      plan->slot_floats = plan->n_phases * plan->phase_floats;
      memcpy (plan->slot_offsets, plan->offsets, sizeof plan->offsets);
    }
}

/* A slot for each row that a window of the block looks at. */
static void
plan_rows (RfFilterPlan *plan)
{
  const int stride = plan->options.stride[0], dilation = plan->options.dilation[0];
  const int n = (plan->block_height - 1) * stride + (plan->kernel.height - 1) * dilation + 1;

  plan->slots = g_renew (int, plan->slots, n);
  for (int i = 0; i < n; i++)
    plan->slots[i] = -1;
  for (int y = 0; y < plan->block_height; y++)
    for (int ky = 0; ky < plan->kernel.height; ky++)
      plan->slots[y * stride + ky * dilation] = 0;
  plan->n_slots = 0;
  for (int i = 0; i < n; i++)
    if (plan->slots[i] == 0)
      plan->slots[i] = plan->n_slots++;
}

static void
plan_blocks (RfFilterPlan *plan)
{
  const int step = plan->simd->step, width = (plan->output.width + step - 1) / step * step;
  const int n_channels = plan->input.channels;

  plan->block_height = BLOCK_HEIGHT;
  plan->block_width = MIN (BLOCK_WIDTH, width);
  for (;;)
    {
      plan_columns (plan);
      plan_rows (plan);
      if ((gsize) plan->n_slots * plan->slot_floats * n_channels <= BLOCK_FLOATS)
        break;
      if (plan->block_width > 2 * step && plan->block_width >= 4 * plan->block_height)
        plan->block_width = (plan->block_width / 2 + step - 1) / step * step;
      else if (plan->block_height > RF_FILTER_GROUP)
        plan->block_height /= 2;
      else
        break;
    }
  /* Neighbouring rows share their input where a step down is a step of the kernel. */
  plan->group = plan->options.stride[0] == plan->options.dilation[0]
                    ? MIN (RF_FILTER_GROUP, plan->kernel.height)
                    : 1;
  plan->n_across = (plan->output.width + plan->block_width - 1) / plan->block_width;
  plan->n_blocks
      = plan->n_across * ((plan->output.height + plan->block_height - 1) / plan->block_height);
  plan->n_scratch = (gsize) n_channels * plan->line_floats
                    + (gsize) plan->n_phases * plan->phase_floats
                    + (gsize) n_channels * RF_FILTER_GROUP * plan->block_width
                    + (gsize) n_channels * plan->n_slots * plan->slot_floats;
}

RfFilterPlan *
rf_filter_plan_new (const RfKernel *kernel, const RfFilterOptions *options, RfShape input,
                    GError **error)
{
  RfShape output;

  g_return_val_if_fail (kernel != NULL && options != NULL, NULL);

  if (!rf_filter_output_shape (kernel, options, input, &output, error))
    return NULL;

  RfFilterPlan *plan = g_new0 (RfFilterPlan, 1);
  plan->kernel = *kernel;
  plan->options = *options;
  plan->input = input;
  plan->output = output;
  plan->simd = get_simd ();
  rf_filter_padding (kernel, options, plan->padding);
  plan_weights (plan);
  if (plan->simd)
    plan_blocks (plan);
  return plan;
}

void
rf_filter_plan_free (RfFilterPlan *plan)
{
  if (!plan)
    return;
  g_free (plan->slots);
  g_free (plan);
}

RfShape
rf_filter_plan_get_output (const RfFilterPlan *plan)
{
  return plan->output;
}

gboolean
rf_filter_plan_is_separable (const RfFilterPlan *plan)
{
  return plan->separable;
}

/* --- Running -------------------------------------------------------------------------------- */

/* What the pool's scratch has room for; asking it costs a ticket. */
static atomic_size_t reserved;

static void
reserve_scratch (gsize n_floats)
{
  if (atomic_load (&reserved) >= n_floats)
    return;
  rf_pool_reserve_scratch (n_floats);
  gsize known = atomic_load (&reserved);
  while (known < n_floats && !atomic_compare_exchange_weak (&reserved, &known, n_floats))
    ;
}

static gboolean
same_shape (RfShape a, RfShape b)
{
  return a.channels == b.channels && a.height == b.height && a.width == b.width;
}

/* A byte's share of 255, summed and multiplied by 255 again: halves are off by some last bits, and
 * would be rounded the wrong way. */
static guint8
reference_to_byte (double value)
{
  const double byte = rint (value * 255 * 1e9) / 1e9;

  return (guint8) CLAMP (rint (byte), 0, 255);
}

static void
run_reference (const RfFilterPlan *plan, const RfPixels *input, const RfPixels *output)
{
  g_autofree double *values = g_new (double, RF_SHAPE_COUNT (plan->output));
  const double *value = values;

  rf_filter_reference (&plan->kernel, &plan->options, input, values);
  for (int c = 0; c < plan->output.channels; c++)
    for (int y = 0; y < plan->output.height; y++)
      for (int x = 0; x < plan->output.width; x++, value++)
        {
          const gsize place = c * output->plane + y * output->row + x * output->pixel;
          if (output->bytes)
            ((guint8 *) output->data)[place] = reference_to_byte (*value);
          else
            ((float *) output->data)[place] = (float) *value;
        }
}

gboolean
rf_filter_run (const RfFilterPlan *plan, const RfPixels *input, const RfPixels *output,
               RfStale *stale)
{
  g_return_val_if_fail (same_shape (input->shape, plan->input), FALSE);
  g_return_val_if_fail (same_shape (output->shape, plan->output), FALSE);

  if (!plan->simd)
    {
      run_reference (plan, input, output);
      return !(stale && atomic_load (stale));
    }

  const double products = (double) plan->block_height * plan->block_width * plan->input.channels
                          * (plan->separable ? plan->kernel.height + plan->kernel.width
                                             : plan->kernel.height * plan->kernel.width);
  const int per_ticket = (int) fmax (1, PRODUCTS_PER_TICKET / products);
  RfFilterJob job = { plan, input, output, stale, 0 };

  reserve_scratch (plan->n_scratch);
  for (; job.first < plan->n_blocks; job.first += per_ticket)
    {
      if (stale && atomic_load (stale))
        return FALSE;
      rf_pool_enter (RF_POOL_HAND);
      rf_pool_run (MIN (per_ticket, plan->n_blocks - job.first), rf_filter_run_block, &job);
      rf_pool_leave ();
    }
  return !(stale && atomic_load (stale));
}
