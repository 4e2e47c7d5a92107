/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window can be told to do: by buttons, menus, keys, and by dropping files on it. */

#include "app/catalog.h"
#include "app/settings.h"
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

static void
train (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RfRun *run = rf_session_get_run (RF_WINDOW (widget)->session);
  if (rf_run_get_state (run) == RF_TRAINER_RUNNING)
    rf_run_pause (run);
  else
    rf_run_start (run);
}

static void
step (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rf_run_step (rf_session_get_run (RF_WINDOW (widget)->session));
}

static void
reset (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rf_session_reset (RF_WINDOW (widget)->session);
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rf_session_cancel (RF_WINDOW (widget)->session);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  RfWindow *self = data;
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file ? g_file_get_path (file) : NULL;
      if (path)
        rf_window_open (self, path);
    }
  g_object_unref (dialog);
}

static void
choose (RfWindow *self, const char *title, GtkFileChooserAction action, const char *folder)
{
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, _ ("_Open"), NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  if (action == GTK_FILE_CHOOSER_ACTION_OPEN)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      gtk_file_filter_set_name (filter, _ ("Experiments"));
      gtk_file_filter_add_pattern (filter, "*.json");
      gtk_file_chooser_add_filter (chooser, filter);
    }
  if (folder && g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GFile) file = g_file_new_for_path (folder);
      gtk_file_chooser_set_current_folder (chooser, file, NULL);
    }
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
open_experiment (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (RF_WINDOW (widget), _ ("Open an Experiment"), GTK_FILE_CHOOSER_ACTION_OPEN, NULL);
}

static void
open_run (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *runs = rf_session_runs_folder ();
  choose (RF_WINDOW (widget), _ ("Go On with a Run"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, runs);
}

static void
open_path (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rf_window_open (RF_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
open_demo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rf_window_open_demo (RF_WINDOW (widget));
}

static void
show_folder (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RfRun *run = rf_session_get_run (RF_WINDOW (widget)->session);
  g_autofree char *uri = g_filename_to_uri (rf_run_get_folder (run), NULL, NULL);
  gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
say (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *message = g_variant_get_string (parameter, NULL);
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  adw_toast_overlay_add_toast (RF_WINDOW (widget)->toasts, adw_toast_new (escaped));
}

void
rf_window_open_demo (RfWindow *self)
{
  g_autoptr (GBytes) demo = rf_catalog_demo ();
  gsize length;
  const char *text = g_bytes_get_data (demo, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (RfExperiment) experiment
      = rf_experiment_parse (text, length, "demo.json", NULL, NULL, &error);
  g_assert_no_error (error);
  rf_session_open_experiment (self->session, experiment);
}

void
rf_window_open_first (RfWindow *self)
{
  GSettings *settings = rf_settings_get ();
  g_autofree char *last = settings ? g_settings_get_string (settings, "last-experiment") : NULL;
  if (self->path)
    rf_window_open (self, self->path);
  else if (last && g_file_test (last, G_FILE_TEST_IS_REGULAR))
    rf_window_open (self, last);
  else
    rf_window_open_demo (self);
}

static void
append_example (GMenu *section, const RfExample *example)
{
  /* An underscore in a name is no mnemonic. */
  g_auto (GStrv) parts = g_strsplit (example->name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "win.open-path", "s", example->path);
  g_menu_append_item (section, item);
}

void
rf_window_fill_open_menu (RfWindow *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GPtrArray) examples = rf_catalog_list ();
  g_autoptr (GMenu) ready = g_menu_new ();
  g_autoptr (GMenu) missing = g_menu_new ();
  for (guint i = 0; i < examples->len; i++)
    {
      const RfExample *example = g_ptr_array_index (examples, i);
      append_example (example->ready ? ready : missing, example);
    }
  if (examples->len == 0)
    g_menu_append (ready, _ ("Demo"), "win.open-demo");
  g_menu_append_section (menu, _ ("Examples"), G_MENU_MODEL (ready));
  if (g_menu_model_get_n_items (G_MENU_MODEL (missing)) > 0)
    g_menu_append_section (menu, _ ("Examples whose Data Set Is Not Here"), G_MENU_MODEL (missing));

  g_autoptr (GMenu) files = g_menu_new ();
  g_menu_append (files, _ ("_Open an Experiment…"), "win.open");
  g_menu_append (files, _ ("_Go On with a Run…"), "win.open-run");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  g_autoptr (GMenu) present = g_menu_new ();
  g_menu_append (present, _ ("_Show This Run’s Folder"), "win.show-folder");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (present));
  gtk_menu_button_set_menu_model (self->open_button, G_MENU_MODEL (menu));
}

void
rf_window_update_actions (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  const RfTrainerState state = run ? rf_run_get_state (run) : RF_TRAINER_STOPPED;
  const gboolean loading = rf_session_get_loading (self->session);
  const gboolean waits = state == RF_TRAINER_PAUSED || state == RF_TRAINER_DISK;
  GtkWidget *widget = GTK_WIDGET (self);
  gtk_widget_action_set_enabled (widget, "win.train", waits || state == RF_TRAINER_RUNNING);
  gtk_widget_action_set_enabled (widget, "win.step", waits);
  gtk_widget_action_set_enabled (widget, "win.reset", run && !loading);
  gtk_widget_action_set_enabled (widget, "win.show-folder", run != NULL);
  gtk_widget_action_set_enabled (widget, "win.cancel", loading);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RfWindow *self)
{
  const GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *path = files ? g_file_get_path (files->data) : NULL;
  if (!path)
    return FALSE;
  rf_window_open (self, path);
  return TRUE;
}

void
rf_window_init_actions (RfWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
rf_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.train", NULL, train);
  gtk_widget_class_install_action (widget_class, "win.step", NULL, step);
  gtk_widget_class_install_action (widget_class, "win.reset", NULL, reset);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_experiment);
  gtk_widget_class_install_action (widget_class, "win.open-run", NULL, open_run);
  gtk_widget_class_install_action (widget_class, "win.open-path", "s", open_path);
  gtk_widget_class_install_action (widget_class, "win.open-demo", NULL, open_demo);
  gtk_widget_class_install_action (widget_class, "win.show-folder", NULL, show_folder);
  gtk_widget_class_install_action (widget_class, "win.say", "s", say);
}
