/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the main loop gets to see of a playground that trains in its thread: numbers, weights and
 * pictures of one moment. Immutable, counted by references. */

#include "model/playground/playground.h"

G_BEGIN_DECLS

/* A point of the curves. */
typedef struct
{
  double epoch; /* with a fraction amid one */
  double train_loss, test_loss, train_accuracy, test_accuracy;
} RfToyRow;

typedef struct
{
  gatomicrefcount references;
  guint64 answered; /* commands that had been carried out */
  RfPlayState state;
  RfPlayNet *net; /* of the moment on show */
  RfPlayData *data;
  RfPlayMeasure measure;
  guint64 epoch; /* of the training, whatever moment is on show */
  gsize position;
  double epochs_per_second, seconds; /* of training, since the curves began */
  gboolean running;
  char *problem; /* why there are no finite numbers any more, or NULL */

  int n_moments;        /* that can be gone back to */
  int moment;           /* on show, or -1: the present */
  guint64 moment_epoch; /* of what is on show */

  /* Every unit's outputs over [−6, 6]², hidden ones first; the pixels are ready for Cairo, and
   * those of the inputs come before. */
  int n_nodes, side;
  float *maps;       /* [n_nodes][side²] */
  guint32 *pixels;   /* [RF_PLAY_N_FEATURES + n_nodes][side²] */
  guint32 *boundary; /* [side²]: what the whole network says */

  GArray *rows;   /* of RfToyRow, since the last view that was taken */
  gboolean fresh; /* rows begin anew */
} RfToyView;

#define RF_TOY_EXTENT 6. /* of the plane on show, to each side */

/* Looks at @playground, at one of the moments of its history or (−1) at the present. */
RfToyView *rf_toy_view_new (const RfPlayground *playground, int moment);
RfToyView *rf_toy_view_ref (RfToyView *view);
void rf_toy_view_unref (RfToyView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfToyView, rf_toy_view_unref)

/* The number of a hidden or output unit among the nodes. */
int rf_toy_view_find_node (const RfToyView *view, int layer, int unit);
/* What the network says at a place of the plane; NaN beyond it. */
double rf_toy_view_get_value (const RfToyView *view, int node, double x, double y);

G_END_DECLS
