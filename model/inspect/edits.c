/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/inspect/edits.h"

struct _RfEdits
{
  RfFilterEdit *edits; /* [n]; their values: what was there, once they are applied */
  guint n;
  gboolean applied;
  float **wanted; /* [n]: what is put in */
};

RfEdits *
rf_edits_new (const RfFilterEdit *edits, guint n)
{
  RfEdits *self = g_new0 (RfEdits, 1);
  self->n = n;
  self->edits = g_memdup2 (edits, n * sizeof *edits);
  self->wanted = g_new (float *, n);
  for (guint i = 0; i < n; i++)
    {
      self->wanted[i] = g_memdup2 (edits[i].values, edits[i].n * sizeof (float));
      self->edits[i].values = g_new0 (float, edits[i].n);
    }
  return self;
}

void
rf_edits_free (RfEdits *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->wanted[i]);
      g_free (self->edits[i].values);
    }
  g_free (self->wanted);
  g_free (self->edits);
  g_free (self);
}

static float *
find_weights (const RfFilterEdit *edit, RfNet *net)
{
  return rf_layer_values (net->layers->pdata[edit->layer], 0) + (gsize) edit->unit * edit->n;
}

void
rf_edits_apply (RfEdits *self, RfNet *net)
{
  g_return_if_fail (!self->applied);
  for (guint i = 0; i < self->n; i++)
    {
      float *weights = find_weights (&self->edits[i], net);
      memcpy (self->edits[i].values, weights, self->edits[i].n * sizeof (float));
      memcpy (weights, self->wanted[i], self->edits[i].n * sizeof (float));
    }
  self->applied = TRUE;
}

/* In reverse: two of them may be of one unit. */
void
rf_edits_take_back (RfEdits *self, RfNet *net)
{
  for (guint i = self->applied ? self->n : 0; i > 0; i--)
    memcpy (find_weights (&self->edits[i - 1], net), self->edits[i - 1].values,
            self->edits[i - 1].n * sizeof (float));
  self->applied = FALSE;
}

void
rf_edits_forget (RfEdits *self)
{
  self->applied = FALSE;
}

gboolean
rf_edits_are_applied (const RfEdits *self)
{
  return self->applied;
}
