/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A sheet to draw on: strokes of a width and a colour, an eraser, undo. What was drawn is kept as
 * strokes in the units of the sheet, so that it can be painted in any size. With the focus: arrow
 * keys move a cross (Shift: far), Space puts the pen down and lifts it; Ctrl+Z takes back a stroke.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_DRAWING_PAD (rf_drawing_pad_get_type ())
G_DECLARE_FINAL_TYPE (RfDrawingPad, rf_drawing_pad, RF, DRAWING_PAD, GtkWidget)

/* A sheet of @width × @height pixels. Signal "changed". */
GtkWidget *rf_drawing_pad_new (int width, int height, const GdkRGBA *paper);
/* In pixels of the sheet. */
void rf_drawing_pad_set_width (RfDrawingPad *pad, double width);
void rf_drawing_pad_set_color (RfDrawingPad *pad, const GdkRGBA *color);
/* Draws with the paper's colour. */
void rf_drawing_pad_set_eraser (RfDrawingPad *pad, gboolean eraser);
gboolean rf_drawing_pad_undo (RfDrawingPad *pad);
gboolean rf_drawing_pad_redo (RfDrawingPad *pad);
void rf_drawing_pad_clear (RfDrawingPad *pad);
guint rf_drawing_pad_get_n_strokes (RfDrawingPad *pad);
/* Draws as the pointer would, in pixels of the sheet. */
void rf_drawing_pad_begin (RfDrawingPad *pad, double x, double y);
void rf_drawing_pad_move (RfDrawingPad *pad, double x, double y);
void rf_drawing_pad_end (RfDrawingPad *pad);
/* Interleaved, width × height × 3 bytes, to be freed. */
guint8 *rf_drawing_pad_get_rgb (RfDrawingPad *pad, int *width, int *height);

G_END_DECLS
