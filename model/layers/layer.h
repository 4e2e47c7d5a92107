/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A layer: a class with a small vtable, and an instance with its own struct.
 *
 * To add one: a file in this folder that defines `const RfLayerClass rf_NAME_layer`, and its name
 * in the list of this folder's meson.build. The order of a layer's life is shape → declare → plan →
 * forward, backward, …; from plan on nothing is allocated. */

#include "model/experiment/experiment.h"
#include "model/kernels/kernels.h"

G_BEGIN_DECLS

typedef struct _RfLayer RfLayer;
typedef struct _RfLayerClass RfLayerClass;
typedef struct _RfNet RfNet;

/* Options of every layer with weights. Its config struct has a field `RfWeightOptions weights`. */
typedef enum
{
  RF_INIT_PYTORCH,
  RF_INIT_HE,
  RF_INIT_XAVIER,
  RF_INIT_ZERO,
  RF_INIT_COSINE,
} RfInit;

typedef struct
{
  double l1, l2, lr_scale;
  gint init;
  gboolean frozen;
} RfWeightOptions;

/* The five rows of an option table that belong to it are RF_WEIGHT_OPTIONS() in weight-options.h.
 */

typedef enum
{
  RF_PARAM_WEIGHT, /* trained; penalised by l1 and l2 */
  RF_PARAM_BIAS,   /* trained; not penalised */
  RF_PARAM_BUFFER, /* running statistics: saved, not trained */
} RfParamKind;

typedef struct
{
  char *name; /* "3.body.0.weight", as torch.nn.Sequential names it */
  RfParamKind kind;
  guint n_dims;
  gint64 dims[4];
  gsize count;
  gsize offset;          /* in floats: in the network's weights and gradients, or its buffers */
  gsize fan_in, fan_out; /* for the first weights */
  RfLayer *layer;
} RfParam;

/* What a pass is: the same for all layers. */
typedef struct
{
  int n;             /* samples in this batch, at most the plan's capacity */
  gboolean training; /* dropout on, batch statistics */
  guint64 seed;
  gint64 step; /* from 1; with seed and layer index the key of dropout */
} RfPass;

/* Rows @top … @bottom - 1 and columns @left … @right - 1 of a plane. */
typedef struct
{
  int top, bottom, left, right;
} RfPart;

/* Which rows of its input (axis 0) and columns (axis 1) a value in row r of an output is computed
 * from: r · stride - padding + k · dilation for 0 ≤ k < size, without those in the padding. */
typedef struct
{
  int size[2], stride[2], padding[2], dilation[2];
} RfReach;

#define RF_MAX_BRANCHES 2

struct _RfLayer
{
  const RfLayerClass *klass;
  const void *config; /* of the newest experiment; live options are read from it at each pass */
  RfNet *net;
  char *path; /* "network.layers[3].layers[0]" */
  char *name; /* "3.body.0" */
  int index;  /* in execution order over all nested layers */
  int depth;  /* how many residuals it is inside of */
  RfShape in, out;
  gboolean flat; /* height and width of its input are gone, after flatten, linear or global_avgpool:
                  * PyTorch tells [n, c] from [n, c, 1, 1] */
  GPtrArray *branches[RF_MAX_BRANCHES]; /* of RfLayer *: the layers inside, or NULL */
  RfKernelPath path_of_kernels;
  const RfKernels *kernels;

  /* Set by the network once planned. NULL where a layer has no parameters of that kind. */
  guint n_params;
  RfParam *params[4];

  /* Set by the network when it plans (net-fuse.c): what this layer does in the same pass. */
  gboolean merged;    /* its work is done by the layer before, which passes on its output */
  gboolean rectifies; /* a ReLU follows and is merged into it: y is max (0, ·), and backward() is
                       * given the gradient by that, which it may overwrite */
  RfLayer *norm;      /* the batchnorm that follows a convolution and is merged into it */
  RfLayer *sum; /* it is the last of the body of this residual, and adds what the shortcut gives
                 * to its output: */
  const float *addend; /* … which lies here during a forward pass */

  const float *x; /* input of the last forward pass; valid until the next one */
  float *y;       /* its output */
  float *dx;      /* planned for the gradient by x; NULL where nobody wants it */
};

/* Offered to a layer's plan(). */
typedef struct _RfPlan RfPlan;
/* Floats that stay from a forward pass to its backward pass; *@where is filled in after planning.
 */
void rf_plan_keep (RfPlan *plan, gsize n_floats, float **where);
/* Floats that any layer may overwrite; one block, as large as the largest wish. */
void rf_plan_scratch (RfPlan *plan, gsize n_floats, float **where);
/* Floats for each worker; see rf_pool_scratch(). */
void rf_plan_worker_scratch (RfPlan *plan, gsize n_floats);
int rf_plan_capacity (const RfPlan *plan);
gboolean rf_plan_training (const RfPlan *plan);

/* Declares a parameter: dims[0 … n_dims - 1]; the layer finds it in params[] in order of
 * declaration. */
