/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a look inside a network brings: copies, which the receiver owns. */

#include "model/experiment/experiment.h"

G_BEGIN_DECLS

typedef struct
{
  guint layer; /* as in RfLayer.index */
  RfShape shape;
  float *values; /* [channels, height, width] */
} RfFeatureMaps;

/* Mean of a channel; what is no finite number counts as 0. */
double rf_feature_maps_mean (const RfFeatureMaps *maps, int channel);
/* The channel whose values are the largest in the mean, whatever their signs. */
int rf_feature_maps_find_strongest (const RfFeatureMaps *maps);

/* One picture, as the network in evaluation mode sees it. */
typedef struct
{
  gint64 step;    /* of the weights */
  double seconds; /* of work, which whoever trains may have had to wait for */
  guint n_classes;
  float *logits, *probabilities; /* [n_classes]; probabilities are softmax (logits) */
  guint n_maps;
  RfFeatureMaps *maps; /* outputs of layers, in the order in which they were asked for */
} RfView;

void rf_view_free (RfView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfView, rf_view_free)

/* Kernels of a convolution. */
typedef struct
{
  gint64 step; /* of the weights */
  guint layer;
  gint n, channels, height, width; /* channels: those of the input, divided by groups */
  float *values;                   /* [n, channels, height, width] */
} RfFilters;

void rf_filters_free (RfFilters *filters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFilters, rf_filters_free)

G_END_DECLS
