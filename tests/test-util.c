/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/test-util.h"

#include <glib/gstdio.h>

char *
rf_test_shared (const char *relative)
{
  const char *shared = g_getenv ("RECEPTIVE_SHARED");
  g_autofree char *path = shared ? g_build_filename (shared, relative, NULL) : NULL;
  if (path && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_autofree char *why = g_strdup_printf ("needs shared test data: %s", relative);
  g_test_skip (why);
  return NULL;
}

char *
rf_test_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("receptive-test-XXXXXX", &error);
  g_assert_no_error (error);
  return path;
}

void
rf_test_remove_folder (char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        rf_test_remove_folder (child);
      else
        {
          g_unlink (child);
          g_free (child);
        }
    }
  g_rmdir (path);
  g_free (path);
}
