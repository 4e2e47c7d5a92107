/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pixel, followed back to the picture.
 *
 * Two things at once: the sum of each stage for one pixel, written out; and the region of every
 * result that the pixel depends on, which grows backwards by (side - 1) · dilation and the stride.
 * For the sums one pixel of a window is followed further, the middle one, or the largest of a
 * maximum; a stage that is reached twice keeps the first. */
#include <math.h>
#include <string.h>

#include "model/filter/chain.h"

typedef struct
{
  const RfChain *chain;
  const RfPixels *picture;
  const RfChainResults *results;
  RfChainTrace *trace;
  /* The pixel to follow in each stage. */
  struct
  {
    gboolean set;
    int channel, y, x;
  } wanted[RF_CHAIN_MAX_STAGES];
} Tracer;

static void
step_free (gpointer data)
{
  RfTraceStep *step = data;

  g_array_unref (step->terms);
  g_free (step);
}

void
rf_chain_trace_free (RfChainTrace *trace)
{
  if (!trace)
    return;
  g_ptr_array_unref (trace->steps);
  g_free (trace);
}

static RfShape
shape_of (const Tracer *tracer, int stage)
{
  return stage < 0 ? tracer->picture->shape : tracer->results->shapes[stage];
}

/* The value at a place inside. */
static double
value_of (const Tracer *tracer, int stage, int channel, int y, int x)
{
  const RfPixels pixels = stage < 0 ? *tracer->picture
                                    : rf_pixels_planar (tracer->results->values[stage],
                                                        tracer->results->shapes[stage]);

  return rf_pixels_value (&pixels, RF_BORDER_ZERO, channel, y, x);
}

/* --- Regions -------------------------------------------------------------------------------- */

/* Adds the places on an axis of @n that coordinates @begin to @end - 1 show. */
static void
add_axis (RfBorder border, gint64 begin, gint64 end, int n, int *low, int *high)
{
  /* Two periods see everything. */
  if (end - begin > 4 * (gint64) n)
    end = begin + 4 * (gint64) n;
  for (gint64 i = begin; i < end; i++)
    {
      const int place = rf_border_place (border, i, n);
      if (place < 0)
        continue;
      *low = *high > *low ? MIN (*low, place) : place;
      *high = MAX (*high, place + 1);
    }
}

/* Adds what a window of @sides, at @strides and @dilations, sees from @region of its output. */
static void
add_region (const RfRegion *region, const int sides[2], const int strides[2],
            const int dilations[2], const int before[2], RfBorder border, RfShape shape,
            RfRegion *to)
{
  const gint64 top = (gint64) region->top * strides[0] - before[0];
  const gint64 bottom
      = (gint64) (region->bottom - 1) * strides[0] - before[0] + (sides[0] - 1) * dilations[0] + 1;
  const gint64 left = (gint64) region->left * strides[1] - before[1];
  const gint64 right
      = (gint64) (region->right - 1) * strides[1] - before[1] + (sides[1] - 1) * dilations[1] + 1;
  RfRegion seen = { 0 };

  if (region->bottom <= region->top)
    return;
  add_axis (border, top, bottom, shape.height, &seen.top, &seen.bottom);
  add_axis (border, left, right, shape.width, &seen.left, &seen.right);
  if (seen.bottom <= seen.top || seen.right <= seen.left)
    return;
  if (to->bottom <= to->top)
    *to = seen;
  else
    *to = (RfRegion){ MIN (to->top, seen.top), MAX (to->bottom, seen.bottom),
                      MIN (to->left, seen.left), MAX (to->right, seen.right) };
}

static RfRegion *
region_of (const Tracer *tracer, int stage)
{
  return stage < 0 ? &tracer->trace->picture : &tracer->trace->regions[stage];
}

