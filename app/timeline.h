/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A slider through the checkpoints of the run in front, from the first weights to the present: it
 * sets the session's moment, which predictions, filters and the charts' cursor follow. Hidden as
 * long as there is nothing to go back to. */

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_TIMELINE (rf_timeline_get_type ())
G_DECLARE_FINAL_TYPE (RfTimeline, rf_timeline, RF, TIMELINE, AdwBin)

GtkWidget *rf_timeline_new (RfSession *session);
/* For a narrow column: the words below the slider. */
void rf_timeline_set_narrow (RfTimeline *timeline);

G_END_DECLS
