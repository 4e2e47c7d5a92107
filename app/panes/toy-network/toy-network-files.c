/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is saved is what was on show when it was asked for, however long the question stays open. */

#include "app/panes/toy-network/toy-network-files.h"

#include "app/file-dialog.h"
#include "model/playground/export.h"

#include <glib/gi18n-lib.h>

static gboolean
write_drawing (const char *path, gpointer data, GError **error)
{
  return rf_net_view_save (RF_NET_VIEW (data), path, error);
}

void
rf_toy_save_drawing (RfPane *pane, RfNetView *net)
{
  rf_file_dialog_save (GTK_WIDGET (pane), _ ("Save the Drawing"), _ ("network.svg"),
                       _ ("The drawing is saved."), write_drawing, g_object_ref (net),
                       g_object_unref);
}

void
rf_toy_save_weights (RfPane *pane, RfToyBench *bench)
{
  const RfToyView *view = rf_toy_bench_get_view (bench);
  if (view)
    rf_file_dialog_save_text (GTK_WIDGET (pane), _ ("Save the Weights"), _ ("weights.csv"),
                              _ ("The weights are saved."),
                              rf_play_export_csv (&view->state, view->net));
}

void
rf_toy_save_source (RfPane *pane, RfToyBench *bench)
{
  const RfToyView *view = rf_toy_bench_get_view (bench);
  if (view)
    rf_file_dialog_save_text (GTK_WIDGET (pane), _ ("Save as PyTorch Source"), _ ("playground.py"),
                              _ ("The program is saved."),
                              rf_play_export_torch (&view->state, view->net));
}
