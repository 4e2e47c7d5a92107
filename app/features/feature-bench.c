/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-bench-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (RfFeatureBench, rf_feature_bench, G_TYPE_OBJECT)

enum
{
  PROP_SESSION = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

void
rf_feature_bench_tell (RfFeatureBench *self, const char *signal)
{
  g_signal_emit_by_name (self, signal);
}

void
rf_feature_bench_fail (RfFeatureBench *self, const char *message)
{
  g_signal_emit_by_name (self, "failed", message);
}

void
rf_feature_bench_count_loading (RfFeatureBench *self, int by)
{
  self->n_loading += (guint) by;
  rf_feature_bench_tell (self, "loading");
}

/* ---- what it makes of the picture ---- */

static void
forget_seen (RfFeatureBench *self)
{
  g_clear_pointer (&self->view, rf_view_free);
  g_clear_pointer (&self->filters, rf_filters_free);
  g_clear_pointer (&self->seen, rf_feature_input_unref);
}

/* The most active unit, so that there is something to be seen of one. */
static void
pick_unit (RfFeatureBench *self)
{
  const RfFeatureMaps *maps
      = self->view && self->layer < self->view->n_maps ? &self->view->maps[self->layer] : NULL;
  self->picks = !maps;
  if (!maps)
    return;
  rf_feature_bench_choose_unit (self, rf_feature_maps_find_strongest (maps));
}

static void
view_cb (RfFeatureBench *self, RfView *view)
{
  if (!self->input)
    return;
  g_clear_pointer (&self->view, rf_view_free);
  self->view = g_memdup2 (view, sizeof *view);
  *view = (RfView){ 0 };
  g_clear_pointer (&self->seen, rf_feature_input_unref);
  self->seen = rf_feature_input_ref (self->input);
  rf_feature_bench_tell (self, "view");
  if (self->picks)
    pick_unit (self);
  rf_feature_bench_weigh_units (self, TRUE);
}

static void
filters_cb (RfFeatureBench *self, RfFilters *filters)
{
  g_clear_pointer (&self->filters, rf_filters_free);
  self->filters = g_memdup2 (filters, sizeof *filters);
  *filters = (RfFilters){ 0 };
  rf_feature_bench_tell (self, "filters");
}

const RfView *
rf_feature_bench_get_view (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->view;
}

int
rf_feature_bench_get_answer (RfFeatureBench *self)
{
  const RfView *view = rf_feature_bench_get_view (self);
  int best = view && self->seen == self->input ? 0 : -1;
  if (best < 0)
    return best;
  for (guint k = 1; k < view->n_classes; k++)
    if (view->logits[k] > view->logits[best])
      best = (int) k;
  return best;
}

/* Those of the layer before are of no use. */
const RfFilters *
rf_feature_bench_get_filters (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  const RfNet *net = rf_feature_bench_get_layers (self);
  if (!net || !self->filters || self->layer >= net->layers->len)
    return NULL;
  const RfLayer *sum = rf_feature_layers_find_sum (net, net->layers->pdata[self->layer]);
  return sum && sum->index == (int) self->filters->layer ? self->filters : NULL;
}

/* ---- what is looked at ---- */

guint
rf_feature_bench_get_layer (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), G_MAXUINT);
  return self->layer;
}

void
rf_feature_bench_choose_layer (RfFeatureBench *self, guint layer)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  const RfNet *net = rf_feature_bench_get_layers (self);
  if (!net || layer >= net->layers->len || layer == self->layer)
    return;
  self->layer = layer;
  self->unit = self->y = self->x = -1;
  const RfLayer *sum = rf_feature_layers_find_sum (net, net->layers->pdata[layer]);
  rf_inside_feed_set_filters (self->feed, sum && sum->params[0]->n_dims == 4 ? sum->index : -1);
  rf_feature_bench_weigh_units (self, FALSE);
  rf_feature_bench_tell (self, "choice");
  rf_feature_bench_survey (self);
  pick_unit (self);
}

int
rf_feature_bench_get_unit (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), -1);
  return self->unit;
}

void
rf_feature_bench_choose_unit (RfFeatureBench *self, int unit)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  const RfNet *net = rf_feature_bench_get_layers (self);
  if (!net || self->layer >= net->layers->len)
    return;
  const RfLayer *layer = net->layers->pdata[self->layer];
  if (unit < -1 || unit >= layer->out.channels || unit == self->unit)
    return;
  self->unit = unit;
  /* A flat layer's unit has but one value. */
  self->y = self->x = unit >= 0 && !rf_feature_layers_has_maps (layer) ? 0 : -1;
  rf_feature_bench_tell (self, "choice");
}

gboolean
rf_feature_bench_get_place (RfFeatureBench *self, int *y, int *x)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), FALSE);
  *y = self->y;
  *x = self->x;
  return self->unit >= 0 && self->y >= 0;
}

