/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bench as an object: its chain and the edits of it, and what is looked at. */

#include "app/filters/filter-bench-private.h"

#include "model/base/error.h"
#include "model/filter/presets.h"

#include <glib/gi18n-lib.h>

#define FIRST_SAMPLE "landscape"

G_DEFINE_FINAL_TYPE (RfFilterBench, rf_filter_bench, G_TYPE_OBJECT)

enum
{
  PROP_SESSION = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static const char *const signal_names[]
    = { "changed", "picture", "result", "traced", "loading", NULL };
static guint failed_signal;

void
rf_filter_bench_tell (RfFilterBench *self, const char *signal)
{
  g_signal_emit_by_name (self, signal);
}

void
rf_filter_bench_fail (RfFilterBench *self, const char *message)
{
  g_signal_emit (self, failed_signal, 0, message);
}

/* ---- edits ---- */

/* The state of the bench before or after an edit. */
typedef struct
{
  RfChain *chain;
  int selected;
  RfFilterPicture *picture;
} State;

typedef struct
{
  RfFilterBench *bench; /* weak */
  char *key;
  State before, after;
} Edit;

static State
get_state (RfFilterBench *self)
{
  return (State){ rf_chain_copy (self->chain), self->selected,
                  self->picture ? rf_filter_picture_ref (self->picture) : NULL };
}

static void
state_clear (State *state)
{
  g_clear_pointer (&state->chain, rf_chain_free);
  g_clear_pointer (&state->picture, rf_filter_picture_unref);
}

static void
put_picture (RfFilterBench *self, RfFilterPicture *picture)
{
  if (picture == self->picture)
    return;
  if (picture)
    rf_filter_picture_ref (picture);
  g_clear_pointer (&self->picture, rf_filter_picture_unref);
  self->picture = picture;
  self->full_cost = 0;
  self->x = self->y = -1;
  self->pinned = FALSE;
  g_clear_pointer (&self->trace, rf_chain_trace_free);
  rf_filter_bench_tell (self, "picture");
}

static void
put_chain (RfFilterBench *self, RfChain *chain, int selected)
{
  rf_chain_free (self->chain);
  self->chain = chain;
  self->selected = CLAMP (selected, 0, chain->n_stages - 1);
  rf_filter_bench_tell (self, "changed");
}

static gboolean
edit_apply (gpointer data, gboolean forward)
{
  Edit *edit = data;
  RfFilterBench *self = edit->bench;
  if (!self)
    return FALSE;
  const State *state = forward ? &edit->after : &edit->before;
  /* The first picture is no edit, and there is none without a picture to go back to. */
  if (state->picture)
    put_picture (self, state->picture);
  put_chain (self, rf_chain_copy (state->chain), state->selected);
  rf_filter_bench_want (self);
  return TRUE;
}

static gboolean
edit_merge (gpointer data, gpointer newer)
{
  Edit *edit = data, *other = newer;
  if (!edit->key || g_strcmp0 (edit->key, other->key) != 0 || edit->bench != other->bench
      || edit->after.selected != other->before.selected)
    return FALSE;
  const State state = edit->after;
  edit->after = other->after;
  other->after = state;
  return TRUE;
}

static void
edit_free (gpointer data)
{
  Edit *edit = data;
  g_clear_weak_pointer (&edit->bench);
  state_clear (&edit->before);
  state_clear (&edit->after);
  g_free (edit->key);
  g_free (edit);
}

/* Another picture: the one before it may be kept by this edit alone. Bytes, a raster, a small copy.
 */
static gsize
edit_weigh (gpointer data)
{
  const Edit *edit = data;
  const RfFilterPicture *before = edit->before.picture;
  if (!before || before == edit->after.picture)
    return 0;
  return RF_SHAPE_COUNT (before->pixels.shape) / 3 * 7;
}

static const RfEditClass edit_class = { edit_apply, edit_merge, edit_free, edit_weigh };

static void
push (RfFilterBench *self, State before, const char *label, const char *key)
{
  Edit *edit = g_new0 (Edit, 1);
  g_set_weak_pointer (&edit->bench, self);
  edit->key = g_strdup (key);
  edit->before = before;
  edit->after = get_state (self);
  rf_history_push (rf_session_get_history (self->session), &edit_class, label, edit);
}

void
rf_filter_bench_set_chain (RfFilterBench *self, RfChain *chain, int selected, const char *label,
                           const char *key)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && chain && chain->n_stages > 0 && label);
  RF_ASSERT_MAIN_THREAD ();
  State before = get_state (self);
  put_chain (self, chain, selected);
  if (self->stroking)
    state_clear (&before);
  else
    push (self, before, label, key);
  rf_filter_bench_want (self);
}

