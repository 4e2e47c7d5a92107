/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings that were asked for are known at once, and what the worker makes of them (a new seed,
 * for one) once it has answered everything. */

#include "app/toy/toy-bench.h"

#include "app/toy/toy-edit.h"
#include "model/base/error.h"
#include "model/playground/link.h"

#include <glib/gi18n-lib.h>

#define FIRST_SPEED 5

struct _RfToyBench
{
  GObject parent_instance;

  RfSession *session; /* not owned */
  RfToyWorker *worker;
  RfToyView *view;
  RfPlayState state;
  guint64 asked;
  gboolean running, as_original;
  int speed, pointed;
};

G_DEFINE_FINAL_TYPE (RfToyBench, rf_toy_bench, G_TYPE_OBJECT)

enum
{
  PROP_SESSION = 1,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  VIEW,
  CHANGED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
changed (RfToyBench *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
order (RfToyBench *self, RfToyCommand command, gpointer data, GDestroyNotify destroy)
{
  RF_ASSERT_MAIN_THREAD ();
  if (!self->worker)
    {
      if (destroy)
        destroy (data);
      return;
    }
  self->asked++;
  rf_toy_worker_do (self->worker, command, data, destroy);
}

static void
view_cb (RfToyView *view, gpointer data)
{
  RfToyBench *self = data;
  rf_toy_view_unref (self->view);
  self->view = rf_toy_view_ref (view);
  if (self->pointed >= view->n_nodes)
    self->pointed = -1;
  const gboolean settled = view->answered == self->asked;
  if (settled)
    {
      self->running = view->running;
      rf_play_state_clear (&self->state);
      rf_play_state_copy (&view->state, &self->state);
    }
  g_signal_emit (self, signals[VIEW], 0);
  if (settled)
    changed (self);
}

/* ---- edits in the history ---- */

typedef struct
{
  RfToyBench *bench; /* weak */
  char *key;
  RfToyEdit *first, *last; /* equal but for a run of edits */
} Edit;

static gboolean
edit_apply (gpointer data, gboolean forward)
{
  Edit *edit = data;
  if (!edit->bench)
    return FALSE;
  if (forward)
    order (edit->bench, rf_toy_edit_redo, rf_toy_edit_ref (edit->last), rf_toy_edit_unref);
  else
    order (edit->bench, rf_toy_edit_undo, rf_toy_edit_ref (edit->first), rf_toy_edit_unref);
  return TRUE;
}

static gboolean
edit_merge (gpointer data, gpointer newer)
{
  Edit *edit = data, *other = newer;
  if (!edit->key || g_strcmp0 (edit->key, other->key) != 0 || edit->bench != other->bench)
    return FALSE;
  RfToyEdit *last = edit->last;
  edit->last = other->last;
  other->last = last;
  return TRUE;
}

static void
edit_free (gpointer data)
{
  Edit *edit = data;
  g_clear_weak_pointer (&edit->bench);
  rf_toy_edit_unref (edit->first);
  rf_toy_edit_unref (edit->last);
  g_free (edit->key);
  g_free (edit);
}

static const RfEditClass edit_class = { edit_apply, edit_merge, edit_free, NULL };

/* Takes over @what. */
static void
do_edit (RfToyBench *self, RfToyEdit *what, const char *label, const char *key)
{
  Edit *edit = g_new0 (Edit, 1);
  g_set_weak_pointer (&edit->bench, self);
  edit->key = g_strdup (key);
  edit->first = what;
  edit->last = rf_toy_edit_ref (what);
  order (self, rf_toy_edit_do, rf_toy_edit_ref (what), rf_toy_edit_unref);
  rf_history_push (rf_session_get_history (self->session), &edit_class, label, edit);
}

/* ---- settings ---- */

const RfToyView *
rf_toy_bench_get_view (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), NULL);
  return self->view;
}

gboolean
rf_toy_bench_is_settled (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), FALSE);
  return self->view && self->view->answered == self->asked;
}