static void
spread_region (const Tracer *tracer, int i)
{
  static const int one[2] = { 1, 1 }, none[2] = { 0, 0 };
  const RfStage *stage = &tracer->chain->stages[i];
  const RfRegion *region = region_of (tracer, i);
  const int from = rf_chain_input_of (tracer->chain, i);
  const RfShape shape = shape_of (tracer, from);
  RfRegion *to = region_of (tracer, from);

  switch (stage->kind)
    {
    case RF_STAGE_KERNEL:
      {
        const int sides[2] = { stage->kernel.height, stage->kernel.width };
        int padding[4];
        rf_filter_padding (&stage->kernel, &stage->options, padding);
        const int before[2] = { padding[0], padding[2] };
        add_region (region, sides, stage->options.stride, stage->options.dilation, before,
                    stage->options.border, shape, to);
        break;
      }
    case RF_STAGE_MAXPOOL:
    case RF_STAGE_AVGPOOL:
      add_region (region, stage->size, stage->stride, one, stage->padding, RF_BORDER_ZERO, shape,
                  to);
      break;
    case RF_STAGE_ADD:
    case RF_STAGE_MAGNITUDE:
      add_region (region, one, one, one, none, RF_BORDER_ZERO, shape,
                  region_of (tracer, rf_chain_with_of (tracer->chain, i)));
      G_GNUC_FALLTHROUGH;
    default:
      add_region (region, one, one, one, none, RF_BORDER_ZERO, shape, to);
      break;
    }
}

/* --- Sums ----------------------------------------------------------------------------------- */

static void
follow (Tracer *tracer, int stage, int channel, int y, int x)
{
  if (stage < 0 || tracer->wanted[stage].set)
    return;
  tracer->wanted[stage].set = TRUE;
  tracer->wanted[stage].channel = channel;
  tracer->wanted[stage].y = y;
  tracer->wanted[stage].x = x;
}

/* Adds a term for coordinate (y, x) of @source. */
static RfTraceTerm *
add_term (const Tracer *tracer, RfTraceStep *step, int source, RfBorder border, int channel, int y,
          int x, double weight)
{
  const RfShape shape = shape_of (tracer, source);
  RfTraceTerm term = { source,
                       channel,
                       y,
                       x,
                       rf_border_place (border, y, shape.height),
                       rf_border_place (border, x, shape.width),
                       weight,
                       0,
                       TRUE };

  if (term.place_y < 0 || term.place_x < 0)
    term.place_y = term.place_x = -1;
  else
    term.value = value_of (tracer, source, channel, term.place_y, term.place_x);
  step->sum += weight * term.value;
  g_array_append_val (step->terms, term);
  return &g_array_index (step->terms, RfTraceTerm, step->terms->len - 1);
}

static void
trace_kernel (Tracer *tracer, const RfStage *stage, int source, RfTraceStep *step)
{
  const RfFilterOptions *options = &stage->options;
  const RfShape shape = shape_of (tracer, source);
  RfKernel kernel = stage->kernel;
  int padding[4];

  if (options->convolve)
    rf_kernel_flip_both (&kernel);
  rf_filter_padding (&kernel, options, padding);
  const int top = step->y * options->stride[0] - padding[0];
  const int left = step->x * options->stride[1] - padding[2];
  const gboolean combined = kernel.mode == RF_KERNEL_COMBINED;

  step->window = (RfRegion){ top, top + (kernel.height - 1) * options->dilation[0] + 1, left,
                             left + (kernel.width - 1) * options->dilation[1] + 1 };
  for (int c = 0; c < (combined ? RF_KERNEL_MAX_PLANES : 1); c++)
    for (int ky = 0; ky < kernel.height; ky++)
      for (int kx = 0; kx < kernel.width; kx++)
        {
          const int channel = combined ? c : step->channel;
          const int plane = kernel.mode == RF_KERNEL_SHARED ? 0 : channel;
          add_term (tracer, step, source, options->border, channel, top + ky * options->dilation[0],
                    left + kx * options->dilation[1], rf_kernel_get (&kernel, plane, ky, kx));
        }

  /* The middle of the window; of one that lies in zeros, the nearest pixel. */
  const RfBorder border = options->border == RF_BORDER_ZERO ? RF_BORDER_EDGE : options->border;
  follow (
      tracer, source, combined ? 0 : step->channel,
      rf_border_place (border, top + (kernel.height - 1) / 2 * options->dilation[0], shape.height),
      rf_border_place (border, left + (kernel.width - 1) / 2 * options->dilation[1], shape.width));
}

