/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void rf_about_show (GtkWindow *parent);
/* What belongs into a report of a fault: versions, processor, kernels, display. Free it. */
char *rf_about_describe_system (void);

G_END_DECLS
