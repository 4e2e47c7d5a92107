/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The work bench of the page of filters: the picture, the chain of stages, which of them is looked
 * at, and what came out. One for each session (rf_session_get_shared()); its panes watch it.
 *
 * All that is computed is computed in a thread of its own, one job after another: of several edits
 * the newest wins, and a job that is behind is told to stop. Only stages from the first changed one
 * on are computed. Where that takes longer than a frame, a small copy of the picture is filtered
 * first. Main thread only. */

#include "app/filters/filter-colors.h"
#include "app/filters/filter-picture.h"
#include "app/session.h"
#include "model/filter/chain.h"

G_BEGIN_DECLS

#define RF_TYPE_FILTER_BENCH (rf_filter_bench_get_type ())
G_DECLARE_FINAL_TYPE (RfFilterBench, rf_filter_bench, RF, FILTER_BENCH, GObject)

/* What came out of the stage that is shown. Borrowed until the next signal "result". */
typedef struct
{
  gboolean preview; /* of the small copy */
  gboolean kept;    /* the results of all stages are there, so that a pixel can be followed */
  int stage;
  RfShape shape; /* of the whole picture's result, also where it is a preview */
  RfColors colors;
  int n_stages;
  RfShape shapes[RF_CHAIN_MAX_STAGES];
  RfRaster *thumbnails[RF_CHAIN_MAX_STAGES]; /* NULL where memory allowed only the last */
  gint64 asked;                              /* when the change came, monotonic microseconds */
  double milliseconds;                       /* of computing */
} RfFilterResult;

/* Construct property: "session". Signals: "changed" (chain, selection or what is shown), "picture",
 * "result", "traced", "loading" (a picture is on its way, or no longer), "failed" (const char
 * *message): something asked for could not be done. */
RfFilterBench *rf_filter_bench_get (RfSession *session);

/* ---- picture ---- */

/* NULL before the first one has been drawn. */
RfFilterPicture *rf_filter_bench_get_picture (RfFilterBench *bench);
/* An edit; @picture is not taken over. */
void rf_filter_bench_set_picture (RfFilterBench *bench, RfFilterPicture *picture);
/* Where pictures come from; they arrive in their time, the one asked for last. */
void rf_filter_bench_open (RfFilterBench *bench, const char *path);
void rf_filter_bench_open_bytes (RfFilterBench *bench, GBytes *data, const char *title);
void rf_filter_bench_open_sample (RfFilterBench *bench, const RfSample *sample);
/* A picture of the run's data set, the test split's if there is one. */
void rf_filter_bench_open_row (RfFilterBench *bench, RfDataset *dataset, guint32 row);
/* Interleaved RGB, taken over. */
void rf_filter_bench_open_rgb (RfFilterBench *bench, guint8 *rgb, int width, int height,
                               const char *title);
gboolean rf_filter_bench_get_loading (RfFilterBench *bench);

/* ---- chain ---- */

/* At least one stage, always. */
const RfChain *rf_filter_bench_get_chain (RfFilterBench *bench);
int rf_filter_bench_get_selected (RfFilterBench *bench);
const RfStage *rf_filter_bench_get_stage (RfFilterBench *bench); /* the selected one */
void rf_filter_bench_select (RfFilterBench *bench, int stage);
/* Edits, called @label in the history; those of one @key (NULL: none) that follow each other within
 * a second are one step of undo. @chain is taken over. */
void rf_filter_bench_set_chain (RfFilterBench *bench, RfChain *chain, int selected,
                                const char *label, const char *key);
void rf_filter_bench_set_stage (RfFilterBench *bench, const RfStage *stage, const char *label,
                                const char *key);
void rf_filter_bench_set_kernel (RfFilterBench *bench, const RfKernel *kernel, const char *label,
                                 const char *key);
/* All edits in between are one step of undo. */
void rf_filter_bench_begin_stroke (RfFilterBench *bench);
void rf_filter_bench_end_stroke (RfFilterBench *bench, const char *label);

/* ---- what is shown ---- */

/* The end of the chain rather than the selected stage. */
void rf_filter_bench_show_end (RfFilterBench *bench, gboolean end);
gboolean rf_filter_bench_shows_end (RfFilterBench *bench);
int rf_filter_bench_get_shown (RfFilterBench *bench);
void rf_filter_bench_set_display (RfFilterBench *bench, RfDisplay display);
RfDisplay rf_filter_bench_get_display (RfFilterBench *bench);
/* One map alone; -1: all. */
void rf_filter_bench_set_channel (RfFilterBench *bench, int channel);
int rf_filter_bench_get_channel (RfFilterBench *bench);

/* NULL as long as there is none. */
const RfFilterResult *rf_filter_bench_get_result (RfFilterBench *bench);
/* Why there is no result of the chain as it stands; NULL: there is one, or it is on its way. */
const char *rf_filter_bench_get_problem (RfFilterBench *bench);

/* ---- one pixel ---- */

/* The pixel of the shown stage that is followed; x = -1: none. A pinned one stays when the pointer
 * goes elsewhere. */
void rf_filter_bench_point (RfFilterBench *bench, int y, int x);
void rf_filter_bench_pin (RfFilterBench *bench, gboolean pinned);
gboolean rf_filter_bench_get_pinned (RfFilterBench *bench);
gboolean rf_filter_bench_get_pointed (RfFilterBench *bench, int *y, int *x);
/* NULL where none is followed or it is not known yet. Its steps tell of the chain it was made of.
 */
const RfChainTrace *rf_filter_bench_get_trace (RfFilterBench *bench);

/* A stage as a string to be said: "2 · Kernel 3×3". */
char *rf_filter_bench_name_stage (const RfChain *chain, int stage);

typedef void (*RfFilterDone) (gpointer data);

/* Writes the shown result as it is shown, a PNG, in a thread of its own; then calls @done, or emits
 * "failed". */
void rf_filter_bench_save_png (RfFilterBench *bench, const char *path, RfFilterDone done,
                               gpointer data);

G_END_DECLS
