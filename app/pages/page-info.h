/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The pages of the window, in the order of the sidebar. A page is shown if a registered pane names
 * it: a new pane on an old page needs no line here. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  const char *title; /* N_() */
  const char *group; /* N_(): the heading above it in the sidebar */
  const char *icon_name;
  gboolean alone; /* has nothing to do with the run: its controls would only be in the way */
} RfPageInfo;

/* NULL-terminated by a page without an id. */
extern const RfPageInfo rf_page_infos[];

G_END_DECLS
