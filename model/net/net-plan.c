/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where every number of a pass lies.
 *
 * A plan is made of places: outputs of layers, gradients by their inputs, what layers keep from a
 * forward to a backward pass, and scratch. For training each layer has an output of its own, which
 * the backward pass and the window read. Gradients, and outputs in evaluation, live only until the
 * next layer has used them, so they share slots: the passes are walked through once on paper,
 * taking a free slot for each result and giving it back after its last reader. A residual keeps
 * what both of its branches read until both are through. */
#include "model/net/net-private.h"

#include "model/base/error.h"
#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/layers/sequence.h"

#include <glib/gi18n-lib.h>

/* A stretch of the arena. */
typedef struct
{
  guint64 n_floats;
  gboolean busy;
} Slot;

#define OUTSIDE (-1) /* images or the gradient of the logits: not ours */
#define NOWHERE (-2) /* not computed */

/* Somebody's pointer to a slot, filled in once the arena is there. */
typedef struct
{
  float **where;
  int slot;
} Wish;

struct _RfPlan
{
  int capacity;
  gboolean training;
  GArray *slots;  /* of Slot */
  GArray *wishes; /* of Wish */
  int scratch;    /* the slot of all scratch */
  guint64 worker_scratch;
};

int
rf_plan_capacity (const RfPlan *plan)
{
  return plan->capacity;
}

gboolean
rf_plan_training (const RfPlan *plan)
{
  return plan->training;
}

static int
add_slot (RfPlan *plan, guint64 n_floats)
{
  Slot slot = { n_floats, TRUE };
  g_array_append_val (plan->slots, slot);
  return (int) plan->slots->len - 1;
}

static void
point (RfPlan *plan, float **where, int slot)
{
  Wish wish = { where, slot };
  g_array_append_val (plan->wishes, wish);
}

void
rf_plan_keep (RfPlan *plan, gsize n_floats, float **where)
{
  point (plan, where, add_slot (plan, n_floats));
}

void
rf_plan_scratch (RfPlan *plan, gsize n_floats, float **where)
{
  Slot *slot = &g_array_index (plan->slots, Slot, plan->scratch);
  slot->n_floats = MAX (slot->n_floats, n_floats);
  point (plan, where, plan->scratch);
}

void
rf_plan_worker_scratch (RfPlan *plan, gsize n_floats)
{
  plan->worker_scratch = MAX (plan->worker_scratch, n_floats);
}

/* The free slot that wastes least, or else the largest, grown; a new one if none is free. */
static int
take_slot (RfPlan *plan, guint64 n_floats)
{
  int best = -1;
  for (guint i = 0; i < plan->slots->len; i++)
    {
      const Slot *slot = &g_array_index (plan->slots, Slot, i);
      if (slot->busy)
        continue;
      const Slot *rival = best < 0 ? NULL : &g_array_index (plan->slots, Slot, best);
      if (!rival || (rival->n_floats < n_floats && slot->n_floats > rival->n_floats)
          || (slot->n_floats >= n_floats && slot->n_floats < rival->n_floats))
        best = (int) i;
    }
  if (best < 0)
    return add_slot (plan, n_floats);
  Slot *slot = &g_array_index (plan->slots, Slot, best);
  slot->n_floats = MAX (slot->n_floats, n_floats);
  slot->busy = TRUE;
  return best;
}

static void
give_back (RfPlan *plan, int slot)
{
  if (slot >= 0)
    g_array_index (plan->slots, Slot, slot).busy = FALSE;
}

static guint64
batch_floats (const RfPlan *plan, RfShape shape)
{
  return rf_multiply_saturating (RF_SHAPE_COUNT (shape), plan->capacity);
}

/* Whether the last layer of its body writes the output of @layer. */
static gboolean
sums_inside (const RfLayer *layer)
{
  for (guint i = 0; layer->branches[0] && i < layer->branches[0]->len; i++)
    if (((const RfLayer *) g_ptr_array_index (layer->branches[0], i))->sum == layer)
      return TRUE;
  return FALSE;
}

/* Outputs of a sequence whose input lies in slot @x; returns the slot of the last. The caller's @x
 * is not given back. For training no output is. */
