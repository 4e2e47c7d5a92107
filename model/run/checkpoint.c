/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying, writing, checking and loading checkpoints; see checkpoint.h for what one is. */

#include "model/run/checkpoint.h"
#include "model/base/error.h"
#include "model/base/memory.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* What marks a state that is kept for good. */
#define KEPT_KEY   "kept"
#define KEPT_VALUE "fork"

/* The moment as scalars of the state file. */
typedef struct
{
  gint64 step, epoch, offset, right, count, epoch_open;
  double loss_sum, epoch_seconds, seconds;
} Scalars;

static const struct
{
  const char *name;
  RfDtype dtype;
  gsize offset;
} scalars[] = {
  { "run/step", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, step) },
  { "run/epoch", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, epoch) },
  { "run/offset", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, offset) },
  { "run/right", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, right) },
  { "run/count", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, count) },
  { "run/epoch_open", RF_DTYPE_I64, G_STRUCT_OFFSET (Scalars, epoch_open) },
  { "run/loss_sum", RF_DTYPE_F64, G_STRUCT_OFFSET (Scalars, loss_sum) },
  { "run/epoch_seconds", RF_DTYPE_F64, G_STRUCT_OFFSET (Scalars, epoch_seconds) },
  { "run/seconds", RF_DTYPE_F64, G_STRUCT_OFFSET (Scalars, seconds) },
};

struct _RfCheckpoint
{
  RfMoment moment;
  Scalars scalars;
  GArray *sources; /* of RfTensor: the engine's numbers, weights first, then the optimizer's */
  GArray *copies;  /* the same with their data in @block, then the scalars */
  guint n_weights; /* how many of them are weights and running statistics */
  float *block;
  const RfNet *net; /* whose weights they are */
};

static void
add_weights (GArray *tensors, const RfNet *net)
{
  for (guint p = 0; p < net->n_params; p++)
    {
      const RfParam *param = &net->params[p];
      const float *values = param->kind == RF_PARAM_BUFFER ? net->buffers : net->weights;
      RfTensor tensor = { .name = param->name,
                          .dtype = RF_DTYPE_F32,
                          .n_dims = param->n_dims,
                          .count = param->count,
                          .data = values + param->offset,
                          .size = param->count * sizeof (float) };
      memcpy (tensor.dims, param->dims, sizeof param->dims);
      g_array_append_val (tensors, tensor);
    }
}

static Scalars
to_scalars (const RfMoment *moment)
{
  return (Scalars){ moment->step,          moment->epoch,        moment->offset,
                    moment->sums.right,    moment->sums.count,   moment->epoch_open,
                    moment->sums.loss_sum, moment->sums.seconds, moment->seconds };
}

/* As tensors whose data are in @values. */
static void
add_scalars (GArray *tensors, Scalars *values)
{
  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      RfTensor tensor = { .name = (char *) scalars[i].name,
                          .dtype = scalars[i].dtype,
                          .count = 1,
                          .data = G_STRUCT_MEMBER_P (values, scalars[i].offset),
                          .size = 8 };
      g_array_append_val (tensors, tensor);
    }
}

RfCheckpoint *
rf_checkpoint_new (RfEngine *engine, GError **error)
{
  g_autoptr (RfCheckpoint) self = g_new0 (RfCheckpoint, 1);
  gsize size = 0;

  self->net = engine->net;
  self->sources = g_array_new (FALSE, FALSE, sizeof (RfTensor));
  add_weights (self->sources, engine->net);
  self->n_weights = self->sources->len;
  g_autoptr (GArray) state = rf_optimizer_tensors (engine->optimizer);
  g_array_append_vals (self->sources, state->data, state->len);

  /* Each copy begins at a multiple of eight bytes, which suits all types. */
  self->copies = g_array_copy (self->sources);
  for (guint i = 0; i < self->sources->len; i++)
    size += (g_array_index (self->sources, RfTensor, i).size + 7) / 8 * 8;
  self->block = rf_floats_try_new (size / sizeof (float), error);
  if (!self->block)
    return NULL;
  char *where = (char *) self->block;
  for (guint i = 0; i < self->copies->len; i++)
    {
      RfTensor *copy = &g_array_index (self->copies, RfTensor, i);
      copy->data = where;
      where += (copy->size + 7) / 8 * 8;
    }
  add_scalars (self->copies, &self->scalars);
  return g_steal_pointer (&self);
}

