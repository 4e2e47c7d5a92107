/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread sleeps unless something is asked: weights that were set wait for the next look. The
 * plan is one for training, in which each layer's output has a place of its own, for one sample. */

#include "model/inspect/looker.h"
#include "model/base/pool.h"
#include "model/inspect/search.h"
#include "model/losses/loss.h"

#include <pthread.h>

struct _RfLooker
{
  pthread_t thread;
  GSource *doorbell;

  pthread_mutex_t mutex;
  pthread_cond_t bell;
  gboolean stopping;
  RfWeights *set;              /* the newest, until a look takes them */
  RfEdits *set_edits;          /* likewise */
  RfLook *pending[RF_N_LOOKS]; /* NULL where there is none */
  RfLook *going[RF_N_LOOKS];   /* begun, and taken up again whenever nothing is pending */
  GPtrArray *answered;         /* of RfLook * */
  atomic_int searched;         /* thousandths of the split */

  /* The thread's own. */
  RfNet *net;
  RfWeights *given;     /* taken, and not in the network yet */
  RfEdits *given_edits; /* likewise */
  RfEdits *edits;       /* in force, over the weights; or NULL */
  gint64 step;          /* of the weights in the network */
  guint version;        /* other whenever those are */
  RfSearch *search;     /* NULL until something is searched for */
  RfSpecimen *specimen; /* NULL until something is studied */
  guint specimen_version;
  guint study_versions[RF_N_LOOKS]; /* that each has seen; 0: none */
  RfLookKind last_going;
  RfLookKind last; /* kind of the look before */
};

void
rf_look_free (RfLook *look)
{
  g_assert (!look->task && !look->cancel_watch);
  g_free (look->file);
  g_free (look->image);
  g_free (look->layers);
  g_clear_pointer (&look->dataset, rf_dataset_unref);
  g_clear_pointer (&look->view, rf_view_free);
  g_clear_pointer (&look->filters, rf_filters_free);
  g_clear_error (&look->error);
  g_free (look);
}

/* --- Looking -------------------------------------------------------------------------------- */

static gint64
now (void)
{
  return g_get_monotonic_time ();
}

static gboolean
plan (RfLooker *self, GError **error)
{
  if (rf_net_capacity (self->net) > 0)
    return TRUE;
  self->net->keeps_outputs = TRUE;
  if (!rf_net_plan (self->net, 1, TRUE, error))
    return FALSE;
  rf_net_reset (self->net, self->net->experiment->training.seed);
  self->version++;
  return TRUE;
}

/* Puts in the edits that were set, over whatever weights there are. */
static void
put_edits (RfLooker *self)
{
  if (self->given_edits)
    {
      if (self->edits)
        rf_edits_take_back (self->edits, self->net);
      g_clear_pointer (&self->edits, rf_edits_free);
      self->edits = g_steal_pointer (&self->given_edits);
      self->version++;
    }
  if (!self->edits || rf_edits_are_applied (self->edits))
    return;
  rf_edits_apply (self->edits, self->net);
  self->version++;
}

/* Puts in the weights that were set. */
static void
put_weights (RfLooker *self)
{
  if (self->given)
    {
      rf_weights_copy_to (self->given, self->net);
      self->step = rf_weights_get_step (self->given);
      self->version++;
      g_clear_pointer (&self->given, rf_weights_unref);
      if (self->edits)
        rf_edits_forget (self->edits);
    }
  put_edits (self);
}

static void
load_checkpoint (RfLooker *self, RfLook *look)
{
  g_autoptr (RfSafetensors) file = rf_safetensors_open (look->file, &look->error);
  if (!file || atomic_load (&look->cancelled) || !rf_net_load (self->net, file, &look->error))
    return;
  self->step = look->step;
  self->version++;
  if (self->edits)
    rf_edits_forget (self->edits);
}

static RfFeatureMaps
copy_maps (const RfLayer *layer)
{
  gsize size = RF_SHAPE_COUNT (layer->out) * sizeof (float);
  return (RfFeatureMaps){ (guint) layer->index, layer->out, g_memdup2 (layer->y, size) };
}

static RfView *
copy_view (RfLooker *self, const RfLook *look, const float *logits)
{
  RfView *view = g_new0 (RfView, 1);
  view->step = self->step;
  view->n_classes = (guint) RF_SHAPE_COUNT (self->net->output);
  view->logits = g_memdup2 (logits, view->n_classes * sizeof (float));
  view->probabilities = g_new (float, view->n_classes);
  rf_softmax (logits, (int) view->n_classes, view->probabilities);
  view->n_maps = look->n_layers;
  view->maps = g_new0 (RfFeatureMaps, view->n_maps);
  for (guint i = 0; i < view->n_maps; i++)
    view->maps[i] = copy_maps (self->net->layers->pdata[look->layers[i]]);
  return view;
}

