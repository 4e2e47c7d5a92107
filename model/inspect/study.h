/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Work on a replica's network that may take seconds, done a little at a time. */

#include "model/features/specimen.h"

G_BEGIN_DECLS

/* Studies of one number replace each other; those of different ones go on side by side. */
#define RF_N_STUDIES 8

/* A little more, in the replica's thread: a batch or two, so that nobody waits for long. @specimen
 * has the replica's newest weights; @renewed: other ones than at the call before, or the first.
 * TRUE when it is done, or on error. */
typedef gboolean (*RfStudyFunc) (gpointer study, RfSpecimen *specimen, gboolean renewed,
                                 GError **error);

G_END_DECLS
