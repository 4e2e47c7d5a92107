/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* For those who make a data set: sources, folders, files. The steps are new → fill pixels and
 * labels → splits it comes with; rf_dataset_load() does the rest. */

#include "model/dataset/dataset.h"

G_BEGIN_DECLS

/* More than any published set; keeps a damaged label from asking for a billion names. */
#define RF_DATASET_MAX_CLASSES 65536

/* Memory for @n rows, not yet filled; RF_ERROR_MEMORY if it is more than there is. @classes: names
 * (NULL: "0", "1", …). */
RfDataset *rf_dataset_new (const char *title, RfShape shape, gint n_classes,
                           const char *const *classes, gsize n, gboolean pictures, GError **error);
/* Appends @n rows from @first on to a split. */
void rf_dataset_add_rows (RfDataset *dataset, RfSplit split, guint32 first, gsize n);

/* Applies limit and fractions. */
gboolean rf_dataset_split (RfDataset *dataset, const RfDatasetConfig *config, GError **error);

/* Mean and population deviation of each channel over rows, pictures taken from 0 to 1. Bytes are
 * summed as integers, so that the order of rows does not matter; floats in the order of the rows.
 * No rows: 0. */
void rf_dataset_statistics (const RfDataset *dataset, const RfRows *rows, double *mean,
                            double *deviation);
/* Rows of each class: counts [n_classes]. */
void rf_dataset_count (const RfDataset *dataset, const RfRows *rows, gint64 *counts);

/* "sha256:…" over shape, labels and pixels of all rows, whatever the splits. */
char *rf_dataset_compute_fingerprint (const RfDataset *dataset);

/* One sub-folder a class, with train/ and test/ or val/ above them if they are there. Pictures are
 * scaled to @input. */
RfDataset *rf_dataset_load_folder (const char *folder, RfShape input, RfProgressFunc progress,
                                   gpointer data, GCancellable *cancellable, GError **error);
/* `images` and `labels` of a safetensors file. */
RfDataset *rf_dataset_load_tensors (const char *path, GError **error);

/* Title of a folder or file: its name. */
char *rf_dataset_title_of (const char *path);

G_END_DECLS
