/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Driving the real window in process: waiting, finding, doing, and one life of the application. */

#include "app/application.h"
#include "app/window.h"
#include "model/base/error.h"
#include "model/run/folder.h"
#include "tests/test-util.h"

#include <string.h>

#define PATIENCE 120 /* seconds for anything to come: sanitizers are slow */

static char *folder; /* all files of this test */

/* ---- waiting ---- */

#define WAIT(condition)                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const gint64 wait_end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;                   \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > wait_end)                                                    \
          g_error ("%s has not come", #condition);                                                 \
        if (!g_main_context_iteration (NULL, FALSE))                                               \
          g_usleep (1000);                                                                         \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

static inline void
run_for (guint milliseconds)
{
  const gint64 end = g_get_monotonic_time () + 1000 * (gint64) milliseconds;
  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* ---- finding ---- */

typedef gboolean (*Match) (GtkWidget *widget, gconstpointer what);

static inline GtkWidget *
find (GtkWidget *root, GType type, Match match, gconstpointer what)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (!match || match (root, what)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, match, what);
      if (found)
        return found;
    }
  return NULL;
}

static inline gboolean
says (GtkWidget *widget, gconstpointer what)
{
  return gtk_widget_get_mapped (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), what);
}

static inline GtkWidget *
find_label (RfWindow *window, const char *text)
{
  return find (GTK_WIDGET (window), GTK_TYPE_LABEL, says, text);
}

/* The message that lies over the window, or NULL. */
static inline AdwMessageDialog *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);
      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

/* ---- doing ---- */

static inline RfRun *
get_run (RfWindow *window)
{
  return rf_session_get_run (rf_window_get_session (window));
}

static inline void
act_in (GtkWidget *widget, const char *action)
{
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

static inline void
act (RfWindow *window, const char *action)
{
  act_in (GTK_WIDGET (window), action);
}

static inline void
wait_for_run (RfWindow *window)
{
  WAIT (get_run (window) && !rf_session_get_loading (rf_window_get_session (window)));
  g_assert_null (find_dialog ());
}

static inline void
train_steps (RfWindow *window, gint64 n)
{
  RfRun *run = get_run (window);
  const gint64 goal = rf_run_get_step (run) + n;
  if (rf_run_get_state (run) != RF_TRAINER_RUNNING)
    act (window, "win.train");
  WAIT (rf_run_get_step (run) >= goal || rf_run_get_state (run) == RF_TRAINER_FINISHED);
}

static inline void
pause_run (RfWindow *window)
{
  RfRun *run = get_run (window);
  act (window, "win.train");
  WAIT (rf_run_get_state (run) == RF_TRAINER_PAUSED);
}

/* A small experiment on drawn shapes; @extra goes into its training. */
static inline char *
write_experiment (const char *name, const char *extra)
{
  g_autofree char *text = g_strdup_printf (
      "{\"receptive\": 1, \"name\": \"%s\",\n"
      " \"dataset\": {\"id\": \"shapes\", \"limit\": 512},\n"
      " \"network\": {\"layers\": [\n"
      "  {\"type\": \"conv2d\", \"filters\": 8, \"kernel\": 3, \"padding\": 1},\n"
      "  {\"type\": \"relu\"}, {\"type\": \"maxpool\", \"size\": 4},\n"
      "  {\"type\": \"dropout\", \"rate\": 0.25}, {\"type\": \"flatten\"},\n"
      "  {\"type\": \"linear\", \"units\": 10}]},\n"
      " \"training\": {\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": "
      "0.9},\n  \"batch_size\": 32, \"seed\": 1, %s}}\n",
      name, extra);
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  char *path = g_build_filename (folder, file, NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

/* ---- one life of the application ---- */

typedef void (*Script) (RfWindow *window);

static inline gboolean
script_cb (gpointer data)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  GList *windows = gtk_application_get_windows (application);
  if (!windows)
    return G_SOURCE_CONTINUE;
  RfWindow *window = g_object_ref (RF_WINDOW (windows->data));
  ((Script) data) (window);
  if (gtk_widget_get_visible (GTK_WIDGET (window)))
    gtk_window_close (GTK_WINDOW (window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_object_unref (window);
  return G_SOURCE_REMOVE;
}

static inline void
live (const char *path, Script script)
{
  RfApplication *application = rf_application_new ();
  g_application_set_flags (G_APPLICATION (application),
                           G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  g_timeout_add (20, script_cb, script);
  char *argv[] = { (char *) "receptive", (char *) path, NULL };
  g_assert_cmpint (g_application_run (G_APPLICATION (application), path ? 2 : 1, argv), ==, 0);
  g_assert_finalize_object (application);
}
