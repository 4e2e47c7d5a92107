/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluating a chain stage by stage. Kernels are filters (filter.h); the rest walks over ranges or
 * rows of values, cut by the shapes alone. */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/filter/chain.h"
#include "model/kernels/kernels.h"

#define VALUES_PER_ITEM (64 * 1024)

void
rf_chain_results_clear (RfChainResults *results)
{
  for (int i = 0; i < RF_CHAIN_MAX_STAGES; i++)
    g_clear_pointer (&results->values[i], rf_floats_free);
  results->n = 0;
}

typedef struct
{
  const RfStage *stage;
  RfShape from, to;
  const float *input, *with;
  float *output;
  gsize n; /* values, or rows of all channels */
  gsize n_per_item;
  RfStale *stale;
} Job;

static void
map_range (const Job *job, gsize begin, gsize n)
{
  const RfStage *stage = job->stage;
  const RfKernels *kernels = rf_kernels_get (rf_kernels_path ());
  const float *x = job->input + begin, *with = job->with ? job->with + begin : NULL;
  const float value = (float) stage->value;
  float *y = job->output + begin;

  switch (stage->kind)
    {
    case RF_STAGE_BIAS:
      for (gsize i = 0; i < n; i++)
        y[i] = x[i] + value;
      break;
    case RF_STAGE_RELU:
      kernels->activation[RF_ACTIVATION_RELU](x, y, n, 0);
      break;
    case RF_STAGE_TANH:
      kernels->activation[RF_ACTIVATION_TANH](x, y, n, 0);
      break;
    case RF_STAGE_ABS:
      for (gsize i = 0; i < n; i++)
        y[i] = fabsf (x[i]);
      break;
    case RF_STAGE_THRESHOLD:
      for (gsize i = 0; i < n; i++)
        y[i] = x[i] >= value ? 1 : 0;
      break;
    case RF_STAGE_ADD:
      kernels->add (x, with, y, n);
      break;
    case RF_STAGE_MAGNITUDE:
      for (gsize i = 0; i < n; i++)
        y[i] = sqrtf (x[i] * x[i] + with[i] * with[i]);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* One row of a pool; @row counts over all channels. */
static void
pool_row (const Job *job, gsize row)
{
  const RfStage *stage = job->stage;
  const int height = job->from.height, width = job->from.width;
  const gsize channel = row / (gsize) job->to.height;
  const int top = (int) (row % (gsize) job->to.height) * stage->stride[0] - stage->padding[0];
  const float *plane = job->input + channel * height * width;
  const gboolean max = stage->kind == RF_STAGE_MAXPOOL;
  const float share = 1.f / ((float) stage->size[0] * (float) stage->size[1]);
  const int y0 = MAX (top, 0), y1 = MIN (top + stage->size[0], height);
  float *out = job->output + row * job->to.width;

  for (int i = 0; i < job->to.width; i++)
    {
      const int left = i * stage->stride[1] - stage->padding[1];
      const int x0 = MAX (left, 0), x1 = MIN (left + stage->size[1], width);
      float value = max ? -INFINITY : 0;

      for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
          {
            const float v = plane[(gsize) y * width + x];
            value = !max ? value + v : v > value ? v : value;
          }
      out[i] = max ? value : value * share;
    }
}

static gboolean
is_pool (const RfStage *stage)
{
  return stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL;
}

static void
run_item (void *data, int item, int worker)
{
  const Job *job = data;
  const gsize begin = (gsize) item * job->n_per_item, n = MIN (job->n_per_item, job->n - begin);

  if (job->stale && atomic_load_explicit (job->stale, memory_order_relaxed))
    return;
  if (!is_pool (job->stage))
    map_range (job, begin, n);
  else
    for (gsize row = begin; row < begin + n; row++)
      pool_row (job, row);
}

static void
run_simple (Job *job)
{
  const gsize cells = (gsize) job->stage->size[0] * (gsize) job->stage->size[1];

  job->n = RF_SHAPE_COUNT (job->to);
  job->n_per_item = VALUES_PER_ITEM;
  if (is_pool (job->stage))
    {
      job->n = (gsize) job->to.channels * job->to.height;
      job->n_per_item = MAX (1, VALUES_PER_ITEM / (cells * (gsize) job->to.width));
    }
  const int n_items = (int) ((job->n + job->n_per_item - 1) / job->n_per_item);
  rf_pool_enter (RF_POOL_HAND);
  rf_pool_run (n_items, run_item, job);
  rf_pool_leave ();
}

/* The picture as floats, where a stage other than a kernel reads it. */
static gboolean
picture_to_floats (const RfPixels *picture, float **values, GError **error)
{
  float *value = *values = rf_floats_try_new (RF_SHAPE_COUNT (picture->shape), error);

  if (!value)
    return FALSE;
  for (int c = 0; c < picture->shape.channels; c++)
    for (int y = 0; y < picture->shape.height; y++)
      for (int x = 0; x < picture->shape.width; x++, value++)
        {
          const gsize place = c * picture->plane + y * picture->row + x * picture->pixel;
          *value = picture->bytes ? (float) (((const guint8 *) picture->data)[place] / 255.)
                                  : ((const float *) picture->data)[place];
        }
  return TRUE;
}

typedef struct
{
  const RfChain *chain;
  const RfPixels *picture;
  float *floats; /* of the picture, once wanted */
  RfChainResults *results;
  RfStale *stale;
} Run;

static const float *
find_values (Run *run, int index, GError **error)
{
  if (index >= 0)
    return run->results->values[index];
  if (!run->floats && !picture_to_floats (run->picture, &run->floats, error))
    return NULL;
  return run->floats;
}

static gboolean
run_kernel (Run *run, int i, GError **error)
{
  const RfStage *stage = &run->chain->stages[i];
  const int from = rf_chain_input_of (run->chain, i);
  const RfPixels input
      = from < 0 ? *run->picture
                 : rf_pixels_planar (run->results->values[from], run->results->shapes[from]);
  const RfPixels output = rf_pixels_planar (run->results->values[i], run->results->shapes[i]);
  g_autoptr (RfFilterPlan) plan
      = rf_filter_plan_new (&stage->kernel, &stage->options, input.shape, error);

  return plan && rf_filter_run (plan, &input, &output, run->stale);
}

static gboolean
run_stage (Run *run, int i, GError **error)
{
  const RfStage *stage = &run->chain->stages[i];
  const int from = rf_chain_input_of (run->chain, i), with = rf_chain_with_of (run->chain, i);
  Job job = { stage };

  if (stage->kind == RF_STAGE_KERNEL)
    return run_kernel (run, i, error);
  job.from = from < 0 ? run->picture->shape : run->results->shapes[from];
  job.to = run->results->shapes[i];
  job.output = run->results->values[i];
  job.stale = run->stale;
  if (!(job.input = find_values (run, from, error)))
    return FALSE;
  if ((stage->kind == RF_STAGE_ADD || stage->kind == RF_STAGE_MAGNITUDE)
      && !(job.with = find_values (run, with, error)))
    return FALSE;
  run_simple (&job);
  return !(run->stale && atomic_load (run->stale));
}

/* Frees what nobody after stage @i reads. */
static void
free_unread (const RfChain *chain, int i, RfChainResults *results)
{
  for (int earlier = 0; earlier < i; earlier++)
    {
      gboolean read = FALSE;

      for (int later = i + 1; later < chain->n_stages && !read; later++)
        read = rf_chain_input_of (chain, later) == earlier
               || rf_chain_with_of (chain, later) == earlier;
      if (!read)
        g_clear_pointer (&results->values[earlier], rf_floats_free);
    }
}

gboolean
rf_chain_run (const RfChain *chain, const RfPixels *picture, int first, gboolean keep,
              RfChainResults *results, RfStale *stale, GError **error)
{
  RfShape shapes[RF_CHAIN_MAX_STAGES];
  Run run = { chain, picture, NULL, results, stale };
  gboolean done = TRUE;

  g_return_val_if_fail (first >= 0 && first <= results->n, FALSE);

  results->n = first;
  if (!rf_chain_shapes (chain, picture->shape, shapes, error))
    return FALSE;
  for (int i = first; i < RF_CHAIN_MAX_STAGES; i++)
    if (i >= chain->n_stages || RF_SHAPE_COUNT (shapes[i]) != RF_SHAPE_COUNT (results->shapes[i]))
      g_clear_pointer (&results->values[i], rf_floats_free);
  for (int i = first; i < chain->n_stages && done; i++)
    {
      results->shapes[i] = shapes[i];
      if (!results->values[i])
        results->values[i] = rf_floats_try_new (RF_SHAPE_COUNT (shapes[i]), error);
      done = results->values[i] && run_stage (&run, i, error);
      if (done)
        results->n = i + 1;
      if (done && !keep)
        free_unread (chain, i, results);
    }
  rf_floats_free (run.floats);
  return done;
}
