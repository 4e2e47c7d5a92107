/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A kernel to be painted: a grid of cells in the colours of their weights, with their numbers.
 *
 * Dragging paints with the value of the pen, with Shift or the secondary button zero; Ctrl and a
 * click take a cell's value for the pen. The wheel changes the cell below it. With the focus: arrow
 * keys walk, digits type a value (Return takes it, Escape does not), Page Up and Page Down change
 * it, Space paints, Delete makes it zero. A symmetric pen paints the cells opposite as well. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_KERNEL_GRID_MAX_SIDE 11

typedef enum
{
  RF_PEN_SINGLE,
  RF_PEN_ACROSS, /* and the cell opposite to the left or right */
  RF_PEN_DOWN,   /* and the one above or below */
  RF_PEN_FOUR,   /* both */
  RF_PEN_RADIAL, /* all cells as far from the middle */
  RF_N_PENS
} RfKernelPen;

/* How weights are written and read. */
typedef struct
{
  char *(*format) (double weight);
  gboolean (*parse) (const char *text, double *weight, GError **error);
} RfKernelGridWords;

#define RF_TYPE_KERNEL_GRID (rf_kernel_grid_get_type ())
G_DECLARE_FINAL_TYPE (RfKernelGrid, rf_kernel_grid, RF, KERNEL_GRID, GtkWidget)

/* Signals: "edited": by the user, the weights are the new ones; "stroke-begun" and "stroke-ended"
 * about the edits of one drag; "picked" (double): a value for the pen; "failed" (const char
 * *message): what was typed is no weight. */
GtkWidget *rf_kernel_grid_new (const RfKernelGridWords *words);
/* @weights: row by row, of 1 to 11 rows and columns. */
void rf_kernel_grid_set_weights (RfKernelGrid *grid, const double *weights, int height, int width);
const double *rf_kernel_grid_get_weights (RfKernelGrid *grid, int *height, int *width);
/* It stands in a page that scrolls: the wheel changes no cell unless the grid has the focus. */
void rf_kernel_grid_set_in_page (RfKernelGrid *grid, gboolean in_page);
void rf_kernel_grid_set_pen (RfKernelGrid *grid, RfKernelPen pen);
void rf_kernel_grid_set_value (RfKernelGrid *grid, double value);
double rf_kernel_grid_get_value (RfKernelGrid *grid);
/* As if typed into the cell that has the cursor. */
void rf_kernel_grid_type (RfKernelGrid *grid, const char *text);
void rf_kernel_grid_get_cursor (RfKernelGrid *grid, int *y, int *x);
/* Middle and size of a cell in the widget. */
double rf_kernel_grid_locate (RfKernelGrid *grid, int y, int x, double *at_y, double *at_x);

G_END_DECLS
