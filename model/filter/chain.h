/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A chain of stages: kernels, activations, pools, combined with results of earlier stages; a
 * network by hand. Each stage reads the result of the one before it, unless it says which. The
 * whole is a value with a JSON form (doc/formats.md); evaluating keeps the result of every stage,
 * and a trace follows one pixel back to the picture. */

#include "model/filter/filter.h"

G_BEGIN_DECLS

#define RF_CHAIN_MAX_STAGES 32
#define RF_CHAIN_MAX_BYTES  (1024 * 1024)
#define RF_CHAIN_MAX_POOL   64

typedef enum
{
  RF_STAGE_KERNEL,
  RF_STAGE_BIAS, /* x + value */
  RF_STAGE_RELU, /* max (x, 0) */
  RF_STAGE_TANH,
  RF_STAGE_ABS,
  RF_STAGE_MAXPOOL,   /* padding is never the largest */
  RF_STAGE_AVGPOOL,   /* padding counts as 0 */
  RF_STAGE_THRESHOLD, /* 1 where x ≥ value, else 0 */
  RF_STAGE_ADD,       /* x + an earlier stage */
  RF_STAGE_MAGNITUDE, /* √(x² + earlier²) */
  RF_N_STAGE_KINDS
} RfStageKind;

typedef struct
{
  const char *name;    /* in files */
  const char *title;   /* N_() */
  const char *summary; /* N_() */
} RfStageInfo;

extern const RfStageInfo rf_stage_infos[RF_N_STAGE_KINDS];

/* Whose result a stage reads; else the index of an earlier stage. */
#define RF_STAGE_PICTURE  (-1)
#define RF_STAGE_PREVIOUS (-2)

typedef struct
{
  RfStageKind kind;
  int input;
  int with; /* second operand of add and magnitude */
  RfKernel kernel;
  RfFilterOptions options;
  double value;                       /* bias, threshold */
  int size[2], stride[2], padding[2]; /* pools: down, across; padding at most half the size */
} RfStage;

/* Identity 3×3, value 0 (threshold ½), pools of 2×2; reads the previous stage, with the picture. */
void rf_stage_init (RfStage *stage, RfStageKind kind);

typedef struct
{
  char *name; /* for people; or NULL */
  int n_stages;
  RfStage *stages; /* room for RF_CHAIN_MAX_STAGES */
} RfChain;

RfChain *rf_chain_new (void);
RfChain *rf_chain_copy (const RfChain *chain);
void rf_chain_free (RfChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChain, rf_chain_free)

/* The index that stage @i's input or second operand stands for. */
int rf_chain_input_of (const RfChain *chain, int i);
int rf_chain_with_of (const RfChain *chain, int i);

/* Strict: unknown and doubled keys, ranges, references forward. @origin names the text in messages
 * ("chain.json: stages[2].kernal: unknown key, did you mean "kernel"?"). */
RfChain *rf_chain_parse (const char *text, gssize length, const char *origin, GError **error);
RfChain *rf_chain_load (const char *path, GError **error);
/* Everything filled in. */
char *rf_chain_to_text (const RfChain *chain);

/* Chains ready to use; ends with a NULL name. */
typedef struct
{
  const char *name;    /* "sobel-magnitude" */
  const char *title;   /* N_() */
  const char *summary; /* N_() */
  const char *text;    /* JSON */
} RfReadyChain;

extern const RfReadyChain rf_ready_chains[];
/* NULL if there is none of this name. */
RfChain *rf_chain_new_ready (const char *name);

/* --- Evaluation ----------------------------------------------------------------------------- */

/* Shape of every stage's result (@shapes has room for n_stages), or what does not fit at which
 * stage: "stages[1]: …". */
gboolean rf_chain_shapes (const RfChain *chain, RfShape picture, RfShape *shapes, GError **error);

typedef struct
{
  int n; /* results that are there: values[0 … n - 1] */
  RfShape shapes[RF_CHAIN_MAX_STAGES];
  float *values[RF_CHAIN_MAX_STAGES]; /* planar; NULL where it was not kept */
} RfChainResults;

void rf_chain_results_clear (RfChainResults *results);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RfChainResults, rf_chain_results_clear)

/* Evaluates stages from @first on; those before it must be in @results, of the same picture. Memory
 * of @results is used again where shapes are the same. Without @keep a result is freed after its
 * last reader, and only the last stage's is left. FALSE without an error: @stale became true. After
 * either failure n says how many results still hold. Blocks, on the pool, as rf_filter_run(). */
gboolean rf_chain_run (const RfChain *chain, const RfPixels *picture, int first, gboolean keep,
                       RfChainResults *results, RfStale *stale, GError **error);

/* --- Following a pixel ---------------------------------------------------------------------- */

/* From top to below bottom, left to right of right; empty where bottom = top. */
typedef struct
{
  int top, bottom, left, right;
} RfRegion;

/* One product of a sum, or one candidate of a maximum. */
typedef struct
{
  int source;           /* a stage, or RF_STAGE_PICTURE */
  int channel, y, x;    /* there; y, x may lie beyond its border */
  int place_y, place_x; /* the pixel that shows there; -1: none, it is zero */
  double weight, value; /* product = weight · value */
  gboolean counts;      /* FALSE for all but the largest of a maximum */
} RfTraceTerm;

/* How one pixel of one stage came about: value = f (Σ weight · value). */
typedef struct
{
  int stage, channel, y, x;
  double sum;   /* of the products, before scale, bias and function */
  double value; /* as the stage computed it */
  RfRegion window;
  GArray *terms; /* of RfTraceTerm, in the order of the sum */
} RfTraceStep;

typedef struct
{
  GPtrArray *steps; /* of RfTraceStep, from the pixel back to the picture: each stage once, the
                     * pixel in the middle of the window, or the largest, being followed */
  /* What the pixel depends on: its receptive field in the result of each stage, and on the picture.
   * Exact for rows and columns: mirrored and wrapped pixels count where they are. */
  RfRegion regions[RF_CHAIN_MAX_STAGES], picture;
} RfChainTrace;

/* @results of the same chain and picture, all kept. */
RfChainTrace *rf_chain_trace (const RfChain *chain, const RfPixels *picture,
                              const RfChainResults *results, int stage, int channel, int y, int x);
void rf_chain_trace_free (RfChainTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChainTrace, rf_chain_trace_free)

G_END_DECLS
