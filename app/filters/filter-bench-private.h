/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The bench's inside, shared by filter-bench.c (the object and its edits), bench-work.c (jobs) and
 * bench-pictures.c (where pictures come from). */

#include "app/filters/filter-bench.h"

G_BEGIN_DECLS

/* What the thread keeps from job to job; only the job in flight touches it. */
typedef struct
{
  RfChainResults results;
  RfChain *chain;           /* that the results are of; NULL: of none */
  RfFilterPicture *picture; /* likewise */
  gboolean kept;            /* the results of all stages, not of the last alone */
} RfFilterStore;

typedef struct _RfFilterJob RfFilterWork;

struct _RfFilterBench
{
  GObject parent_instance;

  RfSession *session; /* not owned */
  RfFilterPicture *picture;
  RfChain *chain;
  int selected;
  gboolean show_end;
  RfDisplay display;
  int channel;

  gboolean stroking;
  RfChain *stroke_before;
  int stroke_selected;

  RfFilterResult *result;
  char *problem;
  int y, x; /* the pixel that is followed; x = -1: none */
  gboolean pinned;
  RfChainTrace *trace;

  /* Jobs. */
  RfFilterStore store;
  RfFilterWork *work; /* in flight, or NULL */
  gboolean wanted;    /* a result newer than what is in flight */
  gboolean previewed; /* of the newest state there is a preview */
  gboolean traced;    /* the trace is that of the newest state */
  gint64 asked;       /* when the newest change came */
  double full_cost;   /* milliseconds per million values, as measured last */

  /* Pictures on their way. */
  guint n_loading;
  guint newest; /* number of the one asked for last */
};

/* filter-bench.c */
void rf_filter_bench_tell (RfFilterBench *self, const char *signal);
void rf_filter_bench_fail (RfFilterBench *self, const char *message);

/* bench-work.c: there is something else to be computed, or only to be traced. */
void rf_filter_bench_want (RfFilterBench *self);
void rf_filter_bench_want_trace (RfFilterBench *self);
void rf_filter_result_free (RfFilterResult *result);
void rf_filter_store_clear (RfFilterStore *store);

G_END_DECLS
