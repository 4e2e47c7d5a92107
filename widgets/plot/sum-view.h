/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* rf_sum_paint() in the theme's colours. What it says in words is its description. */

#include "widgets/plot/painters/sum-painter.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_SUM_VIEW (rf_sum_view_get_type ())
G_DECLARE_FINAL_TYPE (RfSumView, rf_sum_view, RF, SUM_VIEW, GtkWidget)

GtkWidget *rf_sum_view_new (void);
/* @sheets: of RfSumSheet *, referenced; NULL: none. */
void rf_sum_view_set_sheets (RfSumView *view, GPtrArray *sheets);
GPtrArray *rf_sum_view_get_sheets (RfSumView *view);
/* To a .png, .svg or .pdf file, dark on white. */
gboolean rf_sum_view_save (RfSumView *view, const char *path, GError **error);

G_END_DECLS
