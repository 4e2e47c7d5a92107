/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What can be written in an experiment file, as data.
 *
 * Each layer, optimizer, schedule and augmentation is described by an RfSpecClass: its type name
 * and a table of options. From that one table come the parser with its messages, the writer that
 * fills in every default, the sliders of the window with their ranges and tooltips, and the live
 * changes of a run with their paths. The values of one instance are an RfSpec: a class and a plain
 * struct. */

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef enum
{
  RF_OPTION_INT,    /* gint */
  RF_OPTION_UINT64, /* guint64 below 2^53: a seed, a number of samples */
  RF_OPTION_PAIR,   /* gint[2], height and width; written as one number where both are the same */
  RF_OPTION_NUMBER, /* double */
  RF_OPTION_BOOL,   /* gboolean */
  RF_OPTION_CHOICE, /* gint, an index into @choices; a string in the file */
  RF_OPTION_LAYERS, /* GPtrArray * of RfSpec *: the layers inside a residual */
} RfOptionKind;

typedef enum
{
  RF_OPTION_PLAIN = 0,
  RF_OPTION_REQUIRED = 1 << 0, /* no default */
  RF_OPTION_LIVE = 1 << 1,     /* may change between two steps of a run */
  RF_OPTION_LOG = 1 << 2,      /* shown on a logarithmic scale */
  RF_OPTION_BELOW = 1 << 3,    /* the maximum itself is not allowed */
  RF_OPTION_ABOVE = 1 << 4,    /* the minimum itself is not allowed */
} RfOptionFlags;

typedef struct
{
  const char *name; /* key in the file; NULL ends a table */
  RfOptionKind kind;
  RfOptionFlags flags;
  gsize offset; /* of the field in the config struct */
  double fallback, minimum, maximum;
  const char *const *choices;
  const char *title;   /* N_(): a word or two beside a control */
  const char *summary; /* N_(): tooltip: what it does to the training, with the formula */
} RfOption;

typedef struct
{
  const char *type;    /* "conv2d" */
  const char *title;   /* N_("Convolution") */
  const char *summary; /* N_(): one sentence */
  gsize config_size;
  const RfOption *options;
  /* Fills in defaults that depend on other options (a pool's stride is its size), once parsed. */
  void (*complete) (void *config);
} RfSpecClass;

typedef struct
{
  const RfSpecClass *klass;
  void *config; /* config_size bytes */
} RfSpec;

/* A spec with every default; what a class's complete() fills in is still open. */
RfSpec *rf_spec_new (const RfSpecClass *klass);
RfSpec *rf_spec_copy (const RfSpec *spec);
void rf_spec_free (RfSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSpec, rf_spec_free)

/* Levels of residuals in residuals. */
#define RF_SPEC_MAX_NESTING 16
/* Layers in one list. */
#define RF_SPEC_MAX_LAYERS 10000

/* Reads {"type": …, options…}. @classes is a NULL-terminated registration table whose entries begin
 * with an RfSpecClass; @path is the place in the experiment, for messages
 * ("network.layers[3].kernal: unknown key, did you mean "kernel"?"). Numbers are rounded to the
 * nine digits they are written with. */
RfSpec *rf_spec_from_json (json_t *json, const RfSpecClass *const *classes, const char *path,
                           GError **error);
/* Reads a list of specs, as a GPtrArray of RfSpec *. */
GPtrArray *rf_specs_from_json (json_t *json, const RfSpecClass *const *classes, const char *path,
                               GError **error);
GPtrArray *rf_specs_copy (const GPtrArray *specs);
/* Every option filled in. */
json_t *rf_spec_to_json (const RfSpec *spec);
json_t *rf_specs_to_json (const GPtrArray *specs);

/* Value of a numeric, boolean or choice option, as a number; pairs give the height. */
double rf_spec_get (const RfSpec *spec, const RfOption *option);
/* Sets one, rounded to nine digits and checked against its range; the message names @path. */
gboolean rf_spec_set (RfSpec *spec, const RfOption *option, double value, const char *path,
                      GError **error);
const RfOption *rf_spec_find_option (const RfSpec *spec, const char *name);

/* The nearest of @names (NULL-terminated) if it is near enough to be meant, else NULL. */
const char *rf_did_you_mean (const char *word, const char *const *names);

G_END_DECLS