void
rf_feature_bench_choose_place (RfFeatureBench *self, int y, int x)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  const RfNet *net = rf_feature_bench_get_layers (self);
  if (self->unit < 0 || (y == self->y && x == self->x))
    return;
  const RfShape out = ((const RfLayer *) net->layers->pdata[self->layer])->out;
  if (y >= out.height || x >= out.width || x < -1 || y < -1)
    return;
  self->y = y;
  self->x = x;
  rf_feature_bench_tell (self, "choice");
}

/* ---- the network ---- */

const RfFeatureNet *
rf_feature_bench_get_net (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->net;
}

RfReplica *
rf_feature_bench_get_replica (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->net ? rf_inside_feed_get_replica (self->feed) : NULL;
}

const RfNet *
rf_feature_bench_get_layers (RfFeatureBench *self)
{
  RfReplica *replica = rf_feature_bench_get_replica (self);
  return replica ? rf_replica_get_net (replica) : NULL;
}

const char *
rf_feature_bench_get_path (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  return self->path;
}

gboolean
rf_feature_bench_get_loading (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), FALSE);
  return self->n_loading > 0;
}

/* The feed has its replica. */
void
rf_feature_bench_begin_with (RfFeatureBench *self, RfFeatureNet *net)
{
  rf_feature_bench_forget_units (self);
  rf_feature_bench_forget_edits (self);
  rf_feature_net_free (self->net);
  self->net = net;
  forget_seen (self);
  g_clear_pointer (&self->input, rf_feature_input_unref);
  const RfNet *structure = rf_feature_bench_get_layers (self);
  g_autofree guint *all = g_new (guint, structure->layers->len);
  for (guint i = 0; i < structure->layers->len; i++)
    all[i] = i;
  rf_inside_feed_set_layers (self->feed, all, structure->layers->len);
  g_autoptr (GArray) layers = rf_feature_layers_list (structure, TRUE);
  self->layer = G_MAXUINT;
  self->unit = self->y = self->x = -1;
  rf_feature_bench_tell (self, "network");
  if (layers->len > 0)
    rf_feature_bench_choose_layer (
        self, g_array_index (layers, guint, rf_feature_layers_find_first (structure, layers)));
  rf_feature_bench_show_first (self);
}

static void
show_moment (RfFeatureBench *self)
{
  const gint64 moment = rf_session_get_moment (self->session);
  if (!self->net || !self->net->run)
    return;
  if (moment == RF_MOMENT_LIVE)
    rf_inside_feed_show_live (self->feed);
  else
    rf_inside_feed_show_checkpoint (self->feed, moment);
}

/* The feed has no network any more. */
static void
forget_net (RfFeatureBench *self)
{
  rf_feature_bench_forget_units (self);
  rf_feature_bench_forget_edits (self);
  g_clear_pointer (&self->net, rf_feature_net_free);
  g_clear_pointer (&self->input, rf_feature_input_unref);
  forget_seen (self);
  self->layer = G_MAXUINT;
  self->unit = self->y = self->x = -1;
  rf_feature_bench_tell (self, "network");
}

static gboolean
take_run (RfFeatureBench *self)
{
  RfRun *run = rf_session_get_run (self->session);
  g_autoptr (GError) error = NULL;
  self->newest_net++; /* whatever is on its way comes too late */
  if (!run)
    return FALSE;
  if (!rf_inside_feed_set_run (self->feed, run, &error))
    {
      forget_net (self);
      rf_feature_bench_fail (self, error->message);
      return FALSE;
    }
  g_clear_pointer (&self->path, g_free);
  rf_feature_bench_begin_with (self, rf_feature_net_from_run (run));
  show_moment (self);
  return TRUE;
}

void
rf_feature_bench_follow_run (RfFeatureBench *self)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  self->chosen = TRUE;
  if (!self->net || !self->net->run)
    take_run (self);
}

void
rf_feature_bench_open_net (RfFeatureBench *self, const char *path)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && path);
  self->chosen = TRUE;
  rf_feature_bench_load_net (self, path);
}

/* A run that trains or has trained is what somebody is at; else what comes with the program. */
static void
begin (RfFeatureBench *self)
{
  RfRun *run = rf_session_get_run (self->session);
  g_auto (GStrv) paths = rf_feature_net_list ();
  const guint n = g_strv_length (paths);
  self->begun = TRUE;
  if ((n == 0 || (run && rf_run_get_step (run) > 0)) && take_run (self))
    return;
  /* The last of them has its data built in. */
  if (n > 0)
    rf_feature_bench_load_net (self, paths[n - 1]);
}

/* ---- the session ---- */

static void
state_cb (RfFeatureBench *self)
{
  RfRun *run = rf_session_get_run (self->session);
  if (!self->begun || !run)
    return;
  if (self->net && self->net->run == run)
    rf_feature_bench_survey (self);
  if (rf_run_get_state (run) != RF_TRAINER_RUNNING)
    return;
  if (!self->chosen && !(self->net && self->net->run))
    take_run (self);
}