static int
plan_forward (RfPlan *plan, const GPtrArray *layers, int x)
{
  int current = x;
  for (guint i = 0; i < layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (layers, i);
      int inside[RF_MAX_BRANCHES], y = NOWHERE;
      if (!layer->klass->forward || layer->merged)
        continue;
      /* The last branch first, as a residual computes its shortcut before its body. */
      for (int j = RF_MAX_BRANCHES - 1; j >= 0; j--)
        inside[j] = layer->branches[j] ? plan_forward (plan, layer->branches[j], current) : current;
      if (sums_inside (layer))
        y = inside[0];
      else if (plan->training)
        y = add_slot (plan, batch_floats (plan, layer->out));
      else if ((layer->klass->fuses & RF_FUSES_IN_PLACE) && inside[0] != x)
        y = inside[0];
      else
        y = take_slot (plan, batch_floats (plan, layer->out));
      point (plan, &layer->y, y);
      for (guint j = 0; j < RF_MAX_BRANCHES && !plan->training; j++)
        if (inside[j] != current && inside[j] != y)
          give_back (plan, inside[j]);
      if (current != x && current != y && !plan->training)
        give_back (plan, current);
      current = y;
    }
  return current;
}

/* Gradients of a sequence, from its end, whose dy lies in slot @dy, to its input's; @wanted:
 * whether that one is. Returns its slot. The caller's @dy is not given back. */
static int
plan_backward (RfPlan *plan, const GPtrArray *layers, int dy, gboolean wanted)
{
  /* Before the first layer with weights a gradient is computed only if the caller wants the last.
   */
  guint first_trained = 0;
  while (!wanted && first_trained < layers->len
         && !rf_layer_has_weights (g_ptr_array_index (layers, first_trained)))
    first_trained++;

  int current = dy;
  for (guint i = layers->len; i-- > 0;)
    {
      RfLayer *layer = g_ptr_array_index (layers, i);
      gboolean wants_dx = wanted || i > first_trained;
      int inside[RF_MAX_BRANCHES], dx = NOWHERE;
      if (!layer->klass->backward || layer->merged)
        continue;
      if (!wanted && i < first_trained)
        return NOWHERE;
      for (guint j = 0; j < RF_MAX_BRANCHES; j++)
        inside[j] = layer->branches[j] ? plan_backward (plan, layer->branches[j], current, wants_dx)
                                       : current;
      if (wants_dx)
        {
          gboolean in_place = (layer->klass->fuses & RF_FUSES_IN_PLACE) && inside[0] != dy;
          dx = in_place ? inside[0] : take_slot (plan, batch_floats (plan, layer->in));
          point (plan, &layer->dx, dx);
        }
      for (guint j = 0; j < RF_MAX_BRANCHES; j++)
        if (inside[j] != current && inside[j] != dx)
          give_back (plan, inside[j]);
      if (current != dy && current != dx)
        give_back (plan, current);
      current = dx;
    }
  return current;
}

