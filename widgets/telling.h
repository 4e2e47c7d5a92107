/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a picture shows, told to assistive technology as the widget's description: at once, and then
 * at most once a second, however often it changes. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  GtkWidget *widget;
  char *(*describe) (gpointer widget); /* to be freed */
  guint timer;
  gboolean again;
} RfTelling;

/* In the widget's init; the first telling comes with the next turn of the main loop. */
void rf_telling_begin (RfTelling *telling, GtkWidget *widget, char *(*describe) (gpointer widget));
/* There is something else to be told. */
void rf_telling_touch (RfTelling *telling);
/* In its dispose. */
void rf_telling_stop (RfTelling *telling);

G_END_DECLS
