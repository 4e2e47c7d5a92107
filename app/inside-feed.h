/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Looks inside a network, that of a run again and again as it trains, and brings what is seen.
 *
 * A look at the present asks the trainer for its weights, gives them to a replica and asks that for
 * one picture's answer, the feature maps of some layers and the filters of one. The next begins
 * when the answer is there and the pace (app/pace.h) allows it, and what it saw is brought on the
 * beat; one that a person asked for, by another picture or layer, at once. Nothing is asked while
 * the feed is not active. Main thread only. */

#include "model/inspect/replica.h"
#include "model/run/run.h"

G_BEGIN_DECLS

#define RF_TYPE_INSIDE_FEED (rf_inside_feed_get_type ())
G_DECLARE_FINAL_TYPE (RfInsideFeed, rf_inside_feed, RF, INSIDE_FEED, GObject)

/* Signals: "view" (RfView *), of the picture and layers that are wanted now, which the handler may
 * take apart; "filters" (RfFilters *), likewise; "mistake" (gint64 index, -1: none); "searching",
 * when that begins or ends; "failed" (const char *message). */
RfInsideFeed *rf_inside_feed_new (void);

/* Follows another run from its present on, or none. FALSE if its network cannot be looked into. */
gboolean rf_inside_feed_set_run (RfInsideFeed *feed, RfRun *run, GError **error);
/* A network that nobody trains, with weights of its own. */
void rf_inside_feed_set_replica (RfInsideFeed *feed, RfReplica *replica);
/* NULL as long as there is none. */
RfReplica *rf_inside_feed_get_replica (RfInsideFeed *feed);
/* The first layer with filters, or -1. */
int rf_inside_feed_get_filters_layer (RfInsideFeed *feed);

void rf_inside_feed_set_active (RfInsideFeed *feed, gboolean active);
/* [channels, height, width] of the network's input, normalised; copied. */
void rf_inside_feed_set_image (RfInsideFeed *feed, const float *image);
/* Indices; copied. None at first. */
void rf_inside_feed_set_layers (RfInsideFeed *feed, const guint *layers, guint n);
/* A layer with filters, or -1: none. The first one at first. */
void rf_inside_feed_set_filters (RfInsideFeed *feed, int layer);
/* The weights were changed by somebody else. */
void rf_inside_feed_look_again (RfInsideFeed *feed);

/* Stays at a checkpoint of the run, 0 for its first weights, until told to be live again. */
void rf_inside_feed_show_checkpoint (RfInsideFeed *feed, gint64 step);
void rf_inside_feed_show_live (RfInsideFeed *feed);
gboolean rf_inside_feed_is_live (RfInsideFeed *feed);

/* See rf_replica_find_mistake_async(). */
void rf_inside_feed_find_mistake (RfInsideFeed *feed, RfDataset *dataset, RfSplit split,
                                  gsize from);
void rf_inside_feed_stop_searching (RfInsideFeed *feed);
/* How far it has come, from 0 to 1; -1 if nothing is being searched for. */
double rf_inside_feed_get_searched (RfInsideFeed *feed);

/* Seconds from one look to the next, as things are. */
double rf_inside_feed_get_interval (RfInsideFeed *feed);

G_END_DECLS
