/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inspect/view.h"

void
rf_view_free (RfView *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_maps; i++)
    g_free (self->maps[i].values);
  g_free (self->maps);
  g_free (self->logits);
  g_free (self->probabilities);
  g_free (self);
}

void
rf_filters_free (RfFilters *self)
{
  if (!self)
    return;
  g_free (self->values);
  g_free (self);
}
