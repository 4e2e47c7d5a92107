/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/features/feature-edit.h"

#include "app/features/feature-bench-private.h"

/* ---- the edits in force ---- */

static void
edit_free (gpointer data)
{
  RfFilterEdit *edit = data;
  g_free (edit->values);
  g_free (edit);
}

static RfFilterEdit *
find_edit (RfFeatureBench *self, guint layer, int unit)
{
  for (guint i = 0; self->edits && i < self->edits->len; i++)
    {
      RfFilterEdit *edit = self->edits->pdata[i];
      if (edit->layer == layer && edit->unit == unit)
        return edit;
    }
  return NULL;
}

/* @values NULL: none. */
static void
put (RfFeatureBench *self, guint layer, int unit, gsize n, const float *values)
{
  RfFilterEdit *edit = find_edit (self, layer, unit);
  if (!self->edits)
    self->edits = g_ptr_array_new_with_free_func (edit_free);
  if (edit)
    g_ptr_array_remove (self->edits, edit);
  if (values)
    {
      edit = g_new (RfFilterEdit, 1);
      *edit = (RfFilterEdit){ layer, unit, n, g_memdup2 (values, n * sizeof *values) };
      g_ptr_array_add (self->edits, edit);
    }
  g_autofree RfFilterEdit *all = g_new (RfFilterEdit, MAX (1, self->edits->len));
  for (guint i = 0; i < self->edits->len; i++)
    all[i] = *(const RfFilterEdit *) self->edits->pdata[i];
  rf_replica_set_edits (rf_feature_bench_get_replica (self), all, self->edits->len);
  rf_inside_feed_look_again (self->feed);
  rf_feature_bench_survey (self);
  rf_feature_bench_tell (self, "edited");
}

void
rf_feature_bench_forget_edits (RfFeatureBench *self)
{
  g_clear_pointer (&self->edits, g_ptr_array_unref);
  self->generation++;
}

/* ---- history ---- */

typedef struct
{
  RfFeatureBench *bench; /* weak */
  guint generation;      /* of the network */
  guint layer;
  int unit;
  gsize n;
  float *before, *after; /* NULL: as learned */
} Edit;

static gboolean
apply (gpointer data, gboolean forward)
{
  const Edit *edit = data;
  if (!edit->bench || edit->generation != edit->bench->generation)
    return FALSE;
  put (edit->bench, edit->layer, edit->unit, edit->n, forward ? edit->after : edit->before);
  return TRUE;
}

static void
free_edit (gpointer data)
{
  Edit *edit = data;
  g_clear_weak_pointer (&edit->bench);
  g_free (edit->before);
  g_free (edit->after);
  g_free (edit);
}

static gboolean
merge (gpointer data, gpointer newer)
{
  Edit *edit = data, *next = newer;
  if (edit->bench != next->bench || edit->generation != next->generation
      || edit->layer != next->layer || edit->unit != next->unit || !edit->after || !next->after)
    return FALSE;
  g_free (edit->after);
  edit->after = g_steal_pointer (&next->after);
  return TRUE;
}

static gsize
weigh (gpointer data)
{
  return 2 * ((const Edit *) data)->n * sizeof (float);
}

/* ---- the chosen unit's kernel ---- */

/* The layer with the kernels of the chosen unit; NULL: it has none. */
static const RfLayer *
find_layer (RfFeatureBench *self)
{
  const RfNet *net = rf_feature_bench_get_layers (self);
  if (!net || self->layer >= net->layers->len || self->unit < 0)
    return NULL;
  const RfLayer *layer = rf_feature_layers_find_sum (net, net->layers->pdata[self->layer]);
  return layer && layer->params[0]->n_dims == 4 ? layer : NULL;
}

const float *
rf_feature_bench_get_kernel (RfFeatureBench *self, int *channels, int *height, int *width)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), NULL);
  const RfFilters *filters = rf_feature_bench_get_filters (self);
  const RfLayer *layer = find_layer (self);
  if (!filters || !layer || self->unit >= filters->n)
    return NULL;
  *channels = filters->channels;
  *height = filters->height;
  *width = filters->width;
  const RfFilterEdit *edit = find_edit (self, filters->layer, self->unit);
  if (edit)
    return edit->values;
  return filters->values
         + (gsize) self->unit * (gsize) filters->channels * (gsize) filters->height
               * (gsize) filters->width;
}

void
rf_feature_bench_set_kernel (RfFeatureBench *self, const float *values, const char *label)
{
  static const RfEditClass klass = { apply, merge, free_edit, weigh };
  g_return_if_fail (RF_IS_FEATURE_BENCH (self) && label);
  const RfLayer *layer = find_layer (self);
  if (!layer)
    return;
  const RfParam *param = layer->params[0];
  const RfFilterEdit *before = find_edit (self, (guint) layer->index, self->unit);
  Edit *edit = g_new0 (Edit, 1);
  g_set_weak_pointer (&edit->bench, self);
  edit->generation = self->generation;
  edit->layer = (guint) layer->index;
  edit->unit = self->unit;
  edit->n = param->count / (gsize) param->dims[0];
  edit->before = before ? g_memdup2 (before->values, edit->n * sizeof (float)) : NULL;
  edit->after = values ? g_memdup2 (values, edit->n * sizeof (float)) : NULL;
  put (self, edit->layer, edit->unit, edit->n, values);
  rf_history_push (rf_session_get_history (self->session), &klass, label, edit);
}

gboolean
rf_feature_bench_is_edited (RfFeatureBench *self)
{
  g_return_val_if_fail (RF_IS_FEATURE_BENCH (self), FALSE);
  const RfLayer *layer = find_layer (self);
  return layer && find_edit (self, (guint) layer->index, self->unit);
}
