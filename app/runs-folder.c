/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/runs-folder.h"

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
