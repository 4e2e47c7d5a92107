/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/inside-feed.h"

#include "app/pace.h"
#include "model/run/checkpoint.h"
#include "widgets/rhythm.h"

#define ASK_AGAIN_AFTER (2 * G_USEC_PER_SEC) /* weights that have not come */

struct _RfInsideFeed
{
  GObject parent_instance;

  RfRun *run;
  GSignalGroup *signals; /* of the run */
  RfReplica *replica;
  GCancellable *cancellable; /* of all that is asked of it */
  GCancellable *search;      /* NULL: none */
  gboolean active;

  float *image; /* NULL: none */
  gsize n_image;
  guint *layers;
  guint n_layers;
  int filters_layer;
  guint wish; /* counts the pictures and layers that were wanted */

  gboolean live;
  gint64 checkpoint;        /* wanted, unless live */
  gint64 step;              /* of the weights in the replica; -1: none so far */
  gint64 waiting;           /* since when, for the weights of the run; 0: not */
  double seconds;           /* that publishing the newest weights took */
  gboolean filters_changed; /* since they were asked for */

  guint n_asked;    /* answers under way */
  gboolean dirty;   /* there is something new to be seen */
  gboolean again;   /* a person wants another look as soon as the one under way is over */
  gboolean hurried; /* the look under way is for a person */
  gint64 begun;
  guint timer;

  RfView *view; /* seen, but kept for the next beat; or NULL */
  RfFilters *filters;
  guint view_wish; /* what was wanted when that was asked for */
  guint beat_id;
};

G_DEFINE_FINAL_TYPE (RfInsideFeed, rf_inside_feed, G_TYPE_OBJECT)

enum
{
  VIEW,
  FILTERS,
  MISTAKE,
  SEARCHING,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void schedule (RfInsideFeed *self);
static void look (RfInsideFeed *self);

/* An answer's way back: what was wanted when it was asked for. */
typedef struct
{
  RfInsideFeed *feed;
  guint wish;
} Question;

static Question *
question_new (RfInsideFeed *self)
{
  Question *question = g_new (Question, 1);
  *question = (Question){ g_object_ref (self), self->wish };
  self->n_asked++;
  return question;
}

/* Another run may have come meanwhile: then the answer is nobody's. */
static gboolean
take_answer (Question *question, GObject *source, RfInsideFeed **feed, guint *wish)
{
  *feed = question->feed;
  *wish = question->wish;
  g_free (question);
  if ((RfReplica *) source != (*feed)->replica)
    return FALSE;
  (*feed)->n_asked--;
  return TRUE;
}

static void
fail (RfInsideFeed *self, const GError *error)
{
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

static void
answered (RfInsideFeed *self)
{
  if (self->n_asked > 0)
    return;
  if (self->again)
    look (self);
  else
    schedule (self);
}

static gboolean
is_training (RfInsideFeed *self)
{
  return self->run && rf_run_get_state (self->run) == RF_TRAINER_RUNNING;
}

/* ---- on the beat ---- */

static void
forget_seen (RfInsideFeed *self)
{
  g_clear_pointer (&self->view, rf_view_free);
  g_clear_pointer (&self->filters, rf_filters_free);
  g_clear_handle_id (&self->beat_id, rf_rhythm_forget);
}

static void
show_seen (RfInsideFeed *self)
{
  g_autoptr (RfView) view = g_steal_pointer (&self->view);
  g_autoptr (RfFilters) filters = g_steal_pointer (&self->filters);
  if (view && self->view_wish == self->wish)
    g_signal_emit (self, signals[VIEW], 0, view);
  if (filters)
    g_signal_emit (self, signals[FILTERS], 0, filters);
}

static void
beat_cb (gpointer data)
{
  g_autoptr (RfInsideFeed) self = g_object_ref (data);
  self->beat_id = 0;
  show_seen (self);
}

/* What comes of the training waits for the beat; what a person asked for does not. */
static void
saw (RfInsideFeed *self)
{
  if (!self->live || self->hurried || !is_training (self))
    {
      g_clear_handle_id (&self->beat_id, rf_rhythm_forget);
      show_seen (self);
    }
  else if (self->beat_id == 0)
    self->beat_id = rf_rhythm_next (beat_cb, self);
}

/* ---- looking ---- */

static void
viewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfInsideFeed) self = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfView) view = rf_replica_look_finish (RF_REPLICA (source), result, &error);
  guint wish;
  if (!take_answer (data, source, &self, &wish))
    return;
  if (view)
    {
      rf_pace_looked (rf_pace_get_default (), view->seconds + self->seconds);
      self->again = self->again || wish != self->wish;
      g_clear_pointer (&self->view, rf_view_free);
      self->view = g_steal_pointer (&view);
      self->view_wish = wish;
      saw (self);
    }
  fail (self, error);
  answered (self);
}