void
rf_checkpoint_free (RfCheckpoint *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->copies, g_array_unref);
  rf_floats_free (self->block);
  g_free (self);
}

void
rf_checkpoint_take (RfCheckpoint *self, const RfMoment *moment)
{
  for (guint i = 0; i < self->sources->len; i++)
    {
      const RfTensor *from = &g_array_index (self->sources, RfTensor, i);
      memcpy ((void *) g_array_index (self->copies, RfTensor, i).data, from->data, from->size);
    }
  self->moment = *moment;
  self->scalars = to_scalars (moment);
}

const RfMoment *
rf_checkpoint_moment (const RfCheckpoint *self)
{
  return &self->moment;
}

gboolean
rf_checkpoint_is_finite (const RfCheckpoint *self)
{
  for (guint i = 0; i < self->n_weights; i++)
    {
      const RfTensor *tensor = &g_array_index (self->copies, RfTensor, i);
      const float *values = tensor->data;
      for (gsize v = 0; v < tensor->count; v++)
        if (!isfinite (values[v]))
          return FALSE;
    }
  return TRUE;
}

/* Digest of named bytes: each step is a bijection of the digest so far, so that no change of a
 * single word goes unseen. It guards against damage, not against malice. Tensors are summed, so
 * that their order in a file does not matter. */
static guint64
digest_bytes (guint64 digest, const void *data, gsize size)
{
  const char *bytes = data;
  while (size > 0)
    {
      guint64 word = 0;
      gsize n = MIN (size, sizeof word);
      memcpy (&word, bytes, n);
      digest = (digest ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      digest ^= digest >> 32;
      bytes += n;
      size -= n;
    }
  return digest;
}

static guint64
digest_tensor (const RfTensor *tensor)
{
  guint64 digest = digest_bytes (tensor->dtype, tensor->name, strlen (tensor->name));
  return digest_bytes (digest, tensor->data, tensor->size);
}

static void
format_digest (char text[17], guint64 digest)
{
  g_snprintf (text, 17, "%016" G_GINT64_MODIFIER "x", digest);
}

char *
rf_checkpoint_path (const char *run, gint64 step, RfCheckpointPart part)
{
  if (step == 0 && part == RF_CHECKPOINT_WEIGHTS)
    return g_build_filename (run, "initial.safetensors", NULL);
  g_autofree char *name = g_strdup_printf ("step-%08" G_GINT64_FORMAT "%s.safetensors", step,
                                           part == RF_CHECKPOINT_STATE ? ".state" : "");
  return g_build_filename (run, "checkpoints", name, NULL);
}

gboolean
rf_checkpoint_write_weights (const RfCheckpoint *self, const char *path, GError **error)
{
  return rf_net_write_tensors (self->net, path, (const RfTensor *) self->copies->data,
                               self->n_weights, error);
}

gboolean
rf_checkpoint_write (const RfCheckpoint *self, const char *run, GError **error)
{
  const RfTensor *tensors = (const RfTensor *) self->copies->data;
  g_autofree char *weights = rf_checkpoint_path (run, self->moment.step, RF_CHECKPOINT_WEIGHTS);
  g_autofree char *state = rf_checkpoint_path (run, self->moment.step, RF_CHECKPOINT_STATE);
  guint64 digests[2] = { 0 };
  char texts[2][17];

  for (guint i = 0; i < self->copies->len; i++)
    digests[i < self->n_weights ? 0 : 1] += digest_tensor (&tensors[i]);
  format_digest (texts[0], digests[0]);
  format_digest (texts[1], digests[1]);
  /* The end of an epoch is written once more when it has been evaluated. */
  gboolean kept = rf_checkpoint_is_kept (run, self->moment.step);
  const char *const metadata[] = { "weights",
                                   texts[0],
                                   "state",
                                   texts[1],
                                   "kernels",
                                   rf_kernels_path_name (rf_kernels_path ()),
                                   kept ? KEPT_KEY : NULL,
                                   KEPT_VALUE,
                                   NULL };
  return rf_checkpoint_write_weights (self, weights, error)
         && rf_safetensors_write (state, tensors + self->n_weights,
                                  self->copies->len - self->n_weights, metadata, error);
}

static guint64
digest_file (const RfSafetensors *file)
{
  guint64 digest = 0;
  for (guint i = 0; i < rf_safetensors_count (file); i++)
    digest += digest_tensor (rf_safetensors_nth (file, i));
  return digest;
}

/* Checks all tensors of @file against the digest that @state holds of them as @key. */
static gboolean
check_digest (const RfSafetensors *file, const RfSafetensors *state, const char *key,
              GError **error)
{
  const char *expected = rf_safetensors_metadata (state, key);
  char text[17];

  format_digest (text, digest_file (file));
  if (g_strcmp0 (text, expected) == 0)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT,
               _ ("%s: its contents are damaged, or of another checkpoint than %s"),
               rf_safetensors_origin (file), rf_safetensors_origin (state));
  return FALSE;
}

