/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/kernel-grid/kernel-grid.h"
#include "widgets/plot/painters/palette.h"
#include "widgets/telling.h"

G_BEGIN_DECLS

struct _RfKernelGrid
{
  GtkWidget parent_instance;

  RfKernelGridWords words;
  int height, width;
  double weights[RF_KERNEL_GRID_MAX_SIDE * RF_KERNEL_GRID_MAX_SIDE];
  RfPaletteRange range;
  RfKernelPen pen;
  double value;     /* of the pen */
  int y, x;         /* cursor */
  GString *typed;   /* NULL: nothing is being typed */
  gboolean wrong;   /* what is typed was refused */
  gboolean in_page; /* that scrolls: the wheel is the page's until the grid has the focus */
  gboolean painting, erasing;
  double press_x, press_y; /* where the drag began */
  RfTelling telling;
};

/* kernel-grid.c */
gboolean rf_kernel_grid_find (RfKernelGrid *self, double at_x, double at_y, int *y, int *x);
void rf_kernel_grid_move_cursor (RfKernelGrid *self, int y, int x);
/* Sets the cells that the pen paints at the cursor; emits "edited". */
void rf_kernel_grid_paint_cell (RfKernelGrid *self, double value);
/* Ends typing; FALSE if it was refused. */
gboolean rf_kernel_grid_take_typed (RfKernelGrid *self);
void rf_kernel_grid_drop_typed (RfKernelGrid *self);
void rf_kernel_grid_pick (RfKernelGrid *self);
void rf_kernel_grid_emit (RfKernelGrid *self, const char *signal);

/* kernel-grid-input.c */
void rf_kernel_grid_init_input (RfKernelGrid *self);

G_END_DECLS
