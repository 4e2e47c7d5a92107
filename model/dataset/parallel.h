/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/base/pool.h"

G_BEGIN_DECLS

/* Runs @func for the items 0 to @n_items - 1 in threads that last only for this: loading a data set
 * takes seconds, during which runs must be able to have the pool. As many threads as the pool has;
 * items are handed out in order. */
void rf_parallel (int n_items, RfPoolFunc func, void *data);

G_END_DECLS
