/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/self/cgroup has one line a hierarchy, "ID:CONTROLLERS:PATH"; version 2 is "0::PATH". Inside
 * a container the path may not exist below /sys/fs/cgroup; the root there is then the container's
 * own. */

#include "model/base/cgroup.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static gboolean
lists_controller (const char *controllers, const char *controller)
{
  g_auto (GStrv) names = g_strsplit (controllers, ",", -1);

  return g_strv_contains ((const char *const *) names, controller);
}

GStrv
rf_cgroup_folders (const char *controller)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL))
    return g_strv_builder_end (folders);

  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, ":", 3);
      g_autofree char *root = NULL;
      g_autofree char *path = NULL;

      if (g_strv_length (parts) != 3)
        continue;
      if (*parts[1] == '\0')
        root = g_strdup ("/sys/fs/cgroup");
      else if (lists_controller (parts[1], controller))
        root = g_build_filename ("/sys/fs/cgroup", controller, NULL);
      else
        continue;

      path = g_strdup (parts[2]);
      while (strlen (path) > 1)
        {
          g_autofree char *outer = g_path_get_dirname (path);
          g_autofree char *folder = g_build_filename (root, path, NULL);

          g_strv_builder_add (folders, folder);
          g_free (path);
          path = g_steal_pointer (&outer);
        }
      g_strv_builder_add (folders, root);
    }
  return g_strv_builder_end (folders);
}

gboolean
rf_cgroup_read_number (const char *folder, const char *file, guint64 *number)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  return g_ascii_string_to_unsigned (g_strchomp (text), 10, 0, G_MAXUINT64, number, NULL);
}

/* The quota of one group in processors, rounded up, or G_MAXINT. */
static int
quota_of (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "cpu.max", NULL);
  g_autofree char *text = NULL;
  guint64 quota = 0, period = 0;

  if (g_file_get_contents (path, &text, NULL, NULL))
    {
      g_auto (GStrv) parts = g_strsplit (g_strchomp (text), " ", 2);

      if (g_strv_length (parts) != 2
          || !g_ascii_string_to_unsigned (parts[0], 10, 1, G_MAXUINT32, &quota, NULL)
          || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT32, &period, NULL))
        return G_MAXINT;
    }
  else if (!rf_cgroup_read_number (folder, "cpu.cfs_quota_us", &quota)
           || !rf_cgroup_read_number (folder, "cpu.cfs_period_us", &period) || period == 0)
    return G_MAXINT;

  return (int) MIN ((quota + period - 1) / period, G_MAXINT);
}

#ifdef __linux__
/* Masks of more than CPU_SETSIZE processors are refused with EINVAL until the set is large enough.
 */
static int
count_affinity (void)
{
  for (int n = CPU_SETSIZE; n <= 1 << 16; n *= 2)
    {
      cpu_set_t *set = CPU_ALLOC (n);
      int status = sched_getaffinity (0, CPU_ALLOC_SIZE (n), set);
      int count = status == 0 ? CPU_COUNT_S (CPU_ALLOC_SIZE (n), set) : 1;

      CPU_FREE (set);
      if (status == 0 || errno != EINVAL)
        return count;
    }
  return 1;
}
#else
static int
count_affinity (void)
{
  return (int) sysconf (_SC_NPROCESSORS_ONLN);
}
#endif

int
rf_cgroup_count_processors (void)
{
  g_auto (GStrv) folders = rf_cgroup_folders ("cpu");
  int count = count_affinity ();

  for (char **folder = folders; *folder; folder++)
    count = MIN (count, quota_of (*folder));
  return MAX (count, 1);
}
