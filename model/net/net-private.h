/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/net/net.h"

struct _RfNetPrivate
{
  RfShape dataset_input; /* as given to rf_net_new() */
  RfKernelPath path;
  GPtrArray *top;   /* of RfLayer *: those that are inside no other */
  GArray *declared; /* of RfParam, while the network is built; then NULL */
  int capacity;     /* samples; 0 before it is planned */
  gboolean training;
  float *arena; /* activations and all else that passes use, but weights and gradients */
  gsize arena_floats;
  guint64 held; /* bytes of all blocks */
};

/* Counts saturate at the largest number instead of wrapping: then no memory is enough for them. */
static inline guint64
rf_add_saturating (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static inline guint64
rf_multiply_saturating (guint64 a, guint64 b)
{
  return b && a > G_MAXUINT64 / b ? G_MAXUINT64 : a * b;
}

/* Parameters begin on 64 bytes. */
static inline guint64
rf_round_floats (guint64 n_floats)
{
  return rf_add_saturating (n_floats, 15) & ~(guint64) 15;
}

static inline float *
rf_net_values (const RfNet *net, const RfParam *param)
{
  return (param->kind == RF_PARAM_BUFFER ? net->buffers : net->weights) + param->offset;
}

/* Makes the layers and their shapes, in net-build.c. */
gboolean rf_net_build (RfNet *net, GError **error);

/* Decides which layers of @net are merged into others; before they plan. */
void rf_net_fuse (RfNet *net, gboolean training);