static void
filtered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfInsideFeed) self = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RfFilters) filters = rf_replica_filters_finish (RF_REPLICA (source), result, &error);
  guint wish;
  if (!take_answer (data, source, &self, &wish))
    return;
  if (filters)
    {
      g_clear_pointer (&self->filters, rf_filters_free);
      self->filters = g_steal_pointer (&filters);
      saw (self);
    }
  /* The view says what went wrong. */
  answered (self);
}

static void
look (RfInsideFeed *self)
{
  self->again = FALSE;
  if (!self->active || !self->replica || !self->image)
    return;
  rf_replica_look_async (self->replica, self->image, self->layers, self->n_layers,
                         self->cancellable, viewed_cb, question_new (self));
  if (self->filters_layer >= 0 && self->filters_changed)
    rf_replica_filters_async (self->replica, (guint) self->filters_layer, self->cancellable,
                              filtered_cb, question_new (self));
  self->filters_changed = FALSE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfInsideFeed) self = NULL;
  g_autoptr (GError) error = NULL;
  rf_replica_load_checkpoint_finish (RF_REPLICA (source), result, &error);
  guint wish;
  if (!take_answer (data, source, &self, &wish))
    return;
  fail (self, error);
  answered (self);
}

static void
load_checkpoint (RfInsideFeed *self)
{
  const char *folder = rf_run_get_folder (self->run);
  g_autofree char *path
      = self->checkpoint == 0
            ? g_build_filename (folder, "initial.safetensors", NULL)
            : rf_checkpoint_path (folder, self->checkpoint, RF_CHECKPOINT_WEIGHTS);
  self->step = self->checkpoint;
  self->filters_changed = TRUE;
  rf_replica_load_checkpoint_async (self->replica, path, self->checkpoint, self->cancellable,
                                    loaded_cb, question_new (self));
}

/* Looks, with the weights that are wanted; those of the run come by a signal. */
static gboolean
begin_cb (gpointer data)
{
  RfInsideFeed *self = data;
  self->timer = 0;
  self->dirty = self->hurried = FALSE;
  self->begun = g_get_monotonic_time ();
  if (self->live && self->run && self->step != rf_run_get_step (self->run))
    {
      self->waiting = self->begun;
      rf_run_request_weights (self->run);
      return G_SOURCE_REMOVE;
    }
  if (!self->live && self->step != self->checkpoint)
    load_checkpoint (self);
  look (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (RfInsideFeed *self)
{
  const gint64 now = g_get_monotonic_time ();
  if (!self->active || !self->replica || !self->image || !self->dirty || self->timer > 0
      || self->n_asked > 0)
    return;
  if (self->waiting > 0 && now - self->waiting < ASK_AGAIN_AFTER)
    return;
  const gint64 due = self->begun + (gint64) (rf_inside_feed_get_interval (self) * G_USEC_PER_SEC);
  self->timer = g_timeout_add ((guint) MAX (0, (due - now) / 1000), begin_cb, self);
}

static void
touch (RfInsideFeed *self)
{
  self->dirty = TRUE;
  schedule (self);
}

static void
weights_cb (RfInsideFeed *self, RfWeights *weights)
{
  if (self->waiting == 0 || !self->live || !self->replica)
    return;
  self->waiting = 0;
  self->step = rf_weights_get_step (weights);
  self->seconds = rf_weights_get_seconds (weights);
  self->filters_changed = TRUE;
  rf_replica_set_weights (self->replica, weights);
  look (self);
}

static void
step_cb (RfInsideFeed *self)
{
  if (self->live)
    touch (self);
}

/* ---- what is wanted ---- */

/* What a person asks for does not wait for its turn. */
static void
look_now (RfInsideFeed *self)
{
  self->wish++;
  self->hurried = TRUE;
  if (self->step < 0)
    touch (self); /* when there are weights */
  else if (self->n_asked > 0)
    self->again = TRUE;
  else
    look (self);
}

void
rf_inside_feed_set_image (RfInsideFeed *self, const float *image)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self) && self->replica && image);
  g_free (self->image);
  const RfNet *net = rf_replica_get_net (self->replica);
  self->image = g_memdup2 (image, RF_SHAPE_COUNT (net->input) * sizeof (float));
  look_now (self);
}

