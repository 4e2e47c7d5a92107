/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/application.h"

#include "app/about.h"
#include "app/preferences.h"
#include "app/window.h"
#include "model/base/pool.h"
#include "rf-config.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

struct _RfApplication
{
  AdwApplication parent_instance;
  guint signal_ids[2];
};

G_DEFINE_FINAL_TYPE (RfApplication, rf_application, ADW_TYPE_APPLICATION)

static RfWindow *
find_window (RfApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l; l = l->next)
    if (RF_IS_WINDOW (l->data) && gtk_widget_get_visible (l->data))
      return l->data;
  return NULL;
}

static void
show (RfApplication *self, const char *path)
{
  RfWindow *window = find_window (self);
  if (!window)
    window = rf_window_new (ADW_APPLICATION (self), path);
  else if (path)
    rf_window_open (window, path);
  gtk_window_present (GTK_WINDOW (window));
}

static void
rf_application_activate (GApplication *application)
{
  show (RF_APPLICATION (application), NULL);
}

static void
rf_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  /* One window shows one run: of several files the first is taken. */
  g_autofree char *path = g_file_get_path (files[0]);
  if (n_files > 1)
    g_printerr (_ ("%s: only the first of %d files is opened\n"), g_get_prgname (), n_files);
  show (RF_APPLICATION (application), path);
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RfWindow *window = find_window (RF_APPLICATION (data));
  if (window)
    gtk_window_close (GTK_WINDOW (window));
}

static gboolean
signal_cb (gpointer data)
{
  quit (NULL, NULL, data);
  return G_SOURCE_CONTINUE;
}

static void
about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  rf_about_show (gtk_application_get_active_window (GTK_APPLICATION (data)));
}

static void
rf_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { "quit", quit },
    { "about", about },
  };
  static const struct
  {
    const char *action, *keys[3];
  } accelerators[] = {
    { "app.quit", { "<Control>q" } },
    { "win.open", { "<Control>o" } },
    { "win.open-run", { "<Control><Shift>o" } },
    { "win.train", { "F5" } },
    { "win.step", { "F6" } },
    { "win.reset", { "<Control>r" } },
    { "win.new-seed", { "<Control><Shift>r" } },
    { "win.fork", { "<Control>k" } },
    { "win.swap", { "F7" } },
    { "win.save", { "<Control>s" } },
    { "win.undo", { "<Control>z" } },
    { "win.redo", { "<Control><Shift>z", "<Control>y" } },
    { "win.maximize-pane", { "F9" } },
    { "win.pop-out-pane", { "F8" } },
    { "win.presenting", { "F11" } },
    { "win.preferences", { "<Control>comma" } },
    { "window.close", { "<Control>w" } },
  };

  G_APPLICATION_CLASS (rf_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           accelerators[i].keys);
  const int threads = rf_preferences_get_threads ();
  if (threads > 0)
    rf_pool_set_threads (threads);
  rf_preferences_follow_color_scheme ();

  /* Ended from outside, a run is saved as if its window had been closed. */
  RfApplication *self = RF_APPLICATION (application);
  self->signal_ids[0] = g_unix_signal_add (SIGTERM, signal_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, signal_cb, self);
}

static void
rf_application_shutdown (GApplication *application)
{
  RfApplication *self = RF_APPLICATION (application);
  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  G_APPLICATION_CLASS (rf_application_parent_class)->shutdown (application);
}

static int
rf_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("receptive " RF_VERSION "\n");
      return 0;
    }
  return -1;
}

static void
rf_application_class_init (RfApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  application_class->startup = rf_application_startup;
  application_class->shutdown = rf_application_shutdown;
  application_class->activate = rf_application_activate;
  application_class->open = rf_application_open;
  application_class->handle_local_options = rf_application_handle_local_options;
}

static void
rf_application_init (RfApplication *self)
{
  static const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { NULL },
  };
  GApplication *application = G_APPLICATION (self);
  g_application_add_main_option_entries (application, options);
  g_application_set_option_context_parameter_string (application, _ ("[EXPERIMENT.json | RUN]"));
}

RfApplication *
rf_application_new (void)
{
  return g_object_new (RF_TYPE_APPLICATION, "application-id", RF_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/io/github/receptive/Receptive", NULL);
}
