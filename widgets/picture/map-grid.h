/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Many small pictures of numbers, as feature maps and filters are, in a grid that fills its width.
 *
 * All have one scale of colours, unless each is to have its own. Only what can be seen is turned
 * into colours and painted, so that thousands of maps cost no more than those on show. Pointing at
 * a value tells it in a tooltip; the arrow keys choose a map. What is chosen is told to assistive
 * technology as the description, at most once a second. */

#include "widgets/picture/map-layout.h"
#include "widgets/plot/painters/palette.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_MAP_GRID (rf_map_grid_get_type ())
G_DECLARE_FINAL_TYPE (RfMapGrid, rf_map_grid, RF, MAP_GRID, GtkWidget)

typedef struct
{
  guint n, channels, height, width; /* channels: 1, or 3 for red, green and blue */
} RfMapShape;

/* Properties: "noun" (string), what one of them is called, "Map" as it begins a sentence;
 * "selected" (uint), chosen by keys or a click, G_MAXUINT for none; "each" (boolean): each map with
 * a scale of its own. Signal "pointed" (const char *text, double value): at what one points, or the
 * chosen map; NULL and NaN for nothing, and NaN where there is more than one value. Signal
 * "range-changed". Accessible label: the caller's. */
GtkWidget *rf_map_grid_new (void);

/* @values: float [n, channels, height, width], of which the grid keeps a reference. Colour is laid
 * out so that no weight is mid-grey. */
void rf_map_grid_set_values (RfMapGrid *grid, GBytes *values, const RfMapShape *shape);
void rf_map_grid_clear (RfMapGrid *grid);
/* What is written over each map, one label for each that comes with the next values, by which the
 * map is called too; NULL: nothing, and they are called by their place. Copied. */
void rf_map_grid_set_labels (RfMapGrid *grid, const char *const *labels);
/* Maps that are crossed out; copied. */
void rf_map_grid_set_marks (RfMapGrid *grid, const gboolean *marks, guint n);
/* The colours of the next values are those of @range; NULL: of the values themselves. */
void rf_map_grid_fix_range (RfMapGrid *grid, const RfPaletteRange *range);
/* What comes next is something else: its colours and the choice begin anew. */
void rf_map_grid_restart (RfMapGrid *grid);

const RfMapShape *rf_map_grid_get_shape (RfMapGrid *grid);
/* Of all maps; see rf_palette_settle(). low = high as long as there were none. */
const RfPaletteRange *rf_map_grid_get_range (RfMapGrid *grid);
/* What a legend can say: the range of all, or, where each map has its own, of the chosen one.
 * FALSE: there is none. */
gboolean rf_map_grid_get_shown_range (RfMapGrid *grid, RfPaletteRange *range);
void rf_map_grid_select (RfMapGrid *grid, guint map);
guint rf_map_grid_get_selected (RfMapGrid *grid);
/* "Map 5, row 3, column 7: 0.25"; to be freed. @place NULL: of the chosen map, its extent, or NULL
 * if there is none. */
char *rf_map_grid_describe (RfMapGrid *grid, const RfMapPlace *place);

G_END_DECLS
