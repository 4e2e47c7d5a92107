/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a session of the playground is: everything a link of TensorFlow Playground says
 * (playground.tensorflow.org), and what this one has beyond it.
 *
 * The numbers are kept as the original keeps them, as doubles that a link may have set to anything,
 * NaN included; what they then do is what they do there. The extensions are off by default, so that
 * a plain link gives the original's numbers. */

#include <glib.h>

G_BEGIN_DECLS

/* Sizes that a link may ask for. The original's screen ends at 6 layers of 8. */
#define RF_PLAY_MAX_LAYERS  12
#define RF_PLAY_MAX_UNITS   32
#define RF_PLAY_MAX_CLASSES 6

typedef enum
{
  RF_PLAY_RELU,
  RF_PLAY_TANH,
  RF_PLAY_SIGMOID,
  RF_PLAY_LINEAR,
  RF_PLAY_N_ACTIVATIONS
} RfPlayActivation;

/* A layer that has no activation of its own. */
#define RF_PLAY_COMMON_ACTIVATION (-1)

typedef enum
{
  RF_PLAY_NONE,
  RF_PLAY_L1,
  RF_PLAY_L2,
  RF_PLAY_N_REGULARIZATIONS
} RfPlayRegularization;

typedef enum
{
  RF_PLAY_CIRCLE,
  RF_PLAY_XOR,
  RF_PLAY_GAUSS,
  RF_PLAY_SPIRAL,
  RF_PLAY_N_DATASETS
} RfPlayDataset;

typedef enum
{
  RF_PLAY_REG_PLANE,
  RF_PLAY_REG_GAUSS,
  RF_PLAY_N_REG_DATASETS
} RfPlayRegDataset;

typedef enum
{
  RF_PLAY_CLASSIFICATION,
  RF_PLAY_REGRESSION,
  RF_PLAY_N_PROBLEMS
} RfPlayProblem;

/* In the order in which they are inputs of the network. */
typedef enum
{
  RF_PLAY_X,
  RF_PLAY_Y,
  RF_PLAY_X_SQUARED,
  RF_PLAY_Y_SQUARED,
  RF_PLAY_X_TIMES_Y,
  RF_PLAY_SIN_X,
  RF_PLAY_SIN_Y,
  RF_PLAY_N_FEATURES
} RfPlayFeature;

typedef enum
{
  RF_PLAY_SGD,      /* the original's: w -= rate · g */
  RF_PLAY_MOMENTUM, /* m = momentum · m + g, w -= rate · m */
  RF_PLAY_RMSPROP,  /* v = .99 v + .01 g², w -= rate · g / (√v + 1e-8) */
  RF_PLAY_ADAM,     /* beta .9 and .999, eps 1e-8, bias corrected, as PyTorch */
  RF_PLAY_N_OPTIMIZERS
} RfPlayOptimizer;

/* Names as in a link, each table with a NULL at the end. */
extern const char *const rf_play_activation_names[];
extern const char *const rf_play_regularization_names[];
extern const char *const rf_play_dataset_names[];
extern const char *const rf_play_reg_dataset_names[];
extern const char *const rf_play_problem_names[];
extern const char *const rf_play_feature_names[];
extern const char *const rf_play_optimizer_names[];

/* The place of @name in one of these tables, or -1. */
int rf_play_find_name (const char *const *names, const char *name);

typedef struct
{
  /* What the original has. */
  int activation;     /* RfPlayActivation */
  int regularization; /* RfPlayRegularization */
  int dataset, reg_dataset, problem;
  double batch_size, learning_rate, regularization_rate;
  double noise;           /* percent */
  double perc_train_data; /* percent */
  int n_layers;           /* hidden ones */
  int units[RF_PLAY_MAX_LAYERS];
  char *seed; /* as it stands in the link; never NULL after rf_play_state_init () */
  gboolean features[RF_PLAY_N_FEATURES];
  gboolean init_zero;
  gboolean show_test_data, discretize;
  /* Without effect here, kept so that a link comes back as it was. */
  gboolean cos_x, cos_y, collect_stats, hide_text;
  char *tutorial;   /* or NULL */
  GPtrArray *hides; /* of "name_hide=true" or "…=false", or NULL */

  /* What it has not. */
  int n_classes; /* 0: one output as in the original; 3 to 6: softmax, labels 0 … n_classes - 1 */
  int optimizer; /* RfPlayOptimizer */
  double momentum;
  int layer_activation[RF_PLAY_MAX_LAYERS]; /* RfPlayActivation or RF_PLAY_COMMON_ACTIVATION */
  double dropout[RF_PLAY_MAX_LAYERS];       /* of each hidden layer, 0 ≤ rate < 1 */
  double l2_beside_l1; /* with L1 as the regularization, a rate for L2 as well */
  gboolean revive;     /* a weight that L1 has set to 0 may leave it again */
} RfPlayState;

/* The original's defaults, with a random seed of five decimals. */
void rf_play_state_init (RfPlayState *state);
/* Overwrites @copy, which holds nothing. */
void rf_play_state_copy (const RfPlayState *state, RfPlayState *copy);
void rf_play_state_clear (RfPlayState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RfPlayState, rf_play_state_clear)

/* Takes any text and keeps it as it will stand in a link, which is what counts; an empty one
 * becomes a random one. */
void rf_play_state_set_seed (RfPlayState *state, const char *seed);

/* @text as a browser writes it in a fragment: line breaks and tabs go, and what may not stand there
 * becomes %XX (WHATWG URL, "fragment percent-encode set"), as does each character of @others. */
char *rf_play_escape (const char *text, gsize length, const char *others);

/* The activation of a hidden layer. */
RfPlayActivation rf_play_state_get_activation (const RfPlayState *state, int layer);
/* The rates that the regularization comes to. */
void rf_play_state_get_penalties (const RfPlayState *state, double *l1, double *l2);
/* The reverse: chooses none, L1, L2, or L1 with L2 beside it. */
void rf_play_state_set_penalties (RfPlayState *state, double l1, double l2);

G_END_DECLS