void rf_layer_declare (RfLayer *layer, const char *name, RfParamKind kind, gsize fan_in,
                       gsize fan_out, guint n_dims, const gint64 *dims);

/* A sequence of layers inside a layer. The network builds and plans them; the layer runs them with
 * sequence.h. */
typedef struct
{
  const char *option; /* "layers": the RF_OPTION_LAYERS in paths and in the file; NULL: no branch */
  const char *name;   /* "body": in the names of tensors */
  gsize offset;       /* of the GPtrArray * of RfSpec * in the config; it may be NULL */
} RfBranch;

/* What a class can do in the same pass over its output as its own work; see net-fuse.c. */
typedef enum
{
  RF_FUSES_NOTHING = 0,
  RF_FUSES_RELU = 1 << 0,     /* honours RfLayer.rectifies */
  RF_FUSES_SUM = 1 << 1,      /* honours RfLayer.sum */
  RF_FUSES_NORM = 1 << 2,     /* honours RfLayer.norm, and then sum, in a plan without training */
  RF_FUSES_IN_PLACE = 1 << 3, /* y may be x where x is not needed any more, and dx may be dy */
} RfFusion;

struct _RfLayerClass
{
  RfSpecClass spec;
  RfFusion fuses;
  gint variant;      /* which of a family of classes with the same functions: an RfActivation */
  gboolean flattens; /* its output has no height and width; see RfLayer.flat */
  RfBranch branches[RF_MAX_BRANCHES];
  gsize instance_size; /* of the struct that begins with an RfLayer */
  /* Offset of the RfWeightOptions in the config, or -1. */
  gssize weight_options;
  /* Offset of a dropout rate (double) in the config, or -1: what the window shows a slider for. */
  gssize rate;

  /* Output shape; an impossible one is an RF_ERROR_SHAPE that says why in terms of the input
   * ("its input is 1×1"), to which the network adds the layer. */
  gboolean (*shape) (const void *config, RfShape in, RfShape *out, GError **error);
  /* The next four may be NULL. */
  void (*declare) (RfLayer *layer);
  void (*plan) (RfLayer *layer, RfPlan *plan); /* may be called again with another capacity */
  void (*finalize) (RfLayer *layer);
  /* First values of all parameters, in place of the rule that `init` names. */
  void (*reset) (RfLayer *layer);
  /* y from x. NULL, with backward, for a layer that changes nothing but the shape: then y is x. */
  void (*forward) (RfLayer *layer, const RfPass *pass, const float *x, float *y);
  /* Writes the gradients of the layer's parameters and, unless @dx is NULL, dx. dx never is dy
   * without RF_FUSES_IN_PLACE. */
  void (*backward) (RfLayer *layer, const RfPass *pass, const float *x, const float *y,
                    const float *dy, float *dx);
  /* Multiply-adds for one sample, forward. May be NULL: none worth counting. */
  guint64 (*cost) (const RfLayer *layer);
  /* Name of the algorithm that the plan chose, for `bench --explain`. May be NULL: there is but
   * one.
   */
  const char *(*algorithm) (const RfLayer *layer);
  /* From where in its input its output is computed. May be NULL: from the same place. Layers that
   * flatten see all. */
  void (*reach) (const RfLayer *layer, RfReach *reach);
  /* "32 filters 3×3", for cards and messages. */
  char *(*describe) (const void *config);
  /* The module as PyTorch source: "nn.Conv2d(3, 32, 3, padding=1)". */
  void (*pytorch) (const RfLayer *layer, GString *out);
};

/* Registration table, NULL-terminated, generated from the list in meson.build. */
extern const RfLayerClass *const rf_layer_classes[];

/* Weights (or running statistics) and gradients of the layer's parameter @i. */
float *rf_layer_values (const RfLayer *layer, guint i);
float *rf_layer_gradients (const RfLayer *layer, guint i);
/* The gradient that a merged ReLU lets through, where @dy came in: overwritten with zeros where
 * @y, its output, is 0. For backward() of layers that rectify. */
void rf_layer_mask_gradient (const RfLayer *layer, const RfPass *pass, const float *y,
                             const float *dy);
/* The layer's RfWeightOptions in its present config, or NULL. */
const RfWeightOptions *rf_layer_weight_options (const RfLayer *layer);

/* For classes without options, without change of shape, with nothing to say about themselves. */
extern const RfOption rf_no_options[];
gboolean rf_shape_unchanged (const void *config, RfShape in, RfShape *out, GError **error);
char *rf_describe_nothing (const void *config);

/* "3×32×32", or "512 values" for a vector. */
char *rf_shape_to_text (RfShape shape);
/* "3", or "3×5" for two different numbers: how people write an RF_OPTION_PAIR. */
char *rf_pair_to_text (const gint pair[2]);
/* The same as Python source: "3" or "(3, 5)". */
void rf_pair_to_python (const gint pair[2], GString *out);

G_END_DECLS