void
rf_filter_bench_set_stage (RfFilterBench *self, const RfStage *stage, const char *label,
                           const char *key)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && stage);
  RfChain *chain = rf_chain_copy (self->chain);
  chain->stages[self->selected] = *stage;
  rf_filter_bench_set_chain (self, chain, self->selected, label, key);
}

void
rf_filter_bench_set_kernel (RfFilterBench *self, const RfKernel *kernel, const char *label,
                            const char *key)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && kernel);
  RfStage stage = self->chain->stages[self->selected];
  if (stage.kind != RF_STAGE_KERNEL || rf_kernel_equal (&stage.kernel, kernel))
    return;
  stage.kernel = *kernel;
  rf_filter_bench_set_stage (self, &stage, label, key);
}

void
rf_filter_bench_begin_stroke (RfFilterBench *self)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self));
  if (self->stroking)
    return;
  self->stroking = TRUE;
  self->stroke_before = rf_chain_copy (self->chain);
  self->stroke_selected = self->selected;
}

void
rf_filter_bench_end_stroke (RfFilterBench *self, const char *label)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && label);
  if (!self->stroking)
    return;
  self->stroking = FALSE;
  State before = { g_steal_pointer (&self->stroke_before), self->stroke_selected,
                   self->picture ? rf_filter_picture_ref (self->picture) : NULL };
  push (self, before, label, NULL);
}

/* ---- picture ---- */

RfFilterPicture *
rf_filter_bench_get_picture (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return self->picture;
}

void
rf_filter_bench_set_picture (RfFilterBench *self, RfFilterPicture *picture)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && picture);
  RF_ASSERT_MAIN_THREAD ();
  if (picture == self->picture)
    return;
  const gboolean first = self->picture == NULL;
  State before = get_state (self);
  put_picture (self, picture);
  if (first)
    state_clear (&before);
  else
    {
      g_autofree char *label = g_strdup_printf (_ ("Picture %s"), picture->title);
      push (self, before, label, NULL);
    }
  rf_filter_bench_want (self);
}

gboolean
rf_filter_bench_get_loading (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), FALSE);
  return self->n_loading > 0;
}

/* ---- what is looked at ---- */

const RfChain *
rf_filter_bench_get_chain (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return self->chain;
}

int
rf_filter_bench_get_selected (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), 0);
  return self->selected;
}

const RfStage *
rf_filter_bench_get_stage (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return &self->chain->stages[self->selected];
}

/* Another stage is shown: the pixel that was followed is none of it. */
static void
forget_pixel (RfFilterBench *self)
{
  self->x = self->y = -1;
  self->pinned = FALSE;
  g_clear_pointer (&self->trace, rf_chain_trace_free);
  rf_filter_bench_tell (self, "traced");
}

void
rf_filter_bench_select (RfFilterBench *self, int stage)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self));
  stage = CLAMP (stage, 0, self->chain->n_stages - 1);
  if (stage == self->selected)
    return;
  self->selected = stage;
  rf_filter_bench_tell (self, "changed");
  if (self->show_end)
    return;
  forget_pixel (self);
  rf_filter_bench_want (self);
}

void
rf_filter_bench_show_end (RfFilterBench *self, gboolean end)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self));
  if (self->show_end == end)
    return;
  const int before = rf_filter_bench_get_shown (self);
  self->show_end = end;
  rf_filter_bench_tell (self, "changed");
  if (rf_filter_bench_get_shown (self) == before)
    return;
  forget_pixel (self);
  rf_filter_bench_want (self);
}

gboolean
rf_filter_bench_shows_end (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), FALSE);
  return self->show_end;
}

int
rf_filter_bench_get_shown (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), 0);
  return self->show_end ? self->chain->n_stages - 1 : self->selected;
}

void
rf_filter_bench_set_display (RfFilterBench *self, RfDisplay display)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && display < RF_N_DISPLAYS);
  if (self->display == display)
    return;
  self->display = display;
  rf_filter_bench_tell (self, "changed");
  rf_filter_bench_want (self);
}

RfDisplay
rf_filter_bench_get_display (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), RF_DISPLAY_AUTO);
  return self->display;
}

void
rf_filter_bench_set_channel (RfFilterBench *self, int channel)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self) && channel >= -1 && channel < 3);
  if (self->channel == channel)
    return;
  self->channel = channel;
  rf_filter_bench_tell (self, "changed");
  rf_filter_bench_want (self);
}

