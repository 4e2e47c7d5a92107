/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The kernel of the chosen unit, to be painted over: what becomes of the answer is seen at once.
 * Hidden where the unit has none. */

#include "app/features/feature-bench.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RF_TYPE_KERNEL_VIEW (rf_kernel_view_get_type ())
G_DECLARE_FINAL_TYPE (RfKernelView, rf_kernel_view, RF, KERNEL_VIEW, GtkBox)

GtkWidget *rf_kernel_view_new (RfFeatureBench *bench);

G_END_DECLS