static void
run_cb (RfFeatureBench *self)
{
  RfRun *run = rf_session_get_run (self->session);
  g_signal_group_set_target (self->run_signals, run);
  if (!self->begun || !self->net || !self->net->run || self->net->run == run)
    return;
  if (run)
    take_run (self);
}

void
rf_feature_bench_hold (RfFeatureBench *self)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self));
  if (!self->begun)
    begin (self);
  if (self->holds++ == 0)
    rf_inside_feed_set_active (self->feed, TRUE);
}

void
rf_feature_bench_release (RfFeatureBench *self)
{
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && self->holds > 0);
  if (--self->holds == 0)
    rf_inside_feed_set_active (self->feed, FALSE);
}

/* ---- the object ---- */

static void
rf_feature_bench_constructed (GObject *object)
{
  RfFeatureBench *self = RF_FEATURE_BENCH (object);
  G_OBJECT_CLASS (rf_feature_bench_parent_class)->constructed (object);
  g_signal_connect_object (self->session, "notify::run", G_CALLBACK (run_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::moment", G_CALLBACK (show_moment), self,
                           G_CONNECT_SWAPPED);
  run_cb (self);
}

static void
rf_feature_bench_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RF_FEATURE_BENCH (object)->session);
}

static void
rf_feature_bench_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RF_FEATURE_BENCH (object)->session = g_value_get_object (value);
}

static void
rf_feature_bench_dispose (GObject *object)
{
  RfFeatureBench *self = RF_FEATURE_BENCH (object);
  rf_feature_bench_forget_units (self);
  rf_feature_bench_forget_edits (self);
  if (self->feed)
    {
      /* Answers on their way keep it alive for a while, but reach nobody. */
      g_signal_handlers_disconnect_by_data (self->feed, self);
      rf_inside_feed_set_active (self->feed, FALSE);
      rf_inside_feed_set_run (self->feed, NULL, NULL);
    }
  g_clear_object (&self->feed);
  g_clear_object (&self->run_signals);
  G_OBJECT_CLASS (rf_feature_bench_parent_class)->dispose (object);
}

static void
rf_feature_bench_finalize (GObject *object)
{
  RfFeatureBench *self = RF_FEATURE_BENCH (object);
  forget_seen (self);
  g_clear_pointer (&self->input, rf_feature_input_unref);
  g_clear_pointer (&self->net, rf_feature_net_free);
  g_free (self->path);
  G_OBJECT_CLASS (rf_feature_bench_parent_class)->finalize (object);
}

static void
add_signal (const char *name)
{
  g_signal_new (name, RF_TYPE_FEATURE_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
rf_feature_bench_class_init (RfFeatureBenchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = rf_feature_bench_constructed;
  object_class->get_property = rf_feature_bench_get_property;
  object_class->set_property = rf_feature_bench_set_property;
  object_class->dispose = rf_feature_bench_dispose;
  object_class->finalize = rf_feature_bench_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, RF_TYPE_SESSION,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  add_signal ("network");
  add_signal ("input");
  add_signal ("view");
  add_signal ("filters");
  add_signal ("choice");
  add_signal ("loading");
  add_signal ("searching");
  add_signal ("survey");
  add_signal ("edited");
  add_signal ("importance");
  g_signal_new ("failed", RF_TYPE_FEATURE_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
mistake_cb (RfFeatureBench *self, gint64 index)
{
  if (index < 0)
    rf_feature_bench_fail (self, _ ("The network gets none of these pictures wrong."));
  else
    rf_feature_bench_set_row (self, index);
}

static void
searching_cb (RfFeatureBench *self)
{
  rf_feature_bench_tell (self, "searching");
}

static void
rf_feature_bench_init (RfFeatureBench *self)
{
  self->layer = G_MAXUINT;
  self->unit = self->y = self->x = -1;
  self->surveyed = -1;
  self->feed = rf_inside_feed_new ();
  g_signal_connect_swapped (self->feed, "view", G_CALLBACK (view_cb), self);
  g_signal_connect_swapped (self->feed, "filters", G_CALLBACK (filters_cb), self);
  g_signal_connect_swapped (self->feed, "mistake", G_CALLBACK (mistake_cb), self);
  g_signal_connect_swapped (self->feed, "searching", G_CALLBACK (searching_cb), self);
  g_signal_connect_swapped (self->feed, "failed", G_CALLBACK (rf_feature_bench_fail), self);
  self->run_signals = g_signal_group_new (RF_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (state_cb), self);
}

RfFeatureBench *
rf_feature_bench_get (RfSession *session)
{
  return rf_session_get_shared (session, RF_TYPE_FEATURE_BENCH);
}