static void
trace_pool (Tracer *tracer, const RfStage *stage, int source, RfTraceStep *step)
{
  const RfShape shape = shape_of (tracer, source);
  const gboolean max = stage->kind == RF_STAGE_MAXPOOL;
  const int top = step->y * stage->stride[0] - stage->padding[0];
  const int left = step->x * stage->stride[1] - stage->padding[1];
  int best = -1;

  step->window = (RfRegion){ top, top + stage->size[0], left, left + stage->size[1] };
  for (int y = top; y < top + stage->size[0]; y++)
    for (int x = left; x < left + stage->size[1]; x++)
      {
        const RfTraceTerm *term = add_term (tracer, step, source, RF_BORDER_ZERO, step->channel, y,
                                            x, max ? 1 : 1. / (stage->size[0] * stage->size[1]));
        const RfTraceTerm *terms = (const RfTraceTerm *) step->terms->data;
        if (term->place_y >= 0 && (best < 0 || term->value > terms[best].value))
          best = (int) step->terms->len - 1;
      }
  RfTraceTerm *terms = (RfTraceTerm *) step->terms->data;
  if (!max)
    {
      follow (tracer, source, step->channel,
              CLAMP (top + (stage->size[0] - 1) / 2, 0, shape.height - 1),
              CLAMP (left + (stage->size[1] - 1) / 2, 0, shape.width - 1));
      return;
    }
  for (int k = 0; k < (int) step->terms->len; k++)
    terms[k].counts = k == best;
  step->sum = best >= 0 ? terms[best].value : 0;
  if (best >= 0)
    follow (tracer, source, step->channel, terms[best].y, terms[best].x);
}

static void
trace_stage (Tracer *tracer, int i)
{
  const RfStage *stage = &tracer->chain->stages[i];
  const int source = rf_chain_input_of (tracer->chain, i);
  const int with = rf_chain_with_of (tracer->chain, i);
  RfTraceStep *step = g_new0 (RfTraceStep, 1);

  step->stage = i;
  step->channel = tracer->wanted[i].channel;
  step->y = tracer->wanted[i].y;
  step->x = tracer->wanted[i].x;
  step->value = value_of (tracer, i, step->channel, step->y, step->x);
  step->terms = g_array_new (FALSE, FALSE, sizeof (RfTraceTerm));
  g_ptr_array_add (tracer->trace->steps, step);
  if (stage->kind == RF_STAGE_KERNEL)
    trace_kernel (tracer, stage, source, step);
  else if (stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL)
    trace_pool (tracer, stage, source, step);
  else
    {
      step->window = (RfRegion){ step->y, step->y + 1, step->x, step->x + 1 };
      add_term (tracer, step, source, RF_BORDER_ZERO, step->channel, step->y, step->x, 1);
      follow (tracer, source, step->channel, step->y, step->x);
      if (stage->kind == RF_STAGE_ADD || stage->kind == RF_STAGE_MAGNITUDE)
        {
          add_term (tracer, step, with, RF_BORDER_ZERO, step->channel, step->y, step->x, 1);
          follow (tracer, with, step->channel, step->y, step->x);
        }
    }
}

RfChainTrace *
rf_chain_trace (const RfChain *chain, const RfPixels *picture, const RfChainResults *results,
                int stage, int channel, int y, int x)
{
  Tracer tracer = { chain, picture, results };

  g_return_val_if_fail (stage >= 0 && stage < results->n && stage < chain->n_stages, NULL);
  const RfShape shape = results->shapes[stage];
  g_return_val_if_fail (channel >= 0 && channel < shape.channels && y >= 0 && y < shape.height
                            && x >= 0 && x < shape.width,
                        NULL);
  for (int i = 0; i <= stage; i++)
    g_return_val_if_fail (results->values[i] != NULL, NULL);

  tracer.trace = g_new0 (RfChainTrace, 1);
  tracer.trace->steps = g_ptr_array_new_with_free_func (step_free);
  tracer.trace->regions[stage] = (RfRegion){ y, y + 1, x, x + 1 };
  follow (&tracer, stage, channel, y, x);
  for (int i = stage; i >= 0; i--)
    if (tracer.wanted[i].set)
      {
        trace_stage (&tracer, i);
        spread_region (&tracer, i);
      }
  return tracer.trace;
}
