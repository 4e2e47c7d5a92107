/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The experiments that come with the program. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *name; /* of the experiment */
  char *path;
  gboolean ready; /* its data set is here */
} RfExample;

/* All that are found, those whose data are here first: an array of RfExample *. Looked for in
 * $RECEPTIVE_EXAMPLES, else where the program is installed. Files that are no experiments are
 * passed over with a warning. */
GPtrArray *rf_catalog_list (void);

/* The text of the experiment that a first start opens: compiled in, so that it always is there. */
GBytes *rf_catalog_demo (void);

G_END_DECLS
