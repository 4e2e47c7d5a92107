/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/preferences.h"

#include "app/runs-folder.h"
#include "app/settings.h"

#include <glib/gi18n-lib.h>

int
rf_preferences_get_threads (void)
{
  GSettings *settings = rf_settings_get ();
  if (!settings)
    return 0;
  const int threads = g_settings_get_int (settings, "threads");
  if (threads > 0 || !g_settings_get_boolean (settings, "leave-a-core"))
    return threads;
  return MAX ((int) g_get_num_processors () - 1, 1);
}

/* ---- light or dark ---- */

static const struct
{
  const char *value, *title;
  AdwColorScheme scheme;
} schemes[] = {
  { "system", N_ ("Follow System"), ADW_COLOR_SCHEME_DEFAULT },
  { "light", N_ ("Light"), ADW_COLOR_SCHEME_FORCE_LIGHT },
  { "dark", N_ ("Dark"), ADW_COLOR_SCHEME_FORCE_DARK },
};

static guint
get_scheme (GSettings *settings)
{
  g_autofree char *value = g_settings_get_string (settings, "color-scheme");
  guint i = 0;
  while (i + 1 < G_N_ELEMENTS (schemes) && !g_str_equal (schemes[i].value, value))
    i++;
  return i;
}

static void
scheme_cb (GSettings *settings)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[get_scheme (settings)].scheme);
}

void
rf_preferences_follow_color_scheme (void)
{
  GSettings *settings = rf_settings_get ();
  if (!settings)
    return;
  g_signal_connect (settings, "changed::color-scheme", G_CALLBACK (scheme_cb), NULL);
  scheme_cb (settings);
}

static void
scheme_selected_cb (AdwComboRow *row)
{
  g_settings_set_string (rf_settings_get (), "color-scheme",
                         schemes[adw_combo_row_get_selected (row)].value);
}

/* ---- rows ---- */

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title, const char *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
  adw_preferences_page_add (page, group);
  return group;
}

static GtkWidget *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle, GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  adw_preferences_group_add (group, row);
  return row;
}

static void
add_appearance (AdwPreferencesPage *page, GSettings *settings)
{
  AdwPreferencesGroup *group = add_group (page, _ ("Appearance"), NULL);
  GtkWidget *row = adw_combo_row_new ();
  GtkStringList *titles = gtk_string_list_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    gtk_string_list_append (titles, _ (schemes[i].title));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  g_object_unref (titles);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Light or Dark"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), get_scheme (settings));
  g_signal_connect (row, "notify::selected", G_CALLBACK (scheme_selected_cb), NULL);
  adw_preferences_group_add (group, row);
}

static void
add_computing (AdwPreferencesPage *page, GSettings *settings)
{
  AdwPreferencesGroup *group
      = add_group (page, _ ("Computing"),
                   _ ("In force from the next start on. The number of threads changes the speed, "
                      "never the result."));
  GtkWidget *threads = gtk_spin_button_new_with_range (0, 64, 1);
  g_settings_bind (settings, "threads", threads, "value", G_SETTINGS_BIND_DEFAULT);
  add_row (group, _ ("Threads"), _ ("0: one for each processor"), threads);
  GtkWidget *leave = gtk_switch_new ();
  g_settings_bind (settings, "leave-a-core", leave, "active", G_SETTINGS_BIND_DEFAULT);
  add_row (group, _ ("Leave a Core Free"), _ ("For other programs, while a network trains"), leave);
}

/* ---- folders ---- */

static gboolean
describe_folder (GValue *value, GVariant *variant, gpointer data)
{
  const char *path = g_variant_get_string (variant, NULL);
  g_value_set_string (value, *path ? path : _ ("Only the usual places"));
  return TRUE;
}

static void
folder_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  if (path)
    g_settings_set_string (rf_settings_get (), "data-folder", path);
  g_object_unref (dialog);
}

static void
choose_folder_cb (GtkWidget *button)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Folder with Data Sets"), GTK_WINDOW (gtk_widget_get_root (button)),
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Select"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (folder_chosen_cb), button, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
forget_folder_cb (void)
{
  g_settings_reset (rf_settings_get (), "data-folder");
}

static void
add_data (AdwPreferencesPage *page, GSettings *settings)
{
  AdwPreferencesGroup *group = add_group (page, _ ("Data Sets"), NULL);
  GtkWidget *choose = gtk_button_new_with_mnemonic (_ ("_Choose…"));
  g_signal_connect (choose, "clicked", G_CALLBACK (choose_folder_cb), NULL);
  GtkWidget *row = add_row (group, _ ("Folder That Is Searched First"), NULL, choose);
  g_settings_bind_with_mapping (settings, "data-folder", row, "subtitle", G_SETTINGS_BIND_GET,
                                describe_folder, NULL, NULL, NULL);
  GtkWidget *forget = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_valign (forget, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (forget, "flat");
  gtk_widget_set_tooltip_text (forget, _ ("Search only the usual places again"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (forget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Forget the folder"), -1);
  g_signal_connect (forget, "clicked", G_CALLBACK (forget_folder_cb), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), forget);
}

static void
add_runs (AdwPreferencesPage *page, GSettings *settings)
{
  g_autofree char *folder = rf_runs_folder ();
  g_autofree char *description
      = g_strdup_printf (_ ("Every run is kept in %s. When they need more room than this at a "
                            "start, the oldest are removed; the newest three always stay."),
                         folder);
  AdwPreferencesGroup *group = add_group (page, _ ("Runs"), description);
  GtkWidget *quota = gtk_spin_button_new_with_range (0, 10000, 1);
  g_settings_bind (settings, "runs-quota", quota, "value", G_SETTINGS_BIND_DEFAULT);
  add_row (group, _ ("Room for Runs, in GB"), _ ("0: no limit"), quota);
}

void
rf_preferences_show (GtkWindow *parent)
{
  GSettings *settings = rf_settings_get ();
  GtkWidget *window = adw_preferences_window_new ();
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  if (settings)
    {
      add_appearance (page, settings);
      add_computing (page, settings);
      add_data (page, settings);
      add_runs (page, settings);
    }
  else
    add_group (page, NULL, _ ("Settings cannot be kept: the program is not installed."));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
}
