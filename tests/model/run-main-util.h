/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Runs on the default main loop, opened, waited for and closed by tests. */

#include "model/run/run.h"
#include "tests/model/run-util.h"

static inline void
keep_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

static inline GAsyncResult *
wait_for_result (GAsyncResult **slot)
{
  while (!*slot)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

static inline RfRun *
open_run_with (RfExperiment *experiment, const RfRunOptions *options, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  rf_run_open_async (experiment, options, NULL, keep_result, &result);
  return rf_run_open_finish (wait_for_result (&result), error);
}

static inline RfRun *
open_run (RfExperiment *experiment, const char *path, gboolean resume, GError **error)
{
  RfRunOptions options = { .folder = path, .resume = resume };
  return open_run_with (experiment, &options, error);
}

static inline gboolean
close_run (RfRun *run, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  rf_run_close_async (run, keep_result, &result);
  return rf_run_close_finish (run, wait_for_result (&result), error);
}

static inline gboolean
tick (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the main loop until the run has that state, and has come to that step. */
static inline void
wait_for (RfRun *run, RfTrainerState state, gint64 step)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  guint clock = g_timeout_add (10, tick, NULL);
  while ((rf_run_get_state (run) != state || rf_run_get_step (run) < step)
         && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (rf_run_get_state (run), ==, state);
  g_assert_cmpint (rf_run_get_step (run), >=, step);
  g_source_remove (clock);
}
