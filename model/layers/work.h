/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Cutting a layer's work for the pool. The cut depends on the shapes alone. */

#include <glib.h>

G_BEGIN_DECLS

/* Computes the parts @first … @first + @n - 1. */
typedef void (*RfPartsFunc) (void *data, gsize first, gsize n);

/* Runs @func over @total parts of @floats_each floats, in pieces of about 64 kB. Where a part is
 * one float, @first is a multiple of 16. The caller holds the pool. */
void rf_run_parts (gsize total, gsize floats_each, RfPartsFunc func, void *data);

/* y = x. */
void rf_copy_floats (const float *x, float *y, gsize n);

G_END_DECLS
