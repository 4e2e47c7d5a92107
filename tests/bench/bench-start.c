/* SPDX-License-Identifier: GPL-3.0-or-later */

/* By hand: how soon a program's first frame is on the screen, and what memory it has at rest.
 *
 *     dbus-run-session -- xvfb-run -a -s '-screen 0 1440x900x24' \
 *         bench-start [--times N] [--rest SECONDS] -- PROGRAM [ARGUMENTS]
 *
 * For any program with a window. On a screen without a window manager the window comes to the upper
 * left, and the first frame is there when a pixel is no longer the screen's black; it is looked at
 * every millisecond, from the start of the process on. */

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <glib.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 20 /* seconds */

static struct
{
  int times, rest, x, y;
  char **program;
} options = { .times = 10, .rest = 0, .x = 400, .y = 300 };

static gboolean
is_painted (Display *display)
{
  XImage *image
      = XGetImage (display, DefaultRootWindow (display), options.x, options.y, 1, 1, ~0ul, ZPixmap);
  const gboolean painted = image && (XGetPixel (image, 0, 0) & 0xffffff) != 0;
  if (image)
    XDestroyImage (image);
  return painted;
}

static void
wait_until (Display *display, gboolean painted)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  while (is_painted (display) != painted)
    {
      if (g_get_monotonic_time () > end)
        g_error (painted ? "no window has come" : "the window does not go");
      g_usleep (1000);
    }
}

/* "Rss:   111608 kB" → 111.6 MB (of a thousand times a thousand bytes) */
static double
read_megabytes (pid_t process, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", (int) process);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NAN;
  const char *line = strstr (text, field);
  return line ? g_ascii_strtod (line + strlen (field), NULL) * 1024 / 1e6 : NAN;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  static const GOptionEntry entries[] = {
    { "times", 'n', 0, G_OPTION_ARG_INT, &options.times, "How often", "N" },
    { "rest", 'r', 0, G_OPTION_ARG_INT, &options.rest, "Before memory is read", "SECONDS" },
    { "x", 'x', 0, G_OPTION_ARG_INT, &options.x, "The pixel", "X" },
    { "y", 'y', 0, G_OPTION_ARG_INT, &options.y, "The pixel", "Y" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.program, NULL,
      "-- PROGRAM [ARGUMENTS]" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  Display *display = XOpenDisplay (NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !options.program || !display
      || options.times < 1)
    {
      g_printerr ("%s\n", error ? error->message : "needs a screen and a program");
      return 2;
    }
  g_autofree double *seconds = g_new (double, options.times);
  for (int i = 0; i < options.times; i++)
    {
      const gint64 begun = g_get_monotonic_time ();
      const pid_t process = fork ();
      if (process == 0)
        {
          execvp (options.program[0], options.program);
          _exit (127);
        }
      wait_until (display, TRUE);
      seconds[i] = (g_get_monotonic_time () - begun) / 1e6;
      g_print ("%.3f s", seconds[i]);
      if (options.rest > 0)
        {
          g_usleep (options.rest * G_USEC_PER_SEC);
          g_print ("; at rest %.1f MB resident, %.1f MB of it its own",
                   read_megabytes (process, "Rss:"), read_megabytes (process, "Private_Dirty:"));
        }
      g_print ("\n");
      kill (process, SIGTERM);
      waitpid (process, NULL, 0);
      wait_until (display, FALSE);
    }
  qsort (seconds, options.times, sizeof *seconds, compare);
  g_print ("median %.3f s, least %.3f s, most %.3f s\n", seconds[options.times / 2], seconds[0],
           seconds[options.times - 1]);
  XCloseDisplay (display);
  return 0;
}
