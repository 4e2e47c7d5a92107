/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The page of filters in the real window. */

#include "app/filters/filter-bench.h"
#include "app/pages/page-info.h"
#include "tests/app/window-util.h"

static char *said; /* by the bench, last */

static inline void
failed_cb (RfFilterBench *bench, const char *message, gpointer data)
{
  g_free (said);
  said = g_strdup (message);
}

static inline gboolean
is_filters (GtkWidget *row, gconstpointer what)
{
  const RfPageInfo *info = g_object_get_data (G_OBJECT (row), "page");
  return info && g_str_equal (info->id, "filters");
}

static inline gboolean
settled (RfFilterBench *bench)
{
  const RfFilterResult *result = rf_filter_bench_get_result (bench);
  return result && !result->preview && !rf_filter_bench_get_loading (bench);
}

/* The result of the state as it is now: one that was asked for after @since. */
#define WAIT_RESULT(bench, since)                                                                  \
  WAIT (settled (bench) && rf_filter_bench_get_result (bench)->asked >= (since))

static inline RfFilterBench *
open_page (RfWindow *window)
{
  wait_for_run (window);
  GtkWidget *row = find (GTK_WIDGET (window), GTK_TYPE_LIST_BOX_ROW, is_filters, NULL);
  g_assert_nonnull (row);
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  RfFilterBench *bench = rf_filter_bench_get (rf_window_get_session (window));
  g_signal_connect (bench, "failed", G_CALLBACK (failed_cb), NULL);
  WAIT (settled (bench));
  return bench;
}

static inline gpointer
find_in (RfWindow *window, GType type)
{
  GtkWidget *widget = find (GTK_WIDGET (window), type, NULL, NULL);
  g_assert_nonnull (widget);
  return widget;
}