/* @begun: when the weights began to be put in. */
static void
look_at_image (RfLooker *self, RfLook *look, gint64 begun)
{
  RfPass pass = { 1, FALSE, self->net->experiment->training.seed, self->step };
  const float *logits = NULL;

  gint64 queued = now ();
  rf_pool_enter (RF_POOL_INSPECT);
  gint64 waited = now () - queued;
  if (!atomic_load (&look->cancelled))
    logits = rf_net_forward (self->net, &pass, look->image);
  rf_pool_leave ();
  if (logits && !atomic_load (&look->cancelled))
    {
      look->view = copy_view (self, look, logits);
      look->view->seconds = (double) (now () - begun - waited) / G_USEC_PER_SEC;
    }
}

static void
copy_filters (RfLooker *self, RfLook *look)
{
  const RfLayer *layer = self->net->layers->pdata[look->layers[0]];
  const RfParam *param = layer->params[0];

  look->filters = g_new (RfFilters, 1);
  *look->filters
      = (RfFilters){ self->step,
                     look->layers[0],
                     (gint) param->dims[0],
                     (gint) param->dims[1],
                     (gint) param->dims[2],
                     (gint) param->dims[3],
                     g_memdup2 (rf_layer_values (layer, 0), param->count * sizeof (float)) };
}