static gboolean
load_moment (const RfSafetensors *state, gint64 step, RfMoment *moment, GError **error)
{
  Scalars s;
  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      const RfTensor *tensor = rf_safetensors_find (state, scalars[i].name);
      if (!tensor || tensor->dtype != scalars[i].dtype || tensor->count != 1)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: \"%s\" should be one %s"),
                       rf_safetensors_origin (state), scalars[i].name,
                       rf_dtype_name (scalars[i].dtype));
          return FALSE;
        }
      memcpy (G_STRUCT_MEMBER_P (&s, scalars[i].offset), tensor->data, 8);
    }
  if (s.step != step || s.epoch < 1 || s.offset < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _ ("%s: it is not the state of step %jd"),
                   rf_safetensors_origin (state), (intmax_t) step);
      return FALSE;
    }
  *moment = (RfMoment){ s.step,    s.epoch,
                        s.offset,  { s.loss_sum, s.epoch_seconds, s.right, s.count },
                        s.seconds, s.epoch_open != 0 };
  return TRUE;
}

/* Maps both files of a checkpoint, if they are sound. */
static gboolean
open_files (const char *run, gint64 step, RfSafetensors **weights, RfSafetensors **state,
            RfMoment *moment, GError **error)
{
  g_autofree char *weights_path = rf_checkpoint_path (run, step, RF_CHECKPOINT_WEIGHTS);
  g_autofree char *state_path = rf_checkpoint_path (run, step, RF_CHECKPOINT_STATE);

  return (*weights = rf_safetensors_open (weights_path, error))
         && (*state = rf_safetensors_open (state_path, error))
         && check_digest (*weights, *state, "weights", error)
         && check_digest (*state, *state, "state", error)
         && load_moment (*state, step, moment, error);
}

/* A state that holds nothing but scalars is one of an optimizer that begins afresh. */
static gboolean
load_optimizer (RfOptimizer *optimizer, const RfSafetensors *state, GError **error)
{
  if (rf_safetensors_count (state) != G_N_ELEMENTS (scalars))
    return rf_optimizer_load (optimizer, state, error);
  rf_optimizer_reset (optimizer);
  return TRUE;
}

gboolean
rf_checkpoint_restore (const char *run, gint64 step, RfEngine *engine, RfMoment *moment,
                       GError **error)
{
  g_autoptr (RfSafetensors) weights = NULL, state = NULL;

  if (!open_files (run, step, &weights, &state, moment, error)
      || !rf_net_load (engine->net, weights, error)
      || !load_optimizer (engine->optimizer, state, error))
    return FALSE;
  rf_engine_seek (engine, moment->step, moment->epoch, moment->offset);
  engine->sums = moment->sums;
  return TRUE;
}

