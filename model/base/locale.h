/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes over the language, numbers and dates of the user's environment, for messages and for what a
 * window shows; files are written and read with points for decimals all the same. To be called
 * once, first thing in main(). Catalogues are searched in the folder RECEPTIVE_LOCALEDIR names (as
 * LANGUAGE/LC_MESSAGES/receptive.mo), otherwise where the program is installed. */
void rf_locale_begin (void);

G_END_DECLS
