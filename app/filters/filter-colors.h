/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Results as colours: how numbers beyond black and white, and below zero, are shown. */

#include "model/filter/filter.h"
#include "widgets/picture-view/raster.h"
#include "widgets/plot/painters/palette.h"

G_BEGIN_DECLS

typedef enum
{
  RF_DISPLAY_AUTO,  /* signed where there is something below zero, else 0 to 1, or to the largest */
  RF_DISPLAY_AS_IS, /* 0 black, 1 white; blue below, orange above */
  RF_DISPLAY_CLIP,  /* 0 black and all below, 1 white and all above */
  RF_DISPLAY_ABSOLUTE, /* |x|, clipped */
  RF_DISPLAY_RANGE,    /* smallest black, largest white */
  RF_DISPLAY_SIGNED,   /* the diverging palette; of three maps their mean */
  RF_N_DISPLAYS
} RfDisplay;

extern const char *const rf_display_titles[RF_N_DISPLAYS + 1];    /* N_() */
extern const char *const rf_display_summaries[RF_N_DISPLAYS + 1]; /* N_() */

typedef struct
{
  RfDisplay display;
  int channel;           /* one map alone; -1: all */
  RfPaletteRange before; /* the range of what was shown before (rf_palette_settle) */
} RfColorWish;

typedef struct
{
  RfRaster *raster;  /* NULL: no memory */
  RfDisplay display; /* never auto */
  RfPaletteRange range;
} RfColors;

/* @values: planar. Runs on the pool, whose ticket the caller must not hold. */
RfColors rf_filter_colors (const float *values, RfShape shape, const RfColorWish *wish);
/* A copy at most @side wide and high, of every so manieth pixel, in automatic colours. */
RfRaster *rf_filter_thumbnail (const float *values, RfShape shape, int side);

G_END_DECLS
