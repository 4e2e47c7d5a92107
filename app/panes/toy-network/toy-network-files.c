/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is saved is what was on show when it was asked for, however long the question stays open. */

#include "app/panes/toy-network/toy-network-files.h"

#include "app/save-dialog.h"
#include "model/playground/export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
write_drawing (const char *path, gpointer data, GError **error)
{
  return rf_net_view_save (RF_NET_VIEW (data), path, error);
}

static gboolean
write_text (const char *path, gpointer data, GError **error)
{
  return g_file_set_contents (path, data, (gssize) strlen (data), error);
}

void
rf_toy_save_drawing (RfPane *pane, RfNetView *net)
{
  rf_save_dialog (pane, _ ("Save the Drawing"), _ ("network.svg"), _ ("The drawing is saved."),
                  write_drawing, g_object_ref (net), g_object_unref);
}

void
rf_toy_save_weights (RfPane *pane, RfToyBench *bench)
{
  const RfToyView *view = rf_toy_bench_get_view (bench);
  if (view)
    rf_save_dialog (pane, _ ("Save the Weights"), _ ("weights.csv"), _ ("The weights are saved."),
                    write_text, rf_play_export_csv (&view->state, view->net), g_free);
}

void
rf_toy_save_source (RfPane *pane, RfToyBench *bench)
{
  const RfToyView *view = rf_toy_bench_get_view (bench);
  if (view)
    rf_save_dialog (pane, _ ("Save as PyTorch Source"), _ ("playground.py"),
                    _ ("The program is saved."), write_text,
                    rf_play_export_torch (&view->state, view->net), g_free);
}
