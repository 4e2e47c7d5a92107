/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The thread behind a replica. One pending look of each kind, which a newer one replaces; what is
 * answered, or was replaced, waits in a list until the main loop, woken by the doorbell, takes it.
 * All functions are the main loop's. */

#include "model/dataset/dataset.h"
#include "model/inspect/edits.h"
#include "model/inspect/study.h"
#include "model/inspect/view.h"
#include "model/inspect/weights.h"

#include <gio/gio.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef enum
{
  RF_LOOK_CHECKPOINT, /* no look yet, but new weights */
  RF_LOOK_IMAGE,
  RF_LOOK_FILTERS,
  /* A batch at a time, whenever there is nothing else to look at, by turns. */
  RF_LOOK_SEARCH,
  RF_LOOK_STUDY, /* the first of RF_N_STUDIES */
  RF_N_LOOKS = RF_LOOK_STUDY + RF_N_STUDIES
} RfLookKind;

/* The thread has it from rf_looker_ask() until rf_looker_take_answered(), but for the flag. */
typedef struct
{
  RfLookKind kind;
  atomic_bool cancelled;

  /* Asked for; each kind has its own. */
  char *file;
  gint64 step;
  float *image;
  guint *layers;
  guint n_layers;
  RfDataset *dataset;
  RfSplit split;
  gsize from;
  RfStudyFunc func;
  gpointer study;

  /* Answered; all NULL if it was cancelled. */
  RfView *view;
  RfFilters *filters;
  gint64 found; /* index in the split, or -1 */
  GError *error;

  /* For the main loop alone. */
  GTask *task;
  GSource *cancel_watch;
} RfLook;

void rf_look_free (RfLook *look);

typedef struct _RfLooker RfLooker;

/* @net: not planned yet; the thread's from now on, but for its structure. @doorbell: made ready
 * whenever there are answers. NULL if there is no thread to be had. */
RfLooker *rf_looker_new (RfNet *net, GSource *doorbell);
/* Joins the thread, after the look that it is at. Any thread. */
void rf_looker_free (RfLooker *looker);

const RfNet *rf_looker_get_net (const RfLooker *looker);
void rf_looker_set_weights (RfLooker *looker, RfWeights *weights);
/* Takes them over; those before are taken back. All that is asked from now on sees them. */
void rf_looker_set_edits (RfLooker *looker, RfEdits *edits);
void rf_looker_ask (RfLooker *looker, RfLook *look);
/* Answers it if it has not begun, else as soon as may be. */
void rf_looker_cancel (RfLooker *looker, RfLook *look);
/* Share of the split that the search under way has looked at. */
double rf_looker_get_searched (RfLooker *looker);
/* Of RfLook *, each the caller's. */
GPtrArray *rf_looker_take_answered (RfLooker *looker);

G_END_DECLS
