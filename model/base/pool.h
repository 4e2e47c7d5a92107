/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one pool of worker threads of a process.
 *
 * Work is cut into items whose number and size depend on shapes alone, never on the number of
 * threads; items are handed out in any order, so whatever is summed over items is kept per item and
 * added afterwards in the order of the items. That makes results the same bytes for any number of
 * threads.
 *
 * Whoever computes holds a ticket while it does: trainers take one per step, so that two runs
 * alternate; evaluation and inspection wait behind trainers. What a hand waits for takes the pool
 * if it is free; if not, it is computed at once on the calling thread alone, beside whoever trains.
 * Locks are pthread's and C11's, which ThreadSanitizer understands. */

#include <glib.h>

G_BEGIN_DECLS

#define RF_POOL_MAX_THREADS 64

typedef enum
{
  RF_POOL_TRAIN,   /* a training step: served first */
  RF_POOL_INSPECT, /* evaluation, prediction, inspection */
  RF_POOL_HAND,    /* what a hand on a slider waits for: never queues */
} RfPoolPriority;

/* Computes item @item of a job. @worker is the index of the thread it runs on, and is good for
 * nothing but choosing that worker's scratch memory. */
typedef void (*RfPoolFunc) (void *data, int item, int worker);

/* Threads to compute with, the calling one included; 1 to RF_POOL_MAX_THREADS. 0 means one for each
 * processor this process may use. Waits for the work under way. */
void rf_pool_set_threads (int n_threads);
int rf_pool_get_threads (void);

/* Holds the pool for this thread until rf_pool_leave(); first come, first served within a priority.
 * Not recursive. */
void rf_pool_enter (RfPoolPriority priority);
void rf_pool_leave (void);

/* Runs @func for the items 0 to @n_items - 1 and returns when all are done. The caller holds the
 * pool and works too. Allocates nothing. */
void rf_pool_run (int n_items, RfPoolFunc func, void *data);

/* Makes sure that each worker has at least @n_floats floats of scratch, 64-byte aligned, whose
 * contents last only for one item. Called when a network is planned; the caller must not hold the
 * pool. */
void rf_pool_reserve_scratch (gsize n_floats);
float *rf_pool_scratch (int worker);

/* Lowers the calling thread's priority to that of the pool's threads, so that a window wins. For
 * threads that compute for long. */
void rf_pool_be_nice (void);

G_END_DECLS
