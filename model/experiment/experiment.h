/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An experiment: data set, network and training, as one immutable value.
 *
 * The file format is written in full in doc/formats.md. An RfExperiment is reference-counted and
 * never changes once others see it: a slider makes a copy, changes that, and hands it to the
 * trainer, which compares the live options of the two and records what moved. So the newest
 * experiment is at the same time the set of knobs of a run, and a step sees one consistent set. */

#include "model/spec/spec.h"

G_BEGIN_DECLS

#define RF_MAX_CHANNELS   64        /* with a mean and deviation of their own */
#define RF_MAX_EXTENT     (1 << 24) /* channels, height or width of an input */
#define RF_MAX_INPUT      (1 << 30) /* values of one input */
#define RF_MAX_BATCH_SIZE 1000000
#define RF_MAX_EPOCHS     1000000

/* Levels of objects and lists in a file. */
#define RF_EXPERIMENT_MAX_DEPTH 64
#define RF_EXPERIMENT_MAX_BYTES (16 * 1024 * 1024)

typedef struct
{
  gint channels, height, width; /* a flat vector of n values is n × 1 × 1 */
} RfShape;

#define RF_SHAPE_COUNT(shape) ((gsize) (shape).channels * (shape).height * (shape).width)

typedef enum
{
  RF_DATASET_ID,
  RF_DATASET_FOLDER,
  RF_DATASET_SAFETENSORS,
} RfDatasetKind;

typedef enum
{
  RF_NORMALIZE_DEFAULT, /* true for pictures, false for F32 */
  RF_NORMALIZE_NO,
  RF_NORMALIZE_YES,
  RF_NORMALIZE_GIVEN, /* mean and deviation below */
} RfNormalize;

typedef struct
{
  RfDatasetKind kind;
  char *source;  /* the id, or the absolute path of the folder or file */
  char *written; /* the id or path as it stands in the file */
  guint64 seed;
  guint64 limit; /* 0: all */
  double validation_fraction, test_fraction;
  RfNormalize normalize;
  gint n_channels; /* of mean and deviation, when given */
  /* With the nine digits of a file: see rf_number_as_written(). */
  double mean[RF_MAX_CHANNELS], deviation[RF_MAX_CHANNELS];
  char *fingerprint; /* in a run's own experiment.json: NULL elsewhere */
} RfDatasetConfig;

typedef struct
{
  RfShape input;         /* channels 0: left to the data set */
  char *initial_weights; /* absolute path or NULL */
  char *initial_weights_written;
  GPtrArray *layers; /* of RfSpec * whose classes are RfLayerClass */
} RfNetworkConfig;

typedef enum
{
  RF_L1_GRADIENT,
  RF_L1_PROXIMAL,
} RfL1Rule;

typedef struct
{
  RfSpec *optimizer;  /* of RfOptimizerClass */
  RfSpec *schedule;   /* of RfScheduleClass */
  GPtrArray *augment; /* of RfSpec * of RfAugmentClass */
  gint batch_size, epochs;
  guint64 seed;
  gboolean shuffle;
  double label_smoothing;
  RfL1Rule l1_rule;
  gint patience; /* of early stopping, in epochs; 0: none */
} RfTrainingConfig;

typedef struct
{
  char *name; /* "" if the file gives none */
  RfDatasetConfig dataset;
  RfNetworkConfig network;
  RfTrainingConfig training;
  char *parent_run; /* NULL unless forked */
  gint64 parent_step;
  /*< private >*/
  gatomicrefcount references;
} RfExperiment;

RfExperiment *rf_experiment_ref (RfExperiment *experiment);
void rf_experiment_unref (RfExperiment *experiment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfExperiment, rf_experiment_unref)
/* A deep copy that may still be changed. */
RfExperiment *rf_experiment_copy (const RfExperiment *experiment);
/* The same without the file of first weights, which may be gone once others have taken their place.
 */
RfExperiment *rf_experiment_copy_without_weights (const RfExperiment *experiment);

/* The step after which a run with this experiment has live changes of its own: those up to the
 * point where it was forked are in it. */
static inline gint64
rf_experiment_begun_at (const RfExperiment *experiment)
{
  return experiment->parent_run ? experiment->parent_step : 0;
}

/* Reads and checks a file or a JSON text; relative paths inside are relative to @folder (NULL: the
 * current one); @origin, a file name for messages, may be NULL. @overrides: NULL or strings
 * "PATH=VALUE" as of `receptive-cli train --set`, applied to the JSON before it is checked. */
RfExperiment *rf_experiment_load (const char *file, const char *const *overrides, GError **error);
RfExperiment *rf_experiment_parse (const char *text, gssize length, const char *origin,
                                   const char *folder, const char *const *overrides,
                                   GError **error);

/* Every default filled in; @absolute writes absolute data paths, as in a run folder. The text ends
 * in a newline. */
char *rf_experiment_to_text (const RfExperiment *experiment, gboolean absolute);

/* One option of the whole experiment: where it is and what it is. */
typedef struct
{
  const char *path; /* "network.layers[5].rate" */
  const RfSpec *spec;
  const RfOption *option;
} RfOptionPlace;

typedef void (*RfOptionFunc) (const RfOptionPlace *place, gpointer data);
/* Calls @func for each option of each spec, in the order of the file (layers, depth first;
 * optimizer; batch size, epochs and what else training itself has; schedule; augmentations; early
 * stopping, whose patience of 0 is none). For a
 * residual that means the options of the layers inside, not the lists themselves. The path lasts
 * for the call, and so does the spec that stands for training itself. */
void rf_experiment_foreach_option (const RfExperiment *experiment, RfOptionFunc func,
                                   gpointer data);

/* Sets a live option by its path in an experiment that nobody else has seen yet. Booleans are 0 and
 * 1, choices their index. */
gboolean rf_experiment_set_live (RfExperiment *experiment, const char *path, double value,
                                 GError **error);

/* A live option that differs between two experiments of the same structure. */
typedef struct
{
  gint64 step; /* the first step it acts on */
  char *path;
  double value;
} RfChange;
RfChange *rf_change_copy (const RfChange *change);
void rf_change_free (RfChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChange, rf_change_free)
/* Changes from @old to @new, as a GPtrArray of RfChange * with step 0. */
GPtrArray *rf_experiment_diff_live (const RfExperiment *old, const RfExperiment *new_);

/* Gives an experiment that nobody else has seen yet the training of another one with the same
 * network, its name if it has one, and the live options of its layers. */
void rf_experiment_take_training (RfExperiment *experiment, const RfExperiment *from);

/* The first place at which the networks of two experiments differ in more than live options
 * ("network.layers[3].kernel"), or NULL; free it. */
char *rf_experiment_find_other_layer (const RfExperiment *a, const RfExperiment *b);

G_END_DECLS
