/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/runs-folder.h"

#include "app/settings.h"
#include "model/run/runs-list.h"

#include <glib/gstdio.h>

char *
rf_runs_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "receptive", "runs", NULL);
}

/* "small CNN on CIFAR-10" → "small-cnn-on-cifar-10-20260131-142501". */
char *
rf_runs_folder_name (const char *name)
{
  GString *slug = g_string_new (NULL);
  for (const char *c = name ? name : ""; *c && slug->len < 48; c++)
    {
      if (g_ascii_isalnum (*c))
        g_string_append_c (slug, g_ascii_tolower (*c));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_assign (slug, "run");

  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *runs = rf_runs_folder ();
  g_autofree char *base = g_strdup_printf ("%s/%s-%s", runs, slug->str, date);
  g_string_free (slug, TRUE);
  char *folder = g_strdup (base);
  for (int i = 2; g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_free (folder);
      folder = g_strdup_printf ("%s-%d", base, i);
    }
  return folder;
}

/* Opening a run lays out its folder. One that ends before its first step has nothing to keep. */
void
rf_runs_folder_remove_untouched (const char *folder)
{
  g_autofree char *runs = rf_runs_folder ();
  g_autofree char *parent = g_path_get_dirname (folder);
  if (g_strcmp0 (runs, parent) != 0)
    return;
  const char *const inside[] = { "checkpoints", "." };
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      g_autofree char *path = g_build_filename (folder, inside[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;
      while (dir && (name = g_dir_read_name (dir)))
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          g_unlink (file);
        }
      g_rmdir (i + 1 < G_N_ELEMENTS (inside) ? path : folder);
    }
}

typedef struct
{
  char *folder, *keep[2];
  guint64 quota;
} Pruning;

static void
pruning_free (gpointer data)
{
  Pruning *pruning = data;
  g_free (pruning->folder);
  g_free (pruning->keep[0]);
  g_free (pruning);
}

static void
prune_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Pruning *pruning = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) removed = rf_runs_prune (pruning->folder, pruning->quota,
                                                 (const char *const *) pruning->keep, &error);
  for (guint i = 0; removed && i < removed->len; i++)
    g_message ("removed the run %s", ((RfRunInfo *) g_ptr_array_index (removed, i))->path);
  if (error)
    g_warning ("%s", error->message);
  g_task_return_boolean (task, error == NULL);
}

void
rf_runs_folder_keep_quota (void)
{
  GSettings *settings = rf_settings_get ();
  const double gigabytes = settings ? g_settings_get_double (settings, "runs-quota") : 0;
  if (gigabytes <= 0)
    return;
  Pruning *pruning = g_new0 (Pruning, 1);
  pruning->folder = rf_runs_folder ();
  pruning->keep[0] = g_settings_get_string (settings, "last-run");
  pruning->quota = (guint64) (MIN (gigabytes, 1e9) * 1e9);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, pruning, pruning_free);
  g_task_run_in_thread (task, prune_thread);
}
