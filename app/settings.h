/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is remembered from one start to the next. NULL where the schema is not installed: the
 * program then does without. The object lives as long as the program. */
GSettings *rf_settings_get (void);

G_END_DECLS
