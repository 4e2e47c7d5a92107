/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the chosen unit looks for: a picture that excites it as much as can be, found before one's
 * eyes. */

#include "app/features/feature-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_DREAM_VIEW (rf_dream_view_get_type ())
G_DECLARE_FINAL_TYPE (RfDreamView, rf_dream_view, RF, DREAM_VIEW, GtkBox)

GtkWidget *rf_dream_view_new (RfFeatureBench *bench);

G_END_DECLS
