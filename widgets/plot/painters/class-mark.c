/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "widgets/plot/painters/class-mark.h"

#define UNKNOWN 0x777777

static const guint32 colors[]
    = { 0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xb8a800, UNKNOWN };

guint32
rf_class_color (int klass)
{
  return klass < 0 ? UNKNOWN : colors[klass % (int) G_N_ELEMENTS (colors)];
}

int
rf_class_shape (int klass)
{
  return klass < 0 ? 0 : (klass + klass / (int) G_N_ELEMENTS (colors)) % 4;
}

void
rf_class_mark_add (cairo_t *cr, int shape, double x, double y, double r)
{
  switch (shape % 4)
    {
    case 0:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, r, 0, 2 * G_PI);
      break;
    case 1:
      cairo_move_to (cr, x, y - 1.25 * r);
      cairo_line_to (cr, x + 1.25 * r, y);
      cairo_line_to (cr, x, y + 1.25 * r);
      cairo_line_to (cr, x - 1.25 * r, y);
      break;
    case 2:
      cairo_rectangle (cr, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      break;
    default:
      cairo_move_to (cr, x, y - 1.2 * r);
      cairo_line_to (cr, x + 1.15 * r, y + 0.9 * r);
      cairo_line_to (cr, x - 1.15 * r, y + 0.9 * r);
      break;
    }
  cairo_close_path (cr);
}
