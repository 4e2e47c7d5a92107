/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A pane: a page of the window that watches the session.
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

typedef struct
{
  const char *id;
  const char *title; /* N_() */
  const char *icon_name;
  GType (*get_type) (void);
} RfPaneInfo;

/* Registration table, NULL-terminated, generated from the list in meson.build. */
extern const RfPaneInfo *const rf_pane_infos[];

/* Property "session" (RfSession), given at construction. A request that failed is told to the
 * person by the window: */
RfSession *rf_pane_get_session (RfPane *pane);
/* A short message over the window, for what a control of the pane could not do. */
void rf_pane_say (RfPane *pane, const char *message);

G_END_DECLS
