/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files in and out: dialogs, the menu of what can be opened, and what is dropped on the window. */

#include "app/catalog.h"
#include "app/runs-folder.h"
#include "app/settings.h"
#include "app/window-private.h"
#include "model/base/files.h"

#include <glib/gi18n-lib.h>

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

void
rf_window_choose_experiment (RfWindow *self)
{
  choose (self, _ ("Open an Experiment"), GTK_FILE_CHOOSER_ACTION_OPEN, NULL);
}

void
rf_window_choose_run (RfWindow *self)
{
  g_autofree char *runs = rf_runs_folder ();
  choose (self, _ ("Go On with a Run"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, runs);
}

void
rf_window_choose_pictures (RfWindow *self)
{
  choose (self, _ ("Open a Folder of Pictures"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL);
}

/* ---- saving ---- */

/* A few kilobytes: written here and now. */
gboolean
rf_window_save_experiment (RfWindow *self, const char *path)
{
  g_return_val_if_fail (RF_IS_WINDOW (self) && path, FALSE);
  RfExperiment *experiment = rf_session_get_plan (self->session);
  if (!experiment)
    return FALSE;
  g_autofree char *text = rf_experiment_to_text (experiment, TRUE);
  g_autoptr (GError) error = NULL;
  if (!rf_file_write_text (path, text, &error))
    {
      rf_window_say (self, error->message);
      return FALSE;
    }
  rf_settings_add_recent (path);
  rf_window_fill_open_menu (self);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *message = g_strdup_printf (_ ("Saved as %s"), name);
  rf_window_say (self, message);
  return TRUE;
}

static void
experiment_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_object_unref (dialog);
  if (path)
    rf_window_save_experiment (data, path);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RfWindow) self = data;
  g_autoptr (GError) error = NULL;
  if (g_file_copy_finish (G_FILE (source), result, &error))
    rf_window_say (self, _ ("Weights saved"));
  else
    rf_window_say (self, error->message);
}

/* The weights of the newest whole epoch, which the run keeps in a file already. */
static void
weights_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  RfWindow *self = data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  RfRun *run = rf_session_get_run (self->session);
  g_object_unref (dialog);
  if (!file || !run)
    return;
  g_autofree char *path = g_build_filename (rf_run_get_folder (run), "weights.safetensors", NULL);
  g_autoptr (GFile) weights = g_file_new_for_path (path);
  g_file_copy_async (weights, file, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT, NULL, NULL, NULL,
                     copied_cb, g_object_ref (self));
}

static void
choose_place (RfWindow *self, const char *title, const char *name, GCallback callback)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", callback, self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
rf_window_choose_save (RfWindow *self)
{
  choose_place (self, _ ("Save the Experiment"), _ ("experiment.json"),
                G_CALLBACK (experiment_chosen_cb));
}

void
rf_window_save_weights (RfWindow *self)
{
  RfRun *run = rf_session_get_run (self->session);
  gsize n_epochs = 0;
  rf_run_get_epochs (run, &n_epochs);
  if (n_epochs == 0)
    rf_window_say (self, _ ("Weights can be saved after the first whole epoch."));
  else
    choose_place (self, _ ("Save the Weights"), _ ("weights.safetensors"),
                  G_CALLBACK (weights_chosen_cb));
}

/* ---- opening ---- */

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
  g_autofree char *run = settings ? g_settings_get_string (settings, "last-run") : NULL;
  g_autofree char *last = settings ? g_settings_get_string (settings, "last-experiment") : NULL;
  if (self->path)
    rf_window_open (self, self->path);
  else if (run && rf_run_folder_is_run (run))
    rf_window_open (self, run);
  else if (last && g_file_test (last, G_FILE_TEST_IS_REGULAR))
    rf_window_open (self, last);
  else
    rf_window_open_demo (self);
}

static GMenuItem *
make_path_item (const char *name, const char *path)
{
  /* An underscore in a name is no mnemonic. */
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  GMenuItem *item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, "win.open-path", "s", path);
  return item;
}

static GMenu *
make_recent (void)
{
  GMenu *menu = g_menu_new ();
  GSettings *settings = rf_settings_get ();
  g_auto (GStrv) paths = settings ? g_settings_get_strv (settings, "recent") : NULL;
  for (guint i = 0; paths && paths[i]; i++)
    {
      g_autofree char *name = g_path_get_basename (paths[i]);
      g_autoptr (GMenuItem) item = make_path_item (name, paths[i]);
      if (g_file_test (paths[i], G_FILE_TEST_EXISTS))
        g_menu_append_item (menu, item);
    }
  return menu;
}

static void
append_example (GMenu *section, const RfExample *example)
{
  g_autoptr (GMenuItem) item = make_path_item (example->name, example->path);
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

  g_autoptr (GMenu) recent = make_recent ();
  if (g_menu_model_get_n_items (G_MENU_MODEL (recent)) > 0)
    g_menu_append_submenu (menu, _ ("_Recent"), G_MENU_MODEL (recent));
  g_autoptr (GMenu) files = g_menu_new ();
  g_menu_append (files, _ ("_Open an Experiment…"), "win.open");
  g_menu_append (files, _ ("_Go On with a Run…"), "win.open-run");
  g_menu_append (files, _ ("Open a Folder of _Pictures…"), "win.open-pictures");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  g_autoptr (GMenu) present = g_menu_new ();
  g_menu_append (present, _ ("_Save the Experiment…"), "win.save");
  g_menu_append (present, _ ("Save the _Weights…"), "win.save-weights");
  g_menu_append (present, _ ("Show This Run’s _Folder"), "win.show-folder");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (present));
  gtk_menu_button_set_menu_model (self->open_button, G_MENU_MODEL (menu));
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
rf_window_init_open (RfWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
