/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A whole number with its digits grouped: as the locale does, or by threes where it does not (as in
 * the C locale). Free it. */
char *rf_text_count (double number);

/* "0.4 s", "12 s", "3 min", "2 h 5 min": a length of time that is known about. Free it. */
char *rf_text_duration (double seconds);

G_END_DECLS
