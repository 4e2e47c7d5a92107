/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over the files of folders, without libFuzzer. */
#include "tests/fuzz/fuzz.h"

static guint
replay (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint n_files = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize size;

      g_file_get_contents (path, &data, &size, &error);
      g_assert_no_error (error);
      g_print ("%s\n", name);
      /* A block of just this size, so that the sanitizers see a byte too far. */
      g_autofree guint8 *exact = g_memdup2 (data, MAX (size, 1));
      LLVMFuzzerTestOneInput (exact, size);
      n_files++;
    }
  return n_files;
}

int
main (int argc, char **argv)
{
  guint n_files = 0;

  LLVMFuzzerInitialize (&argc, &argv);
  for (int i = 1; i < argc; i++)
    n_files += replay (argv[i]);
  return n_files > 0 ? 0 : 1;
}
