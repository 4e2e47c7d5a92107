/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A drawing as a picture: a window with a pad, whose picture is handed over after each stroke. */

#include <adwaita.h>

G_BEGIN_DECLS

/* @rgb: interleaved, the function's from now on; @data: the taker. */
typedef void (*RfPadFunc) (guint8 *rgb, int width, int height, gpointer data);

/* Hands over the empty sheet at once, and nothing any more once @taker is gone. */
GtkWindow *rf_pad_window_new (GtkWindow *parent, RfPadFunc func, GObject *taker);

G_END_DECLS
