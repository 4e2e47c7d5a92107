/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pictures that come to a widget from elsewhere: asked for as a file, pasted, or dropped on it. All
 * arrive as the path or the bytes of a file: the same checks, the same words. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called with the widget. */
typedef struct
{
  void (*take_path) (GtkWidget *widget, const char *path);
  void (*take_bytes) (GtkWidget *widget, GBytes *bytes, const char *title);
} RfPictureTaker;

void rf_picture_taker_ask (const RfPictureTaker *taker, GtkWidget *widget);
/* Says so over the window if there is none on the clipboard. */
void rf_picture_taker_paste (const RfPictureTaker *taker, GtkWidget *widget);
void rf_picture_taker_accept_drops (const RfPictureTaker *taker, GtkWidget *widget);

G_END_DECLS
