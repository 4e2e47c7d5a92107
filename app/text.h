/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A whole number with its digits grouped: as the locale does, or by threes where it does not (as in
 * the C locale). Free it. */
char *rf_text_count (double number);

G_END_DECLS
