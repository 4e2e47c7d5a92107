/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Links of TensorFlow Playground: the state is the fragment of the URL, "#key=value&…".
 *
 * A link is read as a browser and the original read it. The browser writes what may not stand in a
 * fragment as %XX; the original decodes nothing, so that "%2C" in a list is no comma there and a
 * seed counts as it is written. Unknown keys and unknown names are passed over, the last of several
 * values counts, a switch is off only for "false", numbers are JavaScript's.
 *
 * Refused is only what the original cannot open (a networkShape without "=", layers that would take
 * all memory) and what is larger than networks are here. */

#include "model/playground/state.h"

G_BEGIN_DECLS

#define RF_PLAY_ADDRESS "https://playground.tensorflow.org/"

/* Whether @text is a link rather than the name of a file: has a fragment, a scheme, or "=". */
gboolean rf_play_is_link (const char *text);

/* Reads a whole URL or only its fragment, with or without "#", into @state, which must be
 * initialised; what the link does not say becomes the default. Without a seed there is a random
 * one. @has_seed, if not NULL: whether the link had one. @remarks: NULL, or gets a line for people
 * (g_free) about each thing that was passed over or means something unexpected, up to twenty. On
 * error @state is as it was. */
gboolean rf_play_link_read (const char *link, RfPlayState *state, gboolean *has_seed,
                            GPtrArray *remarks, GError **error);

/* The fragment, with "#", in the original's order. Extensions that are in use follow under keys
 * with the prefix "rf", which the original passes over. Put RF_PLAY_ADDRESS before it. */
char *rf_play_link_write (const RfPlayState *state);

G_END_DECLS
