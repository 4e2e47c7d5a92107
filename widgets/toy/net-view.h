/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small network as a drawing: columns of nodes, each a picture, and links whose width and colour
 * are their weights. Pointing tells a node's or a link's number, a press edits it; an input is
 * switched by a press.
 *
 * With the focus: arrow keys go from node to node, Page Up and Page Down from one incoming link to
 * the next, Return edits the link or the bias, Space switches an input. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_NET_VIEW_COLUMNS 14
#define RF_NET_VIEW_NODES   32 /* of a column, at most */

/* Arrays go column after column: @pixels from the inputs on, the others from the column after them.
 */
typedef struct
{
  int n_columns; /* inputs and outputs included */
  int n_nodes[RF_NET_VIEW_COLUMNS];
  const char *const *names; /* of the inputs */
  const gboolean *on;       /* likewise */
  const double *weights;    /* of each node, from each node of the column before; NaN: no link */
  const double *biases;
  const double *outputs; /* of each node for the last point, or NULL */
  const guint32 *pixels; /* side² of each node, as Cairo has them */
  int side;
} RfNetDrawing;

#define RF_TYPE_NET_VIEW (rf_net_view_get_type ())
G_DECLARE_FINAL_TYPE (RfNetView, rf_net_view, RF, NET_VIEW, GtkWidget)

/* Signals: "edited" (int column, int node, int input, double value; input −1: the bias), "toggled"
 * (int input), "pointed" (int column, int node; −1, −1: none). */
GtkWidget *rf_net_view_new (void);
/* Copies all that @drawing points to. */
void rf_net_view_set_drawing (RfNetView *view, const RfNetDrawing *drawing);
/* Lets dots run along the links for @seconds: forward through all columns, then back. */
void rf_net_view_pulse (RfNetView *view, double seconds);
/* Where the middle of a column is, from 0 to 1 of the width: for what stands above it. */
double rf_net_view_get_middle (int column, int n_columns);
/* Writes the drawing to a .png, .svg or .pdf file. */
gboolean rf_net_view_save (RfNetView *view, const char *path, GError **error);

G_END_DECLS
