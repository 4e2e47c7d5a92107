/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Numbers as JavaScript reads and writes them, because a link means what that language makes of it.
 * Independent of the locale. */

#include <glib.h>

G_BEGIN_DECLS

/* Number (text): NaN for what is no number, 0 for nothing or blanks; hexadecimal, octal and binary
 * with 0x, 0o, 0b; "Infinity". */
double rf_js_number (const char *text);

/* String (value): the shortest digits that read back as the same number; "1e+21", "1e-7",
 * "Infinity", "NaN". */
char *rf_js_text (double value);

/* value.toFixed (decimals). */
char *rf_js_fixed (double value, int decimals);

G_END_DECLS
