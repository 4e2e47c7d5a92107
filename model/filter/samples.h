/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pictures to try filters on, drawn by formulas: the same bytes for the same size, anywhere. Each
 * shows something that some kernels find and others miss: every frequency, edges of every
 * direction, corners, smooth slopes, noise, and things as a camera sees them. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  float r, g, b; /* 0 to 1 */
} RfSampleColor;

/* A point to colour. The shorter side of the picture is 1 long; (0, 0) is its middle. */
typedef struct
{
  double x, y; /* right and down */
  double width, height;
  double pixel; /* side of a pixel */
  int column, row;
} RfSamplePoint;

typedef struct
{
  const char *name;    /* "zone-plate" */
  const char *title;   /* N_() */
  const char *summary; /* N_() */
  gboolean smooth;     /* four points a pixel */
  RfSampleColor (*color_at) (const RfSamplePoint *point);
} RfSample;

/* Ends with a NULL name. */
extern const RfSample rf_samples[];

const RfSample *rf_sample_find (const char *name);
/* Interleaved RGB, @width × @height × 3 bytes. Draws on the pool, whose ticket the caller must not
 * hold; some tenths of a second for large pictures. */
void rf_sample_draw (const RfSample *sample, int width, int height, guint8 *rgb);

G_END_DECLS
