/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/picture/map-grid.h"
#include "widgets/telling.h"

G_BEGIN_DECLS

/* The maps on show, turned into colours: one surface in which they lie as in the grid, without gaps
 * and a pixel for each value. It is kept, and grows when more come on show. */
typedef struct
{
  cairo_surface_t *surface;
  guint first, n, columns; /* the maps in it */
  gboolean stale;          /* they are others now */
} RfMapAtlas;

struct _RfMapGrid
{
  GtkWidget parent_instance;

  GBytes *bytes;
  const float *values;
  RfMapShape shape;
  RfPaletteRange range;
  RfPaletteRange fixed; /* low = high: by the values */
  gboolean anew;        /* the next values settle it without a look at those before */
  gboolean each;
  char *noun;
  char **labels; /* [n_labels], one for each map, or NULL */
  guint n_labels;
  gboolean *marks; /* [n_marks] */
  guint n_marks;

  RfMapLayout layout;
  RfMapAtlas atlas;
  double painted_top, painted_bottom;
  GtkAdjustment *scroll; /* of the viewport that it lies in, or NULL */

  gboolean pointing;
  RfMapPlace pointed;
  guint selected;
  RfTelling telling;
};

#define RF_MAP_LABEL_HEIGHT 14.0

/* map-grid-paint.c */
void rf_map_grid_paint (RfMapGrid *self, GtkSnapshot *snapshot);
/* The part of the grid's height that can be seen. */
void rf_map_grid_get_visible (RfMapGrid *self, double *top, double *bottom);
void rf_map_atlas_clear (RfMapAtlas *atlas);
/* The colours of a map, where each has its own. */
RfPaletteRange rf_map_grid_range_of (RfMapGrid *self, guint map);

/* map-grid-input.c */
void rf_map_grid_init_input (RfMapGrid *self);
/* Tells at what one points, or what is chosen. */
void rf_map_grid_tell (RfMapGrid *self);

G_END_DECLS