const RfPlayState *
rf_toy_bench_get_state (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), NULL);
  return &self->state;
}

static void
put_state (RfToyBench *self, const RfPlayState *state, gboolean fresh, const char *label,
           const char *key)
{
  RfPlayState copy;
  rf_play_state_copy (state, &copy);
  rf_play_state_clear (&self->state);
  self->state = copy;
  do_edit (self, rf_toy_edit_new_state (&copy, self->as_original, fresh), label, key);
  changed (self);
}

void
rf_toy_bench_set_state (RfToyBench *self, const RfPlayState *state, const char *label,
                        const char *key)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self) && state && label);
  put_state (self, state, FALSE, label, key);
}

void
rf_toy_bench_set_as_original (RfToyBench *self, gboolean as_original)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  self->as_original = as_original;
}

gboolean
rf_toy_bench_get_as_original (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), FALSE);
  return self->as_original;
}

gboolean
rf_toy_bench_open_link (RfToyBench *self, const char *link, GError **error)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self) && link, FALSE);
  g_auto (RfPlayState) state = { 0 };
  g_autoptr (GPtrArray) remarks = g_ptr_array_new_with_free_func (g_free);
  rf_play_state_init (&state);
  if (!rf_play_link_read (link, &state, NULL, remarks, error))
    return FALSE;
  put_state (self, &state, TRUE, _ ("Link"), NULL);
  if (remarks->len > 0)
    {
      g_ptr_array_add (remarks, NULL);
      g_autofree char *text = g_strjoinv ("\n", (char **) remarks->pdata);
      g_signal_emit (self, signals[FAILED], 0, text);
    }
  return TRUE;
}

char *
rf_toy_bench_write_link (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), NULL);
  g_autofree char *fragment = rf_play_link_write (&self->state);
  return g_strconcat (RF_PLAY_ADDRESS, fragment, NULL);
}

/* ---- training ---- */

static void
start_in_thread (RfToyWork *work, gpointer data)
{
  work->running = TRUE;
  work->moment = -1;
  /* Where it would stop at once it goes on from there instead. */
  if (work->end_epoch > 0 && work->playground->epoch >= work->end_epoch)
    work->end_epoch = 0;
}

static void
stop_in_thread (RfToyWork *work, gpointer data)
{
  work->running = FALSE;
}

void
rf_toy_bench_set_running (RfToyBench *self, gboolean running)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  if (self->running == running)
    return;
  self->running = running;
  order (self, running ? start_in_thread : stop_in_thread, NULL, NULL);
  changed (self);
}

gboolean
rf_toy_bench_get_running (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), FALSE);
  return self->running;
}

static void
step_in_thread (RfToyWork *work, gpointer data)
{
  const RfToyUnit unit = rf_toy_speeds[work->speed].unit;
  work->running = FALSE;
  work->moment = -1;
  rf_playground_train (work->playground,
                       unit == RF_TOY_POINTS    ? RF_PLAYGROUND_POINT
                       : unit == RF_TOY_BATCHES ? RF_PLAYGROUND_BATCH
                                                : RF_PLAYGROUND_EPOCH,
                       1);
}

void
rf_toy_bench_step (RfToyBench *self)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  self->running = FALSE;
  order (self, step_in_thread, NULL, NULL);
  changed (self);
}

static void
speed_in_thread (RfToyWork *work, gpointer data)
{
  work->speed = GPOINTER_TO_INT (data);
}

void
rf_toy_bench_set_speed (RfToyBench *self, int speed)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self) && speed >= 0 && rf_toy_speeds[speed].title);
  if (speed == self->speed)
    return;
  self->speed = speed;
  order (self, speed_in_thread, GINT_TO_POINTER (speed), NULL);
  changed (self);
}

int
rf_toy_bench_get_speed (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), 0);
  return self->speed;
}

typedef struct
{
  guint64 epoch;
  double loss;
} Ends;