void
rf_inside_feed_set_layers (RfInsideFeed *self, const guint *layers, guint n)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self) && (layers || n == 0));
  if (n == self->n_layers && (n == 0 || memcmp (layers, self->layers, n * sizeof *layers) == 0))
    return;
  g_free (self->layers);
  self->layers = g_memdup2 (layers, n * sizeof *layers);
  self->n_layers = n;
  look_now (self);
}

void
rf_inside_feed_set_filters (RfInsideFeed *self, int layer)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self));
  if (layer == self->filters_layer)
    return;
  self->filters_layer = layer;
  self->filters_changed = TRUE;
  look_now (self);
}

void
rf_inside_feed_look_again (RfInsideFeed *self)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self));
  self->filters_changed = TRUE;
  look_now (self);
}

void
rf_inside_feed_set_active (RfInsideFeed *self, gboolean active)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self));
  if (active == self->active)
    return;
  self->active = active;
  if (active)
    touch (self);
  else
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      rf_pace_get_default ()->look = 0;
    }
}

void
rf_inside_feed_show_checkpoint (RfInsideFeed *self, gint64 step)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self) && self->run && step >= 0);
  self->checkpoint = step;
  if (self->live)
    self->step = -1;
  self->live = FALSE;
  self->waiting = 0;
  self->dirty = TRUE;
  /* Under the hand there is no pace to be kept. */
  self->begun = 0;
  schedule (self);
}

void
rf_inside_feed_show_live (RfInsideFeed *self)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self));
  if (self->live)
    return;
  self->live = TRUE;
  self->step = -1;
  touch (self);
}

gboolean
rf_inside_feed_is_live (RfInsideFeed *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), TRUE);
  return self->live;
}

/* ---- mistakes ---- */

/* Looks do not wait for a search: it is not counted with them. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfInsideFeed) self = data;
  g_autoptr (GError) error = NULL;
  gint64 index = -1;
  const gboolean found
      = rf_replica_find_mistake_finish (RF_REPLICA (source), result, &index, &error);
  if (g_task_get_cancellable (G_TASK (result)) != self->search)
    return; /* stopped, or there is a newer one */
  g_clear_object (&self->search);
  g_signal_emit (self, signals[SEARCHING], 0);
  if (found)
    g_signal_emit (self, signals[MISTAKE], 0, index);
  fail (self, error);
}

void
rf_inside_feed_find_mistake (RfInsideFeed *self, RfDataset *dataset, RfSplit split, gsize from)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self) && self->replica && dataset);
  rf_inside_feed_stop_searching (self);
  self->search = g_cancellable_new ();
  rf_replica_find_mistake_async (self->replica, dataset, split, from, self->search, found_cb,
                                 g_object_ref (self));
  g_signal_emit (self, signals[SEARCHING], 0);
}

void
rf_inside_feed_stop_searching (RfInsideFeed *self)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self));
  if (!self->search)
    return;
  g_autoptr (GCancellable) search = g_steal_pointer (&self->search);
  g_cancellable_cancel (search);
  g_signal_emit (self, signals[SEARCHING], 0);
}

