/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/pad-window.h"

#include "app/controls.h"
#include "widgets/drawing-pad/drawing-pad.h"

#include <glib/gi18n-lib.h>

#define SIDE 280

static void
changed_cb (RfDrawingPad *pad, GObject *taker)
{
  int width, height;
  RfPadFunc func = g_object_get_data (G_OBJECT (pad), "func");
  guint8 *rgb = rf_drawing_pad_get_rgb (pad, &width, &height);
  func (rgb, width, height, taker);
}

static void
width_cb (GtkRange *range, RfDrawingPad *pad)
{
  rf_drawing_pad_set_width (pad, gtk_range_get_value (range));
}

static void
color_cb (GtkColorButton *button, GParamSpec *pspec, RfDrawingPad *pad)
{
  GdkRGBA color;
  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (button), &color);
  color.alpha = 1;
  rf_drawing_pad_set_color (pad, &color);
}

static void
eraser_cb (GtkToggleButton *button, RfDrawingPad *pad)
{
  rf_drawing_pad_set_eraser (pad, gtk_toggle_button_get_active (button));
}

static void
undo_cb (RfDrawingPad *pad)
{
  rf_drawing_pad_undo (pad);
}

static void
redo_cb (RfDrawingPad *pad)
{
  rf_drawing_pad_redo (pad);
}

static GtkWidget *
make_pen (RfDrawingPad *pad)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const GdkRGBA white = { 1, 1, 1, 1 };
  GtkWidget *color = gtk_color_button_new_with_rgba (&white);
  rf_control_name (color, _ ("Colour"));
  gtk_widget_set_tooltip_text (color, _ ("Colour of the pen"));
  g_signal_connect (color, "notify::rgba", G_CALLBACK (color_cb), pad);
  GtkWidget *width = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 1, 60, 1);
  gtk_range_set_value (GTK_RANGE (width), 14);
  rf_drawing_pad_set_width (pad, 14);
  gtk_widget_set_hexpand (width, TRUE);
  rf_control_name (width, _ ("Width"));
  gtk_widget_set_tooltip_text (width, _ ("Width of the pen in pixels"));
  g_signal_connect (width, "value-changed", G_CALLBACK (width_cb), pad);
  GtkWidget *eraser = gtk_toggle_button_new_with_label (_ ("Eraser"));
  gtk_widget_set_tooltip_text (eraser, _ ("Draw with the colour of the paper"));
  g_signal_connect (eraser, "toggled", G_CALLBACK (eraser_cb), pad);
  gtk_box_append (GTK_BOX (box), color);
  gtk_box_append (GTK_BOX (box), width);
  gtk_box_append (GTK_BOX (box), eraser);
  return box;
}

static GtkWidget *
make_header (RfDrawingPad *pad)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *undo = rf_control_icon ("edit-undo-symbolic", _ ("Undo"), _ ("Take back a stroke"));
  GtkWidget *redo = rf_control_icon ("edit-redo-symbolic", _ ("Redo"), _ ("Draw it again"));
  GtkWidget *clear
      = rf_control_icon ("edit-clear-all-symbolic", _ ("Clear"), _ ("Begin with an empty sheet"));
  g_signal_connect_swapped (undo, "clicked", G_CALLBACK (undo_cb), pad);
  g_signal_connect_swapped (redo, "clicked", G_CALLBACK (redo_cb), pad);
  g_signal_connect_swapped (clear, "clicked", G_CALLBACK (rf_drawing_pad_clear), pad);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), undo);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), redo);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), clear);
  return header;
}

GtkWindow *
rf_pad_window_new (GtkWindow *parent, RfPadFunc func, GObject *taker)
{
  g_return_val_if_fail (func && G_IS_OBJECT (taker), NULL);
  const GdkRGBA black = { 0, 0, 0, 1 };
  GtkWidget *pad = rf_drawing_pad_new (SIDE, SIDE, &black);
  g_object_set_data (G_OBJECT (pad), "func", func);
  gtk_widget_set_vexpand (pad, TRUE);
  gtk_widget_set_cursor_from_name (pad, "crosshair");
  g_signal_connect_object (pad, "changed", G_CALLBACK (changed_cb), taker, 0);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_set_margin_start (inner, 12);
  gtk_widget_set_margin_end (inner, 12);
  gtk_widget_set_margin_top (inner, 12);
  gtk_widget_set_margin_bottom (inner, 12);
  gtk_box_append (GTK_BOX (inner), pad);
  gtk_box_append (GTK_BOX (inner), make_pen (RF_DRAWING_PAD (pad)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), make_header (RF_DRAWING_PAD (pad)));
  gtk_box_append (GTK_BOX (box), inner);
  GtkWidget *window = adw_window_new ();
  gtk_window_set_title (GTK_WINDOW (window), _ ("Drawing Pad"));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  adw_window_set_content (ADW_WINDOW (window), box);
  changed_cb (RF_DRAWING_PAD (pad), taker);
  return GTK_WINDOW (window);
}
