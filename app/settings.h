/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is remembered from one start to the next. NULL where the schema is not installed: the
 * program then does without. The object lives as long as the program. */
GSettings *rf_settings_get (void);

/* Puts @path first among the experiments and runs that were opened last. */
void rf_settings_add_recent (const char *path);

G_END_DECLS
