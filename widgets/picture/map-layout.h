/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the maps of a grid lie: numbers alone. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n, columns, rows;
  double zoom;                    /* units for each value */
  double cell_width, cell_height; /* of a map */
  double step_x, step_y;          /* from one map to the next */
  double above;                   /* room for a label over each */
  double height;                  /* of all */
} RfMapLayout;

/* Lays out @n maps of @height × @width values in a grid of the width @available, with room @above
 * each for a label, large enough to be seen and small enough that many are seen at once. A value
 * takes whole pixels of the screen, of which there are @scale to a unit, unless not even one is
 * left for each. */
RfMapLayout rf_map_layout (guint n, guint height, guint width, double available, double above,
                           int scale);

typedef struct
{
  guint map, row, column;
} RfMapPlace;

/* Top left corner of a map. */
void rf_map_layout_get_corner (const RfMapLayout *layout, guint map, double *x, double *y);
/* The value under a point; FALSE between maps and beyond. */
gboolean rf_map_layout_find (const RfMapLayout *layout, guint height, guint width, double x,
                             double y, RfMapPlace *place);

G_END_DECLS
