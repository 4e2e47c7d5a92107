/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The work bench of the page of the playground: one for each session (rf_session_get_shared()); its
 * panes watch it. The playground itself belongs to a thread (toy-worker.h); what is asked for here
 * is done there a few milliseconds later, and seen in the next view. Main thread only. */

#include "app/session.h"
#include "app/toy/toy-worker.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_BENCH (rf_toy_bench_get_type ())
G_DECLARE_FINAL_TYPE (RfToyBench, rf_toy_bench, RF, TOY_BENCH, GObject)

/* Construct property: "session". Signals: "view" (there is a newer one), "changed" (settings, or
 * what is pointed at), "failed" (const char *message). */
RfToyBench *rf_toy_bench_get (RfSession *session);

/* NULL before the first. */
const RfToyView *rf_toy_bench_get_view (RfToyBench *bench);

/* Whether that shows all that was asked for. */
gboolean rf_toy_bench_is_settled (RfToyBench *bench);

/* ---- settings ---- */

/* As they will be when all that was asked for is done. */
const RfPlayState *rf_toy_bench_get_state (RfToyBench *bench);
/* An edit, called @label in the history; of those of one @key (NULL: none) that follow each other
 * within a second the first and last count. */
void rf_toy_bench_set_state (RfToyBench *bench, const RfPlayState *state, const char *label,
                             const char *key);
/* Whether batch size and regularization begin a new network, as in the original. */
void rf_toy_bench_set_as_original (RfToyBench *bench, gboolean as_original);
gboolean rf_toy_bench_get_as_original (RfToyBench *bench);

/* A link of TensorFlow Playground; what of it was passed over is told by "failed". */
gboolean rf_toy_bench_open_link (RfToyBench *bench, const char *link, GError **error);
/* The whole address. */
char *rf_toy_bench_write_link (RfToyBench *bench);

/* ---- training ---- */

void rf_toy_bench_set_running (RfToyBench *bench, gboolean running);
gboolean rf_toy_bench_get_running (RfToyBench *bench);
/* One unit of the speed: a point, a batch or an epoch. */
void rf_toy_bench_step (RfToyBench *bench);
void rf_toy_bench_set_speed (RfToyBench *bench, int speed);
int rf_toy_bench_get_speed (RfToyBench *bench);
/* Stops by itself; 0: never. */
void rf_toy_bench_set_ends (RfToyBench *bench, guint64 epoch, double loss);
/* New weights; @points: new points too. */
void rf_toy_bench_reset (RfToyBench *bench, gboolean points);
/* Looks back, see RfToyView; −1: the present. */
void rf_toy_bench_show_moment (RfToyBench *bench, int moment);

/* ---- editing ---- */

void rf_toy_bench_set_weight (RfToyBench *bench, int layer, int unit, int input, double value);
/* Own points. @data is not taken over. Those of one stroke are one step of undo. */
void rf_toy_bench_set_data (RfToyBench *bench, RfPlayData *data, const char *label);

/* ---- what is pointed at ---- */

/* A node whose map is shown large; −1: the whole network's; −2 − f: that of input f. */
void rf_toy_bench_point_at (RfToyBench *bench, int node);
int rf_toy_bench_get_pointed (RfToyBench *bench);

G_END_DECLS
