/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A link is a cubic curve with level ends, x as a function of its parameter the same for all links
 * between two columns: so the one under the pointer is found by one inversion.
 *
 * Width is 1 to 10 pixels for weights of 0 to 5 in size, as in TensorFlow Playground; in a crowd
 * all are thinner, and each node has its strongest alone: thousands could neither be told apart nor
 * painted in the time of a frame. */

#include "widgets/toy/net-painter.h"

#include "widgets/plot/painters/palette.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define LARGEST   56. /* side of a node */
#define SMALLEST  9.
#define GAP       0.34 /* between nodes, of a side */
#define NAMES     46.  /* room for those of the inputs */
#define TOP       14.
#define CROWD     600 /* links */
#define FEW       48
#define REACH     5. /* pixels from a link that still mean it */
#define FULL      5. /* a weight of full width */
#define BIAS_SIDE 6.

static int
get_most (const RfNetDrawing *drawing)
{
  int most = 1;
  for (int c = 0; c < drawing->n_columns; c++)
    most = MAX (most, drawing->n_nodes[c]);
  return most;
}

double
rf_net_view_get_middle (int column, int n_columns)
{
  return (column + 0.5) / MAX (n_columns, 1);
}

double
rf_net_node_side (const RfNetDrawing *drawing, double width, double height)
{
  const double down = (height - 2 * TOP) / (get_most (drawing) * (1 + GAP));
  const double across = width / MAX (drawing->n_columns, 1) * 0.55;
  return floor (CLAMP (MIN (down, across), SMALLEST, LARGEST));
}

void
rf_net_node_middle (const RfNetDrawing *drawing, double width, double height, int column, int node,
                    double *x, double *y)
{
  const double side = rf_net_node_side (drawing, width, height);
  const int n = drawing->n_nodes[column];
  /* A column of few nodes stands in the middle of the height, with more air. */
  const double room = height - 2 * TOP;
  const double step = MIN (side * (1 + GAP) * (n < 6 ? 1.35 : 1), room / MAX (n, 1));
  *x = round (rf_net_view_get_middle (column, drawing->n_columns) * width);
  if (column == 0)
    *x = MAX (*x, NAMES + side / 2);
  *y = round (TOP + room / 2 + (node - (n - 1) / 2.) * step);
}

/* ---- numbers ---- */

static gsize
find_weights (const RfNetDrawing *drawing, int column, int node)
{
  gsize place = 0;
  for (int c = 1; c < column; c++)
    place += (gsize) (drawing->n_nodes[c] * drawing->n_nodes[c - 1]);
  return place + (gsize) (node * drawing->n_nodes[column - 1]);
}

static int
find_node (const RfNetDrawing *drawing, int column, int node)
{
  for (int c = 1; c < column; c++)
    node += drawing->n_nodes[c];
  return node;
}

double
rf_net_weight (const RfNetDrawing *drawing, int column, int node, int input)
{
  return column > 0 ? drawing->weights[find_weights (drawing, column, node) + (gsize) input] : NAN;
}

double
rf_net_bias (const RfNetDrawing *drawing, int column, int node)
{
  return column > 0 ? drawing->biases[find_node (drawing, column, node)] : NAN;
}

/* ---- finding ---- */

static double
curve_x (double t)
{
  return 1.5 * t * (1 - t) + t * t * t;
}

static double
curve_y (double t)
{
  return t * t * (3 - 2 * t);
}

