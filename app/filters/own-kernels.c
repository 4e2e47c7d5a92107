/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/filters/own-kernels.h"

#include "model/base/error.h"
#include "model/base/files.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX     ".txt"
#define MAX_LISTED 500
#define MAX_NAME   80 /* characters */

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "receptive", "kernels", NULL);
}

static char *
get_path (const char *name)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  return g_build_filename (folder, file, NULL);
}

static gboolean
check_name (const char *name, GError **error)
{
  if (*name && *name != '.' && !strpbrk (name, "/\n") && g_utf8_validate (name, -1, NULL)
      && g_utf8_strlen (name, -1) <= MAX_NAME)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_OPTION,
               _ ("A kernel’s name has 1 to %d characters, no slash, and does not begin with a "
                  "full stop."),
               MAX_NAME);
  return FALSE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

char **
rf_own_kernels_list (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;
  while (dir && names->len < MAX_LISTED && (file = g_dir_read_name (dir)))
    if (g_str_has_suffix (file, SUFFIX) && g_utf8_validate (file, -1, NULL))
      {
        char *name = g_strndup (file, strlen (file) - strlen (SUFFIX));
        if (check_name (name, NULL))
          g_ptr_array_add (names, name);
        else
          g_free (name);
      }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

gboolean
rf_own_kernels_load (const char *name, RfKernel *kernel, GError **error)
{
  g_autofree char *path = get_path (name);
  gsize size;
  g_autofree char *text = rf_file_read (path, RF_KERNEL_MAX_TEXT, &size, error);
  if (!text)
    return FALSE;
  if (rf_kernel_parse (kernel, text, (gssize) size, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

gboolean
rf_own_kernels_save (const char *name, const RfKernel *kernel, GError **error)
{
  if (!check_name (name, error))
    return FALSE;
  RfKernel scaled = *kernel;
  for (int plane = 0; plane < rf_kernel_n_planes (&scaled); plane++)
    for (int i = 0; i < scaled.height * scaled.width; i++)
      scaled.weights[plane][i] *= scaled.scale;
  g_autofree char *folder = get_folder ();
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DISK, _ ("%s: cannot be made: %s"), folder,
                   g_strerror (errno));
      return FALSE;
    }
  g_autofree char *text = rf_kernel_format (&scaled, RF_KERNEL_TEXT);
  g_autofree char *path = get_path (name);
  return rf_file_write_text (path, text, error);
}

gboolean
rf_own_kernels_remove (const char *name, GError **error)
{
  g_autofree char *path = get_path (name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  return check_name (name, error) && g_file_delete (file, NULL, error);
}
