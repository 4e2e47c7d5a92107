/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Live options of a run that were turned together: an edit of the history. */

#include "app/session.h"

G_BEGIN_DECLS

typedef struct _RfTurn RfTurn;

/* @changes: of RfChange *, for the present experiment of @run. NULL, with an error, if one of them
 * is none of its live options or out of range. */
RfTurn *rf_turn_new (RfSession *session, RfRun *run, const GPtrArray *changes, GError **error);
void rf_turn_free (RfTurn *turn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTurn, rf_turn_free)
/* TRUE if it turns nothing. */
gboolean rf_turn_is_empty (const RfTurn *turn);
/* Turns, or turns back. FALSE, with nothing turned, if the run refuses or is gone. */
gboolean rf_turn_make (RfTurn *turn, gboolean forward, GError **error);

/* An edit whose data is an RfTurn; one drag of a slider merges into one edit. */
extern const RfEditClass rf_turn_edit_class;

/* The option at @path of the run's experiment, for people: "Dropout (3)", where 3 is the name of
 * its layer; the path itself if there is no such option. Free it. */
char *rf_turn_describe (RfRun *run, const char *path);

G_END_DECLS
