/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A picture as the network sees it, and as people do. Immutable, counted by references. */

#include "app/features/feature-net.h"
#include "model/dataset/image.h"
#include "widgets/picture-view/raster.h"
#include "widgets/plot/painters/palette.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount references;
  RfShape shape;
  float *values; /* [channels, height, width], normalised */
  RfRaster *raster;
  char *title;
  int truth;    /* its class, or −1 */
  int split;    /* RfSplit, and … */
  gint64 index; /* … its place in it; −1: no picture of the data set */
} RfFeatureInput;

/* A picture of the network's data set. */
RfFeatureInput *rf_feature_input_from_row (const RfFeatureNet *net, RfSplit split, gsize index);
/* Any picture, brought to the size and the colours of the network's input. */
RfFeatureInput *rf_feature_input_from_image (const RfFeatureNet *net, const RfImage *image,
                                             const char *title, GError **error);
/* Normalised values of a picture like @like; copied. */
RfFeatureInput *rf_feature_input_from_values (const RfFeatureNet *net, const float *values,
                                              const char *title, const RfFeatureInput *like);
RfFeatureInput *rf_feature_input_ref (RfFeatureInput *input);
void rf_feature_input_unref (RfFeatureInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFeatureInput, rf_feature_input_unref)

/* Normalised values as people see them; what is no picture is stretched from its smallest value to
 * its largest. */
RfRaster *rf_feature_raster (const RfFeatureNet *net, const float *values);
/* Numbers in the colours of a palette; NULL: no memory. */
RfRaster *rf_feature_map_raster (const float *values, int height, int width,
                                 const RfPaletteRange *range);

G_END_DECLS