static void
take_look (RfLooker *self, RfLook *look)
{
  if (!plan (self, &look->error))
    return;
  gint64 begun = now ();
  put_weights (self);
  switch (look->kind)
    {
    case RF_LOOK_CHECKPOINT:
      load_checkpoint (self, look);
      break;
    case RF_LOOK_IMAGE:
      look_at_image (self, look, begun);
      break;
    case RF_LOOK_FILTERS:
      copy_filters (self, look);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* A little more of a study. TRUE when it is done. */
static gboolean
go_on_studying (RfLooker *self, RfLook *look)
{
  if (atomic_load (&look->cancelled) || !plan (self, &look->error))
    return TRUE;
  put_weights (self);
  const RfLayer *first = self->net->layers->pdata[0];
  if (!self->specimen
      && !(self->specimen = rf_specimen_new (self->net->experiment, self->net->input,
                                             first->path_of_kernels, &look->error)))
    return TRUE;
  if (self->specimen_version != self->version)
    {
      rf_net_copy_values (self->net, rf_specimen_get_net (self->specimen));
      self->specimen_version = self->version;
    }
  const gboolean renewed = self->study_versions[look->kind] != self->version;
  self->study_versions[look->kind] = self->version;
  return look->func (look->study, self->specimen, renewed, &look->error);
}

/* One batch more. TRUE when there is an answer. */
static gboolean
go_on_searching (RfLooker *self, RfLook *look)
{
  if (atomic_load (&look->cancelled) || !plan (self, &look->error))
    return TRUE;
  put_weights (self);
  if (!self->search && !(self->search = rf_search_new (self->net, &look->error)))
    return TRUE;
  gboolean over = rf_search_step (self->search, self->net, self->version, look);
  atomic_store (&self->searched, (int) (1000 * rf_search_get_fraction (self->search, look)));
  return over;
}

/* --- The thread ----------------------------------------------------------------------------- */

/* Under the mutex, so that the source is not gone. */
static void
answer (RfLooker *self, RfLook *look)
{
  g_ptr_array_add (self->answered, look);
  g_source_set_ready_time (self->doorbell, 0);
}

/* A checkpoint first, so that the looks asked for after it see it; the others in turn. */
static RfLook *
take_next (RfLooker *self)
{
  RfLookKind other = self->last == RF_LOOK_IMAGE ? RF_LOOK_FILTERS : RF_LOOK_IMAGE;
  RfLookKind kind = RF_LOOK_CHECKPOINT;
  if (!self->pending[kind])
    kind = self->pending[other] ? other : (RfLookKind) (RF_LOOK_IMAGE + RF_LOOK_FILTERS - other);
  RfLook *look = g_steal_pointer (&self->pending[kind]);
  if (look && kind != RF_LOOK_CHECKPOINT)
    self->last = kind;
  return look;
}

static void
take_weights (RfLooker *self)
{
  if (self->set_edits)
    {
      g_clear_pointer (&self->given_edits, rf_edits_free);
      self->given_edits = g_steal_pointer (&self->set_edits);
    }
  if (!self->set)
    return;
  g_clear_pointer (&self->given, rf_weights_unref);
  self->given = g_steal_pointer (&self->set);
}

static void
begin_long (RfLooker *self, RfLookKind kind)
{
  self->going[kind] = g_steal_pointer (&self->pending[kind]);
  self->study_versions[kind] = 0;
  if (kind != RF_LOOK_SEARCH)
    return;
  atomic_store (&self->searched, 0);
  if (self->search)
    rf_search_begin (self->search);
}

/* The next by turns of those that take long, under way or to begin. */
static RfLook *
take_long (RfLooker *self)
{
  for (int i = 1; i <= RF_N_LOOKS; i++)
    {
      const RfLookKind kind = (RfLookKind) ((self->last_going + i) % RF_N_LOOKS);
      if (kind < RF_LOOK_SEARCH)
        continue;
      if (!self->going[kind] && self->pending[kind])
        begin_long (self, kind);
      if (!self->going[kind])
        continue;
      self->last_going = kind;
      return self->going[kind];
    }
  return NULL;
}

/* Between two batches of what takes long other looks have their turn. */
static void *
look_inside (void *data)
{
  RfLooker *self = data;

  rf_pool_be_nice ();
  pthread_mutex_lock (&self->mutex);
  while (!self->stopping)
    {
      RfLook *look = take_next (self);
      RfLook *longer = look ? NULL : take_long (self);
      if (!look && !longer)
        {
          pthread_cond_wait (&self->bell, &self->mutex);
          continue;
        }
      take_weights (self);
      pthread_mutex_unlock (&self->mutex);
      gboolean over = TRUE;
      if (look)
        take_look (self, look);
      else if (longer->kind == RF_LOOK_SEARCH)
        over = go_on_searching (self, longer);
      else
        over = go_on_studying (self, longer);
      pthread_mutex_lock (&self->mutex);
      if (longer && over)
        self->going[longer->kind] = NULL;
      if (over)
        answer (self, look ? look : longer);
    }
  pthread_mutex_unlock (&self->mutex);
  return NULL;
}

static void
free_parts (RfLooker *self)
{
  for (int i = 0; i < RF_N_LOOKS; i++)
    g_assert (!self->pending[i] && !self->going[i]);
  g_assert (self->answered->len == 0);
  g_ptr_array_unref (self->answered);
  g_clear_pointer (&self->set, rf_weights_unref);
  g_clear_pointer (&self->given, rf_weights_unref);
  g_clear_pointer (&self->set_edits, rf_edits_free);
  g_clear_pointer (&self->given_edits, rf_edits_free);
  g_clear_pointer (&self->edits, rf_edits_free);
  g_clear_pointer (&self->search, rf_search_free);
  g_clear_pointer (&self->specimen, rf_specimen_free);
  rf_net_free (self->net);
  g_source_unref (self->doorbell);
  pthread_mutex_destroy (&self->mutex);
  pthread_cond_destroy (&self->bell);
  g_free (self);
}

RfLooker *
rf_looker_new (RfNet *net, GSource *doorbell)
{
  RfLooker *self = g_new0 (RfLooker, 1);

  self->net = net;
  self->doorbell = g_source_ref (doorbell);
  self->answered = g_ptr_array_new ();
  self->last = RF_LOOK_FILTERS;
  pthread_mutex_init (&self->mutex, NULL);
  pthread_cond_init (&self->bell, NULL);
  if (pthread_create (&self->thread, NULL, look_inside, self) != 0)
    {
      free_parts (self);
      return NULL;
    }
  pthread_setname_np (self->thread, "receptive-look");
  return self;
}

void
rf_looker_free (RfLooker *self)
{
  pthread_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  pthread_cond_signal (&self->bell);
  pthread_mutex_unlock (&self->mutex);
  pthread_join (self->thread, NULL);
  free_parts (self);
}

/* --- The main loop's doors ------------------------------------------------------------------ */

const RfNet *
rf_looker_get_net (const RfLooker *self)
{
  return self->net;
}

/* Takes a look back that has not begun. */
static void
give_up (RfLooker *self, RfLookKind kind)
{
  RfLook *look = g_steal_pointer (&self->pending[kind]);
  if (!look)
    return;
  atomic_store (&look->cancelled, TRUE);
  answer (self, look);
}

void
rf_looker_set_weights (RfLooker *self, RfWeights *weights)
{
  pthread_mutex_lock (&self->mutex);
  give_up (self, RF_LOOK_CHECKPOINT);
  RfWeights *old = self->set;
  self->set = rf_weights_ref (weights);
  pthread_mutex_unlock (&self->mutex);
  g_clear_pointer (&old, rf_weights_unref);
}

void
rf_looker_set_edits (RfLooker *self, RfEdits *edits)
{
  pthread_mutex_lock (&self->mutex);
  RfEdits *old = self->set_edits;
  self->set_edits = edits;
  pthread_mutex_unlock (&self->mutex);
  rf_edits_free (old);
}

void
rf_looker_ask (RfLooker *self, RfLook *look)
{
  pthread_mutex_lock (&self->mutex);
  give_up (self, look->kind);
  if (look->kind >= RF_LOOK_SEARCH && self->going[look->kind])
    atomic_store (&self->going[look->kind]->cancelled, TRUE);
  self->pending[look->kind] = look;
  pthread_cond_signal (&self->bell);
  pthread_mutex_unlock (&self->mutex);
}

void
rf_looker_cancel (RfLooker *self, RfLook *look)
{
  pthread_mutex_lock (&self->mutex);
  if (self->pending[look->kind] == look)
    give_up (self, look->kind);
  else
    atomic_store (&look->cancelled, TRUE);
  pthread_mutex_unlock (&self->mutex);
}

double
rf_looker_get_searched (RfLooker *self)
{
  return atomic_load (&self->searched) / 1000.0;
}

GPtrArray *
rf_looker_take_answered (RfLooker *self)
{
  pthread_mutex_lock (&self->mutex);
  GPtrArray *answered = g_steal_pointer (&self->answered);
  self->answered = g_ptr_array_new ();
  pthread_mutex_unlock (&self->mutex);
  return answered;
}
