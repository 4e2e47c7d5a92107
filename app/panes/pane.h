/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A pane: a part of a page that watches the session. The page gives it a frame with a title, in
 * which it can be resized, made as large as the page, or taken out into a window of its own.
 *
 * To add one: a folder NAME/ with a NAME-pane.c that defines the type and
 * `const RfPaneInfo rf_NAME_pane`, a meson.build with its sources and .ui files, and the name in
 * the list of this folder's meson.build. */

#include "app/session.h"
#include <adwaita.h>

G_BEGIN_DECLS

#define RF_TYPE_PANE (rf_pane_get_type ())
G_DECLARE_DERIVABLE_TYPE (RfPane, rf_pane, RF, PANE, AdwBin)

struct _RfPaneClass
{
  AdwBinClass parent_class;
};

/* The column of its page that a pane stands in. Panes of one column stand below each other in the
 * order of the registry; the middle column takes what the others leave. */
typedef enum
{
  RF_PLACE_START,
  RF_PLACE_MIDDLE,
  RF_PLACE_END,
} RfPanePlace;

typedef struct
{
  const char *id;
  const char *title; /* N_() */
  const char *icon_name;
  const char *page; /* id of its page, see page-info.c */
  RfPanePlace place;
  int width; /* of its column at first, in pixels; not asked for in the middle */
  GType (*get_type) (void);
} RfPaneInfo;

/* Registration table, NULL-terminated, generated from the list in meson.build. */
extern const RfPaneInfo *const rf_pane_infos[];

/* Properties: "session" (RfSession), given at construction; "tools" (GtkWidget), given by the pane
 * in its .ui file: what stands in the title bar of its frame; "presenting" (gboolean): larger type
 * and lines, as seen from the last row of a lecture hall. */
RfSession *rf_pane_get_session (RfPane *pane);
GtkWidget *rf_pane_get_tools (RfPane *pane);

/* A short message over the window, for what a control of the pane could not do. What the session
 * could not do the window says by itself. */
void rf_pane_say (RfPane *pane, const char *message);

/* Gives the button inside a drop-down, which is what has the focus, its name for assistive
 * technology. */
void rf_pane_name_drop_down (GtkDropDown *drop_down, const char *name);

G_END_DECLS
