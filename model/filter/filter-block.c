/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One block of a filtered picture: rows in, sums, rows out. */
#include <string.h>

#include "model/base/pool.h"
#include "model/filter/filter-private.h"

typedef struct
{
  const RfFilterPlan *plan;
  const RfPixels *input;
  int top, left, height, width;  /* of the output */
  gint64 from_x;                 /* column of the picture that a line begins with */
  int line_length;               /* columns looked at */
  float *lines, *phases, *slots; /* [channels, …] */
  float *sums;                   /* [channels, group, ld] */
  gsize ld;                      /* floats between rows of sums */
} Block;

static float *
slot_of (const Block *block, int channel, int slot)
{
  const RfFilterPlan *plan = block->plan;

  return block->slots + ((gsize) channel * plan->n_slots + slot) * plan->slot_floats;
}

/* One value of the picture, from the row at @place (0: the first channel's). */
static float
get_value (const RfPixels *input, gsize place)
{
  return input->bytes ? ((const guint8 *) input->data)[place]
                      : ((const float *) input->data)[place];
}

/* The columns @from to @to - 1 of a line that lie beyond the picture. */
static void
load_border (const Block *block, gsize row, int channel, int from, int to, float *out)
{
  const RfPixels *input = block->input;

  for (int i = from; i < to; i++)
    {
      const int x
          = rf_border_place (block->plan->options.border, block->from_x + i, input->shape.width);
      out[i] = x < 0 ? 0 : get_value (input, row + channel * input->plane + x * input->pixel);
    }
}

/* Row @y of the picture, from column from_x on, into a line for each channel. */
static void
load_row (const Block *block, int y, float *const out[])
{
  const RfFilterSimd *simd = block->plan->simd;
  const RfPixels *input = block->input;
  const int n_channels = input->shape.channels, n = block->line_length;
  const gsize row = y * input->row;
  const int begin = (int) CLAMP (-block->from_x, 0, n);
  const int end = (int) CLAMP (input->shape.width - block->from_x, begin, n);
  const gsize start = row + (gsize) (block->from_x + begin) * input->pixel;

  for (int c = 0; c < n_channels; c++)
    {
      load_border (block, row, c, 0, begin, out[c]);
      load_border (block, row, c, end, n, out[c]);
    }
  if (end == begin)
    return;
  if (input->bytes && n_channels == 3 && input->plane == 1 && input->pixel == 3)
    {
      float *const to[3] = { out[0] + begin, out[1] + begin, out[2] + begin };
      simd->load_rgb ((const guint8 *) input->data + start, end - begin, to);
      return;
    }
  for (int c = 0; c < n_channels; c++)
    {
      const gsize from = start + c * input->plane;
      if (input->bytes)
        simd->load_bytes ((const guint8 *) input->data + from, input->pixel, end - begin,
                          out[c] + begin);
      else
        simd->load_floats ((const float *) input->data + from, input->pixel, end - begin,
                           out[c] + begin);
    }
}

/* What lies between a line as it is loaded and a slot. */
static void
finish_slot (const Block *block, int channel, const float *line, float *slot)
{
  const RfFilterPlan *plan = block->plan;
  const int stride = plan->options.stride[1];
  const float *row = line;

  if (stride > 1)
    {
      float *phases = plan->separable ? block->phases : slot;

      for (int p = 0; p < plan->n_phases; p++)
        {
          const int first = plan->phases[p];
          plan->simd->load_floats (line + first, stride,
                                   (block->line_length - first + stride - 1) / stride,
                                   phases + (gsize) p * plan->phase_floats);
        }
      row = phases;
    }
  if (plan->separable)
    {
      const int plane = plan->kernel.mode == RF_KERNEL_SHARED ? 0 : channel;
      const float *const rows[1] = { row };

      plan->simd->correlate (1, 1, plan->kernel.width, plan->rows[plane], rows, plan->offsets,
                             block->width, slot, 0);
    }
}

static void
fill_slots (const Block *block)
{
  const RfFilterPlan *plan = block->plan;
  const int n_channels = plan->input.channels;
  const gboolean direct = !plan->separable && plan->options.stride[1] == 1;
  const int n_offsets = (block->height - 1) * plan->options.stride[0]
                        + (plan->kernel.height - 1) * plan->options.dilation[0] + 1;
  const gint64 first = (gint64) block->top * plan->options.stride[0] - plan->padding[0];

  for (int offset = 0; offset < n_offsets; offset++)
    {
      const int slot = plan->slots[offset];
      float *lines[RF_FILTER_MAX_CHANNELS];

      if (slot < 0)
        continue;
      const int y = rf_border_place (plan->options.border, first + offset, plan->input.height);
      if (y < 0)
        {
          for (int c = 0; c < n_channels; c++)
            memset (slot_of (block, c, slot), 0, plan->slot_floats * sizeof (float));
          continue;
        }
      for (int c = 0; c < n_channels; c++)
        lines[c] = direct ? slot_of (block, c, slot) : block->lines + (gsize) c * plan->line_floats;
      load_row (block, y, lines);
      if (!direct)
        for (int c = 0; c < n_channels; c++)
          finish_slot (block, c, lines[c], slot_of (block, c, slot));
    }
}