static void
clear_plan (RfPlan *plan)
{
  g_clear_pointer (&plan->slots, g_array_unref);
  g_clear_pointer (&plan->wishes, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RfPlan, clear_plan)

/* Lays out the passes of @net on paper. */
static void
make_plan (RfPlan *plan, RfNet *net, int capacity, gboolean training)
{
  *plan = (RfPlan){
    .capacity = capacity,
    .training = training,
    .slots = g_array_new (FALSE, FALSE, sizeof (Slot)),
    .wishes = g_array_new (FALSE, FALSE, sizeof (Wish)),
  };
  plan->scratch = add_slot (plan, 0);
  rf_net_fuse (net, training);
  for (guint i = 0; i < net->layers->len; i++)
    {
      RfLayer *layer = g_ptr_array_index (net->layers, i);
      layer->y = layer->dx = NULL;
      if (layer->klass->plan)
        layer->klass->plan (layer, plan);
    }
  plan_forward (plan, net->priv->top, OUTSIDE);
  /* Outputs stay until the backward pass: its gradients share slots with each other alone. */
  for (guint i = 0; i < plan->slots->len; i++)
    g_assert (!training || g_array_index (plan->slots, Slot, i).busy);
  if (training)
    plan_backward (plan, net->priv->top, OUTSIDE, net->wants_input_gradient);
}

/* What a plan takes. */
typedef struct
{
  guint64 weights;     /* bytes: weights, gradients, running statistics */
  guint64 activations; /* bytes: all else */
  guint64 arena;       /* floats */
} Needs;

static guint64
total (const Needs *needs)
{
  return rf_add_saturating (needs->weights, needs->activations);
}

static Needs
add_up (const RfPlan *plan, const RfNet *net)
{
  Needs needs = { 0 };
  guint64 floats = rf_multiply_saturating (net->n_weights, plan->training ? 2 : 1);
  needs.weights
      = rf_multiply_saturating (rf_add_saturating (floats, net->n_buffers), sizeof (float));
  for (guint i = 0; i < plan->slots->len; i++)
    needs.arena = rf_add_saturating (
        needs.arena, rf_round_floats (g_array_index (plan->slots, Slot, i).n_floats));
  guint64 workers = rf_multiply_saturating (plan->worker_scratch, rf_pool_get_threads ());
  needs.activations
      = rf_multiply_saturating (rf_add_saturating (needs.arena, workers), sizeof (float));
  return needs;
}

/* Measures on a network of the same shapes, so that the plan in force stays as it is. */
static Needs
measure (const RfNet *net, int capacity, gboolean training)
{
  g_auto (RfPlan) plan = { 0 };
  g_autoptr (RfNet) copy
      = rf_net_new (net->experiment, net->priv->dataset_input, net->priv->path, NULL);
  g_assert (copy != NULL);
  copy->wants_input_gradient = net->wants_input_gradient;
  copy->keeps_outputs = net->keeps_outputs;
  make_plan (&plan, copy, capacity, training);
  return add_up (&plan, copy);
}

guint64
rf_net_memory (const RfNet *net, int capacity, gboolean training)
{
  g_return_val_if_fail (capacity >= 1, 0);
  Needs needs = measure (net, capacity, training);
  return total (&needs);
}

static gboolean
check_memory (const RfNet *net, const Needs *needs, int capacity, GError **error)
{
  guint64 available = rf_memory_available ();
  if (total (needs) <= rf_add_saturating (available, net->priv->held))
    return TRUE;
  g_autofree char *all = rf_format_bytes (total (needs));
  g_autofree char *weights = rf_format_bytes (needs->weights);
  g_autofree char *activations = rf_format_bytes (needs->activations);
  g_autofree char *there = rf_format_bytes (available);
  g_set_error (
      error, RF_ERROR, RF_ERROR_MEMORY,
      _ ("the network needs %s (weights %s, activations %s) at batch size %d; %s are free"), all,
      weights, activations, capacity, there);
  return FALSE;
}

/* Lays the passes out in the arena there is, which is large enough. */
static void
lay_out (RfNet *net, int capacity, gboolean training)
{
  struct _RfNetPrivate *priv = net->priv;
  g_auto (RfPlan) plan = { 0 };
  make_plan (&plan, net, capacity, training);
  rf_pool_reserve_scratch (plan.worker_scratch);

  g_autofree float **starts = g_new (float *, plan.slots->len);
  float *start = priv->arena;
  for (guint i = 0; i < plan.slots->len; i++)
    {
      starts[i] = start;
      start += rf_round_floats (g_array_index (plan.slots, Slot, i).n_floats);
    }
  for (guint i = 0; i < plan.wishes->len; i++)
    {
      const Wish *wish = &g_array_index (plan.wishes, Wish, i);
      *wish->where = starts[wish->slot];
    }
  net->input_gradient = NULL;
  priv->capacity = capacity;
  priv->training = training;
}

/* Keeps the weights there are. */
static gboolean
take_weights (RfNet *net, gboolean training, GError **error)
{
  if (!net->weights && !(net->weights = rf_floats_try_new (net->n_weights, error)))
    return FALSE;
  if (!net->buffers && !(net->buffers = rf_floats_try_new (net->n_buffers, error)))
    return FALSE;
  return !training || net->gradients
         || (net->gradients = rf_floats_try_new (net->n_weights, error)) != NULL;
}

/* An arena of zeros: the one there is if it is large enough, else another. The old one is let go of
 * first only where there is no room for both; if even that does not help, it comes back and the old
 * plan with it. */
static gboolean
take_arena (RfNet *net, gsize n_floats, GError **error)
{
  struct _RfNetPrivate *priv = net->priv;
  if (priv->arena && n_floats <= priv->arena_floats)
    {
      memset (priv->arena, 0, n_floats * sizeof (float));
      return TRUE;
    }

  float *arena = rf_floats_try_new (n_floats, priv->arena ? NULL : error);
  if (!arena && !priv->arena)
    return FALSE;
  rf_floats_free (priv->arena);
  priv->arena = arena ? arena : rf_floats_try_new (n_floats, error);
  if (priv->arena)
    {
      priv->arena_floats = n_floats;
      return TRUE;
    }
  priv->arena = rf_floats_try_new (priv->arena_floats, NULL);
  if (priv->arena)
    lay_out (net, priv->capacity, priv->training);
  else
    priv->capacity = 0;
  return FALSE;
}

gboolean
rf_net_plan (RfNet *net, int capacity, gboolean training, GError **error)
{
  g_return_val_if_fail (capacity >= 1, FALSE);
  struct _RfNetPrivate *priv = net->priv;
  Needs needs = measure (net, capacity, training);
  if (!check_memory (net, &needs, capacity, error) || !take_weights (net, training, error)
      || !take_arena (net, needs.arena, error))
    return FALSE;
  if (!training)
    g_clear_pointer (&net->gradients, rf_floats_free);
  lay_out (net, capacity, training);
  priv->held = total (&needs) + (priv->arena_floats - needs.arena) * sizeof (float);
  return TRUE;
}

int
rf_net_capacity (const RfNet *net)
{
  return net->priv->capacity;
}
