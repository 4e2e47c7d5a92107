/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Points as a table of text: "x,y,label,set" with a set of "train" or "test". */

#include "model/playground/points.h"

G_BEGIN_DECLS

/* With a line of headings; free it. */
char *rf_play_points_write_csv (const RfPlayData *data);

/* Reads a table with columns x, y, label and (it may be missing: all are "train") set, separated by
 * commas, semicolons or tabs; a first line that has no numbers is headings. Labels are what the
 * problem of @state has: two classes are told apart by their sign (0 counts as negative), of
 * several there are 0 to n_classes − 1. Errors name @name and the line. */
RfPlayData *rf_play_points_parse_csv (const RfPlayState *state, const char *text, gsize length,
                                      const char *name, GError **error);

G_END_DECLS
