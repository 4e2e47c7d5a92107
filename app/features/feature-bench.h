/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The work bench of the page of features: the network that is looked into, the picture that it is
 * shown, what it makes of it, and which layer, unit and value are looked at. One for each session
 * (rf_session_get_shared()); its panes watch it.
 *
 * It begins with a network that comes with the program, and follows the one of the session's run
 * as soon as that trains, unless somebody has chosen another. Looks are those of an RfInsideFeed,
 * of all layers at once, so that choosing a layer needs no other. Main thread only. */

#include "app/features/feature-input.h"
#include "app/features/feature-layers.h"
#include "app/inside-feed.h"
#include "app/session.h"

G_BEGIN_DECLS

#define RF_TYPE_FEATURE_BENCH (rf_feature_bench_get_type ())
G_DECLARE_FINAL_TYPE (RfFeatureBench, rf_feature_bench, RF, FEATURE_BENCH, GObject)

/* Numbers of the studies that its panes make on its replica. */
enum
{
  RF_STUDY_SUM,
  RF_STUDY_UNITS,
  RF_STUDY_DREAM,
  RF_STUDY_WHY,
  RF_STUDY_WHY_TOO,
  RF_STUDY_SPACE,
  RF_STUDY_TRIAL,
  RF_STUDY_IMPORTANCE,
};

/* Construct property: "session". Signals: "network" (another one, or others of its weights are
 * looked at), "input", "view", "filters", "choice" (layer, unit or value), "loading",
 * "searching" (for a mistake: begun or over), "edited" (a kernel), "failed" (const char *message).
 */
RfFeatureBench *rf_feature_bench_get (RfSession *session);

/* A pane of the page is on show, or no longer: nothing is looked at while there is none. */
void rf_feature_bench_hold (RfFeatureBench *bench);
void rf_feature_bench_release (RfFeatureBench *bench);

/* ---- the network ---- */

/* NULL as long as there is none. */
const RfFeatureNet *rf_feature_bench_get_net (RfFeatureBench *bench);
RfReplica *rf_feature_bench_get_replica (RfFeatureBench *bench);
/* Structure of the network. */
const RfNet *rf_feature_bench_get_layers (RfFeatureBench *bench);
/* See rf_feature_net_load(); arrives in its time. */
void rf_feature_bench_open_net (RfFeatureBench *bench, const char *path);
void rf_feature_bench_follow_run (RfFeatureBench *bench);
gboolean rf_feature_bench_get_loading (RfFeatureBench *bench);
/* What was opened last, a path; NULL: the run is followed. */
const char *rf_feature_bench_get_path (RfFeatureBench *bench);

/* ---- the picture ---- */

/* NULL as long as there is none. */
RfFeatureInput *rf_feature_bench_get_input (RfFeatureBench *bench);
void rf_feature_bench_set_input (RfFeatureBench *bench, RfFeatureInput *input);
/* Of the split that is browsed: the test split's, or the one there is. */
void rf_feature_bench_set_row (RfFeatureBench *bench, gint64 index);
gsize rf_feature_bench_count_rows (RfFeatureBench *bench, RfSplit *split);
/* The picture in a row of the data set; NULL: it is none of that split. */
RfFeatureInput *rf_feature_bench_make_input (RfFeatureBench *bench, guint32 row);
/* The next one of a class (−1: of any), @step places further or back; goes round. */
void rf_feature_bench_go (RfFeatureBench *bench, int step, int klass);
void rf_feature_bench_go_anywhere (RfFeatureBench *bench, int klass);
/* The next one that the network gets wrong, searched for; again: stops. */
void rf_feature_bench_find_mistake (RfFeatureBench *bench);
/* From 0 to 1; −1: nothing is searched for. */
double rf_feature_bench_get_searched (RfFeatureBench *bench);
void rf_feature_bench_open (RfFeatureBench *bench, const char *path);
void rf_feature_bench_open_bytes (RfFeatureBench *bench, GBytes *data, const char *title);
/* Interleaved RGB, taken over. */
void rf_feature_bench_open_rgb (RfFeatureBench *bench, guint8 *rgb, int width, int height,
                                const char *title);

/* ---- what it makes of it ---- */

/* Maps of all layers, in their order; NULL: none yet. Borrowed until the next signal. */
const RfView *rf_feature_bench_get_view (RfFeatureBench *bench);
/* The likeliest class; −1: none yet, or not of this picture. */
int rf_feature_bench_get_answer (RfFeatureBench *bench);
/* Kernels of the convolution that the chosen layer's values come from; NULL: not there, or of a
 * linear layer. */
const RfFilters *rf_feature_bench_get_filters (RfFeatureBench *bench);

/* ---- what is looked at ---- */

/* Index of a layer; G_MAXUINT: none. */
guint rf_feature_bench_get_layer (RfFeatureBench *bench);
/* And its most active unit. */
void rf_feature_bench_choose_layer (RfFeatureBench *bench, guint layer);
/* A channel of its output; −1: none. */
int rf_feature_bench_get_unit (RfFeatureBench *bench);
void rf_feature_bench_choose_unit (RfFeatureBench *bench, int unit);
/* A value in the unit's map; y = −1: none. */
gboolean rf_feature_bench_get_place (RfFeatureBench *bench, int *y, int *x);
void rf_feature_bench_choose_place (RfFeatureBench *bench, int y, int x);

G_END_DECLS