static double
invert (double x)
{
  double low = 0, high = 1;
  for (int i = 0; i < 24; i++)
    {
      const double middle = (low + high) / 2;
      if (curve_x (middle) < x)
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}

static int
count_links (const RfNetDrawing *drawing)
{
  int n = 0;
  for (int c = 1; c < drawing->n_columns; c++)
    n += drawing->n_nodes[c] * drawing->n_nodes[c - 1];
  return n;
}

static int
compare_falling (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;
  return (x < y) - (x > y);
}

/* The size below which incoming links of a node are not drawn. @n_links: of all. */
static double
get_least (const RfNetDrawing *drawing, int n_links, int column, int node)
{
  double sizes[RF_NET_VIEW_NODES];
  const int n_inputs = drawing->n_nodes[column - 1];
  const int nodes = find_node (drawing, drawing->n_columns, 0);
  const int drawn = MAX (CROWD / MAX (nodes, 1), 1);
  int n = 0;
  if (n_links <= CROWD || n_inputs <= drawn || n_inputs > RF_NET_VIEW_NODES)
    return 0;
  for (int i = 0; i < n_inputs; i++)
    if (!isnan (rf_net_weight (drawing, column, node, i)))
      sizes[n++] = fabs (rf_net_weight (drawing, column, node, i));
  qsort (sizes, (gsize) n, sizeof *sizes, compare_falling);
  /* Zeros, which may be all of them, are not strong. */
  return n > drawn ? fmax (sizes[drawn - 1], DBL_MIN) : 0;
}

static RfNetPlace
find_link (const RfNetDrawing *drawing, double width, double height, double x, double y)
{
  const double half = rf_net_node_side (drawing, width, height) / 2;
  const int n_links = count_links (drawing);
  RfNetPlace place = { -1, -1, -1 };
  double nearest = REACH;
  for (int c = 1; c < drawing->n_columns; c++)
    {
      double x0, y0, x1, y1;
      rf_net_node_middle (drawing, width, height, c - 1, 0, &x0, &y0);
      rf_net_node_middle (drawing, width, height, c, 0, &x1, &y1);
      const double share = (x - x0 - half) / (x1 - x0 - 2 * half);
      if (!(share > 0 && share < 1))
        continue;
      const double rise = curve_y (invert (share));
      for (int n = 0; n < drawing->n_nodes[c]; n++)
        {
          const double least = get_least (drawing, n_links, c, n);
          for (int i = 0; i < drawing->n_nodes[c - 1]; i++)
            {
              if (!(fabs (rf_net_weight (drawing, c, n, i)) >= least))
                continue;
              rf_net_node_middle (drawing, width, height, c - 1, i, &x0, &y0);
              rf_net_node_middle (drawing, width, height, c, n, &x1, &y1);
              const double off = fabs (y0 + (y1 - y0) * rise - y);
              if (off < nearest)
                {
                  nearest = off;
                  place = (RfNetPlace){ c, n, i };
                }
            }
        }
    }
  return place;
}

RfNetPlace
rf_net_find (const RfNetDrawing *drawing, double width, double height, double x, double y)
{
  const double half = rf_net_node_side (drawing, width, height) / 2 + 1;
  for (int c = 0; c < drawing->n_columns; c++)
    for (int n = 0; n < drawing->n_nodes[c]; n++)
      {
        double at_x, at_y;
        rf_net_node_middle (drawing, width, height, c, n, &at_x, &at_y);
        if (fabs (x - at_x) <= half && fabs (y - at_y) <= half)
          return (RfNetPlace){ c, n, -1 };
      }
  return find_link (drawing, width, height, x, y);
}

/* ---- painting ---- */

static void
set_weight_color (cairo_t *cr, double weight, double alpha)
{
  const RfPaletteRange range = { RF_PALETTE_DIVERGING, -1, 1 };
  /* Never so pale that it vanishes on the ground. */
  const double size = fmin (fabs (weight) / 2, 1);
  const guint32 color = rf_palette_color (&range, copysign (0.3 + 0.5 * size, weight));
  cairo_set_source_rgba (cr, (color >> 16 & 255) / 255., (color >> 8 & 255) / 255.,
                         (color & 255) / 255., alpha);
}

static void
add_link (cairo_t *cr, const RfNetDrawing *drawing, double width, double height, int column,
          int node, int input)
{
  const double half = rf_net_node_side (drawing, width, height) / 2;
  double x0, y0, x1, y1;
  rf_net_node_middle (drawing, width, height, column - 1, input, &x0, &y0);
  rf_net_node_middle (drawing, width, height, column, node, &x1, &y1);
  x0 += half;
  x1 -= half;
  cairo_move_to (cr, x0, y0);
  cairo_curve_to (cr, (x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
}

static double
line_width (const RfNetDrawing *drawing, double weight, double side)
{
  const double wide = 1 + 9 * fmin (fabs (weight) / FULL, 1);
  return wide * fmin (side / 30, 1);
}

static void
paint_links (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
             const RfNetStyle *style, const RfNetPlace *marked)
{
  const double side = rf_net_node_side (drawing, width, height);
  const int n_links = count_links (drawing);
  const gboolean crowd = n_links > CROWD;
  cairo_set_antialias (cr, crowd ? CAIRO_ANTIALIAS_FAST : CAIRO_ANTIALIAS_DEFAULT);
  for (int c = 1; c < drawing->n_columns; c++)
    for (int n = 0; n < drawing->n_nodes[c]; n++)
      {
        const double least = get_least (drawing, n_links, c, n);
        for (int i = 0; i < drawing->n_nodes[c - 1]; i++)
          {
            const double weight = rf_net_weight (drawing, c, n, i);
            const gboolean mark = marked->column == c && marked->node == n && marked->input == i;
            if (isnan (weight) || (fabs (weight) < least && !mark))
              continue;
            add_link (cr, drawing, width, height, c, n, i);
            cairo_set_line_width (cr, line_width (drawing, weight, side) + (mark ? 2 : 0));
            if (weight == 0)
              {
                /* Dead, or never alive. */
                cairo_set_dash (cr, (const double[]){ 2, 4 }, 2, 0);
                cairo_set_source_rgba (cr, style->frame.red, style->frame.green, style->frame.blue,
                                       0.5);
              }
            else if (mark)
              gdk_cairo_set_source_rgba (cr, &style->accent);
            else
              set_weight_color (cr, weight, crowd ? 0.6 : 0.85);
            cairo_stroke (cr);
            cairo_set_dash (cr, NULL, 0, 0);
          }
      }
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void
paint_text (cairo_t *cr, const RfNetStyle *style, const char *text, double size, double x, double y,
            double align)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (style->font);
  int width, height;
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, round (x - width * align), round (y - height / 2.));
  gdk_cairo_set_source_rgba (cr, &style->text);
  pango_cairo_show_layout (cr, layout);
}

static void
paint_node (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
            const RfNetStyle *style, const RfNetPlace *marked, int column, int node)
{
  const double side = rf_net_node_side (drawing, width, height);
  const gboolean input = column == 0, on = !input || drawing->on[node];
  const int index = input ? node : drawing->n_nodes[0] + find_node (drawing, column, node);
  const gsize n = (gsize) drawing->side * (gsize) drawing->side;
  double x, y;
  rf_net_node_middle (drawing, width, height, column, node, &x, &y);
  x -= side / 2;
  y -= side / 2;
  cairo_surface_t *picture = cairo_image_surface_create_for_data (
      (guchar *) (drawing->pixels + (gsize) index * n), CAIRO_FORMAT_RGB24, drawing->side,
      drawing->side, drawing->side * 4);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, side, side);
  cairo_clip (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, side / drawing->side, side / drawing->side);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_paint_with_alpha (cr, on ? 1 : 0.25);
  cairo_restore (cr);
  cairo_surface_destroy (picture);

  const gboolean mark = marked->column == column && marked->node == node && marked->input < 0;
  gdk_cairo_set_source_rgba (cr, mark ? &style->accent : &style->frame);
  cairo_set_line_width (cr, mark ? 3 : 1);
  cairo_rectangle (cr, x - 0.5, y - 0.5, side + 1, side + 1);
  cairo_stroke (cr);
  if (!input && side > 16)
    {
      const double bias = rf_net_bias (drawing, column, node);
      cairo_rectangle (cr, x - BIAS_SIDE - 2.5, y + side - BIAS_SIDE - 0.5, BIAS_SIDE, BIAS_SIDE);
      set_weight_color (cr, bias, 1);
      cairo_fill_preserve (cr);
      gdk_cairo_set_source_rgba (cr, &style->frame);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
  if (input)
    paint_text (cr, style, drawing->names[node], 12, x - 8, y + side / 2, 1);
  else if (drawing->outputs && side > 24)
    {
      g_autofree char *number
          = g_strdup_printf ("%.2f", drawing->outputs[find_node (drawing, column, node)]);
      paint_text (cr, style, number, 10, x + side / 2, y + side + 7, 0.5);
    }
}

static void
paint_dot (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
           const RfNetStyle *style, const RfNetPlace *link, double t, gboolean hollow)
{
  const double half = rf_net_node_side (drawing, width, height) / 2;
  double x0, y0, x1, y1;
  rf_net_node_middle (drawing, width, height, link->column - 1, link->input, &x0, &y0);
  rf_net_node_middle (drawing, width, height, link->column, link->node, &x1, &y1);
  cairo_new_path (cr);
  cairo_arc (cr, x0 + half + (x1 - x0 - 2 * half) * curve_x (t), y0 + (y1 - y0) * curve_y (t), 3.5,
             0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, hollow ? &style->ground : &style->accent);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &style->accent);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

void
rf_net_paint_pulse (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
                    const RfNetStyle *style, double phase, gboolean backward)
{
  const double along = CLAMP (phase, 0, 0.9999) * (drawing->n_columns - 1);
  const int column = 1 + (int) along;
  for (int n = 0; n < drawing->n_nodes[column]; n++)
    for (int i = 0; i < drawing->n_nodes[column - 1]; i++)
      {
        const RfNetPlace link = { column, n, i };
        const double weight = rf_net_weight (drawing, column, n, i);
        if (!isnan (weight) && weight != 0)
          paint_dot (cr, drawing, width, height, style, &link, along - (column - 1), backward);
      }
}

/* Few enough that their numbers have room. */
static void
paint_link_numbers (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
                    const RfNetStyle *style)
{
  const double half = rf_net_node_side (drawing, width, height) / 2;
  for (int c = 1; c < drawing->n_columns; c++)
    for (int n = 0; n < drawing->n_nodes[c]; n++)
      for (int i = 0; i < drawing->n_nodes[c - 1]; i++)
        {
          const double weight = rf_net_weight (drawing, c, n, i);
          double x0, y0, x1, y1;
          if (isnan (weight) || weight == 0)
            continue;
          rf_net_node_middle (drawing, width, height, c - 1, i, &x0, &y0);
          rf_net_node_middle (drawing, width, height, c, n, &x1, &y1);
          /* Where the lines that arrive at a node have parted already. */
          const double t = 0.36 + 0.28 * (n % 2);
          g_autofree char *number = g_strdup_printf ("%.2f", weight);
          paint_text (cr, style, number, 9, x0 + half + (x1 - x0 - 2 * half) * curve_x (t),
                      y0 + (y1 - y0) * curve_y (t) - 6, 0.5);
        }
}

void
rf_net_paint (cairo_t *cr, const RfNetDrawing *drawing, double width, double height,
              const RfNetStyle *style, const RfNetPlace *marked)
{
  if (drawing->n_columns == 0)
    return;
  paint_links (cr, drawing, width, height, style, marked);
  for (int c = 0; c < drawing->n_columns; c++)
    for (int n = 0; n < drawing->n_nodes[c]; n++)
      paint_node (cr, drawing, width, height, style, marked, c, n);
  if (drawing->outputs && count_links (drawing) <= FEW)
    paint_link_numbers (cr, drawing, width, height, style);
}
