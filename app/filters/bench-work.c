/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Computing, one job at a time. The results of all stages stay in the store, which belongs to the
 * job in flight: so nothing is copied, and nothing is read while it is written. The main loop gets
 * pictures for the screen, small ones for the cards, and the trace of one pixel.
 *
 * A full evaluation that is expected to take longer than a frame is preceded by one of the small
 * copy. While edits follow each other faster than the full one ends, it is stopped each time and
 * only copies are seen; it is there as soon as the hand rests. */

#include "app/filters/filter-bench-private.h"

#include "model/base/error.h"
#include "model/run/background.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FRAME     16. /* milliseconds */
#define GUESS     2.5 /* milliseconds for a million values, before any was measured */
#define THUMBNAIL 112 /* pixels */
#define MAX_KEPT  (300 * 1000 * 1000LL) /* values of all stages together: 1.2 GB */

typedef enum
{
  WORK_PREVIEW,
  WORK_FULL,
  WORK_TRACE,
} WorkKind;

struct _RfFilterJob
{
  RfFilterBench *bench;
  WorkKind kind;
  RfChain *chain;
  RfFilterPicture *picture;
  int stage, y, x;
  RfColorWish wish;
  RfStale stale;
  gint64 asked;
  RfFilterStore *store;

  RfFilterResult *result;
  RfChainTrace *trace;
  GError *error;
  double cost;
};

void
rf_filter_result_free (RfFilterResult *result)
{
  if (!result)
    return;
  g_clear_pointer (&result->colors.raster, rf_raster_unref);
  for (int i = 0; i < result->n_stages; i++)
    g_clear_pointer (&result->thumbnails[i], rf_raster_unref);
  g_free (result);
}

void
rf_filter_store_clear (RfFilterStore *store)
{
  rf_chain_results_clear (&store->results);
  g_clear_pointer (&store->chain, rf_chain_free);
  g_clear_pointer (&store->picture, rf_filter_picture_unref);
}

static void
work_free (RfFilterWork *work)
{
  rf_chain_free (work->chain);
  rf_filter_picture_unref (work->picture);
  rf_filter_result_free (work->result);
  g_clear_pointer (&work->trace, rf_chain_trace_free);
  g_clear_error (&work->error);
  g_object_unref (work->bench);
  g_free (work);
}

/* ---- in the thread ---- */

static gboolean
options_equal (const RfFilterOptions *a, const RfFilterOptions *b)
{
  return memcmp (a->stride, b->stride, sizeof a->stride) == 0
         && memcmp (a->dilation, b->dilation, sizeof a->dilation) == 0 && a->same == b->same
         && memcmp (a->padding, b->padding, sizeof a->padding) == 0 && a->border == b->border
         && a->convolve == b->convolve;
}

static gboolean
stages_equal (const RfStage *a, const RfStage *b)
{
  return a->kind == b->kind && a->input == b->input && a->with == b->with && a->value == b->value
         && memcmp (a->size, b->size, sizeof a->size) == 0
         && memcmp (a->stride, b->stride, sizeof a->stride) == 0
         && memcmp (a->padding, b->padding, sizeof a->padding) == 0
         && rf_kernel_equal (&a->kernel, &b->kernel) && options_equal (&a->options, &b->options);
}

/* How many stages of the store still hold. */
static int
count_held (const RfFilterStore *store, const RfFilterWork *work)
{
  if (!store->chain || store->picture != work->picture || !store->kept)
    return 0;
  int n = 0;
  while (n < store->results.n && n < work->chain->n_stages && n < store->chain->n_stages
         && stages_equal (&store->chain->stages[n], &work->chain->stages[n]))
    n++;
  return n;
}

static gboolean
keeps_all (const RfShape *shapes, int n)
{
  gint64 sum = 0;
  for (int i = 0; i < n; i++)
    sum += (gint64) RF_SHAPE_COUNT (shapes[i]);
  return sum <= MAX_KEPT;
}

