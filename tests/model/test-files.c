/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files are replaced as a whole or not at all; numbers are written the same in every language. */

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/base/cgroup.h"
#include "model/base/error.h"
#include "model/base/files.h"
#include "model/base/memory.h"
#include "tests/test-util.h"

static int
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  int count = 0;

  while (g_dir_read_name (dir))
    count++;
  return count;
}

static void
assert_content (const char *path, const char *want)
{
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  g_autofree char *got = rf_file_read (path, 1000, &size, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, strlen (want));
  g_assert_cmpstr (got, ==, want);
}

static void
test_write (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  RfChunk chunks[] = { { "one, ", 5 }, { NULL, 0 }, { "two", 3 } };
  struct stat info;

  g_assert_true (rf_file_write_text (path, "old", &error));
  assert_content (path, "old");
  g_assert_true (rf_file_write (path, chunks, G_N_ELEMENTS (chunks), &error));
  g_assert_no_error (error);
  assert_content (path, "one, two");
  g_assert_true (rf_file_write (path, NULL, 0, &error));
  assert_content (path, "");
  g_assert_cmpint (count_files (folder), ==, 1);

  /* As private as the user's mask says and no more. */
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & S_IRUSR, !=, 0);
  rf_test_remove_folder (folder);
}

static void
test_missing_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "no", "such", "file", NULL);

  g_assert_false (rf_file_write_text (path, "text", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DISK);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOENT)));
  rf_test_remove_folder (folder);
}

/* A write that fails midway: the old file stays, nothing is left aside. */
static void
check_failing_write (const char *folder, int want_errno)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *large = g_malloc0 (1 << 20);
  RfChunk chunk = { large, 1 << 20 };

  g_assert_true (rf_file_write_text (path, "old", &error));
  g_assert_false (rf_file_write (path, &chunk, 1, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DISK);
  g_assert_nonnull (strstr (error->message, g_strerror (want_errno)));
  assert_content (path, "old");
  g_assert_cmpint (count_files (folder), ==, 1);
}

/* The limit on the size of files fails a write as a full disk does, and needs no rights. */
static void
test_failing_write (void)
{
  struct rlimit old, limit;
  char *folder = rf_test_make_folder ();

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 1 << 16;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  check_failing_write (folder, EFBIG);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  rf_test_remove_folder (folder);
}

/* A file system of 64 kB of our own, where the kernel lets us have one. */
static void
test_full_disk (void)
{
  char *folder = rf_test_make_folder ();
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      if ((unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
          || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
          || mount ("none", folder, "tmpfs", 0, "size=64k") != 0)
        _exit (77);
      check_failing_write (folder, ENOSPC);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("this system does not let us mount a file system");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  rf_test_remove_folder (folder);
}

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = rf_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  gsize size;

  g_assert_null (rf_file_read (path, 100, &size, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_null (rf_file_read (folder, 100, &size, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MISSING);
  g_clear_error (&error);

  g_assert_true (rf_file_write_text (path, "0123456789", &error));
  assert_content (path, "0123456789");
  g_assert_null (rf_file_read (path, 9, &size, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  for (gsize limit = 10; limit < 13; limit++)
    {
      g_autofree char *got = rf_file_read (path, limit, &size, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (size, ==, 10);
      g_assert_cmpint (got[size], ==, '\0');
    }

  /* A device without an end is as long as it is. */
  g_assert_null (rf_file_read ("/dev/zero", 100000, &size, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_UNSUPPORTED);
  rf_test_remove_folder (folder);
}

static void
test_numbers (void)
{
  static const char *const locales[] = { "C", "de_DE.UTF-8", "fr_FR.UTF-8" };

  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (setlocale (LC_ALL, locales[i]) == NULL)
        continue;
      rf_append_number (text, 0.5);
      g_string_append_c (text, ' ');
      rf_append_number (text, 1e-30);
      g_string_append_c (text, ' ');
      rf_append_number (text, 1.0 / 3);
      g_string_append_c (text, ' ');
      rf_append_number (text, -3);
      g_string_append_c (text, ' ');
      rf_append_number (text, -NAN);
      g_string_append_c (text, ' ');
      rf_append_number (text, INFINITY);
      g_string_append_c (text, ' ');
      rf_append_number (text, -INFINITY);
      g_assert_cmpstr (text->str, ==, "0.5 1e-30 0.333333333 -3 nan inf -inf");
    }
  setlocale (LC_ALL, "C");
}

static void
test_memory (void)
{
  static const struct
  {
    guint64 n_bytes;
    const char *want;
  } sizes[] = {
    { 0, "0 B" },
    { 999, "999 B" },
    { 1000, "1.0 kB" },
    { 999949, "999.9 kB" },
    { 999999, "1.0 MB" },
    { 1200000000, "1.2 GB" },
    { G_MAXUINT64, "18.4 EB" },
  };
  g_autoptr (GError) error = NULL;
  float *floats = rf_floats_try_new (1001, &error);
  guint64 available = rf_memory_available ();

  g_assert_no_error (error);
  g_assert_cmpuint ((gsize) floats % 64, ==, 0);
  for (int i = 0; i < 1001; i++)
    g_assert_true (floats[i] == 0);
  rf_floats_free (floats);

  floats = rf_floats_new (0);
  g_assert_nonnull (floats);
  rf_floats_free (floats);

  g_assert_cmpuint (available, >, 1000000);
  g_assert_cmpuint (available, <, G_GUINT64_CONSTANT (1) << 50);
  g_assert_null (rf_floats_try_new (available, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_null (rf_floats_try_new (G_MAXSIZE, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_MEMORY);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *got = rf_format_bytes (sizes[i].n_bytes);

      g_assert_cmpstr (got, ==, sizes[i].want);
    }
}

static void
test_processors (void)
{
  int count = rf_cgroup_count_processors ();

  g_assert_cmpint (count, >=, 1);
  g_assert_cmpint (count, <=, g_get_num_processors ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/write", test_write);
  g_test_add_func ("/files/missing-folder", test_missing_folder);
  g_test_add_func ("/files/failing-write", test_failing_write);
  g_test_add_func ("/files/full-disk", test_full_disk);
  g_test_add_func ("/files/read", test_read);
  g_test_add_func ("/files/numbers", test_numbers);
  g_test_add_func ("/files/memory", test_memory);
  g_test_add_func ("/files/processors", test_processors);
  return g_test_run ();
}
