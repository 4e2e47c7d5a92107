/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A session of the playground: settings, points, network, and the place in the training.
 *
 * As in TensorFlow Playground one stream of random numbers gives the points and then the weights;
 * resetting goes on with it. Points are taken in their order; after each point whose number in the
 * epoch is a multiple of the batch size the network is updated, and what is left at the end of an
 * epoch is carried into the next.
 *
 * A session belongs to one thread at a time. A copy shares points and inputs, and costs no more
 * than its weights: for sessions side by side, or for a thread that draws what another trains. */

#include "model/playground/history.h"
#include "model/playground/network.h"
#include "model/playground/points.h"

G_BEGIN_DECLS

/* To be read; changed by the functions below. The network's weights may be edited. */
typedef struct
{
  RfPlayState state;
  RfSeedRandom random;
  RfPlayData *data;
  RfPlayTable *train, *test;
  RfPlayNet *net;
  guint64 epoch;          /* complete ones */
  gsize position;         /* points taken of the next one */
  RfPlayHistory *history; /* or NULL */
} RfPlayground;

/* As the original is when a link is opened. */
RfPlayground *rf_playground_new (const RfPlayState *state);
/* On these points, with weights from the seed's stream. */
RfPlayground *rf_playground_new_with_data (const RfPlayState *state, const RfPlayData *data);
RfPlayground *rf_playground_copy (const RfPlayground *playground);
void rf_playground_free (RfPlayground *playground);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPlayground, rf_playground_free)

/* New weights, from the stream as it stands; epoch 0. */
void rf_playground_reset (RfPlayground *playground);
/* A new seed from the stream, new points and weights. */
void rf_playground_regenerate (RfPlayground *playground);

typedef enum
{
  RF_PLAYGROUND_KEPT,        /* training goes on, with what has changed */
  RF_PLAYGROUND_RESET,       /* new weights */
  RF_PLAYGROUND_REGENERATED, /* new points and weights */
} RfPlaygroundChange;

/* Takes over changed settings. As in the original, what describes the points draws new ones from a
 * new seed (or from the one that @state brings, if that has changed), and what describes the
 * network resets it; rates, batch size, optimizer and dropout act from the next point on.
 * @as_original: batch size, regularization and its rate reset the network too, as they do there. */
RfPlaygroundChange rf_playground_change (RfPlayground *playground, const RfPlayState *state,
                                         gboolean as_original);
/* Other points, the same weights; the epoch begins anew. */
void rf_playground_set_data (RfPlayground *playground, const RfPlayData *data);

/* From now on @playground->history is kept, or no longer. */
void rf_playground_keep_history (RfPlayground *playground, gboolean keep);

typedef enum
{
  RF_PLAYGROUND_POINT,
  RF_PLAYGROUND_BATCH, /* to the next update or the end of the epoch */
  RF_PLAYGROUND_EPOCH, /* to the end of the epoch */
} RfPlaygroundStep;

void rf_playground_train (RfPlayground *playground, RfPlaygroundStep step, guint64 count);
/* For whoever must not take long: whole epochs as long as they have no more than @n_points
 * together, a part of one that has more; not beyond the end of epoch @last. The training is the
 * same however it is cut. */
void rf_playground_train_some (RfPlayground *playground, guint64 last, gsize n_points);

typedef struct
{
  double train_loss, test_loss;         /* without penalty; NaN without points */
  double train_accuracy, test_accuracy; /* NaN for regression */
  double penalty;                       /* l1 · Σ|w| + l2 · Σw² / 2 */
  RfPlayWeights weights;
} RfPlayMeasure;

void rf_playground_measure (const RfPlayground *playground, RfPlayMeasure *measure);

/* Why the network has no finite numbers any more, in a sentence or two for people, and what would
 * help; NULL while all is well. */
char *rf_playground_explain (const RfPlayground *playground);

/* Reads a session with explicit points and weights from a file (doc/formats.md). @remarks as for
 * rf_play_link_read (). */
RfPlayground *rf_playground_load (const char *path, GPtrArray *remarks, GError **error);
/* The same from a text; messages begin with @name. */
RfPlayground *rf_playground_parse (const char *text, gsize length, const char *name,
                                   GPtrArray *remarks, GError **error);

G_END_DECLS
