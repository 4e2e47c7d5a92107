/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory for numbers: 64-byte aligned, zeroed. Large blocks are refused with RF_ERROR_MEMORY rather
 * than aborting, unlike g_malloc(). */
float *rf_floats_new (gsize n_floats);
float *rf_floats_try_new (gsize n_floats, GError **error);
void rf_floats_free (float *floats);

/* Bytes that this machine (or control group) can still give without swapping. */
guint64 rf_memory_available (void);

/* "1.2 GB": decimal units, for messages. */
char *rf_format_bytes (guint64 n_bytes);

G_END_DECLS
