/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/picture/map-layout.h"

#include <math.h>

#define GAP      4.0
#define HEIGHT   0.6  /* of the whole grid, in widths, where the sizes of maps allow it */
#define SMALLEST 32.0 /* longer side of a map, where the grid is full */
#define LARGEST  72.0

RfMapLayout
rf_map_layout (guint n, guint height, guint width, double available, double above, int scale)
{
  RfMapLayout layout = { .n = n, .above = above };
  if (n == 0 || height == 0 || width == 0 || available < 3)
    return layout;

  /* A single value is a unit of a layer, not a picture: it need not be large. */
  const double longer = MAX (height, width), smaller = longer > 1 ? 1 : 1 / 3.0;
  const double columns = ceil (sqrt (n / HEIGHT));
  const double square = (available - 2 + GAP) / columns - GAP;
  const double side = CLAMP (square, SMALLEST * smaller, LARGEST * smaller);
  double zoom = MIN (side / longer, (available - 2) / width);
  if (zoom * scale >= 1)
    zoom = floor (zoom * scale) / scale;

  layout.zoom = zoom;
  layout.cell_width = zoom * width;
  layout.cell_height = zoom * height;
  /* The frames of the outermost maps need a unit each. */
  const double room = available - 2;
  /* Maps begin on whole pixels, even those that are made smaller. */
  layout.step_x = ceil ((layout.cell_width + GAP) * scale) / scale;
  layout.step_y = ceil ((layout.cell_height + GAP) * scale) / scale;
  const double fit = 1 + floor ((room - layout.cell_width) / layout.step_x);
  layout.columns = (guint) CLAMP (fit, 1, n);
  layout.rows = (n - 1) / layout.columns + 1;
  if (layout.rows > 1 && layout.columns > 1)
    {
      /* What is left of the width goes into the gaps, as far as the grid still looks like one. */
      const double full = (room - layout.cell_width) / (layout.columns - 1);
      const double wide = floor (MIN (full, layout.cell_width + 3 * GAP) * scale) / scale;
      layout.step_x = MAX (layout.step_x, wide);
      layout.step_y
          = ceil ((layout.cell_height + layout.step_x - layout.cell_width) * scale) / scale;
    }
  layout.step_y += above;
  layout.height = 2 + above + (layout.rows - 1) * layout.step_y + layout.cell_height;
  return layout;
}

void
rf_map_layout_get_corner (const RfMapLayout *layout, guint map, double *x, double *y)
{
  *x = 1 + (map % layout->columns) * layout->step_x;
  *y = 1 + layout->above + (map / layout->columns) * layout->step_y; /* whole rows */
}

gboolean
rf_map_layout_find (const RfMapLayout *layout, guint height, guint width, double x, double y,
                    RfMapPlace *place)
{
  x -= 1;
  y -= 1 + layout->above;
  if (layout->n == 0 || x < 0 || y < 0)
    return FALSE;
  const double column = floor (x / layout->step_x), row = floor (y / layout->step_y);
  const double within_x = x - column * layout->step_x, within_y = y - row * layout->step_y;
  if (column >= layout->columns || row >= layout->rows || within_x >= layout->cell_width
      || within_y >= layout->cell_height)
    return FALSE;
  place->map = (guint) row * layout->columns + (guint) column;
  place->column = MIN ((guint) (within_x / layout->zoom), width - 1);
  place->row = MIN ((guint) (within_y / layout->zoom), height - 1);
  return place->map < layout->n;
}
