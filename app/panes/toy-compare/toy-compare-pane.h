/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Ways to compare several trainings of the playground (toy-trials.h). Each is a view in a file of
 * its own, which says what is to be trained and shows how it goes; the pane does the rest. */

#include "app/panes/pane.h"
#include "app/toy/toy-bench.h"
#include "app/toy/toy-trials.h"

G_BEGIN_DECLS

#define RF_TYPE_TOY_COMPARE_PANE (rf_toy_compare_pane_get_type ())
G_DECLARE_FINAL_TYPE (RfToyComparePane, rf_toy_compare_pane, RF, TOY_COMPARE_PANE, RfPane)

typedef struct
{
  const char *id, *title, *summary; /* N_() */
  int epochs;                       /* to begin with */
  GtkWidget *(*make) (RfPane *pane, RfToyBench *bench);
  /* Appends states (RfPlayState) made of @base, which may be changed for the purpose. */
  void (*plan) (GtkWidget *view, RfPlayState *base, GArray *states);
  /* @trials: of the states planned last, or NULL: nothing was trained yet. */
  void (*show) (GtkWidget *view, RfToyTrials *trials);
} RfCompareView;

extern const RfCompareView rf_copies_view, rf_seeds_view, rf_study_view;

/* A row for @most widgets of the same width, which becomes several where there is less room. */
GtkWidget *rf_compare_row (guint most);
/* Returns what is to be hidden with the widget. */
GtkWidget *rf_compare_add (GtkWidget *row, GtkWidget *widget);

/* Appends a copy of @state to @states. */
void rf_compare_plan (GArray *states, const RfPlayState *state);

G_END_DECLS