static void
ends_in_thread (RfToyWork *work, gpointer data)
{
  const Ends *ends = data;
  work->end_epoch = ends->epoch;
  work->end_loss = ends->loss;
}

void
rf_toy_bench_set_ends (RfToyBench *self, guint64 epoch, double loss)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  const Ends ends = { epoch, loss };
  order (self, ends_in_thread, g_memdup2 (&ends, sizeof ends), g_free);
}

void
rf_toy_bench_reset (RfToyBench *self, gboolean points)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  do_edit (self, rf_toy_edit_new_reset (points), points ? _ ("New Points") : _ ("New Weights"),
           NULL);
}

static void
moment_in_thread (RfToyWork *work, gpointer data)
{
  work->moment = GPOINTER_TO_INT (data);
  if (work->moment >= 0)
    work->running = FALSE;
}

void
rf_toy_bench_show_moment (RfToyBench *self, int moment)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self) && moment >= -1);
  order (self, moment_in_thread, GINT_TO_POINTER (moment), NULL);
}

/* ---- editing ---- */

void
rf_toy_bench_set_weight (RfToyBench *self, int layer, int unit, int input, double value)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  g_autofree char *key = g_strdup_printf ("weight-%d-%d-%d", layer, unit, input);
  do_edit (self, rf_toy_edit_new_weight (layer, unit, input, value),
           input < 0 ? _ ("Bias") : _ ("Weight"), key);
}

void
rf_toy_bench_set_data (RfToyBench *self, RfPlayData *data, const char *label)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self) && data && label);
  do_edit (self, rf_toy_edit_new_data (data), label, "points");
}

void
rf_toy_bench_point_at (RfToyBench *self, int node)
{
  g_return_if_fail (RF_IS_TOY_BENCH (self));
  if (self->pointed == node)
    return;
  self->pointed = node;
  changed (self);
}

int
rf_toy_bench_get_pointed (RfToyBench *self)
{
  g_return_val_if_fail (RF_IS_TOY_BENCH (self), -1);
  return self->pointed;
}

/* ---- the object ---- */

static void
rf_toy_bench_constructed (GObject *object)
{
  RfToyBench *self = RF_TOY_BENCH (object);
  G_OBJECT_CLASS (rf_toy_bench_parent_class)->constructed (object);
  self->worker = rf_toy_worker_new (rf_playground_new (&self->state), view_cb, self);
  if (self->worker)
    order (self, speed_in_thread, GINT_TO_POINTER (self->speed), NULL);
}

static void
rf_toy_bench_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RF_TOY_BENCH (object)->session);
}

static void
rf_toy_bench_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RF_TOY_BENCH (object)->session = g_value_get_object (value);
}

static void
rf_toy_bench_finalize (GObject *object)
{
  RfToyBench *self = RF_TOY_BENCH (object);
  rf_toy_worker_free (self->worker);
  rf_toy_view_unref (self->view);
  rf_play_state_clear (&self->state);
  G_OBJECT_CLASS (rf_toy_bench_parent_class)->finalize (object);
}

static void
rf_toy_bench_class_init (RfToyBenchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->constructed = rf_toy_bench_constructed;
  object_class->get_property = rf_toy_bench_get_property;
  object_class->set_property = rf_toy_bench_set_property;
  object_class->finalize = rf_toy_bench_finalize;
  props[PROP_SESSION]
      = g_param_spec_object ("session", NULL, NULL, RF_TYPE_SESSION,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[VIEW] = g_signal_new ("view", RF_TYPE_TOY_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", RF_TYPE_TOY_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", RF_TYPE_TOY_BENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rf_toy_bench_init (RfToyBench *self)
{
  self->speed = FIRST_SPEED;
  self->pointed = -1;
  rf_play_state_init (&self->state);
}

RfToyBench *
rf_toy_bench_get (RfSession *session)
{
  return rf_session_get_shared (session, RF_TYPE_TOY_BENCH);
}
