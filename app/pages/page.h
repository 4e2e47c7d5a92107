/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A page of the window: the frames of its panes in three columns, with handles between them. */

#include "app/pages/page-info.h"
#include "app/pages/pane-frame.h"

G_BEGIN_DECLS

#define RF_TYPE_PAGE (rf_page_get_type ())
G_DECLARE_FINAL_TYPE (RfPage, rf_page, RF, PAGE, GtkWidget)

/* NULL if no registered pane stands on the page of that @info. */
GtkWidget *rf_page_new (const RfPageInfo *info, RfSession *session);
const RfPageInfo *rf_page_get_info (RfPage *page);
/* Of RfPaneFrame *, the page's. */
GPtrArray *rf_page_get_frames (RfPage *page);

/* The frame that has the focus, or else the first one of the middle. */
RfPaneFrame *rf_page_get_frame (RfPage *page);
void rf_page_set_presenting (RfPage *page, gboolean presenting);

/* Where the handles are: "PAGE.COLUMN" → pixels, an a{si} as the settings keep it. */
void rf_page_save_layout (RfPage *page, GVariantBuilder *builder);
void rf_page_load_layout (RfPage *page, GVariant *layout);

G_END_DECLS