int
rf_filter_bench_get_channel (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), -1);
  return self->channel;
}

const RfFilterResult *
rf_filter_bench_get_result (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return self->result;
}

const char *
rf_filter_bench_get_problem (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return self->problem;
}

/* ---- one pixel ---- */

void
rf_filter_bench_point (RfFilterBench *self, int y, int x)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self));
  if (x < 0 || y < 0)
    x = y = -1;
  if (self->x == x && self->y == y)
    return;
  self->x = x;
  self->y = y;
  rf_filter_bench_want_trace (self);
}

void
rf_filter_bench_pin (RfFilterBench *self, gboolean pinned)
{
  g_return_if_fail (RF_IS_FILTER_BENCH (self));
  if (self->pinned == pinned)
    return;
  self->pinned = pinned;
  rf_filter_bench_tell (self, "traced");
}

gboolean
rf_filter_bench_get_pinned (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), FALSE);
  return self->pinned;
}

gboolean
rf_filter_bench_get_pointed (RfFilterBench *self, int *y, int *x)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), FALSE);
  *y = self->y;
  *x = self->x;
  return self->x >= 0;
}

const RfChainTrace *
rf_filter_bench_get_trace (RfFilterBench *self)
{
  g_return_val_if_fail (RF_IS_FILTER_BENCH (self), NULL);
  return self->trace;
}

char *
rf_filter_bench_name_stage (const RfChain *chain, int i)
{
  const RfStage *stage = &chain->stages[i];
  const char *title = _ (rf_stage_infos[stage->kind].title);
  if (stage->kind == RF_STAGE_KERNEL)
    return g_strdup_printf ("%d · %s %d×%d", i + 1, title, stage->kernel.height,
                            stage->kernel.width);
  if (stage->kind == RF_STAGE_MAXPOOL || stage->kind == RF_STAGE_AVGPOOL)
    return g_strdup_printf ("%d · %s %d×%d", i + 1, title, stage->size[0], stage->size[1]);
  if (stage->kind == RF_STAGE_BIAS || stage->kind == RF_STAGE_THRESHOLD)
    return g_strdup_printf ("%d · %s %.4g", i + 1, title, stage->value);
  return g_strdup_printf ("%d · %s", i + 1, title);
}

/* ---- the object ---- */

static void
rf_filter_bench_constructed (GObject *object)
{
  RfFilterBench *self = RF_FILTER_BENCH (object);
  G_OBJECT_CLASS (rf_filter_bench_parent_class)->constructed (object);
  rf_filter_bench_open_sample (self, rf_sample_find (FIRST_SAMPLE));
}

static void
rf_filter_bench_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RF_FILTER_BENCH (object)->session);
}

static void
rf_filter_bench_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RF_FILTER_BENCH (object)->session = g_value_get_object (value);
}

static void
rf_filter_bench_finalize (GObject *object)
{
  RfFilterBench *self = RF_FILTER_BENCH (object);
  rf_filter_store_clear (&self->store);
  rf_filter_result_free (self->result);
  g_clear_pointer (&self->trace, rf_chain_trace_free);
  g_clear_pointer (&self->stroke_before, rf_chain_free);
  g_clear_pointer (&self->chain, rf_chain_free);
  g_clear_pointer (&self->picture, rf_filter_picture_unref);
  g_free (self->problem);
  G_OBJECT_CLASS (rf_filter_bench_parent_class)->finalize (object);
}

static void
rf_filter_bench_class_init (RfFilterBenchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = rf_filter_bench_constructed;
  object_class->get_property = rf_filter_bench_get_property;
  object_class->set_property = rf_filter_bench_set_property;
  object_class->finalize = rf_filter_bench_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, RF_TYPE_SESSION,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  for (guint i = 0; signal_names[i]; i++)
    g_signal_new (signal_names[i], RF_TYPE_FILTER_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  failed_signal = g_signal_new ("failed", RF_TYPE_FILTER_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rf_filter_bench_init (RfFilterBench *self)
{
  self->channel = -1;
  self->x = self->y = -1;
  self->traced = TRUE;
  self->chain = rf_chain_new ();
  self->chain->n_stages = 1;
  rf_stage_init (&self->chain->stages[0], RF_STAGE_KERNEL);
  rf_preset_build (rf_preset_find ("sobel-x"), NULL, &self->chain->stages[0].kernel);
  self->chain->stages[0].options.border = RF_BORDER_EDGE;
}

RfFilterBench *
rf_filter_bench_get (RfSession *session)
{
  return rf_session_get_shared (session, RF_TYPE_FILTER_BENCH);
}
