/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Limits that a container or a slice of the session puts on this process. */

#include <glib.h>

G_BEGIN_DECLS

/* Folders of the control group that this process is in and of those around it, the innermost first:
 * the limit of each holds. @controller ("memory", "cpu") finds the hierarchy of version 1. Never
 * NULL; empty where there are no control groups. */
GStrv rf_cgroup_folders (const char *controller);

/* The number in @folder/@file; FALSE if there is none ("max", no such file). */
gboolean rf_cgroup_read_number (const char *folder, const char *file, guint64 *number);

/* Processors that this process may use at once: those of its affinity mask, or fewer where a
 * control group has a quota. At least 1. */
int rf_cgroup_count_processors (void);

G_END_DECLS
