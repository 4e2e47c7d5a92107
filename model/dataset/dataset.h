/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A data set in memory: immutable, shared between threads, counted by references.
 *
 * All pictures of all splits lie in one block, as bytes (pictures) or floats (F32 safetensors),
 * planar [row, channel, height, width]; a split is a list of rows. Bytes become normalised floats
 * only when a batch is made, so CIFAR-10 takes 184 MB. */

#include "model/experiment/experiment.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RF_SPLIT_TRAIN,
  RF_SPLIT_VALIDATION,
  RF_SPLIT_TEST,
  RF_N_SPLITS
} RfSplit;

const char *rf_split_name (RfSplit split);
gboolean rf_split_from_name (const char *name, RfSplit *split);

typedef struct
{
  guint32 *rows;
  gsize n;
} RfRows;

typedef struct
{
  char *id;    /* "cifar-10", or NULL for folders and files */
  char *title; /* "CIFAR-10" */
  RfShape shape;
  gint n_classes;
  char **classes;             /* n_classes names, NULL-terminated */
  gsize n;                    /* rows in all */
  gboolean pictures;          /* bytes, else floats */
  guint8 *bytes;              /* [n, c, h, w] or NULL */
  float *floats;              /* likewise */
  gint32 *labels;             /* [n] */
  RfRows splits[RF_N_SPLITS]; /* empty where there is none */
  gboolean normalized;
  double mean[RF_MAX_CHANNELS], deviation[RF_MAX_CHANNELS]; /* of the training rows, or as given */
  char *fingerprint; /* "sha256:…" over shape, labels and pixels */
  /*< private >*/
  gatomicrefcount references;
} RfDataset;

RfDataset *rf_dataset_ref (RfDataset *dataset);
void rf_dataset_unref (RfDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfDataset, rf_dataset_unref)

/* Where data sets are looked for, NULL-terminated, first match wins: @data_folder (NULL: none),
 * $RECEPTIVE_DATA, the user's data folder, the system's. */
char **rf_data_folders (const char *data_folder);

/* Progress of long work, from 0 to 1; called from the working thread. */
typedef void (*RfProgressFunc) (double fraction, const char *what, gpointer data);

/* Loads, splits and normalises what @config says. May take seconds: never on the main thread.
 * @input: the shape that a folder's pictures are scaled to (channels 0: 3×32×32). @folders: as of
 * rf_data_folders(). A fingerprint in @config that does not match is RF_ERROR_CHANGED. */
RfDataset *rf_dataset_load (const RfDatasetConfig *config, RfShape input,
                            const char *const *folders, RfProgressFunc progress, gpointer data,
                            GCancellable *cancellable, GError **error);

/* How many classes and pictures of each split there are in a folder of pictures; they are not read.
 */
gboolean rf_dataset_scan_folder (const char *folder, gint *n_classes, gsize n_split[RF_N_SPLITS],
                                 GError **error);

/* A known set. A source fills bytes or floats, labels, names and the splits it comes with; the rest
 * is done for it. One file in sources/ that defines `const RfSourceClass rf_NAME_source`, and its
 * name in that folder's meson.build. */
typedef struct
{
  const char *id;      /* "cifar-10" */
  const char *title;   /* "CIFAR-10" */
  const char *summary; /* N_() */
  /* Folder in which the files are (under @folders), or NULL if not here; "" if none is needed. */
  char *(*find) (const char *const *folders);
  RfDataset *(*load) (const char *folder, RfProgressFunc progress, gpointer data,
                      GCancellable *cancellable, GError **error);
} RfSourceClass;

extern const RfSourceClass *const rf_source_classes[];
const RfSourceClass *rf_source_find (const char *id);

/* Writes row @row as floats, normalised, without augmentation, to out [c, h, w]. */
void rf_dataset_get (const RfDataset *dataset, guint32 row, float *out);
/* The same before normalisation: pictures from 0 to 1. */
void rf_dataset_get_raw (const RfDataset *dataset, guint32 row, float *out);
void rf_dataset_normalize (const RfDataset *dataset, float *image);

/* What values are normalised with, [RF_MAX_CHANNELS] each: what @config gives, else those of
 * @dataset (NULL: not here), else 0 and 1. */
void rf_dataset_find_scale (const RfDatasetConfig *config, const RfDataset *dataset, double *mean,
                            double *deviation);

/* A set as small as `dataset info` says it: counts, classes, shape, mean, deviation, as JSON and as
 * text for people. @what: an id, a folder, or one IDX, CIFAR batch, safetensors or picture file. */
json_t *rf_dataset_info (const char *what, const char *const *folders, GError **error);
char *rf_dataset_info_text (json_t *info);

G_END_DECLS
