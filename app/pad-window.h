/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A drawing as the picture: a window with a pad; each stroke that ends is filtered at once. */

#include "app/filters/filter-bench.h"
#include <adwaita.h>

G_BEGIN_DECLS

GtkWindow *rf_pad_window_new (RfFilterBench *bench, GtkWindow *parent);

G_END_DECLS
