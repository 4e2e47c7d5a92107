/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/about.h"

#include "model/base/memory.h"
#include "model/base/pool.h"
#include "model/kernels/kernels.h"
#include "rf-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/utsname.h>

/* The name that the processor gives itself. */
static char *
read_processor (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    return g_strdup ("unknown");
  const char *line = strstr (text, "model name");
  const char *colon = line ? strchr (line, ':') : NULL;
  const char *end = colon ? strchr (colon, '\n') : NULL;
  return end ? g_strstrip (g_strndup (colon + 1, (gsize) (end - colon - 1))) : g_strdup ("unknown");
}

/* Not translated: those who read the report need not read the language of those who write it. */
char *
rf_about_describe_system (void)
{
  struct utsname system;
  g_autofree char *processor = read_processor ();
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *memory = rf_format_bytes (rf_memory_available ());
  const char *core = g_getenv ("OPENBLAS_CORETYPE");
  const char *renderer = g_getenv ("GSK_RENDERER");
  GString *text = g_string_new ("Receptive " RF_VERSION "\n\n");
  uname (&system);
  g_string_append_printf (text, "System: %s, %s %s %s\n", os ? os : "unknown", system.sysname,
                          system.release, system.machine);
  g_string_append_printf (text, "Processor: %s, %u processors\n", processor,
                          g_get_num_processors ());
  g_string_append_printf (text, "Memory available: %s\n", memory);
  g_string_append_printf (text, "Kernels: %s, %d threads\n",
                          rf_kernels_path_name (rf_kernels_path ()), rf_pool_get_threads ());
  g_string_append_printf (text, "OpenBLAS core type: %s\n", core ? core : "its own choice");
  g_string_append_printf (text, "GTK: %u.%u.%u\n", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version ());
  g_string_append_printf (text, "libadwaita: %u.%u.%u\n", adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (text, "GLib: %u.%u.%u\n", glib_major_version, glib_minor_version,
                          glib_micro_version);
  g_string_append_printf (text, "Display: %s, renderer %s\n",
                          G_OBJECT_TYPE_NAME (gdk_display_get_default ()),
                          renderer ? renderer : "GTK's choice");
  g_string_append_printf (text, "Locale: %s\n",
                          pango_language_to_string (gtk_get_default_language ()));
  return g_string_free (text, FALSE);
}

void
rf_about_show (GtkWindow *parent)
{
  g_autofree char *system = rf_about_describe_system ();
  adw_show_about_window (
      parent, "application-name", _ ("Receptive"), "application-icon", RF_APP_ID, "version",
      RF_VERSION, "comments",
      _ ("A lab for convolutional networks: train them, turn their knobs, watch what they learn."),
      "developer-name", _ ("The Receptive developers"), "license-type", GTK_LICENSE_GPL_3_0,
      "debug-info", system, "debug-info-filename", "receptive.txt", NULL);
}