/* Three sums become one. Only now: a sum of a third of the terms is smaller on its way, and rounded
 * more finely. */
static void
add_planes (const Block *block, int n_rows)
{
  const gsize plane = RF_FILTER_GROUP * block->ld;

  for (int r = 0; r < n_rows; r++)
    {
      float *sums = block->sums + r * block->ld;

      for (int i = 0; i < block->width; i++)
        sums[i] += sums[plane + i] + sums[2 * plane + i];
    }
}

/* Sums of @n_rows output rows from row @first of the block on. */
static void
sum_group (const Block *block, int first, int n_rows)
{
  const RfFilterPlan *plan = block->plan;
  const int n_inputs = plan->kernel.height + n_rows - 1;
  const float *rows[RF_KERNEL_MAX_SIDE + RF_FILTER_GROUP - 1];

  for (int c = 0; c < plan->input.channels; c++)
    {
      float *sums = block->sums + c * RF_FILTER_GROUP * block->ld;

      for (int i = 0; i < n_inputs; i++)
        rows[i] = slot_of (
            block, c, plan->slots[first * plan->options.stride[0] + i * plan->options.dilation[0]]);
      plan->simd->correlate (n_rows, plan->kernel.height, plan->slot_width,
                             plan->weights[plan->kernel.mode == RF_KERNEL_SHARED ? 0 : c], rows,
                             plan->slot_offsets, block->width, sums, block->ld);
    }
  if (plan->kernel.mode == RF_KERNEL_COMBINED)
    add_planes (block, n_rows);
}

/* Inside, values are as in the input: a byte's from 0 to 255. */
static void
store_group (const Block *block, const RfPixels *output, int first, int n_rows)
{
  const RfFilterPlan *plan = block->plan;
  const RfFilterSimd *simd = plan->simd;
  const gboolean from_bytes = block->input->bytes;
  const int n_channels = output->shape.channels;
  const float white = output->bytes ? 255 : 1;
  const float factor = from_bytes == output->bytes ? 1 : from_bytes ? 1 / 255.f : 255;
  const float shift = (float) (plan->kernel.bias * white);

  for (int r = 0; r < n_rows; r++)
    {
      const float *sums[RF_FILTER_MAX_CHANNELS];
      const gsize start
          = (gsize) (block->top + first + r) * output->row + (gsize) block->left * output->pixel;

      for (int c = 0; c < n_channels; c++)
        sums[c] = block->sums + (c * RF_FILTER_GROUP + r) * block->ld;
      if (output->bytes && n_channels == 3 && output->plane == 1 && output->pixel == 3)
        simd->store_rgb (sums, block->width, factor, shift, (guint8 *) output->data + start);
      else if (output->bytes)
        for (int c = 0; c < n_channels; c++)
          simd->store_bytes (sums[c], block->width, factor, shift, output->pixel,
                             (guint8 *) output->data + start + c * output->plane);
      else
        for (int c = 0; c < n_channels; c++)
          simd->store_floats (sums[c], block->width, factor, shift, output->pixel,
                              (float *) output->data + start + c * output->plane);
    }
}

void
rf_filter_run_block (void *data, int item, int worker)
{
  const RfFilterJob *job = data;
  const RfFilterPlan *plan = job->plan;
  const int index = job->first + item, n_channels = plan->input.channels;
  float *scratch = rf_pool_scratch (worker);
  Block block = { plan, job->input };

  if (job->stale && atomic_load_explicit (job->stale, memory_order_relaxed))
    return;

  block.top = index / plan->n_across * plan->block_height;
  block.left = index % plan->n_across * plan->block_width;
  block.height = MIN (plan->block_height, plan->output.height - block.top);
  block.width = MIN (plan->block_width, plan->output.width - block.left);
  block.from_x = (gint64) block.left * plan->options.stride[1] - plan->padding[2];
  block.line_length = (block.width - 1) * plan->options.stride[1]
                      + (plan->kernel.width - 1) * plan->options.dilation[1] + 1;
  block.ld = plan->block_width;
  block.lines = scratch;
  block.phases = block.lines + (gsize) n_channels * plan->line_floats;
  block.sums = block.phases + (gsize) plan->n_phases * plan->phase_floats;
  block.slots = block.sums + n_channels * RF_FILTER_GROUP * block.ld;

  fill_slots (&block);
  for (int first = 0; first < block.height; first += plan->group)
    {
      const int n_rows = MIN (plan->group, block.height - first);
      sum_group (&block, first, n_rows);
      store_group (&block, job->output, first, n_rows);
    }
}
