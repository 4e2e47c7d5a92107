/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Points of the plane with labels: the data sets of TensorFlow Playground, number for number, and
 * the user's own. Immutable once made and counted, so that copies of a session and other threads
 * share them; an edit makes new ones. */

#include "model/playground/seedrandom.h"
#include "model/playground/state.h"

#include <stdatomic.h>

G_BEGIN_DECLS

#define RF_PLAY_MAX_POINTS 100000

typedef struct
{
  double x, y;
  double label; /* -1 or +1; a value, for regression; with softmax a class from 0 */
} RfPlayPoint;

typedef struct
{
  atomic_int n_references;
  gsize n_train, n_test;
  const RfPlayPoint *train, *test;
  RfPlayPoint points[];
} RfPlayData;

/* Draws 500 points (regression: 1,200), shuffles them and splits them, from one stream. Where
 * state->n_classes is set, classification has that many rings, sectors, clouds or arms, which the
 * original has not. */
RfPlayData *rf_play_data_generate (const RfPlayState *state, RfSeedRandom *random);

/* Copies the points. */
RfPlayData *rf_play_data_new (const RfPlayPoint *train, gsize n_train, const RfPlayPoint *test,
                              gsize n_test);

/* With one more point at the end of the training or test part; NULL if there are as many as there
 * can be already, or a number is not finite. */
RfPlayData *rf_play_data_add (const RfPlayData *data, RfPlayPoint point, gboolean to_test);
/* Without the points whose distance from (@x, @y) is at most @radius. */
RfPlayData *rf_play_data_erase (const RfPlayData *data, double x, double y, double radius);
/* With the nearest point within @radius moved to (@to_x, @to_y), as for dragging; NULL without. */
RfPlayData *rf_play_data_move (const RfPlayData *data, double x, double y, double radius,
                               double to_x, double to_y);

RfPlayData *rf_play_data_ref (const RfPlayData *data);
void rf_play_data_unref (RfPlayData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPlayData, rf_play_data_unref)

G_END_DECLS
