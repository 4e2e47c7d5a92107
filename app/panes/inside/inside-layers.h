/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The layers whose outputs are worth looking at, as a list to choose from. */

#include "model/run/run.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  GtkStringList *names; /* "1 · ReLU · 16×32×32" */
  GArray *indices;      /* of guint, as of rf_run_get_layers(), for each name */
  guint first;          /* position of the one to begin with */
} RfInsideLayers;

/* Leaves out those that change no number of what comes in, as dropout does when nothing is
 * trained, and flatten. Begins with the activation after the first convolution. */
RfInsideLayers *rf_inside_layers_new (RfRun *run);
void rf_inside_layers_free (RfInsideLayers *layers);
/* Position of a layer, or G_MAXUINT. */
guint rf_inside_layers_find (const RfInsideLayers *layers, guint index);

/* A factory for a GtkDropDown whose names may be longer than there is room for. */
GtkListItemFactory *rf_inside_layers_make_factory (void);

G_END_DECLS