double
rf_inside_feed_get_searched (RfInsideFeed *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), -1);
  return self->search && self->replica ? rf_replica_get_searched (self->replica) : -1;
}

/* ---- the run ---- */

/* Nothing is wanted any more of what was looked at before. */
static void
begin_anew (RfInsideFeed *self, RfRun *run)
{
  rf_inside_feed_stop_searching (self);
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->image, g_free);
  g_set_object (&self->run, run);
  g_signal_group_set_target (self->signals, run);
  g_clear_pointer (&self->layers, g_free);
  self->n_layers = 0;
  self->live = self->filters_changed = TRUE;
  self->step = -1;
  self->waiting = 0;
  self->n_asked = 0;
  self->again = FALSE;
  self->dirty = TRUE;
  forget_seen (self);
}

gboolean
rf_inside_feed_set_run (RfInsideFeed *self, RfRun *run, GError **error)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), FALSE);
  begin_anew (self, run);
  if (!run)
    return TRUE;
  self->replica = rf_replica_new (rf_run_get_experiment (run), rf_run_get_dataset (run)->shape,
                                  rf_kernels_path (), error);
  if (self->replica)
    self->filters_layer = rf_replica_find_filters (self->replica);
  return self->replica != NULL;
}

void
rf_inside_feed_set_replica (RfInsideFeed *self, RfReplica *replica)
{
  g_return_if_fail (RF_IS_INSIDE_FEED (self) && RF_IS_REPLICA (replica));
  begin_anew (self, NULL);
  self->replica = g_object_ref (replica);
  self->filters_layer = rf_replica_find_filters (replica);
  self->live = FALSE;
  self->step = self->checkpoint = 0;
}

RfReplica *
rf_inside_feed_get_replica (RfInsideFeed *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), NULL);
  return self->replica;
}

int
rf_inside_feed_get_filters_layer (RfInsideFeed *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), -1);
  return self->replica ? rf_replica_find_filters (self->replica) : -1;
}

double
rf_inside_feed_get_interval (RfInsideFeed *self)
{
  g_return_val_if_fail (RF_IS_INSIDE_FEED (self), RF_RHYTHM_SHORTEST);
  return is_training (self) ? rf_pace_get_look (rf_pace_get_default ()) : RF_RHYTHM_SHORTEST;
}

static void
rf_inside_feed_dispose (GObject *object)
{
  RfInsideFeed *self = RF_INSIDE_FEED (object);
  g_cancellable_cancel (self->cancellable);
  if (self->search)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  g_clear_handle_id (&self->timer, g_source_remove);
  forget_seen (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->replica);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (rf_inside_feed_parent_class)->dispose (object);
}

static void
rf_inside_feed_finalize (GObject *object)
{
  RfInsideFeed *self = RF_INSIDE_FEED (object);
  g_clear_object (&self->cancellable);
  g_free (self->image);
  g_free (self->layers);
  G_OBJECT_CLASS (rf_inside_feed_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint n_params, GType type)
{
  return g_signal_new (name, RF_TYPE_INSIDE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, type);
}

static void
rf_inside_feed_class_init (RfInsideFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = rf_inside_feed_dispose;
  object_class->finalize = rf_inside_feed_finalize;
  signals[VIEW] = new_signal ("view", 1, G_TYPE_POINTER);
  signals[FILTERS] = new_signal ("filters", 1, G_TYPE_POINTER);
  signals[MISTAKE] = new_signal ("mistake", 1, G_TYPE_INT64);
  signals[SEARCHING] = new_signal ("searching", 0, G_TYPE_NONE);
  signals[FAILED] = new_signal ("failed", 1, G_TYPE_STRING);
}

static void
rf_inside_feed_init (RfInsideFeed *self)
{
  self->live = TRUE;
  self->step = -1;
  self->filters_layer = -1;
  self->cancellable = g_cancellable_new ();
  self->signals = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->signals, "weights", G_CALLBACK (weights_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::step", G_CALLBACK (step_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (step_cb), self);
}

RfInsideFeed *
rf_inside_feed_new (void)
{
  return g_object_new (RF_TYPE_INSIDE_FEED, NULL);
}