static void
trace (RfFilterWork *work)
{
  const RfFilterStore *store = work->store;
  if (work->x < 0 || !store->chain || !store->kept || work->stage >= store->results.n)
    return;
  const RfShape shape = store->results.shapes[work->stage];
  if (work->y >= shape.height || work->x >= shape.width)
    return;
  const int channel = CLAMP (work->wish.channel, 0, shape.channels - 1);
  work->trace = rf_chain_trace (store->chain, &store->picture->pixels, &store->results, work->stage,
                                channel, work->y, work->x);
}

/* Colours and small pictures of what @results has. */
static void
show (RfFilterWork *work, const RfChainResults *results, gboolean thumbnails)
{
  RfFilterResult *shown = work->result;
  if (results->values[work->stage])
    shown->colors = rf_filter_colors (results->values[work->stage], results->shapes[work->stage],
                                      &work->wish);
  for (int i = 0; i < shown->n_stages && thumbnails; i++)
    if (results->values[i])
      shown->thumbnails[i]
          = rf_filter_thumbnail (results->values[i], results->shapes[i], THUMBNAIL);
}

static void
run_preview (RfFilterWork *work)
{
  RfChainResults *results = g_new0 (RfChainResults, 1);
  if (rf_chain_run (work->chain, &work->picture->preview, 0, TRUE, results, &work->stale,
                    &work->error))
    show (work, results, TRUE);
  else if (!work->error)
    g_clear_pointer (&work->result, rf_filter_result_free);
  rf_chain_results_clear (results);
  g_free (results);
}

static void
run_full (RfFilterWork *work)
{
  RfFilterStore *store = work->store;
  const gboolean keep = keeps_all (work->result->shapes, work->result->n_stages);
  int first = keep ? count_held (store, work) : 0;
  if (store->picture != work->picture || !store->kept)
    rf_chain_results_clear (&store->results);
  g_clear_pointer (&store->chain, rf_chain_free);
  g_clear_pointer (&store->picture, rf_filter_picture_unref);
  store->kept = keep;
  store->chain = rf_chain_copy (work->chain);
  store->picture = rf_filter_picture_ref (work->picture);

  /* Without room for all, the chain ends with what is shown. */
  RfChain *chain = work->chain;
  const int n_stages = chain->n_stages;
  if (!keep)
    chain->n_stages = work->stage + 1;
  const gint64 begun = g_get_monotonic_time ();
  const gboolean done = rf_chain_run (chain, &work->picture->pixels, first, keep, &store->results,
                                      &work->stale, &work->error);
  chain->n_stages = n_stages;
  if (!done)
    {
      if (!work->error)
        g_clear_pointer (&work->result, rf_filter_result_free);
      return;
    }
  show (work, &store->results, keep);
  work->result->kept = keep;
  if (!work->result->colors.raster)
    g_set_error (&work->error, RF_ERROR, RF_ERROR_MEMORY,
                 _ ("the result has %d×%d pixels, which cannot be shown"),
                 work->result->shape.width, work->result->shape.height);
  const double took = (double) (g_get_monotonic_time () - begun) / 1000;
  work->result->milliseconds = took;
  if (first == 0)
    work->cost = took * 1e6 / (double) RF_SHAPE_COUNT (work->picture->pixels.shape);
  trace (work);
}

static void
work_in_thread (gpointer data)
{
  RfFilterWork *work = data;
  if (work->kind == WORK_TRACE)
    {
      trace (work);
      return;
    }
  RfFilterResult *result = work->result = g_new0 (RfFilterResult, 1);
  result->preview = work->kind == WORK_PREVIEW;
  result->asked = work->asked;
  result->stage = work->stage;
  result->n_stages = work->chain->n_stages;
  if (!rf_chain_shapes (work->chain, work->picture->pixels.shape, result->shapes, &work->error))
    return;
  result->shape = result->shapes[work->stage];
  if (work->kind == WORK_PREVIEW)
    run_preview (work);
  else
    run_full (work);
}

/* ---- on the main loop ---- */

