/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The geometry of a drawn network, and the drawing of it on any surface. */

#include "widgets/toy/net-view.h"

G_BEGIN_DECLS

/* What is marked: a node, or one of its incoming links. Column −1: nothing. */
typedef struct
{
  int column, node, input; /* input −1: the node itself */
} RfNetPlace;

typedef struct
{
  GdkRGBA text, frame, ground, accent;
  const char *font;
} RfNetStyle;

/* The side of a node's square. */
double rf_net_node_side (const RfNetDrawing *drawing, double width, double height);
void rf_net_node_middle (const RfNetDrawing *drawing, double width, double height, int column,
                         int node, double *x, double *y);
/* What is at a place, links included. */
RfNetPlace rf_net_find (const RfNetDrawing *drawing, double width, double height, double x,
                        double y);
/* The weight of a link, NaN without one. */
double rf_net_weight (const RfNetDrawing *drawing, int column, int node, int input);
double rf_net_bias (const RfNetDrawing *drawing, int column, int node);

/* Dots on the links: @phase goes from 0, at the inputs, to 1, at the outputs; backward they are
 * hollow. */
void rf_net_paint_pulse (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
                         const RfNetStyle *style, double phase, gboolean backward);
void rf_net_paint (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
                   const RfNetStyle *style, const RfNetPlace *marked);

G_END_DECLS
