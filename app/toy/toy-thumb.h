/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small picture of one of the playground's data sets, made from its own points. */

#include "model/playground/state.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *rf_toy_thumb_new (void);
/* The set that @state would draw. */
void rf_toy_thumb_set_state (GtkWidget *thumb, const RfPlayState *state);

G_END_DECLS