static void start (RfFilterBench *self);

/* "stages[1]: why" as a person would say it. */
static char *
say_problem (const GError *error)
{
  int stage, used = 0;
  if (sscanf (error->message, "stages[%d]: %n", &stage, &used) != 1 || used == 0)
    return g_strdup (error->message);
  return g_strdup_printf (_ ("Stage %d: %s"), stage + 1, error->message + used);
}

static void
take_result (RfFilterBench *self, RfFilterWork *work)
{
  g_clear_pointer (&self->problem, g_free);
  if (work->error)
    {
      self->problem = say_problem (work->error);
      g_clear_pointer (&self->trace, rf_chain_trace_free);
    }
  else if (work->result && work->result->colors.raster)
    {
      RfFilterResult *before = self->result;
      self->result = g_steal_pointer (&work->result);
      rf_filter_result_free (before);
    }
  rf_filter_bench_tell (self, "result");
}

static void
take_trace (RfFilterBench *self, RfFilterWork *work)
{
  g_clear_pointer (&self->trace, rf_chain_trace_free);
  self->trace = g_steal_pointer (&work->trace);
  rf_filter_bench_tell (self, "traced");
}

static void
done_cb (gpointer data)
{
  RfFilterWork *work = data;
  RfFilterBench *self = g_object_ref (work->bench);
  self->work = NULL;
  if (work->cost > 0)
    self->full_cost = work->cost;
  const gboolean stale = atomic_load (&work->stale);
  if (!stale && work->kind == WORK_PREVIEW && work->error)
    {
      /* It may be too small for what the picture has room for. */
      self->previewed = TRUE;
    }
  else if (!stale && work->kind != WORK_TRACE)
    take_result (self, work);
  if (!stale && work->kind != WORK_PREVIEW)
    take_trace (self, work);
  if (!stale && work->kind == WORK_PREVIEW)
    self->previewed = self->wanted = TRUE;
  work_free (work);
  start (self);
  g_object_unref (self);
}

static gboolean
needs_preview (RfFilterBench *self)
{
  if (self->previewed || self->picture->preview.data == self->picture->pixels.data)
    return FALSE;
  const double cost = self->full_cost > 0 ? self->full_cost : GUESS * self->chain->n_stages;
  return cost * (double) RF_SHAPE_COUNT (self->picture->pixels.shape) / 1e6 > FRAME;
}

static void
start (RfFilterBench *self)
{
  if (self->work || !self->picture || (!self->wanted && self->traced))
    return;
  RfFilterWork *work = g_new0 (RfFilterWork, 1);
  work->bench = g_object_ref (self);
  work->kind = !self->wanted ? WORK_TRACE : needs_preview (self) ? WORK_PREVIEW : WORK_FULL;
  work->chain = rf_chain_copy (self->chain);
  work->picture = rf_filter_picture_ref (self->picture);
  work->stage = rf_filter_bench_get_shown (self);
  work->y = self->y;
  work->x = self->x;
  work->wish = (RfColorWish){ .display = self->display, .channel = self->channel };
  if (self->result)
    work->wish.before = self->result->colors.range;
  work->asked = self->asked;
  work->store = &self->store;
  atomic_init (&work->stale, FALSE);
  self->work = work;
  self->wanted = FALSE;
  if (work->kind != WORK_PREVIEW)
    self->traced = TRUE;
  if (!rf_background_run (work_in_thread, done_cb, work))
    {
      self->work = NULL;
      work_free (work);
      rf_filter_bench_fail (self, _ ("There is no thread to be had for filtering."));
    }
}

void
rf_filter_bench_want (RfFilterBench *self)
{
  self->asked = g_get_monotonic_time ();
  self->wanted = TRUE;
  self->previewed = FALSE;
  if (self->work)
    atomic_store (&self->work->stale, TRUE);
  start (self);
}

void
rf_filter_bench_want_trace (RfFilterBench *self)
{
  self->traced = FALSE;
  start (self);
}
