/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What classes look like as points: a colour and a shape for each, so that colour is not all that
 * tells them apart. */

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* 0xrrggbb. The first six are Okabe and Ito's ("Color Universal Design", 2008), which people with
 * every usual deficiency of colour vision can tell apart; from the ninth class on they repeat, with
 * other shapes. @klass < 0: not known, grey. */
guint32 rf_class_color (int klass);
/* 0: disc, 1: diamond, 2: square, 3: triangle. */
int rf_class_shape (int klass);
/* Adds to the path a mark of that shape (modulo 4), of about the radius @r. */
void rf_class_mark_add (cairo_t *cr, int shape, double x, double y, double r);

G_END_DECLS