gboolean
rf_checkpoint_read_moment (const char *run, gint64 step, RfMoment *moment, GError **error)
{
  g_autoptr (RfSafetensors) weights = NULL, state = NULL;
  return open_files (run, step, &weights, &state, moment, error);
}

/* --- States beside those of training -------------------------------------------------------- */

gboolean
rf_checkpoint_write_fresh (const char *run, const RfMoment *moment, GError **error)
{
  g_autofree char *weights_path = rf_checkpoint_path (run, moment->step, RF_CHECKPOINT_WEIGHTS);
  g_autofree char *path = rf_checkpoint_path (run, moment->step, RF_CHECKPOINT_STATE);
  g_autoptr (RfSafetensors) weights = rf_safetensors_open (weights_path, error);
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (RfTensor));
  Scalars values = to_scalars (moment);
  guint64 digest = 0;
  char texts[2][17];

  if (!weights)
    return FALSE;
  add_scalars (tensors, &values);
  for (guint i = 0; i < tensors->len; i++)
    digest += digest_tensor (&g_array_index (tensors, RfTensor, i));
  format_digest (texts[0], digest_file (weights));
  format_digest (texts[1], digest);
  const char *const metadata[] = { "weights", texts[0], "state", texts[1], NULL };
  return rf_safetensors_write (path, (const RfTensor *) tensors->data, tensors->len, metadata,
                               error);
}

static gboolean
is_kept (const RfSafetensors *state)
{
  return rf_safetensors_metadata (state, KEPT_KEY) != NULL;
}

gboolean
rf_checkpoint_is_kept (const char *run, gint64 step)
{
  g_autofree char *path = rf_checkpoint_path (run, step, RF_CHECKPOINT_STATE);
  g_autoptr (RfSafetensors) state = rf_safetensors_open (path, NULL);
  return state && is_kept (state);
}

gboolean
rf_checkpoint_keep (const char *run, gint64 step, GError **error)
{
  static const char *const keys[] = { "weights", "state", "kernels" };
  g_autofree char *path = rf_checkpoint_path (run, step, RF_CHECKPOINT_STATE);
  g_autoptr (RfSafetensors) state = rf_safetensors_open (path, error);
  g_autoptr (GPtrArray) metadata = g_ptr_array_new ();
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (RfTensor));

  if (!state || is_kept (state))
    return state != NULL;
  for (guint i = 0; i < rf_safetensors_count (state); i++)
    g_array_append_vals (tensors, rf_safetensors_nth (state, i), 1);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (rf_safetensors_metadata (state, keys[i]))
      {
        g_ptr_array_add (metadata, (gpointer) keys[i]);
        g_ptr_array_add (metadata, (gpointer) rf_safetensors_metadata (state, keys[i]));
      }
  g_ptr_array_add (metadata, (gpointer) KEPT_KEY);
  g_ptr_array_add (metadata, (gpointer) KEPT_VALUE);
  g_ptr_array_add (metadata, NULL);
  return rf_safetensors_write (path, (const RfTensor *) tensors->data, tensors->len,
                               (const char *const *) metadata->pdata, error);
}

/* --- Finding them --------------------------------------------------------------------------- */

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

GArray *
rf_checkpoints_list (const char *run, RfCheckpointPart part)
{
  const char *suffix = part == RF_CHECKPOINT_STATE ? ".state.safetensors" : ".safetensors";
  g_autofree char *path = g_build_filename (run, "checkpoints", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      char *end = NULL;
      gint64 step = g_str_has_prefix (name, "step-") ? g_ascii_strtoll (name + 5, &end, 10) : 0;
      if (step > 0 && strcmp (end, suffix) == 0)
        g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_steps);
  return steps;
}
