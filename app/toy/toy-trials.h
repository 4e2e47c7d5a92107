/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Several playgrounds that train side by side for the same number of epochs, in threads of their
 * own: copies with different penalties, several seeds, a study over rates. All are advanced evenly,
 * and each is the same whatever the number of threads. The main loop looks when it likes. */

#include "app/toy/toy-view.h"

G_BEGIN_DECLS

/* Moments at which a trial is measured, the first weights and the end included. */
#define RF_TOY_TRIAL_ROWS 101

typedef struct _RfToyTrials RfToyTrials;

/* On the points of @data, with the first weights that the seed of each of the @n_states has in a
 * session of its own. */
RfToyTrials *rf_toy_trials_new (const RfPlayState *states, int n_states, RfPlayData *data,
                                guint64 epochs);
/* The threads end after a slice, for which nobody waits here. */
void rf_toy_trials_stop (RfToyTrials *trials);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfToyTrials, rf_toy_trials_stop)

int rf_toy_trials_count (const RfToyTrials *trials);
/* What a trial is trained with. */
const RfPlayState *rf_toy_trials_get_state (const RfToyTrials *trials, int trial);
/* Of all that is to be done, 0 to 1. */
double rf_toy_trials_get_progress (RfToyTrials *trials);

/* The moments of a trial so far: their number; @rows has room for RF_TOY_TRIAL_ROWS. */
int rf_toy_trials_get_rows (RfToyTrials *trials, int trial, RfToyRow *rows);
/* Its newest measure. FALSE: there is none yet. */
gboolean rf_toy_trials_get_measure (RfToyTrials *trials, int trial, RfPlayMeasure *measure);
/* A copy of its newest network, to be freed; NULL: there is none yet. */
RfPlayNet *rf_toy_trials_get_net (RfToyTrials *trials, int trial);

G_END_DECLS
