/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The earlier runs whose curves are laid over those of the run in front. */

#include "app/run-curves.h"

G_BEGIN_DECLS

#define RF_TYPE_COMPARISON (rf_comparison_get_type ())
G_DECLARE_FINAL_TYPE (RfComparison, rf_comparison, RF, COMPARISON, GObject)

/* Signal "changed": other runs, or their curves are there now. Signal "failed" (const char *). */
RfComparison *rf_comparison_new (void);
/* Adds the run in @folder, or takes it away. */
void rf_comparison_set (RfComparison *comparison, const char *folder, gboolean wanted);
gboolean rf_comparison_has (RfComparison *comparison, const char *folder);
void rf_comparison_clear (RfComparison *comparison);
/* Of RfRunCurves *; those that have been read. */
const GPtrArray *rf_comparison_get_curves (RfComparison *comparison);

G_END_DECLS
