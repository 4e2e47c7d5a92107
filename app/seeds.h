/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The same experiment from several seeds, one after the other: what of a difference between two
 * settings is chance. When the run in front is done, the next begins, until as many are done as
 * were asked for; opening something else, or giving up, ends it. What is done stays, as runs like
 * any others. */

#include "app/session.h"

G_BEGIN_DECLS

#define RF_TYPE_SEEDS (rf_seeds_get_type ())
G_DECLARE_FINAL_TYPE (RfSeeds, rf_seeds, RF, SEEDS, GObject)

/* @session: lives longer. Signal "changed": another run is done, or all of it has ended. */
RfSeeds *rf_seeds_new (RfSession *session);
/* Begins with the run in front, which is trained to its end, if it has not been trained yet by more
 * than a person's trying out; @n in all. */
void rf_seeds_start (RfSeeds *seeds, guint n);
void rf_seeds_stop (RfSeeds *seeds);
gboolean rf_seeds_get_running (RfSeeds *seeds);
guint rf_seeds_get_n (RfSeeds *seeds);
/* Of RfRunCurves *, those that are done. They stay after the end, until the next start or another
 * experiment. */
const GPtrArray *rf_seeds_get_curves (RfSeeds *seeds);

G_END_DECLS
