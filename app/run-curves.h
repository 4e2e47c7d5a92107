/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The curves of a run that is not open, read from its folder in a thread. Immutable once loaded. */

#include "model/run/folder.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *folder, *name;
  RfExperiment *experiment;
  GArray *steps;  /* of RfStepRow */
  GArray *epochs; /* of RfEpochRow */
  /*< private >*/
  gatomicrefcount references;
} RfRunCurves;

RfRunCurves *rf_run_curves_ref (RfRunCurves *curves);
void rf_run_curves_unref (RfRunCurves *curves);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRunCurves, rf_run_curves_unref)

/* @folders: of char *, copied. What cannot be read is left out; the first reason why is the error
 * if nothing is left. */
void rf_run_curves_load_async (const GPtrArray *folders, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
/* Of RfRunCurves *, in the order that was asked for. */
GPtrArray *rf_run_curves_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
