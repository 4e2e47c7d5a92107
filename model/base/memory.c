/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can still be had is MemAvailable, the kernel's own estimate, or less where a control group
 * has a limit: its limit less what it uses, file pages not counted, since those are given back
 * without swapping. */

#include "model/base/memory.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/base/cgroup.h"
#include "model/base/error.h"

#define ALIGNMENT 64

/* Planes of pictures lie a page or more apart, and convolution reads many at once: with large pages
 * the processor does not run out of translations. */
#define LARGE_PAGE  (1 << 21)
#define LARGE_BLOCK (1 << 20)

/* calloc() takes the zeros of a large block from the kernel, which gives a page when it is first
 * written: a network that is planned but not trained yet costs next to nothing. As its blocks are
 * aligned to less, the address of the block lies in front of the first float. */
static float *
allocate (gsize n_floats)
{
  if (n_floats > (G_MAXSIZE / 2) / sizeof (float))
    return NULL;
  gsize n_bytes = MAX (n_floats, 1) * sizeof (float);
  const gsize alignment = n_bytes < LARGE_BLOCK ? ALIGNMENT : LARGE_PAGE;
  const gsize before = alignment + sizeof (void *);
  n_bytes = (n_bytes + alignment - 1) / alignment * alignment;
  char *block = calloc (1, n_bytes + before);
  if (block == NULL)
    return NULL;
  void **floats = (void **) (((guintptr) block + before) / alignment * alignment);
  floats[-1] = block;
#ifdef MADV_HUGEPAGE
  /* A wish: where it is not granted, pages are small. */
  if (alignment == LARGE_PAGE)
    madvise (floats, n_bytes, MADV_HUGEPAGE);
#endif
  return (float *) floats;
}

float *
rf_floats_new (gsize n_floats)
{
  float *floats = allocate (n_floats);

  if (floats == NULL)
    g_error ("no memory for %" G_GSIZE_FORMAT " floats", n_floats);
  return floats;
}

float *
rf_floats_try_new (gsize n_floats, GError **error)
{
  guint64 n_bytes
      = n_floats > G_MAXUINT64 / sizeof (float) ? G_MAXUINT64 : n_floats * sizeof (float);
  guint64 available = rf_memory_available ();
  float *floats = n_bytes <= available ? allocate (n_floats) : NULL;

  if (floats == NULL)
    {
      g_autofree char *wanted = rf_format_bytes (n_bytes);
      g_autofree char *there = rf_format_bytes (available);

      g_set_error (error, RF_ERROR, RF_ERROR_MEMORY, _ ("It would need %s of memory; there is %s."),
                   wanted, there);
    }
  return floats;
}

void
rf_floats_free (float *floats)
{
  if (floats != NULL)
    free (((void **) floats)[-1]);
}

/* The number after @name in lines of "NAME NUMBER" or "NAME: NUMBER kB"; 0 if there is none. */
static guint64
find_number (const char *text, const char *name)
{
  gsize length = strlen (name);

  for (const char *line = text; line; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (strncmp (line, name, length) == 0 && (line[length] == ' ' || line[length] == ':'))
        return g_ascii_strtoull (line + length + 1, NULL, 10);
    }
  return 0;
}

static guint64
available_in_machine (void)
{
  g_autofree char *text = NULL;

  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return find_number (text, "MemAvailable") * 1024;
  return (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
}

static guint64
available_in_group (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "memory.stat", NULL);
  g_autofree char *text = NULL;
  guint64 limit, used, reclaimable = 0;

  if (!(rf_cgroup_read_number (folder, "memory.max", &limit)
        && rf_cgroup_read_number (folder, "memory.current", &used))
      && !(rf_cgroup_read_number (folder, "memory.limit_in_bytes", &limit)
           && rf_cgroup_read_number (folder, "memory.usage_in_bytes", &used)))
    return G_MAXUINT64;

  if (g_file_get_contents (path, &text, NULL, NULL))
    reclaimable = find_number (text, "active_file") + find_number (text, "inactive_file");
  used -= MIN (used, reclaimable);
  return limit - MIN (limit, used);
}

guint64
rf_memory_available (void)
{
  g_auto (GStrv) folders = rf_cgroup_folders ("memory");
  guint64 available = available_in_machine ();

  for (char **folder = folders; *folder; folder++)
    available = MIN (available, available_in_group (*folder));
  return available;
}

char *
rf_format_bytes (guint64 n_bytes)
{
  static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
  double value = (double) n_bytes / 1000;
  guint unit = 0;

  if (n_bytes < 1000)
    return g_strdup_printf ("%d B", (int) n_bytes);
  /* 999.95 would be printed as 1000.0. */
  while (value >= 999.95 && unit + 1 < G_N_ELEMENTS (units))
    {
      value /= 1000;
      unit++;
    }
  return g_strdup_printf ("%.1f %s", value, units[unit]);
}
